"""Text processing by language: tokens, stems, numerals, spelling variants, sentences and language codes."""
