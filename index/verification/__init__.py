"""Quotation + transcripts -> place, differences, verdict."""
