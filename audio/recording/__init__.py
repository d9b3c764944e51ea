"""Facts about one recording, found once: which track and channels hold the speech, its clock, its tags and chapters."""
