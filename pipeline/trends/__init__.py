"""Trends: how often something was said, by month or year."""
