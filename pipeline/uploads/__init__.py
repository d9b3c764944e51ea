"""Files that are handed in through a server: where they are kept, and what they are."""
