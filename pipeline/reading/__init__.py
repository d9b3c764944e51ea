"""Read one episode: its whole transcript for a page, the hits in it, and quotations of its words."""
