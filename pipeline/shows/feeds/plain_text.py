"""Turn the HTML and the texts of feeds into plain text: without markup, with the line breaks that a page shows."""

from __future__ import annotations

import html
import re

LONGEST_LINE = 500
"""Characters of a title or a name: as of tags of recordings, a longer one is damaged, or not a title."""
LONGEST_NOTES = 50_000
"""Characters of notes: those of an episode with its whole transcript have 100,000 to 200,000, others at most 20,000."""
LONGEST_SOURCE = 4 * LONGEST_NOTES
"""Characters of notes with their markup; what is beyond is not read."""
_LONGEST_LINE_SOURCE = 20 * LONGEST_LINE

_TAG = re.compile(
    r"""<(?:(/?)([A-Za-z][A-Za-z0-9]*+)(?=[\s/>])(?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+>|!--(?:[^-]|-(?!->))*+(?:-->)?)"""
)
"""A tag with its slash and its name, or a comment, which has neither."""
_LINES = frozenset({"br", "dd", "dt", "li", "tr"})
_PARAGRAPHS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "div", "dl", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "main", "nav", "ol", "p",
    "pre", "section", "table", "ul",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins",
    "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip
_OTHER = frozenset({
    "audio", "button", "caption", "col", "colgroup", "embed", "iframe", "input", "label", "link", "meta", "noscript",
    "object", "option", "param", "picture", "select", "source", "summary", "details", "svg", "tbody", "td", "tfoot",
    "th", "thead", "title", "video",
})  # fmt: skip
_KNOWN = {""} | _LINES | _PARAGRAPHS | _INLINE | _OTHER
"""Names of HTML, and that of a comment; what looks like another tag, as <jane@example.org> or <3>, is text."""
_BREAKS = {**dict.fromkeys(_LINES, "\n"), **dict.fromkeys(_PARAGRAPHS, "\n\n"), "td": " ", "th": " "}
_UNSEEN = re.compile(r"<(script|style|template)(?=[\s/>]).*?(?:</\1\s*+>|\Z)", re.IGNORECASE | re.DOTALL)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BLANK_LINES = re.compile(r"\n{3,}")


def read_line(text: str) -> str:
    """Return a title or a name on one line: without tags of formatted text, with entities as characters."""
    text = text[:_LONGEST_LINE_SOURCE]
    if "<" in text:
        text = _TAG.sub(_without_formatting, text)
    return _printable(" ".join((html.unescape(text) if "&" in text else text).split()))


def _without_formatting(tag: re.Match[str]) -> str:
    name = (tag[2] or "").lower()
    return "" if name in _INLINE else " " if name in _BREAKS else tag[0]


def read_name(text: str) -> str:
    """Return a text as ``read_line`` does, cut at LONGEST_LINE."""
    return cut_text(read_line(text), LONGEST_LINE)


def clean_line(text: str, longest: int = LONGEST_LINE) -> str:
    """Return a text, with what looks like markup in it, on one line, without control characters, cut at a length."""
    return cut_text(_printable(" ".join(text[: 4 * longest].split())), longest)


def cut_text(text: str, longest: int) -> str:
    """Return a text, or its beginning if it is longer."""
    return text if len(text) <= longest else text[:longest].rstrip()


def read_notes(text: str) -> str:
    """Return notes as paragraphs: of HTML by its elements, of a text without any by its own line breaks."""
    text = text[:LONGEST_SOURCE]
    if "<" in text:
        text = _without_tags(text)
    elif "&" in text:
        text = html.unescape(text)
        text = _without_tags(text) if "</" in text or "<br" in text else text  # HTML that was escaped twice
    lines = (_printable(" ".join(line.split())) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _without_tags(text: str) -> str:
    """Return the text of HTML, with line breaks for its elements; it keeps its own if no element makes one."""
    text = _UNSEEN.sub("", text)
    tags = [(tag, (tag[2] or "").lower()) for tag in _TAG.finditer(text)]
    if any(name in _BREAKS for _, name in tags):
        text = text.replace("\r", " ").replace("\n", " ")
    pieces: list[str] = []
    place = 0
    for tag, name in tags:
        if name in _KNOWN:
            pieces += text[place : tag.start()], _break_at(name, tag[1])
            place = tag.end()
    text = "".join((*pieces, text[place:]))
    return html.unescape(text) if "&" in text else text


def _break_at(name: str, slash: str) -> str:
    return "" if slash and name in _LINES and name != "br" else _BREAKS.get(name, "")


def _printable(line: str) -> str:
    """Return a line without control characters; UTF-8 that was once read as something else is read rightly."""
    if line.isascii() and line.isprintable():
        return line
    for encoding in ("latin-1", "cp1252"):
        try:
            line = line.encode(encoding).decode()
            break
        except UnicodeError:
            continue
    return line if line.isprintable() else " ".join(_CONTROLS.sub(_in_windows, line).split())


def _in_windows(control: re.Match[str]) -> str:
    """Return what Windows-1252 has at the place of a C1 control character, as browsers do; nothing for another."""
    number = ord(control[0])
    return bytes([number]).decode("cp1252", "ignore") if 0x80 <= number < 0xA0 else ""
