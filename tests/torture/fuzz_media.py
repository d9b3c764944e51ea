"""Fuzz the headers of media files: whatever their bytes, each gives sound or a MediaError, and prints nothing.

Small valid files of the common containers and codecs are damaged: bits flipped, numbers set to extremes, bytes
inserted, deleted and repeated, mostly in the headers. Each file is probed, hashed, decoded, searched for speech and
cut, in a child process, so that a crash inside FFmpeg is noticed too. As a program it prints a table:

    PYTHONPATH=.:tests python -m torture.fuzz_media --tries 20000 --seed 1
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import random
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from multiprocessing.connection import Connection
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from audio.clip import fade, read_span
from audio.decode import decode_audio
from audio.encode import write_clip
from audio.errors import MediaError, TimeError
from audio.media import hash_file, probe_media
from audio.samples import SAMPLE_RATE
from audio.timecode import Span
from audio.voice_activity import SpeechDetector

# name: container, codec, rate, options of the container
FORMATS: dict[str, tuple[str, str, int, dict[str, str]]] = {
    "wav": ("wav", "pcm_s16le", 16000, {}),
    "wav float": ("wav", "pcm_f32le", 16000, {}),
    "wav double": ("wav", "pcm_f64le", 16000, {}),
    "wav IMA": ("wav", "adpcm_ima_wav", 16000, {}),
    "wav MS": ("wav", "adpcm_ms", 16000, {}),
    "wav mu-law": ("wav", "pcm_mulaw", 8000, {}),
    "wav RF64": ("wav", "pcm_s16le", 16000, {"rf64": "always"}),
    "w64": ("w64", "pcm_s24le", 16000, {}),
    "aiff": ("aiff", "pcm_s16be", 16000, {"write_id3v2": "1"}),
    "au": ("au", "pcm_mulaw", 8000, {}),
    "caf": ("caf", "alac", 16000, {}),
    "mp3": ("mp3", "libmp3lame", 16000, {"id3v2_version": "4", "write_id3v1": "1"}),
    "mp2": ("mp2", "mp2", 16000, {}),
    "aac": ("adts", "aac", 16000, {}),
    "m4a": ("ipod", "aac", 16000, {}),
    "mp4 fragmented": ("mp4", "aac", 16000, {"movflags": "frag_keyframe+empty_moov"}),
    "mov": ("mov", "pcm_s16le", 16000, {}),
    "3gp": ("3gp", "libopencore_amrnb", 8000, {}),
    "amr": ("amr", "libopencore_amrnb", 8000, {}),
    "ogg opus": ("ogg", "libopus", 16000, {}),
    "ogg vorbis": ("ogg", "vorbis", 44100, {}),
    "ogg flac": ("ogg", "flac", 16000, {}),
    "flac": ("flac", "flac", 16000, {}),
    "webm": ("webm", "libopus", 16000, {}),
    "mka": ("matroska", "flac", 16000, {}),
    "mkv": ("matroska", "aac", 16000, {}),
    "wma": ("asf", "wmav2", 44100, {}),
    "avi": ("avi", "mp2", 16000, {}),
    "flv": ("flv", "libmp3lame", 22050, {}),
    "ts": ("mpegts", "mp2", 16000, {}),
    "mpeg": ("vob", "ac3", 48000, {}),
    "ac3": ("ac3", "ac3", 48000, {}),
    "eac3": ("eac3", "eac3", 48000, {}),
    "tta": ("tta", "tta", 16000, {}),
    "wv": ("wv", "wavpack", 16000, {}),
    "nut": ("nut", "libmp3lame", 16000, {}),
    "rm": ("rm", "ac3", 48000, {}),
    "voc": ("voc", "pcm_u8", 16000, {}),
    "sox": ("sox", "pcm_s32le", 16000, {}),
}
BIT_RATES = {"wmav2": 64000, "libopencore_amrnb": 12200}
EXPERIMENTAL = {"vorbis": {"strict": "experimental"}}  # FFmpeg's own encoder, which knows only stereo
TAGS = {"title": "The Roof and the Stars", "artist": "The Quiet Harbor", "album": "Harbor", "date": "2021-06-05"}
SECONDS = 0.4

HEAD, TAIL = 600, 1200
"""Bytes at both ends of a file that hold its headers, its index and its tags."""

EXTREMES = (
    b"\0", b"\xff", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x80\0\0\0",
    b"\0\0\0\1", b"\1\0\0\0", b"\0" * 8, b"\xff" * 8, b"\x7f" + b"\xff" * 7, b"\x7f\xe1\xcc\xf3\x85\xeb\xc8\xa0",
    b"\x7f\xf0\0\0\0\0\0\0", b"\x7f\xf8\0\0\0\0\0\0", b"\0\0\x80\x7f", b"\0\0\xc0\x7f", b"\xfe\xff\xfe\xff",
    b"\x1b]0;x\x07",
)  # fmt: skip
"""Least and greatest numbers of one to eight bytes; 1e308, infinity and NaN; text that is not UTF-8 or controls."""

LISTENING = 10
"""Speech is looked for in every tenth file: a run of the model takes as long as all the rest."""

LONGEST = 3600.0
"""Seconds after which decoding stops: a damaged header may make hours of silence of a hole."""


def _ogg_checksum(byte: int) -> int:
    checksum = byte << 24
    for _ in range(8):
        checksum = checksum << 1 ^ (0x104C11DB7 if checksum & 0x80000000 else 0)
    return checksum


OGG_CHECKSUMS = [_ogg_checksum(byte) for byte in range(256)]


@dataclass(slots=True)
class Row:
    """How many damaged files of one format gave sound, how many were refused, and what else happened."""

    format: str
    sound: int = 0
    refused: int = 0
    other: list[str] = field(default_factory=list)

    @property
    def tries(self) -> int:
        return self.sound + self.refused + len(self.other)


def make_file(name: str) -> bytes:
    """Return a valid file of noise in one of FORMATS."""
    form, codec, rate, options = FORMATS[name]
    noise = np.random.default_rng(1).integers(-9000, 9000, round(SECONDS * rate)).astype(np.int16)
    written = io.BytesIO()
    with av.open(written, "w", format=form, options=options) as container:
        container.metadata.update(TAGS)
        layout = "stereo" if codec in EXPERIMENTAL else "mono"
        stream = container.add_stream(codec, rate=rate, layout=layout, options=EXPERIMENTAL.get(codec, {}))
        assert isinstance(stream, AudioStream)
        if codec in BIT_RATES:
            stream.bit_rate = BIT_RATES[codec]
        frame = AudioFrame.from_ndarray(noise[np.newaxis], format="s16", layout="mono")
        frame.sample_rate, frame.pts = rate, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return written.getvalue()


def damage(data: bytes, chance: random.Random) -> bytes:
    """Return the file with one to eight mutations."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        at, kind = _place(len(changed), chance), chance.random()
        if kind < 0.35:
            changed[at] ^= 1 << chance.randrange(8)
        elif kind < 0.5:
            changed[at] = chance.randrange(256)
        elif kind < 0.75:
            extreme = chance.choice(EXTREMES)
            changed[at : at + len(extreme)] = extreme
        elif kind < 0.82:
            changed[at:at] = chance.randbytes(chance.randrange(1, 9))
        elif kind < 0.9:
            del changed[at : at + chance.randrange(1, 40)]
        elif kind < 0.95:
            del changed[at + 1 :]
        else:
            source, size = _place(len(changed), chance), chance.randrange(1, 64)
            changed[at : at + size] = changed[source : source + size]
        if not changed:
            break
    return with_checksums(bytes(changed))


def with_checksums(data: bytes) -> bytes:
    """Return an Ogg file with right checksums (RFC 3533, section 6): a page with a wrong one is not even looked at."""
    pages = data.split(b"OggS\0")
    for number, page in enumerate(pages[1:], 1):
        blank = b"OggS\0" + page[:17] + bytes(4) + page[21:]
        checksum = 0
        for byte in blank:
            checksum = (checksum << 8) & 0xFFFFFFFF ^ OGG_CHECKSUMS[checksum >> 24 ^ byte]
        pages[number] = page[:17] + checksum.to_bytes(4, "little") + page[21:]
    return b"OggS\0".join(pages)


def _place(size: int, chance: random.Random) -> int:
    kind = chance.random()
    if kind < 0.6:
        return chance.randrange(min(size, HEAD))
    if kind < 0.85:
        return size - 1 - chance.randrange(min(size, TAIL))
    return chance.randrange(size)


def use_file(path: Path, listen: bool) -> bool:
    """Do all with a file that airquote does. Return whether it gave sound; False where it was refused."""
    clip = path.with_suffix(".clip.wav")
    works: tuple[Callable[[], object], ...] = (
        lambda: probe_media(path),
        lambda: _decode(path, listen),
        lambda: write_clip(fade(read_span(path, Span(0.1, 0.3))), clip, overwrite=True),
    )
    hash_file(path)
    succeeded = [_succeeds(work) for work in works]
    return all(succeeded)


def _succeeds(work: Callable[[], object]) -> bool:
    try:
        work()
    except (MediaError, TimeError) as error:
        str(error).encode()
        return False
    return True


def _decode(path: Path, listen: bool) -> None:
    detector = SpeechDetector() if listen else None
    seconds = 0.0
    for block in decode_audio(path, allow_truncated=True):
        assert np.isfinite(block).all(), "samples that are no numbers"
        seconds += len(block) / SAMPLE_RATE
        if detector is not None:
            detector.feed(block)
        if seconds > LONGEST:
            break
    if detector is not None:
        detector.finish()


def _try_files(numbers: range, seed: int, folder: Path, results: Connection) -> None:
    """Damage and use the files of these numbers; send the outcome of each: True, False, or what else happened."""
    warnings.simplefilter("error")
    printed = (folder / "printed").open("w+b")
    os.dup2(printed.fileno(), 2)
    names = list(FORMATS)
    files: dict[str, bytes] = {}
    for number in numbers:
        name = names[number % len(names)]
        path = folder / "damaged"
        path.write_bytes(damage(files.setdefault(name, make_file(name)), random.Random(f"{seed}-{number}")))
        try:
            outcome: bool | str = use_file(path, number // len(names) % LISTENING == 0)
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            at = traceback.extract_tb(error.__traceback__)[-1]
            outcome = f"{error!r} in {Path(at.filename).name}:{at.lineno}"
        printed.seek(0)
        if text := printed.read():
            outcome = f"printed {text[-200:]!r}"
            printed.seek(0)
            printed.truncate()
        results.send(outcome)
    printed.close()


def try_files(seed: int) -> Iterator[tuple[str, bool | str]]:
    """Yield the format and the outcome of one damaged file after the other, without end.

    They are tried in a child process, which is started again after a crash.
    """
    context = multiprocessing.get_context("spawn")
    numbers = count()
    names = list(FORMATS)
    number = next(numbers)
    with tempfile.TemporaryDirectory(prefix="airquote-fuzz-") as folder:
        while True:
            ours, theirs = context.Pipe(duplex=False)
            child = context.Process(
                target=_try_files, args=(range(number, sys.maxsize), seed, Path(folder), theirs), daemon=True
            )
            child.start()
            theirs.close()
            try:
                while True:
                    yield names[number % len(names)], ours.recv()
                    number = next(numbers)
            except EOFError:
                child.join()
                yield names[number % len(names)], f"the process died (exit code {child.exitcode})"
                number = next(numbers)
            finally:
                ours.close()
                child.kill()
                child.join()


def run(tries: int | None = None, seed: int = 0, seconds: float | None = None) -> list[Row]:
    """Try a number of damaged files, or as many as can be tried in some ``seconds``; a row for each format."""
    rows = {name: Row(name) for name in FORMATS}
    began = time.monotonic()
    outcomes = try_files(seed)
    for number, (name, outcome) in enumerate(islice(outcomes, tries)):
        row = rows[name]
        if isinstance(outcome, str):
            row.other.append(f"try {number}: {outcome}")
        elif outcome:
            row.sound += 1
        else:
            row.refused += 1
        if seconds is not None and time.monotonic() - began > seconds:
            break
    outcomes.close()  # type: ignore[attr-defined]
    return list(rows.values())


def main() -> int:
    """Print a table, and what neither gave sound nor a MediaError."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    rows = run(asked.tries, asked.seed, asked.seconds)
    rows.append(Row("all", sum(row.sound for row in rows), sum(row.refused for row in rows), []))
    rows[-1].other = [one for row in rows for one in row.other]
    print("| format | tries | sound | MediaError | other |\n|---|---|---|---|---|")
    for row in rows:
        print(f"| {row.format} | {row.tries} | {row.sound} | {row.refused} | {len(row.other)} |")
    for one in rows[-1].other:
        print(one)
    return 1 if rows[-1].other else 0


if __name__ == "__main__":
    sys.exit(main())
