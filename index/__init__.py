"""Words: transcripts, search and verification of quotations."""
