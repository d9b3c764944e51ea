"""Quotations of made speech for the benchmark of listening: as it was said, and with one word altered."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from index.language.common_words import COMMON_WORDS
from index.language.phonetics import sound_of
from index.language.tokens import tokenize

SHORTEST, LONGEST = 6, 15  # words of a quotation
SHORTEST_WORD = 4  # letters of a word that is exchanged for the nearest one
TRUE, EXPECTED = "as it was said", "as one expects it"
ALTERED = ("nearest word", "negation turned", "another number", "another name")
AROUND = 5  # words on each side of one that was exchanged before it was spoken
_NUMBER_TEXT = "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty"
_NUMBER_WORDS = _NUMBER_TEXT.split()
_AUXILIARIES = {
    "can": "can't", "will": "won't", "is": "isn't", "are": "aren't", "was": "wasn't", "were": "weren't", "do": "don't",
    "does": "doesn't", "did": "didn't", "have": "haven't", "has": "hasn't", "had": "hadn't", "would": "wouldn't",
    "should": "shouldn't", "could": "couldn't",
}  # fmt: skip
_POSITIVE = {negative: positive for positive, negative in _AUXILIARIES.items()}


@dataclass(frozen=True, slots=True)
class Case:
    """A quotation of made speech, how it was made, and the word that was altered with what it became."""

    text: str
    how: str
    change: str = ""


def cut_quotations(passage: str, choose: random.Random) -> Iterator[str]:
    """Yield the quotations that a passage is cut into; a rest that is too short is left out."""
    words = passage.split()
    while len(words) >= SHORTEST:
        length = choose.randint(SHORTEST, LONGEST)
        yield " ".join(words[:length])
        words = words[length:]


class Alterations:
    """The ways to alter one word of a quotation."""

    def __init__(self, texts: Iterable[str], sounds: Mapping[str, str]) -> None:
        """Names are exchanged for others of ``texts``; ``sounds`` are the words that may stand for another, with their
        pronunciations."""
        names = {word for text in texts for word in text.split()[1:] if re.fullmatch("[A-Z][a-z]{3,}", word)}
        self._names = sorted(name for name in names if name.lower() not in sounds)
        self._sounds = sounds
        ways: list[Callable[[str, random.Random], str | None]] = [
            self._nearest, _turn_negation, _change_number, self._change_name,
        ]  # fmt: skip
        self.ways = dict(zip(ALTERED, ways, strict=True))

    def alter(self, text: str, how: str, choose: random.Random) -> Case | None:
        """Return the quotation with one word altered in this way, None if none can be."""
        words = text.split()
        places = list(range(1, len(words) - 1))
        choose.shuffle(places)
        for place in places:
            bare = words[place].strip(",.?!\"'")
            other = self.ways[how](bare, choose)
            if other is not None:
                altered = [*words[:place], words[place].replace(bare, other), *words[place + 1 :]]
                return Case(" ".join(" ".join(altered).split()), how, f"{bare} -> {other}")
        return None

    def _nearest(self, word: str, _: random.Random) -> str | None:
        """Return the word whose pronunciation is nearest, but another one."""
        sound = self._sounds.get(word)
        if sound is None or len(word) < SHORTEST_WORD or word in COMMON_WORDS["en"]:
            return None
        distances = {
            other: Levenshtein.normalized_distance(sound, own) for other, own in self._sounds.items() if own != sound
        }
        return min(distances, key=lambda other: (distances[other], other), default=None)

    def _change_name(self, word: str, choose: random.Random) -> str | None:
        if not re.fullmatch("[A-Z][a-z]{3,}", word) or word not in self._names:
            return None
        other = choose.choice(self._names)
        return other if sound_of(other.lower()) != sound_of(word.lower()) else None


def _turn_negation(word: str, _: random.Random) -> str | None:
    plain = word.replace("’", "'")
    if plain in ("not", "never"):
        return ""
    return _POSITIVE.get(plain) or _AUXILIARIES.get(plain)


def _change_number(word: str, choose: random.Random) -> str | None:
    if word.isdigit() and len(word) < 5:
        return str(int(word) + choose.choice((1, 2, 5, 10)))
    if word in _NUMBER_WORDS:
        return choose.choice([number for number in _NUMBER_WORDS if number != word])
    return None


def make_cases(
    passages: Sequence[str], recognised: str, sounds: Mapping[str, str], seed: int, each: int
) -> Iterator[Case]:
    """Yield quotations of some passages: those that were misheard as they were said, the others with one word altered.

    ``recognised`` is the transcript. Of each kind of alteration there are at most ``each``.
    """
    choose = random.Random(seed)
    alterations = Alterations(passages, sounds)
    counts: Counter[str] = Counter()
    heard = f" {' '.join(tokenize(recognised))} "
    for passage in passages:
        for text in cut_quotations(passage, choose):
            if f" {' '.join(tokenize(text))} " not in heard:
                yield Case(text, TRUE)
                continue
            for how in alterations.ways:
                altered = alterations.alter(text, how, choose) if counts[how] < each else None
                if altered is not None:
                    counts[how] += 1
                    yield altered


def make_unexpected_cases(spoken: Sequence[str], expected: Sequence[str]) -> Iterator[Case]:
    """Yield quotations of disfluent passages around each word that was exchanged, as said and as one expects them."""
    for one, other in zip(spoken, expected, strict=True):
        said, written = one.split(), other.split()
        for block in Levenshtein.opcodes(written, said):
            if block.tag != "equal":
                yield Case(" ".join(said[max(0, block.dest_start - AROUND) : block.dest_end + AROUND]), TRUE)
                yield Case(" ".join(written[max(0, block.src_start - AROUND) : block.src_end + AROUND]), EXPECTED)
