"""Work: from audio files to an answer in front of a person."""
