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
from pipeline.shows.title_words import FIRST_NAMES_TOO, NO_SURNAMES, TALKING, THINGS_BEFORE
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
_WITH = words_of("with w/ mit avec con com")
"""Those that stand before all kinds of things too, unless somebody talks there: how to break up with Fast Fashion."""
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
    named = [*(name for text in stated for name in _stated_names(text)), *_names_alone(author, introduced=False)]
    found = (
        *named,
        *_names_in_title(_on_one_line(item.title)),
        *(name for name in _names_in_text(item.notes) if not any(f" {one} " in f" {name} " for one in named)),
    )
    return list({tokenize(name): name for name in reversed(found)}.values())[::-1][:MOST_NAMES_OF_FEED]


def _on_one_line(text: str) -> str:
    """Return the beginning of a text that should be short, with single spaces."""
    return " ".join(text[:_READ_OF_TITLE].split())


def _stated_names(text: str) -> Iterator[str]:
    """Yield the names of which a text consists: Ann Lee and Bob Ray; none of an organisation."""
    for part in _AND.split(text):
        words = part.split()
        if len(part) <= LONGEST_NAME and len(words) <= _MOST_WORDS and read_name(part) is not None:
            if len(words) > 1 and words[-1].lower() in NO_SURNAMES:
                continue
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
            if introduced or tokens[0].lower in FIRST_NAMES:
                known.append(names[0][0])
    only_names = len(alone) == len(_AND.split(text))
    yield from alone if known and only_names and "," not in text else known


def _names_in_text(text: str) -> Iterator[str]:
    """Yield the full names of persons in sentences."""
    for line in _LINE.split(text[:_READ_CHARACTERS]):
        tokens = read_tokens(line)
        end_of_known = -1
        for name, first, end in find_names(tokens):
            if not _is_full(name) or (first and tokens[first - 1].lower in THINGS_BEFORE):
                continue
            between = tokens[end_of_known:first] if end_of_known >= 0 else ()
            listed = bool(between) and all(one.lower in _BETWEEN_NAMES for one in between)
            if listed or _is_first_name(tokens[first].lower) or _is_introduced(tokens[:first]):
                end_of_known = end
                yield from _split(name)


def _split(name: str) -> Iterator[str]:
    """Yield the names in a row of capitalised words: Sizzling Sam Sethi is Sam Sethi, Tom Rossi Steve Jobs are two."""
    words = name.split()
    first_names = [number for number, word in enumerate(words[:-1]) if _is_first_name(word.lower())]
    if len(words) == 4 and first_names == [0, 2]:
        yield from (" ".join(words[:2]), " ".join(words[2:]))
    else:
        yield " ".join(words[first_names[0] if first_names else 0 :])


def _is_introduced(before: Sequence[Token]) -> bool:
    words = [one.lower for one in before[-3:]]
    while words and words[-1] in (":", "by"):
        words.pop()
    if not words or words[-1] not in _BEFORE_NAMES:
        return False
    return words[-1] not in _WITH or len(words) == 1 or words[-2] in TALKING or not words[-2].isalpha()


def _is_first_name(word: str) -> bool:
    """Whether a word, in lower case, is a first name and nothing else."""
    return word in FIRST_NAMES and word not in FIRST_NAMES_TOO


def _is_full(name: str) -> bool:
    """Whether a name has several words, of which the last can be a surname: Maeve Binchy-cast is none."""
    words = name.split()
    compounds = any(part[:1].islower() for word in words for part in word.split("-")[1:])
    fits = 1 < len(words) <= _MOST_WORDS and len(name) <= LONGEST_NAME
    return fits and not compounds and words[-1].lower() not in NO_SURNAMES
