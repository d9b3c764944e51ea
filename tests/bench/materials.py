"""What transcription is measured on: the interviews that the bench makes, clips without speech, and real speech.

Real speech lies in the folder that AIRQUOTE_BENCH_DATA names: a file ``speech.jsonl``, one recording a line, with
``file`` (relative to the folder), ``duration`` in seconds, ``lang``, ``text`` and perhaps ``words`` (``word``,
``start``, ``end``): with them times are judged by another measure than the level of sound.
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
TIMED = ("interview-10min", "voice_notes-en")  # long enough to judge speed by, and short enough to do it often
CLIPS_WITHOUT_SPEECH = ("music", "white_noise", "pink_noise", "hum", "silence", "applause")


@dataclass(frozen=True, slots=True)
class Recording:
    """A file and what is said in it; ``sentences`` are known of the interviews only, ``utterances`` of some others."""

    media: Path
    duration: float
    language: str
    text: str
    utterances: tuple[Utterance, ...] = ()
    sentences: tuple[str, ...] = ()


def load_material(name: str) -> list[Recording]:
    """The recordings of one material, by its name; real speech that is not there has none."""
    if name == WITHOUT_SPEECH:
        return [Recording(CACHE / name / f"{clip}.wav", 60.0, "en", "") for clip in CLIPS_WITHOUT_SPEECH]
    if name in INTERVIEWS:
        return [_load_interview(CACHE / f"{name}.mp3", CACHE / f"{name}.json")]
    return _load_real_speech().get(name, [])


def real_materials() -> list[str]:
    """The real speech that is there: a material for each folder and language, such as ``fleurs-es``."""
    return sorted(_load_real_speech())


def _load_interview(media: Path, truth_file: Path) -> Recording:
    truth = json.loads(truth_file.read_text(encoding="utf-8"))
    utterances = tuple(Utterance(u["speaker"], u["start"], u["end"], u["text"]) for u in truth["utterances"])
    sentences = tuple(sentence["text"] for u in truth["utterances"] for sentence in u["sentences"])
    text = " ".join(utterance.text for utterance in utterances)
    return Recording(media, truth["duration"], truth["language"], text, utterances, sentences)


def _load_real_speech() -> dict[str, list[Recording]]:
    """What the bench's data folder holds, without what nobody wrote down."""
    folder = os.environ.get("AIRQUOTE_BENCH_DATA")
    if not folder:
        return {}
    materials: dict[str, list[Recording]] = {}
    for line in (Path(folder) / "speech.jsonl").read_text(encoding="utf-8").splitlines():
        told: dict[str, Any] = json.loads(line)
        if not told.get("text"):
            continue
        media = Path(folder) / told["file"]
        material = f"{media.parent.name}-{told['lang']}"
        recording = Recording(media, told["duration"], told["lang"], told["text"].strip(), _timed_words(told))
        materials.setdefault(material, []).append(recording)
    return materials


def _timed_words(told: dict[str, Any]) -> tuple[Utterance, ...]:
    """The words of real English speech, each as an utterance of its own, if somebody else's aligner timed them."""
    words = told.get("words") or () if told["lang"] == "en" else ()
    return tuple(Utterance("", word["start"], word["end"], word["word"]) for word in words)
