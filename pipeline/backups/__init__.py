"""Backups of a whole library."""
