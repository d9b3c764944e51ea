"""Materials of the transcription benchmark: synthesised interviews, clips without speech, and real speech.

Real speech is in the folder AIRQUOTE_BENCH_DATA: a file ``speech.jsonl``, one recording a line, with ``file``
(relative to the folder), ``duration`` in seconds, ``lang``, ``text`` and optionally ``words`` (``word``, ``start``,
``end``) as a reference for word times that does not depend on sound level.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measuring import Utterance

ROOT = Path(__file__).resolve().parent.parent.parent
CACHE = ROOT / ".cache" / "bench"
INTERVIEWS = {"interview-10min": 10, "interview-60min": 60, "interview-300min": 300}
WITHOUT_SPEECH = "without-speech"
TIMED = ("interview-10min", "voice_notes-en")  # long enough to measure speed, short enough to repeat
CLIPS_WITHOUT_SPEECH = ("music", "white_noise", "pink_noise", "hum", "silence", "applause")


@dataclass(frozen=True, slots=True)
class Recording:
    """A file and its ground truth; only interviews have ``sentences``, some others have ``utterances``."""

    media: Path
    duration: float
    language: str
    text: str
    utterances: tuple[Utterance, ...] = ()
    sentences: tuple[str, ...] = ()


def load_material(name: str) -> list[Recording]:
    """Return the recordings of a material by name; none for real speech that is not present."""
    if name == WITHOUT_SPEECH:
        return [Recording(CACHE / name / f"{clip}.wav", 60.0, "en", "") for clip in CLIPS_WITHOUT_SPEECH]
    if name in INTERVIEWS:
        return [_load_interview(CACHE / f"{name}.mp3", CACHE / f"{name}.json")]
    return _load_real_speech().get(name, [])


def real_materials() -> list[str]:
    """Return the names of the real speech present: one for each folder and language, such as ``fleurs-es``."""
    return sorted(_load_real_speech())


def _load_interview(media: Path, truth_file: Path) -> Recording:
    truth = json.loads(truth_file.read_text(encoding="utf-8"))
    utterances = tuple(Utterance(u["speaker"], u["start"], u["end"], u["text"]) for u in truth["utterances"])
    sentences = tuple(sentence["text"] for u in truth["utterances"] for sentence in u["sentences"])
    text = " ".join(utterance.text for utterance in utterances)
    return Recording(media, truth["duration"], truth["language"], text, utterances, sentences)


def _load_real_speech() -> dict[str, list[Recording]]:
    """Load the recordings of the data folder that have a reference text."""
    folder = os.environ.get("AIRQUOTE_BENCH_DATA")
    if not folder:
        return {}
    materials: dict[str, list[Recording]] = {}
    for line in (Path(folder) / "speech.jsonl").read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        if not row.get("text"):
            continue
        media = Path(folder) / row["file"]
        material = f"{media.parent.name}-{row['lang']}"
        recording = Recording(media, row["duration"], row["lang"], row["text"].strip(), _timed_words(row))
        materials.setdefault(material, []).append(recording)
    return materials


def _timed_words(row: dict[str, Any]) -> tuple[Utterance, ...]:
    """Return the words of English speech with reference times, each as its own utterance."""
    words = row.get("words") or () if row["lang"] == "en" else ()
    return tuple(Utterance("", word["start"], word["end"], word["word"]) for word in words)
