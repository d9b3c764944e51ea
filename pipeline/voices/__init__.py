"""Voices of episodes: whose words are whose, their names, and profiles by which a voice is known again."""
