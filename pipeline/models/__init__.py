"""Names of models -> weights on this machine."""
