"""What the progress of a call says in whole sentences."""

from __future__ import annotations

from collections.abc import Mapping

from audio.timecode import format_time
from pipeline.cli.printing import plural
from pipeline.progress import IndexReplaced, ModelChosen, UpdatePlanned


def describe_model(chosen: ModelChosen) -> str:
    """Tell which model is used, and whether it is that of the library."""
    if chosen.before is None:
        return f"Model: {chosen.model}; this library is made with it from now on, unless --model names another."
    if chosen.model == chosen.before:
        return f"Model: {chosen.model}, with which this library is made; --model names another."
    return f"Model: {chosen.model}; this library was made with {chosen.before} and is made with this from now on."


def describe_replaced_index(replaced: IndexReplaced) -> str:
    """Tell why an index becomes one of another kind, and how to have the other."""
    if replaced.reason == "large":
        return (
            "The library has grown large: it gets an index of Tantivy. airquote reindex --index whoosh takes it back."
        )
    return (
        "The library's index is one of Tantivy, which is not installed here: it is built again with Whoosh. To get it"
        " back: pip install 'airquote[large]', then airquote reindex --index tantivy."
    )


def describe_update(plan: UpdatePlanned) -> str:
    """Tell what an update is about to do: 12 new episodes of 3 shows: 9:30:00, 612 MB, as announced."""
    shows = f"{plan.shows} {plural('show', plan.shows)}"
    new = f"{plan.episodes} new {plural('episode', plan.episodes)} of {shows}"
    if not (plan.seconds or plan.bytes or plan.unstated or plan.unsized):
        return f"{new}, without sound."
    length = _describe_announced(format_time(plan.seconds, 0), plan.seconds, plan.unstated, "length")
    size = _describe_announced(f"{-(-plan.bytes // 10**6)} MB", plan.bytes, plan.unsized, "size")
    return f"{new}: {length}, {size}, as announced."


def _describe_announced(sum_of: str, known: float, unknown: int, what: str) -> str:
    if not unknown:
        return sum_of
    return f"{sum_of} and {unknown} of unknown {what}" if known else f"unknown {what}"


def describe_left_out(counts: Mapping[str, int]) -> str:
    """Tell how much in folders was not taken, for each reason."""
    total = sum(counts.values())
    reasons = ", ".join(f"{reason}: {count}" for reason, count in sorted(counts.items()))
    return f"Left out of the folders: {total} ({reasons}); -v names them."
