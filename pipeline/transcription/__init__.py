"""Windows of sound -> words: decoding, quality checks, fallback, corrections."""
