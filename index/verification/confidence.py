"""Confidence."""

from __future__ import annotations


def confidence_word(confidence: float) -> str:
    """Return sure, likely or unsure."""
    return "sure" if confidence >= 0.9 else "likely" if confidence >= 0.6 else "unsure"
