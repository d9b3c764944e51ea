"""Passages that recur, in the store: their marks, and the fingerprints that they are found by."""
