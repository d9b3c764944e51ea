"""Where in its article a quotation stands: the sentence around it, and a link that scrolls to it."""

from __future__ import annotations

import re
from urllib.parse import quote

from index.quotations.narration import find_paragraphs

LONGEST_CONTEXT = 300
"""Characters of the article shown on each side of a quotation."""

FRAGMENT_WORDS = 4
"""Words at the start and at the end of a quotation that a link names."""

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+")


def read_sentence_around(text: str, start: int, end: int) -> tuple[str, str, str]:
    """Return what stands before ``text[start:end]`` in its sentence, that itself with its marks, and what follows."""
    begins = [first for first, _ in find_paragraphs(text) if first <= start]
    ends = [last for _, last in find_paragraphs(text) if last >= end]
    first, last = max(begins, default=start), min(ends, default=end)
    first, last = max(first, start - LONGEST_CONTEXT), min(last, end + LONGEST_CONTEXT)
    for stop in _SENTENCE_END.finditer(text, first, start):
        first = stop.end()
    following = _SENTENCE_END.search(text, end, last)
    after = text[end : following.end() if following else last].rstrip()
    return text[first:start].lstrip("> \n"), text[start:end], after


def link_into(address: str, quoted: str) -> str | None:
    """Return a link that scrolls to the quoted text (https://wicg.github.io/scroll-to-text-fragment/).

    None for an article without an http(s) address.
    """
    words = quoted.split()
    if not address.startswith(("http://", "https://")) or not words:
        return None
    ends = [words] if len(words) <= 2 * FRAGMENT_WORDS else [words[:FRAGMENT_WORDS], words[-FRAGMENT_WORDS:]]
    fragment = ",".join(quote(" ".join(part), safe="").replace("-", "%2D") for part in ends)
    return f"{address.partition('#')[0]}#:~:text={fragment}"
