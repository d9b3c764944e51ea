"""Connect to addresses on the network: one rule for which may be reached, one way to fetch them."""
