"""Change what the library knows of its episodes: what a person says of them, and where their recordings are."""
