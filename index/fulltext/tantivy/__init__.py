"""The Tantivy index: its files in numbered folders, its writer and its reader."""
