"""The page, its API, and the same for assistants."""
