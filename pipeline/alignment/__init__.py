"""ClockFit imported transcripts to their recordings: check the clock, and align the words with what is heard."""
