"""Read names of persons as people write them, with titles, suffixes, initials and in any order."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import regex

from index.language.tokens import fold_text
from index.speaker_labels import is_unnamed


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MOST_WORDS, _MOST_CHARACTERS = 6, 200
"""A longer text is not one person's name."""

_TITLES = _words(
    "mr mrs ms mx miss dr doctor prof professor sir dame lord lady sen senator rep representative congressman "
    "congresswoman judge justice president vice gov governor mayor minister premier chancellor secretary ambassador "
    "chair chairman chairwoman director ceo cto cfo coo officer general gen col colonel lt lieutenant maj major capt "
    "captain cmdr commander sgt sergeant cpl corporal adm admiral rev reverend father fr sister brother rabbi imam "
    "bishop archbishop cardinal pope king queen prince princess duke duchess earl baron baroness sheriff deputy "
    "detective inspector sheikh attorney coach dean chief marshal former ex acting us uk herr hr frau senor sra "
    "senora srta don dona monsieur m mme madame mlle signor sig signora dott dottor doktor mevrouw dhr mw "
    "prasident prasidentin kanzler kanzlerin bundeskanzler bundeskanzlerin ministerin burgermeister burgermeisterin "
    "presidente presidenta ministro ministra ministre alcalde alcaldesa maire sindaco sindaca"
)
"""Titles before a name, folded and without dots."""

_TITLES_THAT_ARE_NAMES = _words(
    "judge justice chancellor major king queen prince duke earl baron bishop pope cardinal sister brother lord lady "
    "coach dean chief marshal don miss general sheikh m"
)
"""Judge Reinhold, Dean Martin, Martin Luther King; M. is an initial too."""

_GENERATIONS = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv"}
_DEGREES = _words("phd md esq dphil dds jd llm mba cpa obe mbe cbe kc qc")
_DEGREES_AFTER_COMMA = _DEGREES | _words("ma ba bsc msc bs ms mp rn")
"""Ma and Ba are surnames too."""

PARTICLES = _words(
    "de del della di da do dos das du la le les lo van von vom zu zur zum den der ter ten bin ibn bint ben al el af av "
    "san st saint the"
)
"""Words inside a surname that people leave out or join to what follows: van der Berg, Berg, Vanderberg."""

GIVEN_NAMES_TOO = frozenset({"al", "ben", "van"})
"""Particles that an initial may stand for: A. Gore."""

_PREFIXES = frozenset({"mac", "mc", "o", "fitz"})
"""Beginnings of a surname that are written apart too: O Brien, Mac Donald."""

_HOSTS = _words(
    "host hosts cohost cohosts moderator moderatorin presenter anchor gastgeber gastgeberin moderador moderadora "
    "presentador presentadora apresentador animateur animatrice"
)

_ROLES = _HOSTS | _words(
    "co interviewer interviewers guest guests interviewee reporter correspondent announcer narrator panelist panellist "
    "speaker speakers spk spkr caller callers listener listeners producer editor operator questioner participant "
    "participants respondent witness client patient student teacher voice voiceover unknown unidentified unnamed "
    "anonymous other others man woman men women male female boy girl child kid person people everyone everybody all "
    "both multiple several crowd various someone somebody nobody none interpreter translator user assistant question "
    "answer actor actress author writer singer musician comedian founder cofounder spokesman spokeswoman spokesperson "
    "entrevistador entrevistadora invitado invitada locutor locutora invite invitee intervieweur locuteur hablante "
    "orador falante sprecher sprecherin gast interviewerin reporterin one two three four"
)
"""Roles and placeholders, which name no one."""

_ARTICLES = _words("the a an his her their our my your this that el los las der die das un une")

_THINGS = _words(
    "and & + und et inc corp corporation ltd llc gmbh company university college department ministry committee "
    "association foundation institute agency commission council government newspaper magazine podcast show episode "
    "clip clips outro intro jingle extract excerpt trailer sponsor sponsors advert advertisement ad ads break audience "
    "recording archive announcement theme track music chatgpt siri tts ai bot"
)
"""Words of organisations, recordings, machines and groups: a text with one is not the name of a person."""

_NUMBERED = regex.compile(r"(?:s|p|spk|spkr|speaker|voice|person|sprecher)?\d+|\p{L}")
_INITIAL = regex.compile(r"\p{Lu}\.")
_ASIDE = regex.compile(r"[(\[“\"«‘„]([^()\[\]“”\"«»‘’„]*+)[)\]”\"»’“]")
_PARTS = regex.compile(r"\s[-–—|/]+\s|[,:;|]")
_EDGES = "*@#.,;:!?'\"“”‘’„«»()[]{}<>…_-–— "
_COMPOUND = regex.compile(r"[-‐‑._·・]")
_HANDLE = regex.compile(r"[@_\d]|(?<!^(?:M|Ma|D|L|Va|Fit))\p{Ll}\p{Lu}")
"""In a single word: jerod_santo, HorseJS; not McGowan, DeVries, LeBron, VanDyke."""
_LONGEST_INITIALS = 3  # letters of initials without dots: JK, DHH
_VOWEL = regex.compile("[aeiouy]")
_DIGRAPHS = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))


@dataclass(frozen=True, slots=True)
class NameWord:
    """A folded word of a name; ``plain`` writes German and Nordic digraphs as one letter (Mueller, Müller: muller).

    ``accented``: it was written with other than ASCII letters; only then does ``plain`` count.
    """

    text: str
    plain: str
    accented: bool


Particles = Literal["kept", "left out", "joined"]

Reading = tuple[NameWord, ...]
"""Given names and surnames, in the order in which they are said."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """What a written name may stand for: several readings if a title or a compound can be read in two ways.

    ``generation`` is jr, sr, ii, iii or iv, None if not given. ``doubtful``: it may be no person's name (a user's
    name, a title), so that it never excludes anybody.
    """

    readings: tuple[Reading, ...]
    generation: str | None
    doubtful: bool


def is_host(written: str) -> bool:
    """Whether a label or an attribution says that this is the host."""
    return any(_bare(word) in _HOSTS for word in written.replace("-", "").split())


@lru_cache(maxsize=10_000)
def read_name(written: str) -> PersonName | None:
    """Read a person's name; None for a role, a placeholder, an organisation, several persons, or no name at all."""
    if len(written) > _MOST_CHARACTERS or is_unnamed(written):
        return None
    if written.isupper() and any(len(word) > _LONGEST_INITIALS for word in written.split()):
        written = written.title()
    asides = [words for words in map(str.split, _ASIDE.findall(written)) if words and _is_named(words)][:1]
    parts: list[list[str]] = []
    generation = None
    for number, part in enumerate(_PARTS.split(_ASIDE.sub(" ", written))):
        words, found = _without_suffixes(part.split(), _DEGREES_AFTER_COMMA if number else _DEGREES)
        generation = generation or found
        if words and not _names_no_one(words) and not (parts and _is_description(words[0])):
            parts.append(words)
    orders = list(_order(parts)) or asides
    readings = [
        reading
        for order in orders
        for untitled in _without_titles(order)
        for words in (untitled, *_with_asides(untitled, asides))
        for particles in ("kept", "left out", "joined")
        if _is_possible(reading := tuple(_split_words(words, particles)))
    ]
    if not readings:
        return None
    return PersonName(tuple(dict.fromkeys(readings)), generation, _is_doubtful(orders[0]))


def _without_suffixes(words: Sequence[str], degrees: frozenset[str]) -> tuple[list[str], str | None]:
    """Return the words without generation and degrees at the end, and the generation."""
    kept, generation = list(words), None
    while kept and (_bare(kept[-1]) in _GENERATIONS or _bare(kept[-1]) in degrees):
        generation = _GENERATIONS.get(_bare(kept.pop())) or generation
    return kept, generation


def _is_named(words: Sequence[str]) -> bool:
    """Whether an aside is a nickname or a surname, not a role, a pronoun or a remark."""
    return words[0][:1].isupper() and not _names_no_one(words)


def _is_doubtful(words: Sequence[str]) -> bool:
    """Whether these words may be a user's name or only titles."""
    return (len(words) == 1 and _HANDLE.search(words[0]) is not None) or all(_bare(word) in _TITLES for word in words)


def _names_no_one(words: Sequence[str]) -> bool:
    """Whether these are a role, a placeholder, titles alone, or words of an organisation or a group."""
    bare = [piece for word in words for piece in _COMPOUND.split(_bare(word)) if piece]
    if not bare or not _THINGS.isdisjoint(bare) or _begins_with_article(words):
        return True
    known = [
        word in _ROLES or word in _TITLES or (_NUMBERED.fullmatch(word) is not None and not _is_ideographic(word))
        for word in bare
    ]
    if len(words) > 1 and _INITIAL.fullmatch(words[0]):
        return False
    if all(known):
        return bare[-1] not in _TITLES_THAT_ARE_NAMES
    return all(word.islower() for word in words) and any(known[1:])


def _begins_with_article(words: Sequence[str]) -> bool:
    """Whether this is "the", or an article before other than a name: "A neighbour", but not "La Toya"."""
    if _bare(words[0]) == "the" or len(words) == 1 or words[0].islower():
        return words[0].lower() in _ARTICLES
    return words[0].lower() in _ARTICLES and _is_description(words[1])


def _is_description(word: str) -> bool:
    return word[:1].islower() and _bare(word) not in PARTICLES


def _order(parts: Sequence[list[str]]) -> Iterator[list[str]]:
    """Yield the words with the surname last: "Baldwin, Alec" is turned round, "Alec Baldwin, Actor" may be."""
    if not parts:
        return
    first, others = parts[0], [part for part in parts[1:2] if part != parts[0]]
    is_surname = len(first) == 1 or _bare(first[0]) in PARTICLES
    if not (others and is_surname):
        yield first
    yield from ([*other, *first] for other in others)


def _without_titles(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the words after the last title, role or description, and all of them if the title may be a name."""
    begin = 0
    for number, word in enumerate(words[:-1]):
        bare = _bare(word)
        follow = words[number + 1 :]
        title = bare in _TITLES | _ROLES and (bare not in _TITLES_THAT_ARE_NAMES or number == begin or len(follow) > 1)
        title = title and (len(bare) > 1 or number == begin)  # M. Chirac, but Alec M. van der Berg
        if title or (_is_description(word) and any(later[:1].isupper() for later in follow)):
            begin = number + 1
    yield words[begin:]
    if begin and _bare(words[begin - 1]) in _TITLES_THAT_ARE_NAMES:
        yield words


def _with_asides(words: Sequence[str], asides: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Yield the name with a nickname or a former surname in brackets or marks instead of its first or last word."""
    for aside in asides:
        yield [*aside, *words[1:]]
        yield [*words[:-1], *aside]
        yield aside


def _split_words(words: Sequence[str], particles: Particles) -> Iterator[NameWord]:
    """Yield the words of a name, its particles and prefixes written as ``particles`` says.

    A particle that begins the name with a capital is always kept: Al Gore, Van Morrison.
    """
    before = ""
    for number, word in enumerate(words):
        bare = _bare(word)
        is_last = number == len(words) - 1 or "." in word
        if not is_last and particles != "kept" and bare in _PREFIXES:
            before += bare
        elif not is_last and particles != "kept" and bare in PARTICLES and (word.islower() or number):
            before += bare if particles == "joined" else ""
        else:
            for piece in _split_word(word, particles == "joined"):
                yield _fold(before + piece)
                before = ""


def _split_word(word: str, joined: bool) -> list[str]:
    """Return the words of a compound and the letters of initials (J.K., JK); ``joined`` makes one word of them."""
    core = word.strip(_EDGES)
    if joined:
        return [_COMPOUND.sub("", core)]
    has_initials = core.isascii() and core.isalpha() and (core.isupper() or not _VOWEL.search(core.lower()))
    if has_initials and len(core) <= _LONGEST_INITIALS:
        return list(core)
    return [piece for piece in _COMPOUND.split(core) if piece]


def _is_possible(reading: Reading) -> bool:
    """Whether a reading has as many words as a name; one letter alone is none."""
    return 1 < len(reading) <= _MOST_WORDS or (
        len(reading) == 1 and (len(reading[0].text) > 1 or _is_ideographic(reading[0].text))
    )


def _bare(word: str) -> str:
    """Fold a word and leave out its dots, apostrophes and outer punctuation."""
    return fold_text(word.strip(_EDGES)).replace(".", "").replace("'", "")


def _fold(text: str) -> NameWord:
    folded = plain = "".join(letter for letter in fold_text(text) if unicodedata.category(letter)[0] in "LMN")
    for digraph, letter in _DIGRAPHS:
        plain = plain.replace(digraph, letter)
    return NameWord(folded, plain, not text.isascii())


def _is_ideographic(text: str) -> bool:
    return script_of(text) in ("CJK", "HANGUL")


def script_of(text: str) -> str:
    """Return the script of a text by its first letter; Chinese and Japanese are one."""
    name = unicodedata.name(text[:1] or " ", "").partition(" ")[0]
    return "CJK" if name in ("HIRAGANA", "KATAKANA") else name
