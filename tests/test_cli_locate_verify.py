"""``airquote locate`` and ``verify``: keys, exit codes, the evidence page, and errors."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fake_engine import airquote, speak, transcribe
from libraries import make_library

from index.storage.store import Store
from index.transcript import Episode

SPOKEN = (
    "we stood on the roof of the theatre when the storm took it away and the ferry never came back that winter "
    "the builder asked for forty thousand dollars and we never said yes to him or to his brother in the harbour"
)
OTHER = "the recipe needs two eggs a spoon of honey and nothing else if you ask my grandmother about the cake"
KEYS = [
    "article", "offset", "line", "quotation", "attributed", "kind", "misattributed", "n", "episode", "title", "show",
    "published", "speaker", "start", "end", "said", "similarity", "edits", "parts", "doubtful", "closest", "sound",
    "reason", "confidence", "certainty", "origin", "rests_on", "publisher", "citation", "link", "repeat",
    "overlap",
]  # fmt: skip
TRUE = '"We stood on the roof of the theatre when the storm took it away," said Anna Keller.'
CHANGED = '"The builder asked for ninety thousand dollars," Keller said.'
NEVER = '"Nobody ever told the minister about the missing submarine," said Tom Reed.'


@pytest.fixture
def two_talks(library: Path) -> Path:
    """A library of two episodes."""
    make_library(library, [SPOKEN, OTHER]).close()
    return library


def write(folder: Path, *paragraphs: str, name: str = "article.txt") -> Path:
    file = folder / name
    file.write_text("\n\n".join(paragraphs), encoding="utf-8")
    return file


@pytest.mark.usefixtures("two_talks")
def test_every_quotation_is_judged_with_all_keys(tmp_path: Path) -> None:
    run = airquote("verify", write(tmp_path, TRUE, CHANGED, NEVER), "--json")
    assert run.code == 0
    true, changed, never = run.answers
    assert all(list(answer) == KEYS for answer in run.answers)
    assert (true["kind"], true["attributed"], true["episode"]) == ("verbatim", "Anna Keller", "episode-a")
    assert (true["start"], true["end"]) == (0.0, pytest.approx(14 * 0.35))
    assert true["said"] == "we stood on the roof of the theatre when the storm took it away"
    assert changed["kind"] == "altered"
    (edit,) = [edit for edit in changed["edits"] if edit["op"] != "equal"]
    assert (edit["op"], edit["quoted"], edit["said"]) == ("replace", "ninety thousand", "forty thousand")
    assert never["kind"] == "not found"
    assert [never[key] for key in ("episode", "start", "end", "said", "similarity")] == [None] * 5
    assert never["edits"] is None
    assert never["parts"] is None


@pytest.mark.usefixtures("two_talks")
def test_where_an_article_wraps_its_lines_makes_no_difference(tmp_path: Path) -> None:
    whole, wrapped = write(tmp_path, TRUE), write(tmp_path, TRUE.replace(" of the ", " of\nthe "), name="wrapped.txt")
    (one,), (other,) = (airquote("verify", article, "--json").answers for article in (wrapped, whole))
    assert one | {"article": None} == other | {"article": None}


@pytest.mark.usefixtures("two_talks")
def test_strict_asks_for_every_word(tmp_path: Path) -> None:
    assert airquote("verify", write(tmp_path, TRUE), "--strict").code == 0
    assert airquote("verify", write(tmp_path, TRUE, CHANGED), "--strict").code == 1
    assert airquote("verify", write(tmp_path, TRUE, CHANGED)).code == 0


@pytest.mark.usefixtures("two_talks")
def test_differences_can_be_read_without_colour(tmp_path: Path) -> None:
    run = airquote("verify", write(tmp_path, CHANGED))
    assert "[-forty thousand-] {+ninety thousand+}" in run.out
    assert "airquote at N" in run.err


@pytest.mark.usefixtures("two_talks")
def test_a_place_that_was_found_is_a_hit_for_play(tmp_path: Path) -> None:
    airquote("verify", write(tmp_path, TRUE))
    assert airquote("at", "1", "--json").answer["episode"] == "episode-a"
    airquote("locate", "a spoon of honey and nothing else")
    assert airquote("at", "1", "--json").answer["episode"] == "episode-b"


@pytest.mark.usefixtures("two_talks")
def test_a_statement_is_located_or_not() -> None:
    (found, *_) = airquote("locate", "the ferry never came back that winter", "--json").answers
    assert list(found) == KEYS
    assert (found["kind"], found["said"]) == ("verbatim", "the ferry never came back that winter")
    nothing = airquote("locate", "nobody told the minister about the missing submarine")
    assert (nothing.code, nothing.out) == (1, "")
    assert "Nothing similar was found" in nothing.err
    narrowed = airquote("locate", "the ferry never came back that winter", "--episode", "episode-b", "--json")
    assert narrowed.code == 1


@pytest.mark.usefixtures("two_talks")
@pytest.mark.parametrize("text", ["no one is quoted here at all", 'an unbalanced mark " and nothing', "\"'\"'"])
def test_an_article_without_quotations_says_so(tmp_path: Path, text: str) -> None:
    run = airquote("verify", write(tmp_path, text), "--json")
    assert run.code == 1
    assert all(answer["kind"] is None and answer["reason"] for answer in run.answers)
    assert "no quotation to check" in run.err


@pytest.mark.usefixtures("two_talks")
def test_an_article_without_text_says_so(tmp_path: Path) -> None:
    run = airquote("verify", write(tmp_path, ""), "--json")
    assert (run.code, run.out) == (3, "")
    assert "no text" in run.err


@pytest.mark.usefixtures("two_talks")
@pytest.mark.parametrize(
    ("quoted", "kinds"),
    [
        ("the storm", ["verbatim"]),
        ("one two " * 400, ["not found"]),
        ("Мы стояли на крыше театра, когда буря унесла её", ["not found"]),
        ("... ... ...", []),
        ("[sic] [sic]", ["not found"]),
        ("屋根の上に立っていたときに嵐が来た", ["not found"]),
        ("'; DROP TABLE words; --", ["not found"]),
    ],
)
def test_any_quotation_is_judged(tmp_path: Path, quoted: str, kinds: list[str]) -> None:
    run = airquote("verify", write(tmp_path, f'"{quoted.strip()}," said Anna Keller.'), "--json", "--fragments")
    assert run.code == (0 if kinds else 1), run.err
    assert [answer["kind"] for answer in run.answers] == kinds
    assert "Traceback" not in run.err


@pytest.mark.usefixtures("two_talks")
def test_short_quotations_are_passed_over_unless_asked_for(tmp_path: Path) -> None:
    article = write(tmp_path, TRUE, *[f'They call it the "old ferry {number}".' for number in range(12)])
    run = airquote("verify", article, "--json")
    passed = run.answers[1:]
    assert [one["quotation"] for one in passed] == [f"old ferry {number}" for number in range(12)]
    assert all(one["kind"] is None and one["reason"] and one["line"] for one in passed)
    assert "1 verbatim, 12 passed over" in run.err
    asked = airquote("verify", article, "--fragments", "--json")
    assert len(asked.answers) == 13
    assert all(one["kind"] for one in asked.answers)


@pytest.mark.usefixtures("two_talks")
def test_the_parts_of_an_answer_span_its_place(tmp_path: Path) -> None:
    spliced = '"The builder asked for forty thousand dollars when the storm took it away," Keller said.'
    answers = airquote("verify", write(tmp_path, TRUE, CHANGED, spliced), "--json").answers
    assert [(answer["kind"], len(answer["parts"])) for answer in answers] == [
        ("verbatim", 1), ("altered", 1), ("spliced", 2)
    ]  # fmt: skip
    for answer in answers:
        parts = answer["parts"]
        assert answer["start"] == min(part["start"] for part in parts)
        assert answer["end"] == max(part["end"] for part in parts)
        assert " ".join(part["quotation"] for part in parts) == answer["quotation"]
        assert " ".join(edit["quoted"] for edit in answer["edits"] if edit["quoted"]) == answer["quotation"]


@pytest.mark.usefixtures("two_talks")
def test_a_bad_article_is_named_and_the_others_are_done(tmp_path: Path) -> None:
    binary = tmp_path / "article.bin"
    binary.write_bytes(bytes(range(256)) * 20)
    run = airquote("verify", binary, tmp_path / "missing.txt", write(tmp_path, TRUE), "--json")
    assert run.code == 3
    assert [answer["kind"] for answer in run.answers] == ["verbatim"]
    assert "article.bin" in run.err
    assert "missing.txt" in run.err


def test_an_episode_without_a_transcript_is_named(two_talks: Path, tmp_path: Path) -> None:
    with Store.open(two_talks) as store:
        store.add_episode(Episode("late-news", None, "Late news", None, "late.mp3", "registered"))
    assert "late-news" in airquote("verify", write(tmp_path, NEVER), "--json").answer["reason"]
    run = airquote("verify", write(tmp_path, NEVER), "--episode", "late-news")
    assert run.code == 2
    assert "not transcribed yet" in run.err


class Elements(HTMLParser):
    """The elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.usefixtures("two_talks")
def test_the_page_needs_nothing_and_runs_nothing(tmp_path: Path) -> None:
    attack = '"We stood on the roof <script>alert(1)</script> of the theatre when the storm took it away," said Keller.'
    page_file = tmp_path / "report.html"
    run = airquote("verify", write(tmp_path, attack, TRUE, CHANGED, NEVER), "--html", page_file)
    assert run.code == 0, run.err
    page = page_file.read_text(encoding="utf-8")
    elements = Elements(page).tags
    assert not [tag for tag, _ in elements if tag in ("script", "iframe", "object", "embed", "link")]
    assert not [name for _, attributes in elements for name in attributes if name.startswith("on")]
    sources = [attributes.get("src") or "" for _, attributes in elements]
    assert all(not source or source.startswith("data:") for source in sources)
    assert not re.search(r"url\(|@import", page)
    assert "default-src 'none'" in page
    assert page.count("was imported without a recording") == 3, "the one that was not said has no place"


@pytest.mark.usefixtures("engine")
def test_the_page_plays_what_was_said(library: Path, tmp_path: Path) -> None:
    file = speak(tmp_path / "talk.wav", 6)
    assert transcribe(file).code == 0
    said = airquote("show", "talk", "--json").answers
    text = " ".join(sentence["text"].rstrip(".") for sentence in said[:3])
    page_file, clips = tmp_path / "report.html", tmp_path / "clips"
    article = write(tmp_path, f'"{text}," said Anna Keller.')
    run = airquote("verify", article, "--html", page_file, "--clips", clips)
    assert run.code == 0, run.err
    page = page_file.read_text(encoding="utf-8")
    assert "data:audio/mpeg;base64," in page
    with Store.open(library) as store:
        (episode,) = store.episodes()
    assert episode.sha256 is not None
    assert episode.sha256 in page
    assert len(list(clips.iterdir())) == 1
    again = airquote("verify", article, "--html", page_file, "--clips", clips)
    assert again.code == 2
    assert "--overwrite" in again.err
    assert airquote("verify", article, "--html", page_file, "--clips", clips, "--overwrite").code == 0
    over = airquote("verify", article, "--html", file, "--overwrite")
    assert over.code == 2
    assert "recording" in over.err
    assert airquote("verify", article, "--html", library / "report.html").code == 2
    assert airquote("verify", article, "--html", tmp_path / "none" / "report.html").code == 2


def test_a_page_is_written_whole_or_not_at_all(
    two_talks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from audio.errors import OutputError
    from pipeline.library import Library

    def full(self: Path, _: bytes) -> int:
        raise OSError(28, "No space left on device", str(self))

    target = tmp_path / "report.html"
    target.write_text("old", encoding="utf-8")
    monkeypatch.setattr(Path, "write_bytes", full)
    with Library.open(two_talks) as opened, pytest.raises(OutputError, match="No space left"):
        opened.write_report([], target, overwrite=True)
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []
