"""Files, addresses and standard input -> article text."""
