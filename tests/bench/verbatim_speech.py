"""Made speech with known disfluencies: fillers, repeated starts and cut-off words, spoken by two voices.

The utterances of verbatim_script.txt are spoken with the two voices of the sample; each block of the script is a
recording in .cache/bench/verbatim. Existing files are kept. Needs the `synthetic-speech` dependency group of
pyproject.toml. `python -m bench.verbatim_speech tests/data/hesitant.mp3` writes the clip of the tests.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from audio_samples import write_wav
from bench.materials import CACHE

SCRIPT = Path(__file__).with_name("verbatim_script.txt")
FOLDER = CACHE / "verbatim"
VOICES = {"H": "heart", "J": "joe"}
PAUSE_SECONDS = 0.5  # between utterances
CLIP = ("The river", "[You,]", "We measure", "What the numbers", "[We,] we were", "I asked", "In the end")
"""How the utterances of the clip begin."""

FILLER, REPEATED, CUT_OFF = "filler", "repeated start", "cut-off word"
KINDS = (FILLER, REPEATED, CUT_OFF)
FILLERS = frozenset({"ah", "eh", "er", "erm", "hm", "hmm", "mhm", "mm", "mmm", "uh", "uhh", "uhm", "um", "umm"})


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word of the script; ``disfluency`` is the number of the disfluency that it belongs to, None if it is fluent."""

    text: str
    disfluency: int | None


@dataclass(frozen=True, slots=True)
class Recording:
    """A block of the script: its file, its words, and the kind of each disfluency."""

    media: Path
    words: tuple[SpokenWord, ...]
    kinds: tuple[str, ...]


def fold_word(text: str) -> str:
    """A word in lower case; of its marks only apostrophes inside and a hyphen at its end stay."""
    return re.sub(r"[^\w'-]|^['-]+|'$", "", text.lower().replace("\u2019", "'"))


def read_recordings() -> list[Recording]:
    """The recordings of the script, whether their files are there or not."""
    recordings = []
    for number, lines in enumerate(_read_blocks()):
        words: list[SpokenWord] = []
        kinds: list[str] = []
        for text in (line[3:] for line in lines):
            for part in re.split(r"(\[[^]]*\])", text):
                disfluent = part.startswith("[")
                spoken = [fold_word(word) for word in part.strip("[]").split()]
                if disfluent:
                    kinds.append(_kind_of(spoken))
                words += [SpokenWord(word, len(kinds) - 1 if disfluent else None) for word in spoken if word]
        media = FOLDER / f"{number + 1}-{VOICES[lines[0][0]]}.wav"
        recordings.append(Recording(media, tuple(words), tuple(kinds)))
    return recordings


def make_recordings() -> list[Recording]:
    """The recordings of the script, those whose files are missing spoken now."""
    recordings = read_recordings()
    if all(recording.media.exists() for recording in recordings):
        return recordings
    import numpy as np
    from data.make_interview import RATE, speak
    from hibari import Hibari

    FOLDER.mkdir(parents=True, exist_ok=True)
    heart = Hibari()
    pause = np.zeros(round(PAUSE_SECONDS * RATE), np.float32)
    for recording, lines in zip(recordings, _read_blocks(), strict=True):
        if recording.media.exists():
            continue
        parts = [pause]
        for line in lines:
            parts += [speak(re.sub(r"[][]", "", line[3:]), VOICES[line[0]], heart), pause]
        sound = np.rint(np.concatenate(parts) * 32767).clip(-32768, 32767).astype(np.int16)
        write_wav(recording.media.with_suffix(".part"), sound, RATE).rename(recording.media)
        print(recording.media, flush=True)
    return recordings


def make_clip(target: Path) -> None:
    """Write tests/data/hesitant.mp3: those utterances in which tiny.en leaves out a filler, in one window."""
    import numpy as np
    from data.make_interview import MP3_FRAME, RATE, speak, write_mp3
    from hibari import Hibari

    lines = [line[3:] for block in _read_blocks() for line in block if line[3:].startswith(CLIP)]
    heart, pause = Hibari(), np.zeros(round(PAUSE_SECONDS * RATE), np.float32)
    parts = [pause]
    for line in lines:
        parts += [speak(re.sub(r"[][]", "", line), "joe", heart), pause]
    sound = np.concatenate(parts)
    write_mp3(target, [np.pad(sound, (0, -len(sound) % MP3_FRAME))], "Hesitant", "airquote")


def _read_blocks() -> list[list[str]]:
    text = re.sub(r"^#.*\n", "", SCRIPT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [block.splitlines() for block in text.strip().split("\n\n")]


def _kind_of(words: list[str]) -> str:
    if words[-1].endswith("-"):
        return CUT_OFF
    return FILLER if words[-1] in FILLERS else REPEATED


if __name__ == "__main__":
    if sys.argv[1:]:
        make_clip(Path(sys.argv[1]))
    made = make_recordings()
    print({kind: sum(one.kinds.count(kind) for one in made) for kind in KINDS})
