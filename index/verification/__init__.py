"""Quotation + words -> place, differences, verdict."""
