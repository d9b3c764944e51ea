"""Statements of the library in a changed writing: eight kinds, typed as people type them.

The tables here are the bench's own: nothing of index/language/ is used but the tokenizer, by which places are found.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice, pairwise

from bench.search_corpus import Corpus, Spoken
from bench.search_planted import LENGTHS, Planted, places_of
from bench.search_respelling import misspell_by_letters, misspell_by_sound

SEED = 8_128
TUNED_SHOWS = frozenset(("podcast", "jsparty", "rfc", "afk"))
"""The shows that constants are tuned on; the others are only reported."""

_EDGES = ".,;:!?…\"'“”‘’()[]{}*-–—"
_PLAIN = re.compile(r"[\w'’.,$%&+#/-]+")
_OPERATORS = frozenset(("AND", "OR", "NOT"))

_SPOKEN_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen"""
_ONES, _TENS = _SPOKEN_ONES.split(), "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_VALUES = {word: value for value, word in enumerate(_ONES)} | {word: 10 * at for at, word in enumerate(_TENS, 2)}
_PAIRS = """
    color/colour colors/colours favorite/favourite favorites/favourites behavior/behaviour behaviors/behaviours
    honor/honour labor/labour neighbor/neighbour neighborhood/neighbourhood flavor/flavour humor/humour rumor/rumour
    center/centre centers/centres theater/theatre meter/metre liter/litre fiber/fibre defense/defence offense/offence
    license/licence organize/organise organized/organised organization/organisation organizations/organisations
    realize/realise realized/realised realizing/realising recognize/recognise recognized/recognised
    optimize/optimise optimized/optimised optimization/optimisation customize/customise analyze/analyse
    analyzing/analysing analyzed/analysed prioritize/prioritise summarize/summarise apologize/apologise
    emphasize/emphasise minimize/minimise maximize/maximise specialize/specialise specialized/specialised
    visualize/visualise visualization/visualisation categorize/categorise authorize/authorise utilize/utilise
    serialize/serialise initialize/initialise traveling/travelling traveled/travelled canceled/cancelled
    canceling/cancelling modeling/modelling labeled/labelled labeling/labelling gray/grey catalog/catalogue
    dialog/dialogue fulfill/fulfil skeptical/sceptical artifact/artefact artifacts/artefacts program/programme
    plow/plough jewelry/jewellery pajamas/pyjamas aging/ageing judgment/judgement
    enroll/enrol skillful/skilful marvelous/marvellous counselor/counsellor mold/mould ok/okay donut/doughnut
    toward/towards whiskey/whisky encyclopedia/encyclopaedia pediatric/paediatric esthetic/aesthetic maneuver/manoeuvre
"""
_SPELLINGS = dict(pair.split("/") for pair in _PAIRS.split())
_SPELLINGS |= {british: american for american, british in _SPELLINGS.items()}
_ACCENTED = """
    café cafés naïve résumé résumés cliché clichés façade façades jalapeño jalapeños décor élite régime début mêlée
    protégé sauté piñata über fiancé fiancée rôle rôles naïveté coöperate coöperation touché éclair soufflé crème
    château déjà señor exposé matinée purée entrée divorcée première détente Zoë Chloë René Renée José André Beyoncé
    Björn Jürgen Müller Göteborg München Zürich São Córdoba Bogotá Québec Montréal Brontë Pelé Penélope Sofía
    María Jesús Ramón Andrés Nicolás Sebastián Martín Gómez García López Pérez Rodríguez González Hernández
    Sánchez Françoise François Hélène
    Noël Émile Söderström Åsa Håkan Łukasz Dvořák Kovács Erdős Gödel Schrödinger Poincaré Möbius Fourier
"""
_STROKES = str.maketrans("øØłŁ", "oOlL")
_NO_NUMBERS = frozenset(("one", "two", "zero"))
"""Words that are seldom numbers."""
_NUMBER = re.compile(r"\$?(\d{1,3}(?:,\d{3})+|\d{1,6})(%?)")
_DOTTED = re.compile(r"(?:[A-Za-z]\.){2,5}")
_CAPITALS = re.compile(r"[A-Z]{2,5}")
_HYPHENED = re.compile(r"([a-z]{2,})-([a-z]{2,})", re.IGNORECASE)
_NAME = re.compile(r"[A-Z][a-z]{4,}")

Change = Callable[[list[str]], list[str] | None]


def plant_writings(corpus: Corpus, each: int) -> list[Planted]:
    """Draw so many statements of 6 to 12 words for each kind of change, fewer where the library has fewer."""
    drawn = _Draw(corpus, random.Random(SEED))
    planted: list[Planted] = []
    for kind, change in drawn.changes.items():
        planted += islice(drawn.statements(kind, change), each)
    return planted


class _Draw:
    """Draws sentences of a library and changes a word of each."""

    def __init__(self, corpus: Corpus, chance: random.Random) -> None:
        self._corpus = corpus
        self._chance = chance
        self.changes: dict[str, Change] = {
            "number": self._number,
            "abbreviation": self._abbreviation,
            "compound": self._compound,
            "accent": self._accent,
            "spelling": lambda words: self._change_one(words, lambda word: _SPELLINGS.get(word.lower())),
            "name by letters": lambda words: self._name(words, misspell_by_letters),
            "name by sound": lambda words: self._name(words, misspell_by_sound),
            "one word dropped": self._drop,
        }

    def statements(self, kind: str, change: Change) -> Iterator[Planted]:
        """Yield changed sentences, each once, from all episodes in an order drawn by chance."""
        seen: set[tuple[str, ...]] = set()
        for spoken, words, said in self._sentences():
            if said not in seen and (asked := change(words)) and asked != words:
                seen.add(said)
                places = places_of(self._corpus, said)
                yield Planted(kind, said, tuple(asked), places, kind.startswith("name"), spoken.episode.show or "")

    def _sentences(self) -> Iterator[tuple[Spoken, list[str], tuple[str, ...]]]:
        """Yield sentences: their words as one types them, and their tokens."""
        rows = list(self._rows)
        self._chance.shuffle(rows)
        for spoken, number in rows:
            segment = spoken.segments[number]
            words = [text.strip().strip(_EDGES) for text in spoken.texts[segment.first : segment.last + 1]]
            words = [word.lower() if word in _OPERATORS else word for word in words if word]
            said = spoken.tokens_of(segment.first, segment.last)
            if all(map(_PLAIN.fullmatch, words)):
                yield spoken, words, said

    @cached_property
    def _rows(self) -> list[tuple[Spoken, int]]:
        return [
            (spoken, number)
            for spoken in self._corpus.episodes
            for number, segment in enumerate(spoken.segments)
            if segment.last - segment.first < LENGTHS.stop
            and len(spoken.tokens_of(segment.first, segment.last)) in LENGTHS
        ]

    def _change_one(self, words: list[str], change: Callable[[str], str | None]) -> list[str] | None:
        """Change one word of a sentence, chosen by chance from those that can be changed."""
        ways = [(at, other) for at, word in enumerate(words) if (other := change(word))]
        if not ways:
            return None
        at, other = self._chance.choice(ways)
        return [*words[:at], *other.split(), *words[at + 1 :]]

    def _number(self, words: list[str]) -> list[str] | None:
        return self._change_one(words, lambda word: _other_number(word, self._chance))

    def _abbreviation(self, words: list[str]) -> list[str] | None:
        if sum(map(str.isupper, words)) * 2 > len(words):
            return None
        return self._change_one(words, _other_abbreviation)

    def _compound(self, words: list[str]) -> list[str] | None:
        pairs = [at for at, pair in enumerate(pairwise(words)) if "-".join(pair).lower() in self._compounds]
        if pairs and self._chance.random() < 0.5:
            at = self._chance.choice(pairs)
            return [*words[:at], f"{words[at]}-{words[at + 1]}", *words[at + 2 :]]
        return self._change_one(words, self._other_compound)

    def _other_compound(self, word: str) -> str | None:
        if found := _HYPHENED.fullmatch(word):
            return self._chance.choice((f"{found[1]} {found[2]}", found[1] + found[2]))
        return self._joined.get(word.lower())

    @cached_property
    def _compounds(self) -> Counter[str]:
        """The compounds that are written with a hyphen somewhere, how often."""
        words = (text.strip().strip(_EDGES).lower() for spoken in self._corpus.episodes for text in spoken.texts)
        counts = Counter(word for word in words if _HYPHENED.fullmatch(word))
        return Counter({word: count for word, count in counts.items() if count > 1})

    @cached_property
    def _joined(self) -> dict[str, str]:
        """The compounds that are written with a hyphen somewhere, by the same without it."""
        return {word.replace("-", ""): word for word in self._compounds}

    def _accent(self, words: list[str]) -> list[str] | None:
        return self._change_one(words, _other_accents)

    def _name(self, words: list[str], misspell: Callable[[str, random.Random], str | None]) -> list[str] | None:
        def change(word: str) -> str | None:
            return misspell(word, self._chance) if word in self._names else None

        changed = self._change_one(words[1:], change)
        return [words[0], *changed] if changed else None

    @cached_property
    def _names(self) -> frozenset[str]:
        """Words of five letters or more that are always capitalised."""
        counts: Counter[str] = Counter()
        lower: set[str] = set()
        for spoken in self._corpus.episodes:
            for text in spoken.texts:
                word = text.strip().strip(_EDGES)
                if word.islower():
                    lower.add(word)
                elif _NAME.fullmatch(word):
                    counts[word] += 1
        return frozenset(word for word in counts if word.lower() not in lower)

    def _drop(self, words: list[str]) -> list[str] | None:
        at = self._chance.randrange(len(words))
        return [*words[:at], *words[at + 1 :]]


def _other_number(word: str, chance: random.Random) -> str | None:
    """Return another notation of a number: digits for words, words for digits, with or without comma, K, %, $."""
    written = word.lower()
    if found := _NUMBER.fullmatch(written):
        digits, value = found[1].replace(",", ""), int(found[1].replace(",", ""))
        if digits != str(value) or 1900 < value < 2100:
            return None
        unit = (" dollars" if written[0] == "$" else "") + (" percent" if found[2] else "")
        ways = [spell_number(value) + unit]
        if unit:
            ways.append(digits + unit)
        if value >= 1000 and not unit:
            ways += [digits, f"{value:,}"]
            ways += [f"{value // 1000}K"] if value % 1000 == 0 else []
        return chance.choice([way for way in ways if way != written])
    parts = written.split("-")
    if written in _NO_NUMBERS or not all(part in _VALUES for part in parts) or len(parts) > 2:
        return None
    if len(parts) == 2 and not (parts[0] in _TENS and 0 < _VALUES[parts[1]] < 10):
        return None
    return str(sum(_VALUES[part] for part in parts))


def spell_number(value: int) -> str:
    """Spell a number below a million in English."""
    if value < 20:
        return _ONES[value]
    if value < 100:
        return _TENS[value // 10 - 2] + (f"-{_ONES[value % 10]}" if value % 10 else "")
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if value >= size:
            rest = f" {spell_number(value % size)}" if value % size else ""
            return f"{spell_number(value // size)} {name}{rest}"
    raise ValueError(value)


def _other_abbreviation(word: str) -> str | None:
    """Return an abbreviation with dots for one without, and without for one with."""
    if _DOTTED.fullmatch(f"{word}."):
        joined = word.replace(".", "")
        return joined if joined.islower() else joined.upper()
    return ".".join(word) + "." if _CAPITALS.fullmatch(word) else None


def _other_accents(word: str) -> str | None:
    """Return a word without its accents, or one that is often written with accents with them."""
    bare = strip_accents(word)
    return bare if bare != word else _ACCENTS.get(word.lower())


def strip_accents(word: str) -> str:
    """Return a word without accents."""
    marked = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in marked if not unicodedata.combining(letter)).translate(_STROKES)


_ACCENTS = {strip_accents(word).lower(): word for word in _ACCENTED.split() if strip_accents(word) != word}
