"""Words as a language has them: tokens, stems, numerals, spellings, sentences and language codes."""
