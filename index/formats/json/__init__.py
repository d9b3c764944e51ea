"""Read and write transcripts as JSON."""
