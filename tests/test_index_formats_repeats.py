"""Captions that repeat themselves hold each word once, at its time; speech that repeats itself keeps its words."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.reading import read_transcript
from index.transcript import Transcript

Timed = tuple[str, float, float]
"""A word with its start and end in seconds."""
Line = list[Timed]
Shown = tuple[float, float, str]
"""A cue."""


def clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"00:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def as_vtt(cues: Sequence[Shown]) -> str:
    return "WEBVTT\n\n" + "".join(f"{clock(start)} --> {clock(end)}\n{text}\n\n" for start, end, text in cues)


def as_srt(cues: Sequence[Shown]) -> str:
    return as_vtt(cues).replace("WEBVTT\n\n", "").replace(".", ",").replace("•", ".")


def text_of(line: Line) -> str:
    return " ".join(word for word, _, _ in line)


def tagged(line: Line) -> str:
    return line[0][0] + "".join(f"<{clock(start)}><c> {word}</c>" for word, start, _ in line[1:])


def rolling(lines: list[Line], rows: int, show: Callable[[Line], str], blank: str | None) -> list[Shown]:
    """Captions of ``rows`` lines, of which the last is new; with a cue of 10 ms at its end if ``blank`` is given."""
    cues: list[Shown] = []
    for row, line in enumerate(lines):
        above = [text_of(one) for one in lines[max(0, row - rows + 1) : row]]
        start, end = line[0][1], line[-1][2]
        if blank is not None and not above:
            above = [blank]
        cues.append((start, end - 0.01, "\n".join([*above, show(line)])))
        if blank is not None:
            cues.append((end - 0.01, end, f"{text_of(line)}\n{blank}"))
    return cues


def growing(lines: list[Line], _rows: int) -> list[Shown]:
    return [(start, end, text_of(line[: row + 1])) for line in lines for row, (_, start, end) in enumerate(line)]


def karaoke(lines: list[Line], before: str, after: str, *, up_to: bool = False) -> list[Shown]:
    cues: list[Shown] = []
    for line in lines:
        words = [word for word, _, _ in line]
        for row, (word, start, end) in enumerate(line):
            shown = (
                [before + " ".join(words[: row + 1]) + after, *words[row + 1 :]]
                if up_to
                else [*words[:row], before + word + after, *words[row + 1 :]]
            )
            cues.append((start, end - 0.05, " ".join(shown)))
            cues.append((end - 0.05, end, " ".join(words)))
    return cues


MEASURED: dict[str, Callable[[list[Line]], tuple[str, str]]] = {
    "rolling with stamps": lambda lines: ("vtt", as_vtt(rolling(lines, 2, tagged, " "))),
    "three rolling lines with stamps": lambda lines: ("vtt", as_vtt(rolling(lines, 3, tagged, None))),
    "growing": lambda lines: ("srt", as_srt(growing(lines, 1))),
    "growing in WebVTT": lambda lines: ("vtt", as_vtt(growing(lines, 1))),
    "underlined": lambda lines: ("srt", as_srt(karaoke(lines, "<u>", "</u>"))),
    "bold": lambda lines: ("vtt", as_vtt(karaoke(lines, "<b>", "</b>"))),
    "coloured": lambda lines: ("srt", as_srt(karaoke(lines, '<font color="#00ff00">', "</font>"))),
    "filled": lambda lines: ("vtt", as_vtt(karaoke(lines, "<c.yellow>", "</c>", up_to=True))),
}
SHOWN: dict[str, Callable[[list[Line]], tuple[str, str]]] = {
    "rolling": lambda lines: ("srt", as_srt(rolling(lines, 2, text_of, " "))),
    "rolling without flashes": lambda lines: ("srt", as_srt(rolling(lines, 2, text_of, None))),
    "three rolling lines": lambda lines: ("srt", as_srt(rolling(lines, 3, text_of, None))),
    "underlining lost": lambda lines: ("srt", as_srt(karaoke(lines, "", ""))),
}
WORDS = st.lists(st.sampled_from(["the", "board", "met", "on", "tuesday", "and", "nobody", "voted", "no", "you"]),
                 min_size=3, max_size=6, unique=True)  # fmt: skip


@st.composite
def spoken_lines(draw: st.DrawFn) -> list[Line]:
    """Lines of words without a break; no line begins as another one does, since they have their numbers."""
    texts = [[f"line{row}", *words] for row, words in enumerate(draw(st.lists(WORDS, min_size=3, max_size=6)))]
    lengths = [[draw(st.integers(10, 30)) / 50 for _ in words] for words in texts]
    ends = list(accumulate((length for line in lengths for length in line), initial=draw(st.integers(0, 50)) / 10))
    times = pairwise(ends)
    return [[(word, *next(times)) for word in words] for words in texts]


def read(layout: str, content: str) -> Transcript:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a.{layout}")
        path.write_text(content, encoding="utf-8")
        return read_transcript(path)


@pytest.mark.parametrize("kind", [*MEASURED, *SHOWN])
@given(lines=spoken_lines())
def test_each_word_is_read_once_and_at_its_time(kind: str, lines: list[Line]) -> None:
    transcript = read(*{**MEASURED, **SHOWN}[kind](lines))
    words = [word for line in lines for word in line]
    assert transcript.text.split() == [word for word, _, _ in words]
    if kind in MEASURED:
        assert transcript.timing == "aligned"
        assert [word.start for word in transcript.words] == pytest.approx([start for _, start, _ in words], abs=0.002)
    else:
        first = {word.text.strip(): word.start for word in transcript.words if word.text.startswith(" line")}
        assert first == pytest.approx({line[0][0]: line[0][1] for line in lines}, abs=0.02)


@pytest.mark.parametrize(
    "cues",
    [
        [(1, 2, "No."), (2, 3, "No."), (3, 4, "No.")],
        [(1, 2, "No."), (2, 3.5, "No. No."), (3.5, 6, "No. No. No. We will not.")],
        [(0, 2, "We will, we will rock you"), (2, 4, "We will, we will rock you"), (4, 6, "Sing it"),
         (6, 8, "We will, we will rock you"), (8, 10, "We will, we will rock you")],
        [(0, 3, "I know that"), (3, 6, "that is not what he said"), (6, 9, "and it is"), (9, 12, "is it not?")],
        [(0, 2, "Yes, of course."), (1.2, 3, "Yes."), (2.5, 4, "Yes.")],
        [(0, 4, "Never again."), (4, 8, "Never again will we be"), (8, 12, "Never again will we be silent.")],
    ],
    ids=["no", "no no", "chorus", "words in common", "two at once", "rhetoric"],
)  # fmt: skip
def test_who_repeats_himself_keeps_his_words(cues: list[Shown]) -> None:
    for layout, write in (("vtt", as_vtt), ("srt", lambda shown: as_srt(shown).replace("•", "."))):
        texts = [(start, end, text.replace(".", "•") if layout == "srt" else text) for start, end, text in cues]
        transcript = read(layout, write(texts))
        assert transcript.text.split() == " ".join(text for _, _, text in cues).split()


@pytest.mark.parametrize(
    "times",
    [[(1, 3), (1, 3), (3, 4), (3, 4)], [(1, 3), (1.5, 3.5), (3.5, 4)], [(1, 3), (3, 4), (1, 3), (3, 4)]],
    ids=["twice", "staggered", "in layers"],
)
def test_the_same_cue_twice_at_a_time_is_one(times: list[tuple[float, float]]) -> None:
    cues = [(start, end, "The bridge will open in May." if start < 3 else "Yes.") for start, end in times]
    assert read("vtt", as_vtt(cues)).text == " The bridge will open in May. Yes."


def test_lines_that_stay_while_the_next_is_spoken_do_not_delay_their_words() -> None:
    lines = [(2.0 * row, 2.0 * row + 4, f"line {row} of the captions") for row in range(6)]
    starts = [word.start for word in read("vtt", as_vtt(lines)).words][:25]
    assert all(row // 5 * 2.0 <= start < row // 5 * 2.0 + 2 for row, start in enumerate(starts))
    assert len(set(starts)) == len(starts)


def test_equal_texts_without_length_are_not_one() -> None:
    word = {"word": " Hello", "start": 0.0, "end": 0.0, "probability": 0.9}
    segment = {"start": 0.0, "end": 0.0, "text": " Hello", "words": [word]}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "talk.json")
        file.write_text(json.dumps({"language": "en", "text": " Hello Hello", "segments": [segment, segment]}))
        assert len(read_transcript(file).words) == 2
