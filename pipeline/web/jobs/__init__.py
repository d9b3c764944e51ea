"""Jobs of the page: worked off one at a time by a process of their own, and told of as they go."""
