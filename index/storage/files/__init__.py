"""The SQLite file of a library as a file: how it is opened, copied to a backup, and restored."""
