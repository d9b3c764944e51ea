"""Query tree -> hits: the index proposes candidate passages, search verifies spans on their words."""
