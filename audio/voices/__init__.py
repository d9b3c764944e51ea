"""Who speaks when: which voices a recording has, and their turns; by sound alone, without words or names."""
