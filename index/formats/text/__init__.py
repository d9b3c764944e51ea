"""Read and write transcripts as lines of text, and the names of speakers in such lines."""
