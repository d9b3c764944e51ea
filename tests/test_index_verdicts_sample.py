"""Every quotation of the sample article, judged on the transcript of a real model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_engine import finish, start
from measuring import DATA, normalized_words
from real_sample import Sample

from audio.timecode import Span
from index.fulltext.maintenance import OpenIndex, open_index
from index.quotations.extraction import Quotation
from index.storage.store import Store
from index.transcript import Transcript
from index.verification.verdicts import verify_quotation

pytestmark = pytest.mark.weights

QUOTED: list[dict[str, Any]] = json.loads((DATA / "article.json").read_text(encoding="utf-8"))
SENTENCES: list[dict[str, Any]] = [
    sentence
    for utterance in json.loads((DATA / "interview.json").read_text(encoding="utf-8"))["utterances"]
    for sentence in utterance["sentences"]
]
KINDS = {
    "verbatim": {"verbatim"},
    "ellipsis": {"verbatim"},
    "altered": {"altered"},
    "never said": {"not found"},
}
MISHEARD = {"altered", "cleaned", "cannot tell"}
"""Verdicts that are right too where a word of the quotation was misrecognised."""
MOST_MISHEARD = 2  # of the six that were said
CLOSE = 0.5  # seconds


@pytest.fixture(scope="module")
def sample_index(sample: Sample) -> Iterator[OpenIndex]:
    """The index of the sample interview, transcribed with tiny.en."""
    with Store.open(sample.library()) as store, open_index(store) as index:
        yield index


def said_there(quoted: dict[str, Any]) -> list[str]:
    """The spoken words on which the verdict on a quotation rests; none for what was never said."""
    if quoted["kind"] != "altered":
        return quoted["quotation"].split(" ... ") if quoted["start"] is not None else []
    place = Span(quoted["start"] - 0.1, quoted["end"] + 0.1)
    return [one["text"] for one in SENTENCES if place.start <= one["start"] and one["end"] <= place.end]


def was_heard(quoted: dict[str, Any], transcript: Transcript) -> bool:
    """Whether the transcript has just these words."""
    heard = joined_words(transcript.text)
    return all(joined_words(said) in heard for said in said_there(quoted))


def joined_words(text: str) -> str:
    """The normalized words of a text, each between spaces; ``U.S.`` and ``US`` are one word."""
    return f" {' '.join(normalized_words(text.replace('U.S.', 'US')))} "


def allowed_kinds(quoted: dict[str, Any], sample: Sample) -> set[str]:
    """The verdicts that are right for a quotation, given how its words were recognised."""
    made_for = KINDS[quoted["kind"]]
    return made_for if was_heard(quoted, sample.transcript()) else made_for | MISHEARD


def test_most_of_what_is_quoted_is_recognised(sample: Sample) -> None:
    misheard = [quoted["quotation"] for quoted in QUOTED if not was_heard(quoted, sample.transcript())]
    assert len(misheard) <= MOST_MISHEARD, misheard


@pytest.mark.parametrize("quoted", QUOTED, ids=lambda quoted: quoted["quotation"][:24])
def test_a_quotation_of_the_article_is_judged_as_it_was_made(
    quoted: dict[str, Any], sample: Sample, sample_index: OpenIndex
) -> None:
    text = quoted["quotation"]
    verdict = verify_quotation(Quotation(text, (text,), 0, len(text)), sample_index)
    assert verdict.kind in allowed_kinds(quoted, sample), verdict.reason
    if quoted["start"] is not None:
        (part,) = verdict.parts
        assert part.span.start == pytest.approx(quoted["start"], abs=CLOSE)
        assert part.span.end == pytest.approx(quoted["end"], abs=CLOSE)


def test_the_article_is_judged_through_the_command_line(sample: Sample, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    asked = ("verify", DATA / "article.txt", "--library", sample.library(), "--html", page, "--json")
    run = finish(start(None, *asked))
    assert run.code == 0, run.err
    for quoted, answer in zip(QUOTED, run.answers, strict=True):
        assert answer["kind"] in allowed_kinds(quoted, sample), answer["reason"]
        if quoted["start"] is not None:
            assert answer["start"] == pytest.approx(quoted["start"], abs=CLOSE)
            assert answer["end"] == pytest.approx(quoted["end"], abs=CLOSE)
    placed = [answer for answer in run.answers if answer["start"] is not None]
    assert page.read_text(encoding="utf-8").count("data:audio/mpeg;base64,") == len(placed) >= len(QUOTED) - 1
