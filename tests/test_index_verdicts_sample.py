"""Every quotation of the sample article, judged on the transcript of a real model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_engine import finish, start
from measuring import DATA, INTERVIEW

from index.fulltext.maintenance import OpenIndex, open_index
from index.quotations.extraction import Quotation
from index.storage.store import Store
from index.verification.verdicts import verify_quotation

pytestmark = pytest.mark.weights

QUOTED: list[dict[str, Any]] = json.loads((DATA / "article.json").read_text(encoding="utf-8"))
KINDS = {
    "verbatim": {"verbatim"},
    "ellipsis": {"verbatim"},
    "altered": {"altered"},
    "never said": {"not found", "paraphrase"},
}
CLOSE = 0.5  # seconds


@pytest.fixture(scope="module")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIndex]:
    """The sample interview, transcribed with tiny.en."""
    folder = tmp_path_factory.mktemp("sample")
    run = finish(start(None, "transcribe", INTERVIEW, "--model", "tiny.en", "--device", "cpu", "--library", folder))
    assert run.code == 0, run.err
    with Store.open(Path(folder)) as store, open_index(store) as index:
        yield index


@pytest.mark.parametrize("quoted", QUOTED, ids=lambda quoted: quoted["quotation"][:24])
def test_a_quotation_of_the_article_is_judged_as_it_was_made(quoted: dict[str, Any], sample_index: OpenIndex) -> None:
    text = quoted["quotation"]
    verdict = verify_quotation(Quotation(text, (text,), 0, len(text)), sample_index)
    assert verdict.kind in KINDS[quoted["kind"]], verdict.reason
    if quoted["start"] is not None:
        (part,) = verdict.parts
        assert part.span.start == pytest.approx(quoted["start"], abs=CLOSE)
        assert part.span.end == pytest.approx(quoted["end"], abs=CLOSE)


def test_the_article_is_judged_through_the_command_line(sample_index: OpenIndex, tmp_path: Path) -> None:
    store = sample_index.store
    page = tmp_path / "report.html"
    asked = ("verify", DATA / "article.txt", "--library", store.directory, "--html", page, "--json")
    run = finish(start(None, *asked))
    assert run.code == 0, run.err
    for quoted, answer in zip(QUOTED, run.answers, strict=True):
        assert answer["kind"] in KINDS[quoted["kind"]], answer["reason"]
        if quoted["start"] is not None:
            assert answer["start"] == pytest.approx(quoted["start"], abs=CLOSE)
            assert answer["end"] == pytest.approx(quoted["end"], abs=CLOSE)
    assert page.read_text(encoding="utf-8").count("data:audio/mpeg;base64,") == len(
        [quoted for quoted in QUOTED if quoted["start"] is not None]
    )
