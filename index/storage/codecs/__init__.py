"""Encode the words and cues of transcripts as compact bytes for the rows of the store."""
