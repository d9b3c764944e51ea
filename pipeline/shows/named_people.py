"""Find the names of people in what a feed says of an episode: the glossary of its transcription."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from index.language.tokens import tokenize
from index.quotations.name_words import FIRST_NAMES, TITLES
from index.quotations.names import Token, read_tokens
from index.quotations.people import find_names
from index.quotations.speech_words import words_of
from index.verification.person_names import read_name
from pipeline.shows.feeds.values import Feed, FeedItem
from pipeline.transcription.glossary import LONGEST_NAME

MOST_NAMES_OF_FEED = 50
"""More than fit into the prompt of a window, and than the people of an episode."""
_READ_CHARACTERS = 20_000
"""Longer notes are transcripts or lists of links."""
_READ_OF_TITLE = 500
_MOST_WORDS = 5

_BEFORE_NAMES = words_of("""
    with w/ feat feat. featuring ft ft. guest guests host hosts co-host co-hosts cohost hosted interview interviews
    interviewing joins joined welcome welcomes by mit gast gäste avec invité invitée con invitado invitada com
    convidado met
""")
"""Words after which a name stands, also after a colon or "by"."""
_BETWEEN_NAMES = words_of("and & , und et y e en plus")
_AND = regex.compile(r" ?(?:,|;|&|\band\b|\bund\b|\bet\b|\by\b) ?")
_ADDRESS = regex.compile(r"(?<![^\s@<>()])[^\s@<>()]++@[^\s@<>()]++")
"""RSS states authors by their addresses: ann@example.com (Ann Lee)."""
_LINE = regex.compile(r"[\n\r]+|(?<=[.!?])\s+(?=\p{Lu})|[|•·–—/]+")
_CUE_IN_TITLE = regex.compile(
    r"\b(with|w/|feat\.?|featuring|ft\.?|guests?|hosts?|interview(?:s|ing)?|by|mit|avec|con)(?=[\s:])", regex.IGNORECASE
)
_BREAK_IN_TITLE = regex.compile(r"[|:()\[\]–—•·]|\s-\s|\s(?:on|about|über|sur|sobre)\s", regex.IGNORECASE)


def glossary_of(feed: Feed, item: FeedItem) -> list[str]:
    """Return the names of people in a feed's item and in what the feed says of itself, the surest first.

    Names alone, each once, at most MOST_NAMES_OF_FEED.
    """
    stated = [_on_one_line(person.name) for person in (*item.people, *feed.people)]
    author = _ADDRESS.sub(" ", _on_one_line(feed.author or "")).strip(" ()<>")
    found = (
        *(name for text in stated for name in _stated_names(text)),
        *_names_alone(author, introduced=False),
        *_names_in_title(_on_one_line(item.title)),
        *_names_in_text(item.notes),
    )
    return list({tokenize(name): name for name in reversed(found)}.values())[::-1][:MOST_NAMES_OF_FEED]


def _on_one_line(text: str) -> str:
    """Return the beginning of a text that should be short, with single spaces."""
    return " ".join(text[:_READ_OF_TITLE].split())


def _stated_names(text: str) -> Iterator[str]:
    """Yield the names of which a text consists: Ann Lee and Bob Ray; none of an organisation."""
    for part in _AND.split(text):
        if len(part) <= LONGEST_NAME and len(part.split()) <= _MOST_WORDS and read_name(part) is not None:
            words = part.split()
            while len(words) > 2 and words[0].rstrip(".").lower() in TITLES:  # Dr. Timothy M. Jurgensen
                words = words[1:]
            yield " ".join(words)


def _names_in_title(title: str) -> Iterator[str]:
    """Yield the names of a title; other words are capitalised there too, so only parts that say so hold names."""
    parts = _CUE_IN_TITLE.split(title)
    for number, part in enumerate(parts):
        for piece in _BREAK_IN_TITLE.split(part):
            introduced = number > 0 and number % 2 == 0
            yield from _names_alone(piece, introduced=introduced)


def _names_alone(text: str, *, introduced: bool) -> Iterator[str]:
    """Yield the names of a text that consists of names; ``introduced`` by a word after which names stand.

    Beside a known first name others need none: Stu Maschwitz and Clint Torres; but after a comma firms stand too.
    """
    known, alone = [], []
    for part in _AND.split(text):
        tokens = read_tokens(part.strip())
        names = find_names(tokens)
        if len(names) == 1 and names[0][1:] == (0, len(tokens)) and _is_full(names[0][0]):
            alone.append(names[0][0])
            if introduced or _is_first_name(tokens[0]):
                known.append(names[0][0])
    only_names = len(alone) == len(_AND.split(text))
    yield from alone if known and only_names and "," not in text else known


def _names_in_text(text: str) -> Iterator[str]:
    """Yield the full names of persons in sentences."""
    for line in _LINE.split(text[:_READ_CHARACTERS]):
        tokens = read_tokens(line)
        end_of_known = -1
        for name, first, end in find_names(tokens):
            if not _is_full(name):
                continue
            listed = end_of_known >= 0 and all(one.lower in _BETWEEN_NAMES for one in tokens[end_of_known:first])
            if listed or _is_first_name(tokens[first]) or _is_introduced(tokens[:first]):
                end_of_known = end
                yield name


def _is_introduced(before: Sequence[Token]) -> bool:
    words = [one.lower for one in before[-2:]]
    while words and words[-1] in (":", "by"):
        words.pop()
    return bool(words) and words[-1] in _BEFORE_NAMES


def _is_first_name(token: Token) -> bool:
    return token.lower in FIRST_NAMES


def _is_full(name: str) -> bool:
    return 1 < len(name.split()) <= _MOST_WORDS and len(name) <= LONGEST_NAME
