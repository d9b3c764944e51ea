"""Who may ask the server, and for what."""
