"""Imported transcripts: the times that they get from their recordings, and whose words they hold."""
