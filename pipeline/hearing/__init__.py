"""The sound of episodes: where recordings are, and how places of them are cut and streamed."""
