"""What ``airquote verify`` answers with: places in the article, findings, exit codes, CSV, and narrowed searches."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from fake_engine import airquote
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_spoken, add_text, make_library

from index.storage.store import Store
from pipeline.library import Library
from pipeline.progress import QuotationsAdvanced
from pipeline.verification.article_context import link_into, read_sentence_around
from pipeline.verification.results import FINDINGS

SPOKEN = (
    "we stood on the roof of the theatre when the storm took it away and the ferry never came back that winter "
    "the builder asked for forty thousand dollars and we never said yes to him or to his brother in the harbour"
)
OTHER = "the recipe needs two eggs a spoon of honey and nothing else if you ask my grandmother about the cake"
TRUE = '"We stood on the roof of the theatre when the storm took it away," said Anna Keller.'
CHANGED = '"The builder asked for ninety thousand dollars and we never said yes," Keller said.'
NEVER = '"Nobody ever told the minister about the missing submarine," said Tom Reed.'
NAMED = 'They call it the "old ferry".'


@pytest.fixture(autouse=True)
def two_talks(library: Path) -> Path:
    """A library of two episodes."""
    make_library(library, [SPOKEN, OTHER]).close()
    return library


def write(folder: Path, *paragraphs: str, name: str = "article.txt") -> Path:
    file = folder / name
    file.write_text("\n\n".join(paragraphs), encoding="utf-8")
    return file


def test_an_answer_says_where_in_the_article_it_stands(tmp_path: Path) -> None:
    article = write(tmp_path, TRUE, NAMED, CHANGED, NEVER)
    text = article.read_text(encoding="utf-8")
    answers = airquote("verify", article, "--json").answers
    assert [answer["kind"] for answer in answers] == ["verbatim", None, "altered", "not found"]
    for answer in answers:
        assert answer["article"] == str(article)
        assert text[answer["offset"] + 1 :].startswith(answer["quotation"][:20])
        assert text.splitlines()[answer["line"] - 1][:3] in (TRUE[:3], NAMED[:3], CHANGED[:3], NEVER[:3])
    assert [answer["n"] for answer in answers] == [1, None, 2, None]


def test_an_answer_can_be_cited_and_opened(tmp_path: Path) -> None:
    answer = airquote("verify", write(tmp_path, TRUE), "--json").answer
    assert answer["title"] in answer["citation"]
    assert "0:00" in answer["citation"]
    assert answer["certainty"] in ("sure", "likely", "unsure")
    assert answer["attributed"] == "Anna Keller"
    assert answer["doubtful"] == []


def test_only_what_has_a_recording_is_offered_to_be_heard(tmp_path: Path, library: Path) -> None:
    with Store.open(library) as store:
        add_text(
            store,
            "recorded",
            "the lantern keeper counted every boat in the bay before supper",
            media=str(tmp_path / "a.mp3"),
        )
    for quotation, offer in (
        ("We stood on the roof of the theatre when the storm took it away", "airquote at N"),
        ("The lantern keeper counted every boat in the bay before supper", "airquote play N"),
    ):
        article = write(tmp_path, f'"{quotation}," said Anna Keller.')
        for run in (("verify", article, "--no-listen"), ("locate", quotation), ("search", f'"{quotation}"')):
            assert offer in airquote(*run).err


def test_a_speaker_whom_nobody_knows_is_wrong_usage(tmp_path: Path, library: Path) -> None:
    with Store.open(library) as store:
        add_spoken(
            store, "spoken", [("Ann Lee", "we sailed to the lantern before supper"), ("Ben Cole", "nobody came")]
        )
    for run in (("verify", write(tmp_path, TRUE)), ("locate", "we sailed to the lantern")):
        found = airquote(*run, "--speaker", "Nobody")
        assert (found.code, found.out) == (2, "")
        assert "Ann Lee and Ben Cole" in found.err


def test_a_splice_of_somebody_else_is_not_of_the_speaker_asked_for(tmp_path: Path, library: Path) -> None:
    with Store.open(library) as store:
        quoted = ["We slept under the roof for three windy nights", "then we sold the kitchen to the coast guard"]
        told = [("Ben Cole", f"{quoted[0]} ."), ("Ann Lee", f"{OTHER} ."), ("Ben Cole", f"and {quoted[1]} .")]
        add_spoken(store, "spoken", told)
    article = write(tmp_path, f'"{quoted[0]} and {quoted[1]}," said Ben Cole.')
    assert airquote("verify", article, "--json").answer["kind"] == "spliced"
    assert airquote("verify", article, "--speaker", "Ben Cole", "--json").answer["kind"] == "spliced"
    assert airquote("verify", article, "--speaker", "Ann Lee", "--json").answer["kind"] == "not found"


def test_the_evidence_page_shows_no_comma_of_the_article_as_quoted(tmp_path: Path) -> None:
    airquote("verify", write(tmp_path, TRUE, CHANGED), "--html", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    quoted = [part.partition("</p>")[0] for part in page.split("<h5>Quoted</h5>")[1:]]
    assert len(quoted) == 2
    assert all(re.search(r"\w(?:</\w+>|\s)*$", text) for text in quoted), quoted


@pytest.mark.parametrize(
    ("paragraphs", "code"),
    [((TRUE,), 0), ((TRUE, CHANGED), 1), ((TRUE, NEVER), 1), ((TRUE, NAMED), 1), ((NAMED,), 1)],
)
def test_strict_fails_on_what_must_not_pass(tmp_path: Path, paragraphs: tuple[str, ...], code: int) -> None:
    article = write(tmp_path, *paragraphs)
    assert airquote("verify", article, "--strict").code == code
    assert airquote("verify", article).code == (0 if TRUE in paragraphs else 1)


def test_every_finding_is_counted(tmp_path: Path) -> None:
    run = airquote("verify", write(tmp_path, TRUE, CHANGED, NEVER, NAMED))
    assert "3 quotations checked: 1 altered, 1 not found, 1 verbatim, 1 passed over." in run.err
    assert "passed over  “old ferry”" in run.out


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        ("altered", ["altered"]),
        ("not-found", ["not found"]),
        ("not found,passed-over", ["not found", None]),
        ("VERBATIM, Altered", ["verbatim", "altered"]),
        ("misattributed", []),
    ],
)
def test_only_some_findings_are_printed_and_all_are_counted(tmp_path: Path, only: str, kinds: list[str | None]) -> None:
    article = write(tmp_path, TRUE, CHANGED, NEVER, NAMED)
    run = airquote("verify", article, "--json", "--only", only)
    assert [answer["kind"] for answer in run.answers] == kinds
    assert "3 quotations checked" in run.err
    shown = airquote("verify", article, "--only", only).out
    assert ("Said there" in shown) == ("altered" in kinds)
    assert airquote("verify", article, "--strict", "--only", only).code == 1


@pytest.mark.parametrize("only", ["lies", "", "altered,", "altered,lies"])
def test_an_unknown_finding_is_named(tmp_path: Path, only: str) -> None:
    run = airquote("verify", write(tmp_path, TRUE), "--only", only)
    assert (run.code, run.out) == (2, "")
    assert all(finding.replace(" ", "-") in run.err for finding in FINDINGS)


def test_csv_is_the_same_as_json(tmp_path: Path) -> None:
    article = write(tmp_path, TRUE, CHANGED, NEVER, NAMED)
    rows = list(csv.DictReader(io.StringIO(airquote("verify", article, "--csv").out)))
    answers = airquote("verify", article, "--json").answers
    rows = [{"closest": "", **row} for row in rows]  # the fields of ``closest`` are columns of their own
    assert all(row.keys() >= answer.keys() for row, answer in zip(rows, answers, strict=True))
    for row, answer in zip(rows, answers, strict=True):
        assert all(row[key] == ("" if value is None else value) for key, value in answer.items() if value is None)
        assert row["quotation"] == answer["quotation"]
        assert row["said"] == (answer["said"] or "")
    assert airquote("verify", article, "--csv", "--json").code == 2


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    article = write(tmp_path, '"=HYPERLINK(1) was what the grandmother said about the cake," said Tom Reed.')
    (row,) = csv.DictReader(io.StringIO(airquote("verify", article, "--csv").out))
    assert row["quotation"].startswith("'=HYPERLINK")


@pytest.mark.parametrize("command", ["locate", "verify"])
def test_dates_narrow_the_search(tmp_path: Path, library: Path, command: str) -> None:
    with Store.open(library) as store:
        add_text(store, "dated", SPOKEN, published="2024-05-31")
    given = "we stood on the roof of the theatre" if command == "locate" else write(tmp_path, TRUE)
    for dates in (("--since", "2024-05"), ("--until", "2024-05-31"), ("--since", "2024", "--until", "2024")):
        assert airquote(command, given, "--json", *dates).answers[0]["episode"] == "dated"
    outside = airquote(command, given, "--since", "2025")
    assert outside.code == 2
    assert "2024-05-31" in outside.err
    assert airquote(command, given, "--since", "yesterday").code == 2


TEXT = 'He left. Then, as he "came home" late, it rained. It was over.\n\n> "A block"'


def test_the_sentence_around_a_quotation_ends_where_it_ends() -> None:
    start = TEXT.index('"came')
    assert read_sentence_around(TEXT, start, start + 11) == ("Then, as he ", '"came home"', " late, it rained.")
    start = TEXT.index('"A')
    assert read_sentence_around(TEXT, start, start + 9) == ("", '"A block"', "")


@given(st.text(alphabet='ab .!?"\n>', max_size=60), st.data())
def test_the_parts_of_a_sentence_are_a_piece_of_the_article(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    before, quoted, after = read_sentence_around(text, start, end)
    assert quoted == text[start:end]
    assert "".join((before, quoted, after)) in text


def test_a_link_into_an_article_names_its_beginning_and_end() -> None:
    assert link_into("article.txt", "a b") is None
    assert link_into("https://example.org/a#top", "We, too") == "https://example.org/a#:~:text=We%2C%20too"
    long = link_into("https://example.org/a", "one two three four-fold five six seven eight nine ten")
    assert long == "https://example.org/a#:~:text=one%20two%20three%20four%2Dfold,seven%20eight%20nine%20ten"


def test_only_what_a_speaker_says_is_searched(tmp_path: Path, library: Path) -> None:
    with Store.open(library) as store:
        for name in ("Anna Keller", "Tom Reed"):
            add_spoken(store, f"talk of {name}", [(name, SPOKEN)])
    for name in ("Keller", "tom reed"):
        for command in (("locate", "we stood on the roof of the theatre"), ("verify", write(tmp_path, TRUE))):
            (answer,) = airquote(*command, "--speaker", name, "--json").answers
            assert answer["speaker"].endswith(name.title()), command
    assert airquote("locate", "the roof", "--speaker", "?").code == 2


def test_checking_quotations_is_told_of_as_it_advances(tmp_path: Path, library: Path) -> None:
    events: list[object] = []
    with Library.open(library, progress=events.append) as opened:
        opened.verify([write(tmp_path, TRUE, CHANGED), write(tmp_path, NEVER, name="other.txt")], listen=False)
    assert [event for event in events if isinstance(event, QuotationsAdvanced)] == [
        QuotationsAdvanced("checked", done, 3) for done in range(3)
    ]
