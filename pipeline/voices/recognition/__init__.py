"""Know voices again: profiles, what is said of names, and the names that these and feeds suggest."""
