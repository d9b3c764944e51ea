"""The Whoosh index: its files without pickles, its writer and its reader."""
