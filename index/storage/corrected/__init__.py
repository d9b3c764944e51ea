"""Words that a person corrected: what was heard stays beside what stands there now, and can be restored."""
