"""Choose the constants of clustering on one half of the readers, and report on the other, both ways.

    python -m bench.voices_fit

Each podcast is segmented and embedded once; what follows is done again for each choice. The best choice counts the most
podcasts right and, among these, confuses the least speech. The constants that matter in long recordings are chosen on
podcasts that are repeated for an hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from copy import copy
from dataclasses import replace
from itertools import product
from unittest.mock import patch

from bench.voices_materials import HALF_A, HALF_B, Recording, load_recordings
from bench.voices_podcasts import HOUR, SpokenTurn
from bench.voices_scoring import DiarizationScore, score_turns
from bench.voices_systems import turns_of

from audio.decode import decode_audio
from audio.samples import SAMPLE_RATE
from audio.voices import clustering, piece_labels
from audio.voices.diarizer import REGION, Diarizer
from pipeline.models.voice_weights import find_voice_models

SAME_VOICE = (0.45, 0.5, 0.55, 0.6)
LEAST_SECONDS = (2.5, 3.5, 5.0)
CHANGE = (0.1, 0.2, 0.4, 0.8)
LITTLE_SHARE = (0.02, 0.05, 0.1)
LEAST_IN_RUNS = (0.1, 0.25, 0.4)

Choice = tuple[float, ...]
SHORT, LONG = "podcasts", "podcasts repeated for an hour"
CONSTANTS = {
    SHORT: ((clustering, "SAME_VOICE"), (clustering, "LEAST_SECONDS"), (piece_labels, "CHANGE")),
    LONG: ((clustering, "LITTLE_SHARE"), (clustering, "LEAST_IN_RUNS")),
}
CHOICES = {
    SHORT: tuple(product(SAME_VOICE, LEAST_SECONDS, CHANGE)),
    LONG: tuple(product(LITTLE_SHARE, LEAST_IN_RUNS)),
}
Heard = tuple[Recording, Diarizer]


def hear(recording: Recording) -> Heard:
    """Return a diarizer that has heard a recording: it can finish again once all windows are processed."""
    files = find_voice_models()
    diarizer = Diarizer(files.segmentation, files.embedding)
    for block in decode_audio(recording.media):
        diarizer.feed(block)
    diarizer.finish()
    return recording, diarizer


def repeat_for_an_hour(heard: Heard) -> Heard:
    """Return a recording and what was heard in it as if it were repeated for an hour; a rest of a region is cut."""
    recording, diarizer = heard
    regions = diarizer._samples // REGION
    seconds = regions * REGION / SAMPLE_RATE
    times = range(round(HOUR / seconds))
    turns = [
        SpokenTurn(turn.speaker, turn.start + time * seconds, min(turn.end, seconds) + time * seconds)
        for time in times
        for turn in recording.turns
        if turn.start < seconds
    ]
    longer = copy(diarizer)
    longer._samples = len(times) * regions * REGION
    longer._regions = len(times) * regions
    longer._speech = [
        replace(region, number=region.number + time * regions)
        for time in times
        for region in diarizer._speech
        if region.number < regions
    ]
    return replace(recording, turns=tuple(turns)), longer


@contextmanager
def chosen(what: str, choice: Choice) -> Iterator[None]:
    """Set the constants for a while."""
    with ExitStack() as stack:
        for (module, name), value in zip(CONSTANTS[what], choice, strict=True):
            stack.enter_context(patch.object(module, name, value))
        yield


def judge(heard: Sequence[Heard], what: str, choice: Choice) -> tuple[int, float]:
    """Return how many recordings have another number of voices than speakers, and the confusion in percent."""
    miscounted, score = 0, DiarizationScore()
    with chosen(what, choice):
        for recording, diarizer in heard:
            found = diarizer.finish()
            miscounted += len(found.voices) != recording.speakers
            score += score_turns(recording.turns, turns_of(found))
    return miscounted, score.confusion


def main() -> None:
    """Choose on each half and report on the other."""
    halves = {half: [hear(recording) for recording in load_recordings(half)] for half in (HALF_A, HALF_B)}
    report(SHORT, halves)
    report(LONG, {half: [repeat_for_an_hour(one) for one in heard] for half, heard in halves.items()})


def report(what: str, halves: dict[str, list[Heard]]) -> None:
    """Print the constants chosen on each half, and how well they do there and on the other."""
    names = [name for _, name in CONSTANTS[what]]
    print(
        f"\n{what}\n\n| chosen on | {' | '.join(names)} | there | on the other half |\n|{' --- |' * (len(names) + 3)}"
    )
    for half, other in ((HALF_A, HALF_B), (HALF_B, HALF_A)):
        best = min(CHOICES[what], key=lambda choice: judge(halves[half], what, choice))
        there, reported = judge(halves[half], what, best), judge(halves[other], what, best)
        cells = [f"{one[1]:.2f} %, {one[0]} miscounted" for one in (there, reported)]
        print(f"| {half} | {' | '.join(map(str, best))} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
