"""Articles from files, pages and standard input: their whole text in paragraphs, or a clear error."""

from __future__ import annotations

import codecs
import encodings.aliases
import gzip
import io
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.quotations.extraction import extract_quotations
from pipeline.answers import ArticleStream
from pipeline.articles import download, markup
from pipeline.articles.article import read_article
from pipeline.articles.encoding import decode_text
from pipeline.articles.markup import read_html
from pipeline.errors import ArticleError

SAMPLE = Path(__file__).parent / "data" / "article.txt"
HTML = """<!doctype html><html><head><title>The roof | Harbor News</title><meta property="og:title" content="The roof">
<script>document.write("a quotation that nobody said")</script></head><body>
<nav><a href="/">Home</a> <a href="/news">“News”</a></nav>
<article><h1>The roof</h1>
<p>Anna Keller spoke to us. “I think,” she <em>said</em>, “that it <b>rains</b> too often in this old town.”</p>
<p>The storm took half of the roof, and nobody in the house was hurt.<br>It was on the &quot;longest&quot; night.</p>
<script>alert("another one")</script>
<p>“We stayed until the morning came.</p><p>“We had nowhere to go,” Keller said.</p>
<blockquote><p>The house belongs to all of us.</p><p>— Anna Keller</p></blockquote>
</article><aside class="related"><p>“Related news that is no part of it”</p></aside>
<div id="comments"><p>“A reader's remark on the article”</p></div><footer>© “Harbor News”</footer></body></html>"""
MARKDOWN = """---
title: "A roof"
---
# Not the title

“I *think*,” she **said**, “that [the roof](http://example.org/"x") leaks.”[^1] It's `"code"`, and
\\"escaped\\" here.

> She stayed with us
> for years.
>
> — Anna Keller

```
print("hello to you all")
```

<div title="raw markup is no text">

| who | what |
|---|---|
| Keller | "we will go on then" |

[^1]: See the annex.
"""


class Pages(BaseHTTPRequestHandler):
    """A small web server: each path is one kind of response."""

    def do_GET(self) -> None:
        status, content_type, body = {
            "/article": (200, "text/html", HTML.encode()),
            "/charset": (200, "text/html; charset*=a%00b''undefined", HTML.encode("cp1252")),
            "/undefined": (200, "text/html; charset=undefined", HTML.encode("cp1252")),
            "/latin": (200, "text/plain; charset=windows-1252", "“I was there,” she said.".encode("cp1252")),
            "/notes.md": (200, "text/markdown; charset=utf-8", MARKDOWN.encode()),
            "/sound": (200, "audio/mpeg", b"ID3"),
            "/pdf": (200, "application/pdf", b"%PDF-1.7"),
            "/refused": (403, "text/html", b"no"),
            "/broken": (500, "text/html", b"no"),
            "/picture": (200, "image/png", b"\x89PNG\r\n\x1a\n"),
            "/disguised": (200, "text/html", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256))),
            "/packed": (200, "text/html", gzip.compress(HTML.encode())),
            "/bomb": (200, "text/plain", gzip.compress(b"word " * 100_000)),
            "/torn": (200, "text/plain", b"not gzip at all"),
            "/cut": (200, "text/plain", b"word"),
            "/gone": (410, "text/html", b"no"),
            "/large": (200, "text/plain", b"word " * 2000),
            "/empty": (200, "text/html", b"<html><body></body></html>"),
        }.get(self.path, (404, "text/html", b"no"))
        if self.path in ("/moved", "/circle", "/out"):
            self.send_response(302)
            self.send_header("Location", {"/moved": "/article", "/out": "file:///etc/hosts"}.get(self.path, "/circle"))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        if self.path in ("/packed", "/bomb", "/torn"):
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body) + (10 if self.path == "/cut" else 0)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def write(folder: Path, name: str, content: str | bytes) -> str:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(file)


def piped(data: bytes) -> ArticleStream:
    return ArticleStream(io.BytesIO(data), "standard input")


def refusal(source: str | ArticleStream) -> ArticleError:
    with pytest.raises(ArticleError) as caught:
        read_article(source)
    assert caught.value.way_out
    return caught.value


def test_a_text_file_is_its_text() -> None:
    article = read_article(str(SAMPLE))
    assert article.text == SAMPLE.read_text(encoding="utf-8")
    assert article.source == str(SAMPLE)


def test_html_is_its_article_in_paragraphs(tmp_path: Path) -> None:
    article = read_article(write(tmp_path, "page.html", HTML))
    assert article.title == "The roof"
    assert [(one.parts, one.speaker) for one in extract_quotations(article.text).quotations] == [
        (("I think,", "that it rains too often in this old town."), "Anna Keller"),
        (("longest",), None),
        (("We stayed until the morning came.", "We had nowhere to go,"), "Anna Keller"),
        (("The house belongs to all of us.",), "Anna Keller"),
    ]
    assert "was hurt.\nIt was" in article.text


def test_html_without_an_article_around_it_is_still_read(tmp_path: Path) -> None:
    article = read_article(write(tmp_path, "page", "<html><body><p>“It rains again,” she said.</p></body></html>"))
    assert article.text == "“It rains again,” she said."


def test_markdown_loses_its_markup_and_nothing_else(tmp_path: Path) -> None:
    article = read_article(write(tmp_path, "notes.md", MARKDOWN))
    assert article.title == "A roof"
    assert [(one.parts, one.speaker) for one in extract_quotations(article.text).quotations] == [
        (("I think,", "that the roof leaks."), None),
        (("escaped",), None),
        (("She stayed with us for years.",), "Anna Keller"),
        (("we will go on then",), None),
    ]
    assert not any(sign in article.text for sign in ("*", "`", "[", "|", "print", "div"))
    assert read_article(write(tmp_path, "plain.md", "# A *title*\n\nText.")).title == "A title"


@given(st.lists(st.sampled_from(["plain", "don't", "“curly”", '"straight"', "« angle »", "a", "1984"]), min_size=1))
def test_markdown_of_plain_paragraphs_is_the_paragraphs(words: list[str]) -> None:
    from pipeline.articles.markup import read_markdown

    text = "Then " + " ".join(words)
    assert read_markdown(f"{text}\n\n{text}\n")[:2] == (f"{text}\n\n{text}", None)


def test_standard_input_is_text_or_html() -> None:
    assert read_article(piped(b'"Yes," he said.\r\n')).text == '"Yes," he said.\n'
    assert "<" not in read_article(piped(HTML.encode())).text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize(
    "text",
    [
        "“I was there – really,” she said. Don’t go.",
        "„Ich gehe über die Straße“, sagte er – schön.",
        "« Je pense », dit-il, « que ça va être très élégant ».",
        "«No lo sé», dijo Ana. «¿Quién? ¡Mañana!»",
    ],
)
def test_text_is_read_in_the_encodings_of_the_west(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "«Я думаю, что всё хорошо», — сказал он вчера вечером в Москве."),
        ("cp1250", "„Pójdę jutro do żony”, powiedział Łukasz Gęś. Źle się czuję, ćma."),
        ("cp932", "彼は「はい、そうです」と言った。これは日本語の文章です。"),
    ],
)
def test_text_is_read_in_other_code_pages(encoding: str, text: str) -> None:
    assert decode_text(text.encode(encoding)) == text


def test_what_a_server_or_a_page_declares_counts_where_it_is_not_utf8() -> None:
    polish = "Źle, mówi."
    page = f'<html><head><meta charset="iso-8859-2"></head>{polish}</html>'
    assert decode_text(polish.encode("iso-8859-2"), "iso-8859-2") == polish
    assert decode_text(page.encode("iso-8859-2")) == page
    assert decode_text(polish.encode(), "iso-8859-2") == polish
    assert decode_text(b"plain", "no-such-encoding") == "plain"


QUOTED = "“I was in the café all night long,” she said – and nobody believed her."
NOT_TEXT_ENCODINGS = ["base64", "bz2", "hex", "quopri", "rot13", "uu", "zip", "idna", "mbcs", "oem", "punycode"]
NOT_TEXT_ENCODINGS += ["raw_unicode_escape", "undefined", "unicode_escape", "utf-7", "charmap", "cp037", "aliases"]
LABELS = sorted({*encodings.aliases.aliases, *encodings.aliases.aliases.values(), *NOT_TEXT_ENCODINGS})


@pytest.mark.parametrize("label", [*NOT_TEXT_ENCODINGS, "x" * 5000, "a\0b", "\udcff", "../utf_8", "é", " ", "x-"])
def test_a_codec_that_is_not_an_encoding_of_the_web_is_ignored(label: str) -> None:
    assert decode_text(QUOTED.encode("cp1252"), label) == QUOTED
    page = f'<html><head><meta charset="{label}"></head><p>{QUOTED}</p></html>'.encode("cp1252", "replace")
    assert QUOTED in (decode_text(page.replace(b"\0", b"")) or "")


@pytest.mark.parametrize(
    "declaration", ['<meta charset="{}">', '<meta http-equiv="Content-Type" content="a; charset={}">']
)
@pytest.mark.parametrize("label", ["undefined", "idna", "utf-16", "iso-8859-1"])
def test_a_page_that_declares_a_strange_encoding_is_read(declaration: str, label: str, tmp_path: Path) -> None:
    page = f"<html><head>{declaration.format(label)}</head><body><p>{QUOTED}</p></body></html>"
    assert read_article(write(tmp_path, "page.html", page.encode("cp1252"))).text == QUOTED


@given(st.binary(max_size=200), st.sampled_from(LABELS) | st.text(max_size=50))
@example(b"\x93", "undefined")
@example(b"\xff" * 9, "a\0b")
def test_no_declared_encoding_raises(data: bytes, label: str) -> None:
    page = b'<meta charset="' + label.encode("utf-8", "replace") + b'">' + data
    for text in (decode_text(data, label), decode_text(page)):
        assert text is None or isinstance(text, str)


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        ("iso-8859-1", "cp1252"),
        ("US-ASCII", "cp1252"),
        ("x-cp1251", "cp1251"),
        ("windows-874", "cp874"),
        ("gb2312", "gb18030"),
        ("x-sjis", "cp932"),
        ("ks_c_5601-1987", "cp949"),
    ],
)
def test_an_encoding_is_read_as_the_web_reads_it(label: str, encoding: str) -> None:
    # Each has letters that the encoding of that name proper has not, and that no other encoding has at these bytes.
    said = {"cp1252": "“Ja”", "cp1251": "«Ћи»", "cp874": "“ครับ”", "gb18030": "朱镕基", "cp932": "①髙", "cp949": "뷁똠"}
    data = said[encoding].encode(encoding)
    assert decode_text(data, label) == said[encoding]
    assert decode_text(f'<meta charset="{label}">'.encode() + data) == f'<meta charset="{label}">{said[encoding]}'


@given(st.binary(max_size=100))
def test_what_is_declared_as_latin_1_is_read_whatever_its_bytes(data: bytes) -> None:
    text = b"\xe9" + data.translate(None, bytes(range(32)) + b"\x7f")
    assert decode_text(text, "latin-1") is not None


def test_a_zero_byte_does_not_make_a_text_utf16() -> None:
    assert decode_text(b"word " * 1000 + b"\x00") == "word " * 1000 + "\x00"
    assert decode_text(b"word\x00") is None


@given(st.binary(max_size=300))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    text = decode_text(data)
    assert text is None or isinstance(text, str)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=100))
def test_utf8_is_read_as_it_is(text: str) -> None:
    assert decode_text(codecs.BOM_UTF8 + text.encode()) == text


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"%PDF-1.7\n...", "PDF"),
        (b"PK\x03\x04\x14\x00", "Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Word"),
        (b"{\\rtf1\\ansi hello}", "RTF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "not a text"),
        (b"ID3\x04\x00\x00" + bytes(range(256)) * 9, "not a text"),
        (b"", "no text"),
        (b" \n \n", "no text"),
        (b"<html><body><script>alert('hello')</script></body></html>", "no text"),
    ],
)
def test_what_holds_no_text_is_refused_by_name(tmp_path: Path, content: bytes, word: str) -> None:
    source = write(tmp_path, "article", content)
    error = refusal(source)
    assert word in error.message
    assert source in error.message


def test_missing_files_folders_and_impossible_names_are_refused(tmp_path: Path) -> None:
    assert "no file" in refusal(str(tmp_path / "none.txt")).message
    assert "folder" in refusal(str(tmp_path)).message
    assert "cannot be read" in refusal("a\x00b").message
    assert "standard input" in refusal(piped(b"\x00\x01\x02")).message


def test_a_file_or_page_over_the_limit_is_refused(tmp_path: Path, web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.articles.article.MOST_BYTES", 100)
    monkeypatch.setattr(download, "MOST_BYTES", 100)
    assert "larger" in refusal(write(tmp_path, "long.txt", "word " * 50)).message
    assert "larger" in refusal(f"{web}/large").message


def test_pages_are_fetched(web: str) -> None:
    article = read_article(f"{web}/article")
    assert (article.title, article.source) == ("The roof", f"{web}/article")
    assert read_article(f"{web}/moved") == article
    assert read_article(f"{web}/packed").text == article.text
    assert read_article(f"{web}/charset").text == article.text
    assert read_article(f"{web}/undefined").text == article.text
    assert read_article(f"{web}/latin").text == "“I was there,” she said."
    assert read_article(f"{web}/notes.md").title == "A roof"


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/nowhere", "404"),
        ("/refused", "403"),
        ("/broken", "500"),
        ("/sound", "audio/mpeg"),
        ("/pdf", "PDF"),
        ("/picture", "image/png"),
        ("/disguised", "not a text"),
        ("/gone", "410"),
        ("/torn", "to its end"),
        ("/cut", "to its end"),
        ("/out", "not an address"),
        ("/circle", "without end"),
        ("/empty", "no text"),
    ],
)
def test_pages_that_are_no_article_are_refused_by_address(web: str, path: str, word: str) -> None:
    error = refusal(web + path)
    assert word in error.message
    assert web + path in error.message


def test_a_page_that_swells_when_it_is_unpacked_is_refused(web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "MOST_BYTES", 10_000)
    assert "larger" in refusal(f"{web}/bomb").message


def test_a_host_may_be_named_in_any_script(web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    look_up = socket.getaddrinfo

    def look_up_here(host: str, *rest: Any, **more: Any) -> Any:
        asked.append(host)
        return look_up("127.0.0.1", *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up_here)
    address = f"http://bücher.example:{web.rpartition(':')[2]}/article"
    assert read_article(address).title == "The roof"
    assert [host.decode() if isinstance(host, bytes) else host for host in asked] == ["xn--bcher-kva.example"]
    assert "not an address" in refusal("http://bü..cher.example/").message


@pytest.mark.parametrize("address", ["file:///home/ann/my%20article.txt", "ftp://example.org/article", "FILE:///a"])
def test_addresses_of_other_kinds_are_refused_with_the_way_out(address: str) -> None:
    error = refusal(address)
    assert address in error.message
    assert "not an http(s) address" in error.message
    assert error.way_out is not None
    assert ("/home/ann/my article.txt" in error.way_out.advice) == ("%20" in address)


def test_an_address_that_nobody_answers_is_refused() -> None:
    assert "cannot be reached" in refusal("http://127.0.0.1:9/article").message
    assert "not an address" in refusal("http://localhost:eighty/article").message


def test_a_server_that_does_not_answer_in_time_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "READ_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert "in time" in refusal(f"http://127.0.0.1:{silent.getsockname()[1]}/").message


def test_a_server_that_drips_is_left(web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "WHOLE_SECONDS", -1.0)
    assert "longer than" in refusal(f"{web}/large").message


@pytest.mark.parametrize(
    "opening", ["<?xml version='1.0'?>\n", "<?xml version='1.0'?><!-- a -->\n<!DOCTYPE html>", "<!-- a --> "]
)
def test_xhtml_is_recognised_by_its_first_element(opening: str) -> None:
    page = f"{opening}<html xmlns='http://www.w3.org/1999/xhtml'><body><p>{'Some words. ' * 9}</p></body></html>"
    assert "<" not in read_article(ArticleStream(io.BytesIO(page.encode()), "standard input")).text


def test_an_article_in_iso_2022_jp_is_read() -> None:
    said = "彼は「今日は天気がいい」と言った。"
    assert read_article(ArticleStream(io.BytesIO(said.encode("iso2022_jp")), "standard input")).text == said


@pytest.mark.parametrize("attribute", ['a{}="<"', "a{}='>'", "a{}/", "a{}=1", "a{}"])
@pytest.mark.parametrize("page", ["<html><body><p {}>hello</p></body></html>", "<p {}>hello"])
def test_an_element_with_very_many_attributes_is_read_without_them(attribute: str, page: str) -> None:
    """libxml2 compares each attribute of an element with all others."""
    html = page.format(" ".join(attribute.format(one) for one in range(300)))
    assert read_html(html)[0] == "hello"
    assert "a299" not in markup._MANY_ATTRIBUTES.sub("", html)


def test_a_page_of_a_single_element_is_read() -> None:
    assert read_html("<p>“More to come,” she said.</p>")[0] == "“More to come,” she said."


def page_of(style: str, body: str) -> str:
    """A page with a style sheet, and with the title and text of an article in its body."""
    return f"<html><head><title>The ferry is late</title>{style}</head><body>{body}</body></html>"


STORY = "".join(f"<p>The ferry was late on day {day}, and nobody on the quay could say why.</p>" for day in range(9))


@pytest.mark.parametrize(
    ("sheet", "shown"),
    [
        (".gone{display:none}", False),
        (".a, .gone { color: red; visibility : hidden }", False),
        ("#x{display:none}", False),
        ("@import 'x.css'; .gone{display:none}", False),
        ("@media print{.gone{display:none}}", True),
        ("@media print{.a{color:red}} .gone{display:none}", False),
        (".gone{display:none} .gone{display:block}", True),
        (".menu .gone{display:none}", True),
        ("", True),
    ],
)
def test_what_a_style_sheet_hides_is_not_read(sheet: str, shown: bool) -> None:
    page = page_of(f"<style>{sheet}</style>", f"<article>{STORY}<p class=gone id=x>Only in print today.</p></article>")
    assert ("Only in print today." in read_html(page).text) == shown


def test_a_sheet_for_print_and_one_that_hides_the_article_hide_nothing() -> None:
    article = f'<article class="late">{STORY}</article>'
    for style in ("<style media=print>.late p{display:none}</style>", "<style>.late{display:none}</style>"):
        assert "on day 8" in read_html(page_of(style, article)).text


def test_the_headline_outside_the_article_is_read_with_what_stands_between() -> None:
    page = page_of(
        "",
        "<div><p>Above the fold.</p><div><h1>The ferry is late</h1></div><div id=ask><p>Who said “wait”?</p></div>"
        f"<div id=rest>{STORY}</div><div><p>Below the fold.</p></div></div>",
    )
    text = read_html(page).text
    assert text.startswith("# The ferry is late\n\nWho said “wait”?\n\nThe ferry was late on day 0")
    assert "fold" not in text


@pytest.mark.parametrize("head", ["<h1>The Harbour Post</h1>", "<h1>The ferry is late</h1><h1>The ferry</h1>", ""])
def test_an_h1_that_is_not_the_title_is_no_headline(head: str) -> None:
    text = read_html(page_of("", f"<div>{head}</div><div>{STORY}</div>")).text
    assert text.startswith("The ferry was late on day 0")


def test_a_headline_after_the_article_changes_nothing() -> None:
    text = read_html(page_of("", f"<div>{STORY}</div><div><p>Aside.</p><h1>The ferry is late</h1></div>")).text
    assert "Aside" not in text
