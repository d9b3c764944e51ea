"""Parse HTML of any length and shape in linear time: the events of its elements and texts, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress


class HtmlPage:
    """What gets the events, for a reader to override; ``line`` is the one at which the parser is, from 1."""

    def __init__(self) -> None:
        self.line = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element."""

    def end(self, tag: str) -> None:
        """Take the end of an element, also of one that nothing closes."""

    def data(self, text: str) -> None:
        """Take a piece of text, with its references replaced."""

    def close(self) -> None:
        """Take the end of the page."""


def read_html(text: str, page: HtmlPage) -> None:
    """Give a page the events of a text. Nothing is opened, and no tree is built."""
    from lxml import etree  # html.parser takes minutes for 60 KB of "<a "

    parser = etree.HTMLParser(target=page, recover=True, no_network=True, encoding="utf-8")
    for line in text.splitlines(keepends=True):
        page.line += 1
        parser.feed(line.encode())
    with suppress(etree.XMLSyntaxError):  # of a text without any element
        parser.close()
