"""Say what a person should know about the sound of a file that was transcribed."""

from __future__ import annotations

from audio.timecode import format_time
from pipeline.transcription.plan import Plan

NAMED_HOLES = 3
"""The most undecodable spans of a file that are listed."""


def describe_sound(plan: Plan) -> list[str]:
    """What a person should know about the sound that was used: other tracks, another mix, holes."""
    notes = [f"used track {plan.sound.track} of {plan.tracks} audio tracks"] if plan.tracks > 1 else []
    notes += ["mixed its channels so that no voice is lost"] if plan.sound.weights else []
    return notes + _describe_holes(plan)


def _describe_holes(plan: Plan) -> list[str]:
    """The remark on the spans that could not be decoded; none if there are none."""
    if not plan.holes:
        return []
    named = [f"from {format_time(hole.start)} to {format_time(hole.end)}" for hole in plan.holes[:NAMED_HOLES]]
    more = len(plan.holes) - NAMED_HOLES
    places = " and ".join([*named, *([f"{more} more"] if more > 0 else [])])
    lost = f", where {plan.lost:.1f} s are missing" if plan.lost else ""
    return [f"could not be decoded {places}{lost}"]
