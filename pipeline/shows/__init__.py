"""Shows: what their feeds say, their episodes' sound and transcripts, and what of it is in the library."""
