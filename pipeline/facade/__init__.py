"""The verbs of the facade (pipeline/library.py) by family, each with what they share: an open library."""
