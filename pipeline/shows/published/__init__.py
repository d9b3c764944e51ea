"""Publishers' transcripts: chosen among those that a feed offers, fetched, imported, and held against Whisper's."""
