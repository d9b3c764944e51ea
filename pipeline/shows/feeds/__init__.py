"""Feeds: reading RSS, Atom and OPML into values; nothing here opens an address."""
