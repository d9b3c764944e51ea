"""Sound: files, samples, seconds. This layer knows no words and imports nothing of ours."""
