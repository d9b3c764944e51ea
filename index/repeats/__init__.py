"""Passages that recur across the episodes of a show: advertisements, jingles, intros and outros."""
