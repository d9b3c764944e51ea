"""HTML without elements for times: paragraphs, with the times and the names that stand in their texts, or none."""

from __future__ import annotations

from collections.abc import Mapping

from index.formats.cues import MalformedError, TranscriptFile
from index.formats.text.html_events import HtmlPage, read_html
from index.formats.text.prose import read_prose
from index.formats.text.timed_lines import is_timed_text, read_timed_text
from index.formats.word_split import one_line, writable

_IGNORED = frozenset(
    {"script", "style", "head", "title", "template", "nav", "header", "footer", "aside", "form", "button", "noscript"}
)
"""Elements of a page that hold nothing of what was said."""

_BLOCK_TEXT = """address article blockquote br cite dd div dl dt h1 h2 h3 h4 h5 h6 hr li main ol p pre section table
    td tr ul"""
_BLOCKS = frozenset(_BLOCK_TEXT.split())
_ENOUGH_IN_PARAGRAPHS = 0.5
"""The share of a page's letters in paragraphs from which the rest, such as menus, is no part of what was said."""


def is_html(text: str) -> bool:
    """Whether a text is a page or a piece of HTML: it begins with an element that pages have."""
    head = text.lstrip()[:200].lower()
    names = ("!doctype html", "html", "!--", "body", *sorted(_BLOCKS))
    return head.startswith(tuple(f"<{name}{end}" for name in names for end in " >/\n"))


def is_timed_html(text: str) -> bool:
    """Whether the paragraphs of HTML begin with times."""
    return is_html(text) and is_timed_text(_read_lines(text))


def read_timed_html(text: str) -> TranscriptFile:
    """Read HTML whose paragraphs begin with times."""
    return read_timed_text(_read_lines(text))


def read_untimed_html(text: str) -> TranscriptFile:
    """Return the paragraphs of HTML as cues, all at the time 0. Raises MalformedError for a page without text."""
    lines = _read_lines(text)
    if not lines:
        raise MalformedError("line 1", "there is no text in this page")
    return read_prose(lines.replace("\n", "\n\n"))


def _read_lines(text: str) -> str:
    """Return the texts of the paragraphs, each on a line, behind the names of who speaks in them."""
    page = _PageLines()
    read_html(writable(text), page)
    page.end_line()
    inside = sum(len(line) for line, paragraph in page.lines if paragraph)
    enough = inside >= _ENOUGH_IN_PARAGRAPHS * sum(len(line) for line, _ in page.lines)
    return "\n".join(line for line, paragraph in page.lines if paragraph or not enough)


class _PageLines(HtmlPage):
    """Collects the lines of a page, each with whether it is of a paragraph."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, bool]] = []
        self._ignored = 0
        self._text: list[str] = []
        self._in_paragraph = False
        self._named: str | None = None
        self._name: list[str] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - of any page
        """Begin a line with each block."""
        self._ignored += tag in _IGNORED
        if tag in _BLOCKS:
            self.end_line()
        if tag == "cite":
            self._name = []
        self._in_paragraph |= tag == "p"

    def end(self, tag: str) -> None:
        """End a line with each block, and keep the name of who speaks next."""
        self._ignored -= tag in _IGNORED
        if tag == "cite" and self._name is not None:
            self._named, self._name = one_line("".join(self._name)).rstrip(": ") or None, None
        elif tag in _BLOCKS:
            self.end_line()
        self._in_paragraph &= tag != "p"

    def data(self, text: str) -> None:
        """Collect the text of a line, or of a name."""
        if not self._ignored:
            (self._text if self._name is None else self._name).append(text)

    def end_line(self) -> None:
        """Keep what was read since the last block as a line, behind the name that was read before it."""
        said = one_line("".join(self._text)).strip()
        self._text.clear()
        if said:
            self.lines.append((f"{self._named}: {said}" if self._named else said, self._in_paragraph))
            self._named = None
