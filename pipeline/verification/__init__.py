"""Verify an article against the library: verdicts, sound clips, and the evidence page."""
