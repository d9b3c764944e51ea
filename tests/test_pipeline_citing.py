"""Citations: of every place, in every style, with a link to the moment wherever there is an address or a file."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path, PureWindowsPath
from urllib.parse import parse_qsl, urlsplit

import airquote as package
import pytest
from fake_engine import airquote
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_spoken, add_text
from markdown_it import MarkdownIt

from index.storage.store import Store
from index.transcript import Episode
from pipeline.citing.citations import Citation
from pipeline.citing.cited_dates import day_first, month_first, time_range, year_first
from pipeline.citing.styles import STYLES, format_citation
from pipeline.cli.options import CitationFormat, RowFormat
from pipeline.links import link_into_address, link_to, link_to_moment

LINK = "https://pod.example/12.mp3#t=3753.0"
FERRY = Citation(
    "the-ferry",
    "The Ferry",
    "Fail Better",
    "2024-12-12",
    "Ann Lee",
    3753.0,
    3760.4,
    "https://pod.example/12.mp3#t=3753.0",
)


def cited_with(**fields: object) -> Citation:
    """The citation with other facts."""
    return replace(FERRY, **fields)  # type: ignore[arg-type]


EXPECTED = {
    "plain": "Fail Better, “The Ferry”, 12 December 2024, 1:02:33–1:02:41",
    "markdown": f"*Fail Better*, “The Ferry”, 12 December 2024, [1:02:33–1:02:41](<{LINK}>)",
    "html": (
        '<cite dir="auto">Fail Better</cite>, <span dir="auto">“The Ferry”</span>,'
        f' <time datetime="2024-12-12">12 December 2024</time>, <a href="{LINK}">1:02:33–1:02:41</a>'
    ),
    "apa": (
        f"The Ferry [Audio podcast episode]. (2024, December 12). In Fail Better. {LINK}\n(“The Ferry,” 2024, 1:02:33)"
    ),
    "chicago": f"“The Ferry,” December 12, 2024, in Fail Better, podcast, 1:02:33–1:02:41, {LINK}.",
}
UNKNOWN = {
    "plain": "“The Ferry”, 1:02:33–1:02:41",
    "markdown": "“The Ferry”, 1:02:33–1:02:41",
    "html": '<span dir="auto">“The Ferry”</span>, 1:02:33–1:02:41',
    "apa": "The Ferry [Audio podcast episode]. (n.d.).\n(“The Ferry,” n.d., 1:02:33)",
    "chicago": "“The Ferry,” podcast, 1:02:33–1:02:41.",
}


@pytest.mark.parametrize("style", EXPECTED)
def test_a_citation_is_as_its_style_has_it(style: str) -> None:
    assert format_citation(FERRY, style) == EXPECTED[style]
    assert format_citation(cited_with(show=None, published=None, link=None), style) == UNKNOWN[style]


def test_the_styles_of_the_command_line_are_those_of_the_program() -> None:
    assert [one.value for one in CitationFormat] == [*STYLES]
    assert [one.style for one in RowFormat] == [None, *STYLES]


TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S", "Zs")), min_size=1).filter(
    lambda text: text.strip()
)


@given(title=TEXTS, show=TEXTS)
def test_nothing_in_a_title_is_markup(title: str, show: str) -> None:
    cited = cited_with(title=title, show=show)
    plain = " ".join(format_citation(cited_with(title=title, show=show, link=None)).split())
    rendered = MarkdownIt().render(format_citation(cited, "markdown"))
    assert " ".join(_text_of(rendered).split()) == plain
    assert rendered.count("<a ") == rendered.count("<em>") == rendered.count("<p>") == 1
    page = format_citation(cited, "html")
    assert " ".join(_text_of(page).split()) == plain
    assert sorted(set(re.findall(r"<(\w+)", page))) == ["a", "cite", "span", "time"]


def _text_of(page: str) -> str:
    pieces: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            pieces.append(data)

    Reader().feed(page)
    return html.unescape("".join(pieces))


@given(
    title=TEXTS,
    show=st.none() | TEXTS,
    start=st.floats(0, 1e6),
    length=st.floats(0, 1e4),
    style=st.sampled_from([*STYLES]),
)
def test_a_citation_names_title_and_show_and_holds_all_of_the_time(
    title: str, show: str | None, start: float, length: float, style: str
) -> None:
    cited = cited_with(title=title, show=show, start=start, end=start + length)
    text = format_citation(cited, style)
    assert text.strip() == text or style == "ris"
    first, *last = time_range(start, start + length).split("–")
    assert first in text
    begin, end = package.parse_time(first), package.parse_time(last[0]) if last else start
    assert begin <= start + 0.0005 and end >= start + length - 0.0005 - (0 if last else 1)
    assert end - begin < length + 2


def test_dates_are_written_in_english_whatever_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calendar.month_name", ["", *"abcdefghijkl"])
    assert [day_first(date) for date in ("2024-03-05", "2024-03", "2024", None)] == [
        "5 March 2024", "March 2024", "2024", None,
    ]  # fmt: skip
    assert [month_first(date) for date in ("2024-03-05", "2024-03", "2024")] == ["March 5, 2024", "March 2024", "2024"]
    assert [year_first(date) for date in ("2024-03-05", "2024-03", "2024", None)] == [
        "2024, March 5", "2024, March", "2024", "n.d.",
    ]  # fmt: skip
    assert day_first("some day") == "some day"


@pytest.mark.parametrize(
    ("title", "quoted"),
    [
        ('The "Ferry" sank', "“The ‘Ferry’ sank”"),
        ('"Ferry"', "“‘Ferry’”"),
        ("The “Ferry”", "“The ‘Ferry’”"),
        ("What’s left?", "“What’s left?”"),
        ("עברית", "“עברית”"),
    ],
)
def test_quotation_marks_in_a_title_become_single(title: str, quoted: str) -> None:
    assert quoted in format_citation(cited_with(title=title))


def test_the_comma_of_a_title_stands_inside_of_its_marks() -> None:
    assert "“Who?,” December" in format_citation(cited_with(title="Who?"), "chicago")
    assert "“The end,” December" in format_citation(cited_with(title="The end."), "chicago")
    assert "In Who?" in format_citation(cited_with(show="Who?"), "apa")


def test_a_file_on_ones_own_machine_is_in_no_list_of_references() -> None:
    cited = cited_with(link="file:///home/me/12.mp3#t=3753.0")
    for style in ("apa", "chicago", "bibtex", "ris", "csl-json"):
        assert "file:" not in format_citation(cited, style)
    for style in ("markdown", "html"):
        assert "file:///home/me/12.mp3#t=3753.0" in format_citation(cited, style)


def test_reference_managers_get_their_formats() -> None:
    item = json.loads(format_citation(cited_with(title="50% & {more}"), "csl-json"))
    assert (item["title"], item["container-title"]) == ("50% & {more}", "Fail Better")
    assert item["issued"] == {"date-parts": [[2024, 12, 12]]}
    bibtex = format_citation(cited_with(title="50% & {more}"), "bibtex")
    assert r"title = {{50\% \& \{more\}}}" in bibtex
    assert "note = {1:02:33--1:02:41}" in bibtex
    assert bibtex.count("{") - bibtex.count(r"\{") == bibtex.count("}") - bibtex.count(r"\}")
    lines = format_citation(cited_with(title="a\nER  - b"), "ris").splitlines()
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines)
    assert [line for line in lines if line.startswith("ER")] == ["ER  - "]
    assert "DA  - 2024/12/12/" in lines
    assert "DA  - 2024///" in format_citation(cited_with(published="2024"), "ris")


# Links

ADDRESSES = {
    "https://www.youtube.com/watch?v=abc": "https://www.youtube.com/watch?v=abc&t=33",
    "https://youtu.be/abc": "https://youtu.be/abc?t=33",
    "https://m.youtube.com/watch?t=5s&v=abc&list=x": "https://m.youtube.com/watch?v=abc&list=x&t=33",
    "https://open.spotify.com/episode/1?si=2": "https://open.spotify.com/episode/1?si=2&t=33",
    "https://archive.org/details/x": "https://archive.org/details/x?start=33",
    "https://pod.example/a.mp3?key=1%2F2": "https://pod.example/a.mp3?key=1%2F2#t=33.4",
    "https://pod.example/a.mp3#t=9": "https://pod.example/a.mp3#t=33.4",
    "https://youtube.com.example/watch?v=abc": "https://youtube.com.example/watch?v=abc#t=33.4",
}


@pytest.mark.parametrize(("address", "link"), ADDRESSES.items())
def test_a_link_begins_where_the_site_understands_it(address: str, link: str) -> None:
    assert link_into_address(address, 33.44) == link
    assert link_into_address(link, 33.44) == link, "a time is replaced, not added"


@given(
    host=st.sampled_from(("youtu.be", "www.youtube.com", "pod.example")),
    query=st.lists(st.tuples(st.from_regex(r"\A[a-s]{1,3}\Z"), st.from_regex(r"\A[a-z0-9]{0,4}\Z")), max_size=3),
    seconds=st.floats(0, 1e6),
)
def test_a_link_keeps_the_rest_of_the_address(host: str, query: list[tuple[str, str]], seconds: float) -> None:
    address = f"https://{host}/a/b?{'&'.join('='.join(one) for one in query)}"
    parts = urlsplit(link_into_address(address, seconds))
    assert (parts.scheme, parts.netloc, parts.path) == ("https", host, "/a/b")
    kept = [one for one in parse_qsl(parts.query, keep_blank_values=True) if one[0] != "t"]
    assert kept == query
    (told,) = re.findall(r"t=([\d.]+)", f"{parts.query}#{parts.fragment}")
    assert float(told) == pytest.approx(seconds, abs=1)


def episode(**fields: str | None) -> Episode:
    return Episode("a", None, "A", None, "a.srt", "imported", **fields)  # type: ignore[arg-type]


def test_there_is_a_link_wherever_there_is_an_address_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "a b.mp3"
    assert link_to_moment(episode(media=str(file)), 2) == f"{file.as_uri()}#t=2.0"
    assert link_to_moment(episode(media=str(file), address="https://youtu.be/x"), 2, 1.5) == "https://youtu.be/x?t=3"
    assert link_to_moment(episode(), 2) is None
    assert link_to(str(PureWindowsPath(r"C:\Talks\a b.mp3")), 2) == "file:///C:/Talks/a%20b.mp3#t=2.0"
    assert link_to("a.mp3", 2) is None


# Places of a library


@pytest.fixture
def talk(store: Store) -> str:
    turns = [("Ann Lee", "The ferry left late."), ("Bo", "It came back.")]
    talk = add_spoken(store, "The Ferry", turns, show="Fail Better", published="2024-12-12").id
    store.save_address(talk, "https://pod.example/12.mp3")
    return talk


def test_a_hit_is_cited_as_it_was_found(talk: str) -> None:
    (hit,) = airquote("search", '"ferry left"', "--json").answers
    cited = airquote("cite", 1, "--json").answer
    assert {name: cited[name] for name in ("episode", "title", "show", "published", "speaker", "start", "end")} == {
        name: hit[name] for name in ("episode", "title", "show", "published", "speaker", "start", "end")
    }
    assert cited["link"] == hit["link"] == "https://pod.example/12.mp3#t=0.3"
    assert cited["citation"] == hit["citation"] == "Fail Better, “The Ferry”, 12 December 2024, 0:00–0:02"
    for style in STYLES:
        assert airquote("cite", 1, "-f", style).out.rstrip("\n") == airquote(
            "cite", talk, hit["start"], hit["end"], "-f", style
        ).out.rstrip("\n")
    for format in RowFormat:
        if format.style is not None:
            expected = airquote("cite", 1, "-f", format.style).out
            assert airquote("search", '"ferry left"', "--format", format.value).out == expected


def test_places_are_cited_by_every_command_that_finds_them(talk: str, tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text('"The ferry left late," said Ann Lee.')
    expected = "Fail Better, “The Ferry”, 12 December 2024, 0:00–0:02\n"
    for command in (("locate", "the ferry left late"), ("verify", article), ("at", talk, "0.5")):
        assert airquote(*command, "--format", "citation").out == expected
    assert airquote("at", talk, "0.5", "+1", "--format", "citation").out.count("\n") == 2


def test_ends_may_be_lengths(talk: str) -> None:
    spans = {command: airquote(command, talk, "0.35", "+0.7", "--json").answers for command in ("cite", "words")}
    assert (spans["cite"][0]["start"], spans["cite"][0]["end"]) == (0.35, 1.05)
    assert [word["text"] for word in spans["words"]] == ["ferry", "left"]
    assert airquote("cite", talk, "1", "--json").answer["end"] == 1.0
    (hit,) = airquote("search", '"ferry left"', "--json").answers
    cited = airquote("cite", 1, "+1", "--json").answer
    assert (cited["start"], cited["end"]) == (hit["start"], pytest.approx(hit["start"] + 1))
    (moment,) = airquote("at", 1, "+1.1", "--json").answers
    assert (moment["time"], moment["word"]) == (pytest.approx(hit["start"] + 1.1), "It")
    assert [word["text"] for word in airquote("words", 1, "+0.7", "--json").answers] == ["ferry", "left"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "From what time in the-ferry?"),
        (("2", "1"), "is before"),
        (("9:00",), "past the end"),
        (("+5",), "is not a time"),
        (("1", "+x"), "is not a time"),
        (("1", "2", "-f", "mla"), "mla"),
    ],
)
def test_what_cannot_be_cited_is_told(arguments: tuple[str, ...], said: str, talk: str) -> None:
    run = airquote("cite", talk, *arguments)
    assert (run.code, run.out) == (2, "")
    assert said in " ".join(run.err.split())


def test_a_program_cites_hits_and_places(talk: str, library: Path) -> None:
    with package.Library.open(library) as opened:
        (hit,) = opened.search('"ferry left"').statements
        assert package.format_citation(hit, "apa") == opened.cite(hit, "apa").citation
        assert opened.cite(opened.place(talk, 1.5, 2.0)).speaker == "Bo"
        with pytest.raises(package.UsageError, match="is not a style"):
            opened.cite(hit, "mla")


def test_an_episode_that_has_no_words_is_cited_too(store: Store) -> None:
    add_text(store, "Silence", "")
    run = airquote("cite", "silence", "0", "--json")
    assert (run.code, run.answer["speaker"]) == (0, None)
