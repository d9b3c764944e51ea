"""What the API can do, for programs and as a page."""
