"""The library's SQLite file: episodes, transcripts and drafts."""
