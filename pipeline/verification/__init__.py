"""An article against the library, its sound, and the evidence page."""
