"""Batch transcription: skip, resume and record files; the executors that do the work."""
