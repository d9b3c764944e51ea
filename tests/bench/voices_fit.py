"""Choose the constants of clustering on one half of the readers, and report on the other, both ways.

    python -m bench.voices_fit

Each podcast is segmented and embedded once; what follows is done again for each choice. The best choice counts the most
podcasts right and, among these, confuses the least speech.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from unittest.mock import patch

from bench.voices_materials import HALF_A, HALF_B, Recording, load_recordings
from bench.voices_scoring import DiarizationScore, score_turns
from bench.voices_systems import turns_of

from audio.decode import decode_audio
from audio.voices import clustering, piece_labels
from audio.voices.diarizer import Diarizer
from pipeline.models.voice_weights import find_voice_models

SAME_VOICE = (0.45, 0.5, 0.55, 0.6)
LEAST_SECONDS = (2.5, 3.5, 5.0)
CHANGE = (0.1, 0.2, 0.4, 0.8)

Choice = tuple[float, float, float]
Heard = tuple[Recording, Diarizer]


def hear(recording: Recording) -> Heard:
    """Return a diarizer that has heard a recording: it can finish again once all windows are processed."""
    files = find_voice_models()
    diarizer = Diarizer(files.segmentation, files.embedding)
    for block in decode_audio(recording.media):
        diarizer.feed(block)
    diarizer.finish()
    return recording, diarizer


@contextmanager
def chosen(choice: Choice) -> Iterator[None]:
    """Set the constants for a while."""
    same, least, change = choice
    with (
        patch.object(clustering, "SAME_VOICE", same),
        patch.object(clustering, "LEAST_SECONDS", least),
        patch.object(piece_labels, "CHANGE", change),
    ):
        yield


def judge(heard: Sequence[Heard], choice: Choice) -> tuple[int, float]:
    """Return how many recordings have another number of voices than speakers, and the confusion in percent."""
    miscounted, score = 0, DiarizationScore()
    with chosen(choice):
        for recording, diarizer in heard:
            found = diarizer.finish()
            miscounted += len(found.voices) != recording.speakers
            score += score_turns(recording.turns, turns_of(found))
    return miscounted, score.confusion


def main() -> None:
    """Choose on each half and report on the other."""
    halves = {half: [hear(recording) for recording in load_recordings(half)] for half in (HALF_A, HALF_B)}
    print("| chosen on | same voice | least seconds | change | there | on the other half |\n" + f"|{' --- |' * 6}")
    for half, other in ((HALF_A, HALF_B), (HALF_B, HALF_A)):
        best = min(product(SAME_VOICE, LEAST_SECONDS, CHANGE), key=lambda choice: judge(halves[half], choice))
        there, reported = judge(halves[half], best), judge(halves[other], best)
        cells = [f"{one[1]:.2f} %, {one[0]} miscounted" for one in (there, reported)]
        print(f"| {half} | {' | '.join(map(str, best))} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
