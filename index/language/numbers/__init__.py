"""Numbers in texts: what is one, and which two are the same."""
