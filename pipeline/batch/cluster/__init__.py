"""Transcription on several machines: the batch's executor on a Ray cluster."""
