"""Downloads: feeds, transcripts and sound, fetched politely, resumed where they were cut, checked for being whole."""
