"""Decode transcript files in any encoding, and detect those that are not Unicode."""
