"""What publishers write of their episodes: found by searches, and shown."""
