"""Transcript files, in and out."""
