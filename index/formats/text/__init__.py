"""Read and write transcripts as lines of text."""
