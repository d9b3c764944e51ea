"""Materials of the benchmark of voices: composed podcasts, real recordings of several, and files of one speaker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.voices_effects import EFFECTS
from bench.voices_podcasts import INTERVIEWS, PODCASTS, SpokenTurn, load_podcast
from bench.voices_readers import FOLDER, MOST_SECONDS, SOURCES, data_folder, facts, sound_of, write_sound

from audio.samples import SAMPLE_RATE
from index.transcript import Word

HALF_A, HALF_B, ALL = "composed, half a", "composed, half b", "composed, 5 to 8 voices"
HOURS, MEETINGS, PHONE, READERS, ONE = "interviews of an hour", "meetings", "phone call", "two readers", "one speaker"
MATERIALS = (HALF_A, HALF_B, ALL, PHONE, MEETINGS, READERS, ONE, HOURS)
CHANGED = ("notes", "linda")
"""The readers to whose sound the effects are applied, each of another half minute."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A file and who speaks when in it; ``words`` with who has ``spoken`` each where it was composed."""

    material: str
    name: str
    media: Path
    turns: tuple[SpokenTurn, ...]
    words: tuple[Word, ...] = ()
    spoken: tuple[str, ...] = ()

    @property
    def speakers(self) -> int:
        """How many speak."""
        return len({turn.speaker for turn in self.turns})


def load_recordings(material: str) -> list[Recording]:
    """Return the recordings of a material; those that are made are made now where they are not kept."""
    if material in (HALF_A, HALF_B, ALL, HOURS):
        starts = {HALF_A: "half-a", HALF_B: "half-b", ALL: "all", HOURS: "hour"}[material]
        names = [name for name in (*PODCASTS, *INTERVIEWS) if name.startswith(starts)]
        podcasts = [load_podcast(name) for name in names]
        return [Recording(material, one.name, one.media, one.turns, one.words, one.spoken) for one in podcasts]
    if material == ONE:
        return [*_single_readers(), *_changed_readers()]
    starts = {MEETINGS: "speech/meeting/", PHONE: "speech/phone_call/", READERS: "speech/long/libri_"}[material]
    return [
        Recording(material, Path(name).stem, data_folder() / name, _turns_of(name))
        for name in facts()
        if name.startswith(starts)
    ]


def _turns_of(name: str) -> tuple[SpokenTurn, ...]:
    return tuple(SpokenTurn(one["speaker"], one["start"], one["end"]) for one in facts()[name]["segments"])


def _single_readers() -> Iterator[Recording]:
    for reader in ("notes", "address", "linda", "allison"):
        for name in SOURCES[reader]:
            yield _of_one(Path(name).stem, data_folder() / name, facts()[name]["duration"])


def _changed_readers() -> Iterator[Recording]:
    for reader in CHANGED:
        source = SOURCES[reader][0]
        start = facts()[source]["segments"][0]["start"] if "segments" in facts()[source] else 0.0
        sound = sound_of(source)[round(start * SAMPLE_RATE) : round(min(start + 60, MOST_SECONDS) * SAMPLE_RATE)]
        for effect, change in EFFECTS.items():
            media = FOLDER / "effects" / f"{reader}, {effect}.wav"
            changed = change(sound)
            if not media.exists():
                write_sound(media, changed)
            yield _of_one(media.stem, media, len(changed) / SAMPLE_RATE)


def _of_one(name: str, media: Path, seconds: float) -> Recording:
    return Recording(ONE, name, media, (SpokenTurn(name, 0.0, seconds),))
