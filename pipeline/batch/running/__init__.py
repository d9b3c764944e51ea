"""Run works on files: in this process or in several, under locks, and with an outcome for each."""
