"""Correct words of a transcript by hand, undo that, and list what was corrected."""

from __future__ import annotations

from dataclasses import replace

from audio.errors import UsageError, correct_input
from audio.timecode import format_time
from index.errors import EpisodeError
from index.formats.word_split import split_words
from index.storage.corrected.word_corrections import PlacedCorrection, StoredCorrection
from index.storage.store import Store
from index.transcript import span_of
from pipeline.answers import Placed
from pipeline.batch.episode_details import check_name
from pipeline.episodes.word_corrections import WordCorrection
from pipeline.lookup import PRINTED_SECONDS, check_span, check_time, check_words, find_transcript

LONGEST_TEXT = 1000
"""Characters of a correction: more than a sentence has."""


def correct_words(store: Store, name: str, first: int, last: int, text: str) -> WordCorrection:
    """Put ``text`` in the place of the words ``first`` to ``last`` of an episode.

    Raises EpisodeError for an episode that is unknown or has no words, UsageError for words that it does not have or
    that are of several sentences, and for a text that is empty, too long or says the same.
    """
    said = _read_text(text)
    with store.transaction():
        episode, facts = find_transcript(store, name)
        check_words(facts, first, last)
        sentences = store.segments(facts.number, first, last)
        if len(sentences) > 1:
            raise UsageError(
                f"The words {first} to {last} are of {len(sentences)} sentences.",
                correct_input(f"Correct each by itself: the first one ends with word {sentences[0].last}."),
                where=str(first),
            )
        present = store.texts(facts.number, first, last)
        if " ".join("".join(present).split()) == said:
            raise UsageError(f"{said!r} stands there already.", correct_input("Give other words."), where=said)
        leading = present[0][: len(present[0]) - len(present[0].lstrip())]
        number = store.correct_words(episode.id, first, last, split_words(leading + said))
    return _find_correction(store, episode.id, number)


def correct_place(store: Store, place: Placed, text: str) -> WordCorrection:
    """Put ``text`` in the place of the words that are said at a place, or of the one that is said at its moment.

    Raises as ``correct_words``; TimeError for a time past the end, UsageError if no word is said there.
    """
    check_span(place)
    with store.transaction():
        episode, facts = find_transcript(store, place.episode)
        check_time(store, episode, place.start)
        # Times are printed to a tenth of a second: a word that is said for the most part is meant.
        first = last = store.words_started(facts, place.start + PRINTED_SECONDS) - 1
        if place.end > place.start:
            times = store.times(facts.number, 0, facts.words - 1)
            inside = [
                number
                for number, (start, end) in enumerate(times)
                if place.start - PRINTED_SECONDS <= (start + end) / 2 <= place.end + PRINTED_SECONDS
            ]
            first, last = (inside[0], inside[-1]) if inside else (-1, -1)
        elif first >= 0 and store.times(facts.number, first, first)[0][1] < place.start - PRINTED_SECONDS:
            first = -1
        if first < 0:
            raise UsageError(
                f"No word is said in {episode.id} at {format_time(place.start)}.",
                correct_input("Look up the times of its words."),
                where=episode.id,
            )
        return correct_words(store, episode.id, first, last, text)


def undo_correction(store: Store, name: str, number: int | None = None) -> WordCorrection:
    """Undo a correction of an episode, the last one that was made without a ``number``; return it as it was.

    Raises EpisodeError for an episode that is unknown or has no such correction.
    """
    with store.transaction():
        episode = store.resolve_episode(name)
        known = list_corrections(store, episode.id)
        if number is None:
            number = max((one.correction for one in known), default=0)
        undone = next((one for one in known if one.correction == number), None)
        if undone is None:
            listed = ", ".join(f"{one.correction} {one.heard} → {one.text}" for one in known)
            raise EpisodeError(
                f"There is no correction {number} in {episode.id}.",
                correct_input(f"There are: {listed}." if known else "No word of it was corrected by hand."),
                where=episode.id,
            )
        store.undo_correction(episode.id, number)
    return replace(undone, first=None, last=None, undone=True)


def list_corrections(store: Store, name: str) -> list[WordCorrection]:
    """Return the corrections of an episode, by place, then those that are set aside.

    Raises EpisodeError for an unknown episode.
    """
    with store.snapshot():
        episode = store.resolve_episode(name)
        placed = {one.correction.number: one for one in store.placed_corrections(episode.id)}
        return [_describe(episode.id, one, placed.get(one.number)) for one in store.corrections(episode.id)]


def _find_correction(store: Store, episode_id: str, number: int) -> WordCorrection:
    return next(one for one in list_corrections(store, episode_id) if one.correction == number)


def _describe(episode_id: str, one: StoredCorrection, placed: PlacedCorrection | None) -> WordCorrection:
    span = span_of(one.words if placed else one.heard)
    heard, text = ("".join(word.text for word in words).strip() for words in (one.heard, one.words))
    first, last = (placed.first, placed.stop - 1) if placed else (None, None)
    return WordCorrection(episode_id, one.number, span.start, span.end, heard, text, first, last, placed is None)


def _read_text(text: str) -> str:
    """Return a text on one line. Raises UsageError for one that is no correction."""
    check_name("text", text)
    said = " ".join(text.split())
    if not said:
        raise UsageError("There are no words.", correct_input("Write what was said; words cannot be left out alone."))
    if len(said) > LONGEST_TEXT:
        raise UsageError(
            f"The text has {len(said)} characters, more than the {LONGEST_TEXT} of a correction.",
            correct_input("Correct fewer words at once."),
        )
    return said
