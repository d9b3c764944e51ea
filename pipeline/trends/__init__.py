"""Counts of hits: by the values of facets, and trends by month or year."""
