"""Query text -> query tree: the grammar, its help page, and what the nodes mean."""
