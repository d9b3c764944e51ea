"""The batch: what is new, what is left, what failed; and the executors that do the work."""
