"""Tell speakers apart: in files that are transcribed, and in episodes that were."""
