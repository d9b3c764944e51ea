"""The full-text index: passages, the lexicon, the Whoosh files and their maintenance."""
