"""Significance of a match: the surprisal, in bits, of finding so much of a quotation by chance.

The evidence for a place is the surprisal of what agrees. Of it go the bits that the differences take: a quotation
differs in few of the ways in which chance does. What is left must exceed the bits that name one place among all that
were searched.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from functools import reduce
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from index.fulltext.maintenance import OpenIndex
from index.fulltext.needed_passages import shared_passages
from index.fulltext.passages import OVERLAP_TOKENS, PASSAGE_TOKENS
from index.language.common_words import common_grams, common_words
from index.language.numbers.number_readings import read_numbers
from index.language.phonetics import sound_of
from index.language.tokens import stem_token, tokenize
from index.verification.edits import Difference, Edit
from index.verification.word_classes import are_antonyms, refers_to_somebody
from index.verification.word_forms import read_forms

COMMON_CHANCE, RARE_CHANCE = 0.0043, 0.00002
"""Probability of a common word, and of any other: the 150 of index/language/common_words.py are 65 % of speech."""

NUMBER_BITS = 6.0
"""Evidence of a number where another number is quoted: one spoken word in seventy is one."""

RARE_NUMBER_BITS = 5.0
"""In addition where both are money, percent, or of another kind than a count."""

RELATED_BITS, OPPOSITE_BITS = 7.0, 14.0
"""Most evidence of a spoken word with the sound or nearly the letters of the quoted one, and of its opposite."""

RELATED_LETTERS = 0.6
"""Least similarity of letters of related words: "discouraging" and "encouraging"."""

DIFFERENCE_BITS: dict[Difference, float] = {
    "hedge": 2.0, "small word": 4.0, "untranscribed": 1.0, "misspelling": 3.0, "sound-alike": 6.0, "content": 6.0,
    "name": 6.0, "number": 6.0, "negation": 5.0,
}  # fmt: skip
"""Bits taken by each word of a difference, by a number as a whole, for the ways to differ; the rest takes none.

Tuned on 480 quotations of 6 to 25 words with one word changed and on 920 sentences that were never said, in a library
of 15 million words. On quotations not looked at before, docs/verdicts.md has the figures.
"""

MOST_SHARED_BITS = 12.0
"""Most evidence of a word that stands somewhere near: names of one subject come together."""

SEVERAL_BITS = 3.0
"""Taken in addition by each difference after the first: several are rarer in a quotation than by chance."""

ADDED_FILLER_BITS = 4.0
"""Taken by each word of a filler that is quoted and was not said: writers leave fillers out, and add none."""

EDGE_BITS = 10.0
"""Taken in addition by an edge of the quotation that was not said there: chance agrees with some part of a sentence."""

CONCENTRATION = 0.5
"""Weight of the library as a whole, in quotations: after one sure quotation the next is twice as likely from there."""

TRUST = 0.9
"""Probability that who is quoted speaks at the place of a quotation: of the speakers that are read from articles, about
nine in ten are right (docs/quotation-benchmark.md)."""

SHOW_SHARE = 0.1
"""Share of a sure quotation's weight that goes to its show, in proportion to the words of the episodes."""

LONGEST_CONTEXT = 3
"""Words before a word that make it likelier: of an idiom each word follows from several, not from one."""

ADJACENT = 0.1
"""Share of the passages with two rarer words that have them side by side: words of one subject come together."""

_PRIOR_WORDS, _PRIOR_PAIRS = 100_000, 20
"""Weights of the prior, in words of speech and in occurrences of a word, against the library's own counts."""


class WordRarity:
    """Weighs words by their rarity in one library; caches the counts."""

    def __init__(self, index: OpenIndex) -> None:
        self._index = index
        self._counts: dict[str, int] = {}
        self._grams: dict[str, int] = {}
        self._phrases: dict[tuple[str, ...], NDArray[np.int64]] = {}
        self.library_words = max(2, (PASSAGE_TOKENS - OVERLAP_TOKENS) * index.fulltext.numbers())
        """The approximate number of words in the library."""

    def is_known(self, token: str) -> bool:
        """Whether the library has this token."""
        return self._count(token) > 0

    def weigh_edits(self, edits: Iterable[Edit], language: str | None, transcript: int | None = None) -> float:
        """Return the bits of all equal words, summed over their runs, and of spoken words related to the quoted.

        With the number of the ``transcript`` that they stand in, what the others say is counted too (see weigh_run).
        """
        own = None if transcript is None else self._index.fulltext.passages_of(transcript)
        bits = 0.0
        for equal, run in groupby(edits, key=lambda edit: edit.op == "equal"):
            if equal:
                bits += self._weigh_writings(list(run), language, own)
            else:
                bits += sum(self._weigh_related(edit, language) for edit in run)
        return bits

    def _weigh_writings(self, run: Sequence[Edit], language: str | None, own: NDArray[np.int64] | None) -> float:
        """Return the bits of equal words in the commoner writing: "you would" says no more than "you'd"."""
        writings = {
            tuple(tokenize(" ".join(side))) for side in ([edit.said for edit in run], [edit.quoted for edit in run])
        }
        return min(self.weigh_run(tokens, language, own) for tokens in writings)

    def weigh_run(self, tokens: Sequence[str], language: str | None, own: NDArray[np.int64] | None = None) -> float:
        """Return the bits of consecutive words: the surprisal of the first, then of each one given those before it.

        Bigram counts exist where one of the two words is very common, which is where they matter: after "one of",
        "the" carries little information. With the ``own`` passages of their transcript longer contexts are counted in
        all other passages, which takes longer: "if you're watching the video" is rare by its pairs, and yet said in
        many episodes.
        """
        bits = self.bits(tokens[0], language) if tokens else 0.0
        for place in range(1, len(tokens)):
            before, token = tokens[place - 1 : place + 1]
            chance = self._chance(token, language)
            for gram in common_grams([before, token], language):
                chance = _raise_chance(chance, self._gram(gram), self._count(before))
            if own is not None:
                phrase = tokens[max(0, place - LONGEST_CONTEXT) : place + 1]
                chance = self._chance_in_phrase(phrase, language, own, chance)
            bits -= math.log2(chance)
        return bits

    def _chance_in_phrase(
        self, tokens: Sequence[str], language: str | None, own: NDArray[np.int64], least: float
    ) -> float:
        """Return the greatest chance of the last token after some of those before it, at least ``least``."""
        chance = least
        *context, token = tokens
        for first in range(len(context) - 1, -1, -1):
            held = self._count_others(tokens[first:], language, own)
            if not held:
                break
            if first < len(context) - 1:
                before = self._count_others(context[first:], language, own)
                chance = max(chance, _raise_chance(least, held, before))
            elif not common_grams([context[-1], token], language):
                chance = _raise_chance(least, ADJACENT * held, self._count(context[-1]))
        return chance

    def _count_others(self, tokens: Sequence[str], language: str | None, own: NDArray[np.int64]) -> int:
        """Return how many passages but the transcript's ``own`` have all pairs of neighbours in a phrase."""
        held = self._find_phrase(tuple(tokens), language)
        return len(held) - len(shared_passages(held, own))

    def _find_phrase(self, tokens: tuple[str, ...], language: str | None) -> NDArray[np.int64]:
        """Return the passages with all pairs of neighbours in a phrase, most of which have the phrase."""
        if tokens not in self._phrases:
            fulltext = self._index.fulltext
            if len(tokens) > 2:
                parts = [self._find_phrase(tokens[:-1], language), self._find_phrase(tokens[-2:], language)]
            elif grams := common_grams(list(tokens), language):
                parts = [fulltext.postings("grams", grams[0])]
            else:
                parts = [fulltext.postings("stems", stem_token(token, language)) for token in tokens]
            self._phrases[tokens] = reduce(shared_passages, parts)
        return self._phrases[tokens]

    def stand_together(self, tokens: Iterable[str], transcript: int, language: str | None) -> bool:
        """Whether a passage of another transcript has all these words too."""
        fulltext = self._index.fulltext
        held = reduce(shared_passages, [fulltext.postings("stems", stem_token(token, language)) for token in tokens])
        return len(held) > len(shared_passages(held, fulltext.passages_of(transcript)))

    def bits(self, token: str, language: str | None) -> float:
        """Return the surprisal of a word by itself."""
        return -math.log2(self._chance(token, language))

    def _weigh_related(self, edit: Edit, language: str | None) -> float:
        if edit.op != "replace":
            return 0.0
        quoted, said = tokenize(edit.quoted), tokenize(edit.said)
        if edit.difference == "number" and all(_has_number(side, language) for side in (edit.quoted, edit.said)):
            kinds = [{one.number.kind for one in read_numbers(t.split(), language)} for t in (edit.quoted, edit.said)]
            return NUMBER_BITS + (RARE_NUMBER_BITS if (kinds[0] & kinds[1]) - {"count"} else 0.0)
        if edit.difference not in ("misspelling", "sound-alike", "content", "name", "negation"):
            return 0.0
        return sum(
            min(OPPOSITE_BITS if are_antonyms(one, other) else RELATED_BITS, self.bits(other, language))
            for one, other in zip(quoted, said, strict=False)
            if _are_related(one, other)
        )

    def _chance(self, token: str, language: str | None) -> float:
        """Return the probability of a word, from the library's counts smoothed with the prior."""
        usual = COMMON_CHANCE if token in common_words(language) else RARE_CHANCE
        return (self._count(token) + usual * _PRIOR_WORDS) / (self.library_words + _PRIOR_WORDS)

    def _count(self, token: str) -> int:
        if token not in self._counts:
            self._counts[token] = self._index.lexicon.count(token)
        return self._counts[token]

    def _gram(self, gram: str) -> int:
        if gram not in self._grams:
            self._grams[gram] = self._index.fulltext.frequency("grams", gram)
        return self._grams[gram]


def _raise_chance(chance: float, together: float, before: int) -> float:
    """Return the chance of a word that follows a context in ``together`` of its places, and at least ``chance``."""
    return min(1.0, max(chance, (together + chance * _PRIOR_PAIRS) / (before + _PRIOR_PAIRS)))


def difference_bits(edits: Sequence[Edit]) -> float:
    """Return the bits that the differences of a match take from its evidence."""
    taken, several = 0.0, 0.0
    for number, edit in enumerate(edits):
        bits = DIFFERENCE_BITS.get(edit.difference, 0.0) if edit.difference else 0.0
        if edit.difference == "filler" and edit.op == "insert":
            bits = ADDED_FILLER_BITS
        if edit.difference == "omission":
            taken += math.log2(1 + len(tokenize(edit.said)))  # what follows the dots may begin at any of these words
        if not bits:
            continue
        words = max(len(tokenize(edit.quoted)), len(tokenize(edit.said)))
        taken += several + bits * (1 if edit.difference == "number" else words)
        several = SEVERAL_BITS
        if number in (0, len(edits) - 1) and not _is_related_edit(edit):
            taken += EDGE_BITS
    return taken


def weigh_shared(
    quoted: Sequence[str], spoken: Sequence[str], rarity: WordRarity, language: str | None
) -> tuple[dict[str, float], float]:
    """Return the quoted content words that were spoken too, in any order and inflexion, with their bits; and all bits.

    A word is found by chance somewhere among so many spoken ones, so that each takes the bits of their number.
    """
    stems = {stem_token(token, language) for token in spoken}
    among = math.log2(max(2, len(spoken)))
    shared, whole = {}, 0.0
    for token in dict.fromkeys(quoted):
        bits = min(MOST_SHARED_BITS, rarity.bits(token, language)) - among
        if token not in common_words(language) and bits > 0:
            whole += bits
            if stem_token(token, language) in stems:
                shared[token] = bits
    return shared, whole


def _is_related_edit(edit: Edit) -> bool:
    """Whether speech stands for the quoted word: a number, a related word, the pronoun for a noun, or a note on it."""
    if edit.difference == "untranscribed":
        return True
    if edit.op != "replace":
        return False
    related = zip(tokenize(edit.quoted), tokenize(edit.said), strict=False)
    return edit.difference in ("number", "negation") or any(
        _are_related(one, other) or refers_to_somebody(other) for one, other in related
    )


def _has_number(text: str, language: str | None) -> bool:
    return any(form.kind == "number" for form in read_forms(text.split(), language).forms)


def _are_related(one: str, other: str) -> bool:
    """Whether a word is the other, its opposite, of the same sound or of nearly the same letters."""
    if one == other or are_antonyms(one, other) or sound_of(one) == sound_of(other) != "":
        return True
    return Levenshtein.normalized_similarity(one, other) >= RELATED_LETTERS


class PlacePrior:
    """The bits that name one place: fewer in a small library, and where other quotations of the article were said.

    The quotations of one article judge each other: those that stand surely in an episode make it, and a little its
    show, likelier for the rest (a Chinese restaurant process over episodes and shows, based on the whole library).
    """

    def __init__(
        self, index: OpenIndex, within: Collection[int] | None = None, placed: Iterable[Collection[int]] = ()
    ) -> None:
        """``within``: the transcripts that are searched; ``placed``: where each sure quotation stands, all alike."""
        index.cache.refresh()
        counts = index.cache.word_counts
        self._words = {one: max(1, words) for one, words in counts.items() if within is None or one in within}
        self._total = max(2, sum(self._words.values()))
        self._placed: defaultdict[int, float] = defaultdict(float)
        for alike in placed:
            for one in self._words.keys() & alike:
                self._placed[one] += 1 / len(alike)
        self._weight = CONCENTRATION + sum(self._placed.values())
        self.speaker_bits = 0.0
        """How much likelier each place is for the person quoted speaking there."""
        self._shows = {row[0]: row[2] for row in index.cache.conditions} if self._placed else {}
        self._placed_shows: defaultdict[str, float] = defaultdict(float)
        for transcript, count in self._placed.items():
            if show := self._shows.get(transcript):
                self._placed_shows[show] += count
        self._show_words: Counter[str] = Counter()
        for transcript, words in self._words.items():
            if (show := self._shows.get(transcript)) and show in self._placed_shows:
                self._show_words[show] += words

    @property
    def likely(self) -> Collection[int]:
        """The transcripts where other quotations were said."""
        return self._placed.keys()

    def bits(self, transcript: int) -> float:
        """Return the surprisal of one place in this transcript, before any word of it is known."""
        words = self._words.get(transcript, 1)
        return -math.log2(self._chance(transcript, words) / words) - self.speaker_bits

    def where_speaks(self, shares: Mapping[int, float]) -> PlacePrior:
        """Return the prior of the places of the person quoted; ``shares`` are that person's of some transcripts.

        The fewer places there are, the likelier is each of them. Other places are not less likely for it.
        """
        spoken = sum(share * self._chance(one, self._words[one]) for one, share in shares.items() if one in self._words)
        prior = copy(self)
        prior.speaker_bits = max(0.0, math.log2(TRUST / spoken)) if spoken else 0.0
        return prior

    def _chance(self, transcript: int, words: int) -> float:
        """Return the probability that a quotation is from this transcript of so many words."""
        chance = CONCENTRATION * words / self._total + (1 - SHOW_SHARE) * self._placed.get(transcript, 0.0)
        show = self._shows.get(transcript)
        if show and show in self._placed_shows:
            chance += SHOW_SHARE * self._placed_shows[show] * words / self._show_words[show]
        return chance / self._weight
