"""Words: what was said, when, and how to find it."""
