"""Jobs that a server works off one by one, and the file of the library that keeps them."""
