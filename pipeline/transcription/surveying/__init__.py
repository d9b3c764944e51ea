"""What is known of a file before its words: its speech, found while the engine works, and that of each channel."""
