"""What was spoken in the cues of a file: without what they repeat, each part with its speaker."""
