"""Cite what was said in an episode at a time, in the styles of prose, of manuals and of reference managers."""
