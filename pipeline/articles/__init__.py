"""Read article text from files, web pages and standard input."""
