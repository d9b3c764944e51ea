"""Read and write transcript files."""
