"""Small transcript files as programs write them, each with the sentences that it holds in a file beside it.

``NAME.expected`` has a line for the times and for each flaw, then a line for each sentence: start and end in seconds,
speaker, flags and text, between tabs.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from index.formats.reading import read_transcript
from index.transcript import Transcript

SOURCES = Path(__file__).parent / "data" / "sources"
FILES = sorted(path for path in SOURCES.iterdir() if path.is_file() and path.suffix != ".expected")


def describe(transcript: Transcript) -> list[str]:
    lines = [f"times: {transcript.timing}"]
    lines += [f"{'left out' if flaw.left_out else 'repaired'}: {flaw.place}: {flaw.text}" for flaw in transcript.flaws]
    for segment in transcript.segments:
        span = transcript.segment_span(segment)
        said = transcript.segment_text(segment).strip()
        lines.append(f"{span.start:.3f}\t{span.end:.3f}\t{segment.speaker or ''}\t{', '.join(segment.flags)}\t{said}")
    return lines


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_holds_these_sentences(file: Path) -> None:
    expected = file.with_name(f"{file.name}.expected").read_text(encoding="utf-8").splitlines()
    assert describe(read_transcript(file)) == expected


def test_there_are_three_files_of_each_kind() -> None:
    kinds = ["rolling", "karaoke", "cues_of|rows_of|words_|tokens_|tuples_", "bad_", "lines_|several", "sounds",
             "speakers", "labels"]  # fmt: skip
    for kind in kinds:
        assert sum(file.name.startswith(tuple(kind.split("|"))) for file in FILES) >= 3, kind
