"""The index by which browsers search a site without a server: files of a script that each calls ``airquote.take``.

A token has the positions at which it stands, counted through all episodes; two episodes never touch. Tokens are sorted
by their UTF-16 units, as scripts compare texts, and cut into files, so that a query loads the files of its words. The
texts are files of some paragraphs each, so that a result loads its own.
"""

from __future__ import annotations

import json
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from index.language.tokens import tokenize
from pipeline.printable import clean_text, escape_json
from pipeline.site.public_episodes import PublicEpisode
from pipeline.site.public_transcripts import PublicParagraph

WORDS_BYTES, TEXT_BYTES = 32_000, 16_000
"""About how much one file holds: a query of common words loads some of the first kind, a result one of the second."""

_DIGITS = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in "\"'<\\")
_BASE = len(_DIGITS) // 2
"""A number is its digits in this base from the lowest; those but the last are taken from the second half."""


class SearchFiles:
    """Collects the words of a site, episode by episode, and writes the files of its index."""

    def __init__(self) -> None:
        self._positions: dict[str, array[int]] = defaultdict(lambda: array("Q"))
        self._episodes: list[list[object]] = []
        self._reached = 0
        self._version = 0

    @property
    def version(self) -> str:
        """A text that differs when the index does: a browser that kept files of an older one loads them anew."""
        return f"{self._version:08x}"

    def add(self, episode: PublicEpisode) -> Iterator[tuple[str, bytes]]:
        """Take the words of an episode, and yield the names and contents of the files of its texts."""
        paragraphs = [block for block in episode.blocks if isinstance(block, PublicParagraph)]
        start, lengths, firsts = self._reached, [], [0]
        texts: list[list[object]] = []
        size = 0
        for number, paragraph in enumerate(paragraphs):
            lengths.append(self._add_tokens(one.text for one in paragraph.sentences))
            parts = [part for one in paragraph.sentences for part in (one.second, one.text)]
            texts.append([paragraph.speaker or "", *parts])
            size += sum(len(one.text.encode()) for one in paragraph.sentences)
            if size >= TEXT_BYTES or number == len(paragraphs) - 1:
                name = f"texts/{episode.stem}.{len(firsts)}"
                yield f"search/{name}.js", self._write(name, texts)
                firsts.append(number + 1)
                texts, size = [], 0
        about = [clean_text(text or "") for text in (episode.title, episode.show, episode.published)]
        self._episodes.append([episode.stem, *about, start, encode_numbers(lengths), firsts[:-1]])
        self._reached += 1  # so that no phrase goes on in the next episode

    def finish(self) -> Iterator[tuple[str, bytes]]:
        """Yield the names and contents of the other files."""
        firsts, sizes = [], []
        for number, tokens in enumerate(self._cut()):
            content = self._write(
                f"words/{number}", [" ".join(tokens), " ".join(encode_rising(self._positions[one]) for one in tokens)]
            )
            firsts.append(tokens[0])
            sizes.append(len(content))
            yield f"search/words/{number}.js", content
        catalogue = {"episodes": self._episodes, "words": firsts, "sizes": sizes, "version": self.version}
        yield "search/catalogue.js", self._write("catalogue", catalogue)

    def _add_tokens(self, texts: Iterable[str]) -> int:
        """Take the tokens of a paragraph, and return how many there are."""
        begin = self._reached
        for text in texts:
            for word in text.split():
                for token in tokenize(word):
                    self._positions[token].append(self._reached)
                    self._reached += 1
        return self._reached - begin

    def _cut(self) -> Iterator[list[str]]:
        """Yield the tokens of each file; one that alone fills a file has it for itself."""
        tokens: list[str] = []
        size = 0
        for token in sorted(self._positions, key=lambda one: one.encode("utf-16-be")):
            cost = len(token) + 2 * len(self._positions[token])
            if tokens and size + cost > WORDS_BYTES:
                yield tokens
                tokens, size = [], 0
            tokens.append(token)
            size += cost
        if tokens:
            yield tokens

    def _write(self, name: str, value: object) -> bytes:
        content = f"airquote.take({_as_json(name)},{_as_json(value)});\n".encode()
        self._version = zlib.crc32(content, self._version)
        return content


def encode_numbers(numbers: Iterable[int]) -> str:
    """Write whole numbers from 0 as printable ASCII without quotation marks and backslashes."""
    digits: list[str] = []
    for number in numbers:
        while number >= _BASE:
            number, digit = divmod(number, _BASE)
            digits.append(_DIGITS[_BASE + digit])
        digits.append(_DIGITS[number])
    return "".join(digits)


def encode_rising(numbers: Sequence[int]) -> str:
    """Write numbers in rising order, each as what it is more than the one before."""
    return encode_numbers(after - before for before, after in zip((0, *numbers), numbers, strict=False))


def _as_json(value: object) -> str:
    return escape_json(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
