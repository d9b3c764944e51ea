"""Updates of shows: which items of feeds become episodes, what is downloaded for them, and how long it is kept."""
