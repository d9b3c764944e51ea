"""Pages are read as a browser shows them: captions, quotations, definitions; but no menus, comments or forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.quotations.extraction import extract_quotations
from pipeline.articles.article import Article, read_article

FILLER = "The theater has been there for a hundred years, and the town has paid for it in good and in bad times."
INTRO = "Helen Marsh runs the smallest theater in the harbor, and she has been asked about it over the last years."


def read(tmp_path: Path, body: str, head: str = "", name: str = "page.html") -> Article:
    file = tmp_path / name
    file.write_text(
        f"<!DOCTYPE html>\n<html lang=en><head><title>T</title>{head}</head><body><nav><a href=/>Home</a></nav>\n"
        f"<article>\n<h1>The roof</h1>\n<p>{INTRO}</p>\n{body}\n<p>{FILLER}</p>\n</article><footer>©</footer></body>",
        encoding="utf-8",
    )
    return read_article(file)


def quoted(article: Article) -> list[tuple[str, str | None]]:
    return [(one.text, one.speaker) for one in extract_quotations(article.text).quotations]


SAID = "We had nothing left in the bank"


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        (f"<figure><img><figcaption>“{SAID}” said Marsh.</figcaption></figure>", "Helen Marsh"),
        (f"<p>Marsh said <q>{SAID}</q> and left.</p>", "Helen Marsh"),
        (f"<p>Marsh said “<q>{SAID}</q>” and left.</p>", "Helen Marsh"),
        (f"<p>Marsh said <q>“{SAID}”</q> and left.</p>", "Helen Marsh"),
        (f"<blockquote>{SAID}</blockquote>", "Helen Marsh"),
        (f"<blockquote><p>{SAID}</p><cite>Helen Marsh</cite></blockquote>", "Helen Marsh"),
        (f"<blockquote><p>{SAID}</p><footer>— Helen Marsh, owner</footer></blockquote>", "Helen Marsh"),
        (
            f"<figure><blockquote>{SAID}</blockquote><figcaption>Helen Marsh, owner</figcaption></figure>",
            "Helen Marsh",
        ),
        (
            f"<aside class='pull-quote'><p>{SAID}</p><span class='attribution'>Helen Marsh</span></aside>",
            "Helen Marsh",
        ),
        (f"<p>Marsh wrote to the town:</p><p><em>{SAID}</em></p>", "Helen Marsh"),
        (f"<details><summary>More</summary><p>“{SAID}” said Marsh.</p></details>", "Helen Marsh"),
    ],
)
def test_what_a_reader_sees_is_read(tmp_path: Path, body: str, speaker: str | None) -> None:
    assert quoted(read(tmp_path, body)) == [(SAID, speaker)]


LETTERS = [("I pay for the roof. It leaks.", "Ben Cole"), ("I slept under the roof for years.", None),
           ("I sold cakes for the roof.", "Anna Lee")]  # fmt: skip


def test_block_quotes_that_follow_each_other_are_several(tmp_path: Path) -> None:
    page = """<blockquote><p>I pay for the roof.</p><p>It leaks.</p><p>— Ben Cole</p></blockquote>
        <blockquote><p>I slept under the roof for years.</p></blockquote>
        <blockquote>I sold cakes for the roof.</blockquote><blockquote>— Anna Lee</blockquote>"""
    assert quoted(read(tmp_path, page)) == LETTERS
    markdown = tmp_path / "letters.md"
    markdown.write_text(
        f"# Letters\n\n{INTRO}\n\n> I pay for the roof.\n>\n> It leaks.\n>\n> — Ben Cole\n\n"
        f"> I slept under the roof for years.\n\n---\n\n> I sold cakes for the roof.\n\n> — Anna Lee\n\n{FILLER}"
    )
    assert quoted(read_article(markdown)) == LETTERS


@pytest.mark.parametrize(
    "body",
    [
        "<dl><dt>Is it for sale?</dt><dd>No, I would not.</dd><dt>Never?</dt><dd>Never, I promise.</dd></dl>",
        "<dl><dt>Keller</dt><dd>Is it?</dd><dt>Marsh</dt><dd>No, I would not.</dd><dt>Keller</dt><dd>So?</dd>"
        "<dt>Marsh</dt><dd>Never, I promise.</dd></dl>",
        "<p><b>Is it for sale?</b><p>No, I would not.<p><strong>Never?</strong><p>Never, I promise.",
        "<p><b>Is it for sale?</b><br>No, I would not.<p><b>Never?</b><br>Never, I promise.",
        "<h3>Is it for sale?</h3><p>No, I would not.</p><h3>Never?</h3><p>Never, I promise.</p>",
        "<p><b>Keller:</b> Is it?<p><b>Marsh:</b> No, I would not.<p><b>Keller</b>: So?"
        "<p><b>Marsh</b>: Never, I promise.",
        "<p>Q: Is it for sale?<br>A: No, I would not.<p>Q: Never?<br>A: Never, I promise.",
    ],
)
def test_the_answers_of_an_interview_are_read(tmp_path: Path, body: str) -> None:
    said = quoted(read(tmp_path, body))
    assert [one for one in said if one[1] == "Helen Marsh"] == [
        ("No, I would not.", "Helen Marsh"),
        ("Never, I promise.", "Helen Marsh"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        f"<div class='related-stories'><h3>More</h3><ul><li><a href=x>“{SAID}” says mayor</a></ul></div>",
        f"<div id='comments'><p>“{SAID}” is what I say.</p></div>",
        f"<section class='newsletterSignup'><p>“{SAID}” Sign up.</p></section>",
        f"<form><p>“{SAID}”</p></form>",
        f"<p hidden>“{SAID}”</p>",
        f"<p style='display: none'>“{SAID}”</p>",
        f"<ul><li><a href=x>“{SAID}” and other stories</a></li></ul>",
        f"<nav><p>“{SAID}”</p></nav>",
        f"<script>“{SAID}”</script>",
    ],
)
def test_what_is_no_part_of_the_article_is_left_out(tmp_path: Path, body: str) -> None:
    assert SAID not in read(tmp_path, body).text


@pytest.mark.parametrize(
    ("language", "marks"), [("en", "“{}”"), ("de", "„{}“"), ("fr", "«{}»"), ("pl", "„{}”"), ("xx", "“{}”")]
)
def test_marks_of_an_element_are_those_of_its_language(tmp_path: Path, language: str, marks: str) -> None:
    assert marks.format(SAID) in read(tmp_path, f"<p lang={language}>Marsh: <q>{SAID}</q></p>").text
    nested = read(tmp_path, f"<p>Marsh: <q>It is <q>{SAID}</q> again</q></p>").text
    assert f"“It is ‘{SAID}’ again”" in nested


def test_an_article_whose_text_is_in_its_metadata_is_read(tmp_path: Path) -> None:
    data = '{"@type": "NewsArticle", "headline": "H", "articleBody": "%s"}' % (f"“{SAID},” said Anna Keller. " * 40)
    file = tmp_path / "page.html"
    file.write_text(
        f"<html><head><title>T</title><script type='application/ld+json'>{data}</script></head><body><p>Hi</p></body>",
        encoding="utf-8",
    )
    assert SAID in read_article(file).text


@pytest.mark.parametrize("name", ["notes.txt", "notes.md", "page.html"])
def test_a_place_has_the_line_of_its_source(tmp_path: Path, name: str) -> None:
    said = [f"“This is the sentence number {row}, of many,” said Anna Keller." for row in range(6)]
    if name == "page.html":
        article = read(tmp_path, "\n".join(f"<p>{one}</p>" for one in said))
    else:
        file = tmp_path / name
        file.write_text("# Title\n\n" + "\n\n".join(said), encoding="utf-8")
        article = read_article(file)
    lines = (tmp_path / name).read_text(encoding="utf-8").split("\n")
    for one in said:
        line = article.line_of(article.text.index(one))
        assert line is not None
        assert one in lines[line - 1]


def test_every_line_of_a_plain_text_is_its_own(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(b"one\r\ntwo\r\n\r\nfour")
    article = read_article(file)
    assert [article.line_of(article.text.index(word)) for word in ("one", "two", "four")] == [1, 2, 4]
    assert Article("text", None, "given").line_of(0) is None


def test_markdown_keeps_what_its_layout_says(tmp_path: Path) -> None:
    file = tmp_path / "notes.md"
    file.write_text(
        "# A talk with Helen Marsh\n\n**Is it for sale?**\n\nNo, I would\nnot.\n\n**Never?**\nNever, I *promise*.\n\n"
        "Marsh wrote to the town:\n\n    We never stopped.\n\n*It is over.*\n— Helen Marsh\n\n<blockquote>I said no."
        "</blockquote>\n\n```\nprint('I am code')\n```\n\n    x = {1: 2};\n",
        encoding="utf-8",
    )
    said = quoted(read_article(file))
    assert ("No, I would not.", "Helen Marsh") in said
    assert ("Never, I promise.", "Helen Marsh") in said
    assert ("We never stopped.", "Helen Marsh") in said
    assert ("It is over.", "Helen Marsh") in said
    assert ("I said no.", "Helen Marsh") in said
    assert not any("code" in text or "x =" in text for text, _ in said)
