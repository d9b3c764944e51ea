"""Which episodes of a library a request is about, and changes to what is known of them."""
