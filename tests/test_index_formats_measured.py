"""Word times that a file states are used, wherever it states them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.reading import read_transcript
from index.transcript import Transcript

Timed = tuple[str, float, float]


def bare(word: str) -> str:
    return "".join(letter for letter in word if letter.isalnum() or letter == "'")


def clock(seconds: float, mark: str) -> str:
    return f"00:00:{seconds:06.3f}".replace(".", mark)


def in_segments(words: list[Timed]) -> list[list[Timed]]:
    """The words by fours, as a recogniser cuts them."""
    return [words[first : first + 4] for first in range(0, len(words), 4)]


def text_of(words: list[Timed]) -> str:
    return "".join(f" {word}" for word, _, _ in words)


def openai(words: list[Timed], *, segments: bool, text: bool) -> str:
    items = [{"word": bare(word), "start": start, "end": end} for word, start, end in words]
    document: dict[str, Any] = {"task": "transcribe", "language": "english", "words": items}
    if text:
        document["text"] = text_of(words).strip()
    if segments:
        document["segments"] = [
            {"id": row, "start": max(0, own[0][1] - 0.5), "end": own[-1][2] + 7, "text": text_of(own)}
            for row, own in enumerate(in_segments(words))
        ]
    return json.dumps(document)


def tokens(words: list[Timed]) -> list[Timed]:
    """The words in pieces, the first of each with a space, as Whisper's tokens are."""
    pieces = []
    for word, start, end in words:
        cut = max(1, len(word) // 2)
        middle = (start + end) / 2
        pieces += [(f" {word[:cut]}", start, middle)]
        if word[cut:]:
            pieces += [(word[cut:], middle, end)]
    return pieces


def cpp(words: list[Timed]) -> str:
    segments = []
    for own in in_segments(words):
        parts = [("[_BEG_]", 0.0, 0.0), *tokens(own), ("[_TT_150]", own[-1][2], own[-1][2])]
        segments.append({
            "offsets": {"from": 0, "to": round(own[-1][2] * 1000) + 900}, "text": text_of(own),
            "tokens": [
                {"text": text, "offsets": {"from": round(start * 1000), "to": round(end * 1000)}, "p": 0.5}
                for text, start, end in parts
            ],
        })  # fmt: skip
    return json.dumps({"result": {"language": "en"}, "transcription": segments})


def cpp_pieces(words: list[Timed]) -> str:
    """As with --max-len 1: a segment for each token."""
    segments = [
        {"offsets": {"from": round(start * 1000), "to": round(end * 1000)}, "text": text,
         "tokens": [{"text": text, "offsets": {"from": round(start * 1000), "to": round(end * 1000)}, "p": 0.5}]}
        for text, start, end in tokens(words)
    ]  # fmt: skip
    return json.dumps({"result": {"language": "en"}, "transcription": segments})


def tuples(words: list[Timed], *, information: bool, late: bool) -> str:
    rows = [
        [
            *([row, 0] if late else []), own[0][1] - 0.1, own[-1][2] + 3, text_of(own), [1, 2], -0.2, 1.2, 0.01,
            [[start, end, f" {word}", 0.5] for word, start, end in own],
        ]
        for row, own in enumerate(in_segments(words))
    ]  # fmt: skip
    return json.dumps([rows, ["en", 0.99, 60.0]] if information else rows)


def srt(pieces: list[Timed]) -> str:
    return "".join(
        f"{row}\n{clock(start, ',')} --> {clock(end, ',')}\n{text}\n\n"
        for row, (text, start, end) in enumerate(pieces, start=1)
    )


def whisper(words: list[Timed]) -> str:
    return json.dumps([{"start": start, "end": end, "text": word} for word, start, end in words])


def podcast(words: list[Timed]) -> str:
    segments = [{"speaker": "A", "startTime": start, "endTime": end, "body": word} for word, start, end in words]
    return json.dumps({"version": "1.0.0", "segments": segments})


WRITERS: dict[str, tuple[str, Callable[[list[Timed]], str]]] = {
    "OpenAI beside segments": ("json", lambda words: openai(words, segments=True, text=True)),
    "OpenAI beside segments without a text": ("json", lambda words: openai(words, segments=True, text=False)),
    "OpenAI alone": ("json", lambda words: openai(words, segments=False, text=True)),
    "whisper.cpp tokens": ("json", cpp),
    "whisper.cpp segments of a token": ("json", cpp_pieces),
    "faster-whisper tuples": ("json", lambda words: tuples(words, information=False, late=True)),
    "faster-whisper tuples with information": ("json", lambda words: tuples(words, information=True, late=True)),
    "old faster-whisper tuples": ("json", lambda words: tuples(words, information=False, late=False)),
    "segments of a word": ("json", whisper),
    "Podcasting 2.0 segments of a word": ("json", podcast),
    "SRT cues of a word": ("srt", srt),
    "SRT cues of a token": ("srt", lambda words: srt(tokens(words))),
    "WebVTT cues of a word": ("vtt", lambda words: "WEBVTT\n\n" + srt(words).replace(",0", ".0").replace(",", ".")),
    "TSV rows of a word": ("tsv", lambda words: "start\tend\ttext\n" + "".join(
        f"{round(start * 1000)}\t{round(end * 1000)}\t{word}\n" for word, start, end in words)),
}  # fmt: skip
VOCABULARY = ["Nobody", "resigned", "from", "the", "board", "in", "2019", "don't", "stopped", "naïve"]


@st.composite
def spoken(draw: st.DrawFn) -> list[Timed]:
    texts = draw(st.lists(st.sampled_from(VOCABULARY), min_size=6, max_size=14))
    texts[-1] += "."
    times = [1.0]
    for _ in range(2 * len(texts) - 1):
        times.append(round(times[-1] + draw(st.integers(5, 40)) / 50, 3))
    return [(text, *pair) for text, pair in zip(texts, list(pairwise(times))[::2], strict=True)]


def read(content: str, ending: str) -> Transcript:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a.{ending}")
        path.write_text(content, encoding="utf-8")
        return read_transcript(path)


@pytest.mark.parametrize("kind", WRITERS)
@given(words=spoken())
def test_measured_times_are_used(kind: str, words: list[Timed]) -> None:
    ending, write = WRITERS[kind]
    transcript = read(write(words), ending)
    assert transcript.timing == "aligned"
    assert [word.text.strip() for word in transcript.words] == [word for word, _, _ in words]
    assert [word.start for word in transcript.words] == pytest.approx([start for _, start, _ in words])
    assert [word.end for word in transcript.words] == pytest.approx([end for _, _, end in words])


def test_words_alone_without_a_text_are_joined() -> None:
    transcript = read(openai([("So", 1, 1.5), ("be", 1.5, 2), ("it", 2, 2.5)], segments=False, text=False), "json")
    assert (transcript.text, transcript.timing) == (" So be it", "aligned")


def test_a_word_that_differs_in_the_text_is_interpolated_between_its_neighbours() -> None:
    heard = ["we", "paid", "five", "dollars"]
    items = [{"word": word, "start": float(row), "end": row + 0.5} for row, word in enumerate(heard)]
    segments = [{"start": 0, "end": 9, "text": " We paid $5 dollars."}]
    transcript = read(json.dumps({"segments": segments, "words": items}), "json")
    assert [(word.text, word.start) for word in transcript.words] == [
        (" We", 0), (" paid", 1), (" $5", 1.5), (" dollars.", 3)
    ]  # fmt: skip


def test_words_of_another_text_are_no_times() -> None:
    items = [{"word": f"other{row}", "start": float(row), "end": row + 0.5} for row in range(9)]
    segments = [{"start": 0, "end": 9, "text": " We paid five dollars."}]
    transcript = read(json.dumps({"segments": segments, "words": items}), "json")
    assert (transcript.timing, transcript.text) == ("interpolated", " We paid five dollars.")


def test_a_file_with_a_few_short_cues_is_not_measured() -> None:
    assert read(srt([("Yes.", 1, 2), ("No.", 2, 3), ("We will see.", 3, 5)]), "srt").timing == "interpolated"
