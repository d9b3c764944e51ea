"""Downloads: feeds, transcripts and sound, fetched politely, resumed where they were cut, and checked before they count."""
