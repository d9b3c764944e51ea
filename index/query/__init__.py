"""Query text -> query tree: the grammar, its help page, and the semantics of the nodes."""
