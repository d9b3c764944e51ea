"""How many speakers are to be told apart: as many as are heard, so many, or between two numbers; or none."""

from __future__ import annotations

from audio.errors import UsageError, WayOut, correct_input
from audio.voices.voice_count import VoiceCount
from pipeline.errors import check_number, find_number_of_voices, find_voices_between

AUTO, OFF = "auto", "off"
MOST_SPEAKERS = 100
"""A larger number is a mistake: of 40 voices in one recording half cannot be told apart."""


def read_speakers(speakers: int | str, fewest: int | None, most: int | None) -> VoiceCount | None:
    """Return how many voices are looked for, None for no voices.

    ``speakers`` is "auto", "off" or a number, also as text; ``fewest`` and ``most`` limit "auto". Raises UsageError for
    anything else, and for choices that contradict each other.
    """
    limits = limit_speakers(fewest, most)
    if speakers == AUTO:
        return limits
    limited = limits != VoiceCount()
    if speakers == OFF:
        if limited:
            advice = correct_input("Leave their number out, or let speakers be told apart.")
            raise UsageError("Speakers are not told apart, and yet their number is limited.", advice)
        return None
    number = _read_number(speakers)
    check_number("number of speakers", number, 1, MOST_SPEAKERS)
    if limited:
        advice = correct_input("Give either their number, or the smallest and the largest.")
        raise UsageError(f"The number of speakers is {number}, and limited besides.", advice)
    return VoiceCount(number, number)


def limit_speakers(fewest: int | None, most: int | None) -> VoiceCount:
    """Return that there are at least ``fewest`` voices and at most ``most``. Raises UsageError for what cannot be."""
    for what, number in (("smallest number of speakers", fewest), ("largest number of speakers", most)):
        if number is not None:
            check_number(what, number, 1, MOST_SPEAKERS)
    if fewest is not None and most is not None and fewest > most:
        raise UsageError(f"At least {fewest} speakers are more than at most {most}.", correct_input("Change one."))
    return VoiceCount(fewest, most)


def find_voices_again(episode: str, count: VoiceCount) -> WayOut:
    """Find another number of voices in an episode, whose words stay."""
    fewest, most = str(count.fewest or 1), str(count.most or MOST_SPEAKERS)
    return find_number_of_voices(episode, most) if fewest == most else find_voices_between(episode, fewest, most)


def _read_number(speakers: int | str) -> int:
    text = str(speakers)
    if isinstance(speakers, bool) or not text.removeprefix("-").isdecimal() or len(text) > 9:
        advice = correct_input(f"Give {AUTO}, {OFF}, or a number from 1 to {MOST_SPEAKERS}.")
        raise UsageError(f"{text!r} is not a number of speakers.", advice, where=text)
    return int(text)
