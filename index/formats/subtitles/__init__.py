"""Read and write subtitle layouts: cues between time stamps."""
