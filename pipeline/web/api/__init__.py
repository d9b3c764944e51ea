"""The JSON API: the operations of the facade, one file a subject."""
