"""Read a recording from any sample on: where each of its packets lies, and its whole sound as a WAV file."""
