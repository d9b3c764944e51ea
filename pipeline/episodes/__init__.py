"""Which episodes of a library a request is about."""
