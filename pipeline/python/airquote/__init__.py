"""airquote from Python: open a library, search it, check quotations against it, cut the sound."""

from pipeline.library import Library

__all__ = ["Library"]
