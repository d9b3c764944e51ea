"""Exact sound for players in a page: any part of an episode's sound, to the sample."""
