"""Correct names that were recognised as something that sounds alike, by a glossary; the original words are kept.

An ordinary word of the language is never taken for a misrecognised name, unless the glossary lists it or it is written
as part of one. Ordinary are the words in pyspellchecker's lists (from OpenSubtitles, Lison and Tiedemann 2016).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import regex
from rapidfuzz.distance import Levenshtein

from index.language.phonetics import sound_of
from index.language.spelling import WORD_LISTS, ordinary_words
from index.language.tokens import fold_words
from index.transcript import Segment, Transcript, Word
from pipeline.transcription.glossary import Glossary

SHORTEST_NAME = 4  # letters: shorter names sound like too many words
MOST_WORDS = 3  # that one name may be recognised as, unless it or one of its forms has more
LONG_NAME = 9  # letters, with doubled ones and groups of vowels as one: from here on the distance may be 2, else 1

_PARTS = regex.compile(r"([^\p{L}\p{N}]*+)((?:.*[\p{L}\p{N}])?)([^\p{L}\p{N}]*)", regex.DOTALL)
_CONSONANTS = (("ph", "f"), ("ck", "k"), ("c", "k"), ("q", "k"), ("v", "f"), ("z", "s"), ("h", ""))
_VOWELS = regex.compile(r"[aeiouy]+")
_DOUBLED = regex.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class _WordParts:
    """A recognised word in parts: punctuation before it, the word itself, a possessive, punctuation after it; and the
    word folded."""

    lead: str
    core: str
    possessive: str
    tail: str
    folded: str
    ordinary: bool


@dataclass(frozen=True, slots=True)
class _Target:
    """A possible correction: the words of a name, or one of them that is not an ordinary word."""

    words: tuple[str, ...]
    folded: tuple[str, ...]


def correct_names(transcript: Transcript, glossary: Glossary) -> Transcript:
    """Return the transcript with names as in the glossary. A corrected word keeps its times and original (``heard``).

    Several words that are one name may become one word, with their whole time and their lowest probability.
    """
    corrector = _Corrector(glossary, transcript.language)
    words: list[Word] = []
    segments = []
    for segment in transcript.segments:
        first = len(words)
        words += corrector.correct(transcript.words[segment.first : segment.last + 1])
        segments.append(Segment(first, len(words) - 1, segment.speaker, segment.flags))
    return replace(transcript, words=tuple(words), segments=tuple(segments))


class _Corrector:
    """A glossary prepared for one language."""

    def __init__(self, glossary: Glossary, language: str | None) -> None:
        self._is_ordinary = _dictionary(language)
        # German writes every noun with a capital, so capitals do not mark names.
        self._capitals_tell = language != "de"
        self._forms: dict[str, tuple[str, ...]] = {}
        targets: dict[tuple[str, ...], _Target] = {}
        for name in glossary.names:
            words = tuple(name.text.split())
            targets[words] = _Target(words, tuple(map(_letters_of, words)))
            for form in name.forms:
                self._forms[" ".join(map(_letters_of, form.split()))] = words
        for whole in list(targets.values()):
            for word, folded in zip(whole.words, whole.folded, strict=True):
                if len(whole.words) > 1 and len(folded) >= SHORTEST_NAME and not self._is_ordinary(folded):
                    targets.setdefault((word,), _Target((word,), (folded,)))
        self._targets = tuple(targets.values())
        self._spelled = {target.folded: target for target in self._targets}
        longest = [len(target.words) for target in self._targets] + [len(form.split()) for form in self._forms]
        self._longest = max(MOST_WORDS, *longest)

    def correct(self, words: Sequence[Word]) -> Iterator[Word]:
        """Correct the words of one sentence from left to right."""
        heard = [self._take_apart(word) for word in words]
        place = 0
        while place < len(words):
            count, name = self._best(heard, place)
            if name is None:
                yield words[place]
            else:
                yield from _rewrite(words[place : place + count], heard[place : place + count], name)
            place += count

    def _take_apart(self, word: Word) -> _WordParts:
        match = _PARTS.fullmatch(word.text)
        assert match is not None
        lead, core, tail = match.groups()
        possessive = core[-2:] if core.endswith(("'s", "\u2019s")) else ""
        core = core.removesuffix(possessive)
        if (_letters_of(core + possessive),) in self._spelled:
            core, possessive = core + possessive, ""
        folded = _letters_of(core)
        return _WordParts(lead, core, possessive, tail, folded, not folded or self._is_ordinary(folded))

    def _best(self, heard: Sequence[_WordParts], place: int) -> tuple[int, tuple[str, ...] | None]:
        """The number of words from ``place`` on that are a name, and that name; 1 and None if there is none."""
        best: tuple[float, int, tuple[str, ...]] | None = None
        for count in range(1, min(self._longest, len(heard) - place) + 1):
            run = heard[place : place + count]
            if count > 1 and not _stand_together(run[-2], run[-1]):
                break
            if not run[0].folded:
                break
            listed = self._forms.get(" ".join(word.folded for word in run))
            exact = self._spelled.get(tuple(word.folded for word in run))
            if listed is not None:
                best = min(best or (9, 0, ()), (-count, count, listed))
            elif exact is not None:
                if count == 1 and run[0].ordinary:
                    continue
                best = min(best or (9, 0, ()), (-count, count, exact.words))
            elif count <= MOST_WORDS:
                for distance, name in self._alike(run):
                    best = min(best or (9, 0, ()), (distance, count, name))
        return (best[1], best[2]) if best else (1, None)

    def _alike(self, run: Sequence[_WordParts]) -> Iterator[tuple[float, tuple[str, ...]]]:
        """The names that a run of words sounds like, each with its distance."""
        if len(run) == 1 and run[0].ordinary:
            return
        # A word that is spelled as in the glossary is not another name misrecognised.
        if any((word.folded,) in self._spelled and not word.ordinary for word in run):
            spelled = {word.folded for word in run if (word.folded,) in self._spelled}
        else:
            spelled = set()
        for target in self._targets:
            if not spelled <= set(target.folded):
                continue
            if len(run) == len(target.words):
                distance = self._word_by_word(run, target)
            elif abs(len(run) - len(target.words)) <= 2 and not all(word.ordinary for word in run):
                distance = sound_distance("".join(word.folded for word in run), "".join(target.folded))
            else:
                distance = None
            if distance is not None:
                yield distance, target.words

    def _word_by_word(self, run: Sequence[_WordParts], target: _Target) -> float | None:
        total = 0.0
        for number, (word, wanted) in enumerate(zip(run, target.folded, strict=True)):
            if word.folded == wanted:
                continue
            if word.ordinary:
                # "Helen March" is written as a name, and half of it is a name of the glossary.
                written_as_name = self._capitals_tell and number > 0 and all(w.core[:1].isupper() for w in run)
                kept = any(w.folded == right for w, right in zip(run, target.folded, strict=True))
                if not (written_as_name and kept):
                    return None
            distance = sound_distance(word.folded, wanted)
            if distance is None:
                return None
            total += distance
        return total


def _stand_together(word: _WordParts, following: _WordParts) -> bool:
    return not (word.tail or word.possessive or following.lead.strip()) and bool(following.folded)


def _rewrite(words: Sequence[Word], heard: Sequence[_WordParts], name: tuple[str, ...]) -> Iterator[Word]:
    """The words of a run replaced by those of the name: one by one if there are as many, else those that differ by one
    word."""
    if len(words) != len(name):
        before = 0
        while before < min(len(words), len(name)) - 1 and heard[before].folded == _letters_of(name[before]):
            before += 1
        yield from _rewrite(words[:before], heard[:before], name[:before])
        words, heard, rest = words[before:], heard[before:], " ".join(name[before:])
        probabilities = [word.probability for word in words if word.probability is not None]
        yield Word(
            f"{heard[0].lead}{rest}{heard[-1].possessive}{heard[-1].tail}",
            words[0].start,
            max(word.end for word in words),
            min(probabilities) if probabilities else None,
            "".join(word.text for word in words)[len(heard[0].lead) :].removesuffix(heard[-1].tail),
        )
        return
    for word, parts, written in zip(words, heard, name, strict=True):
        if parts.core == written:
            yield word
        else:
            text = f"{parts.lead}{written}{parts.possessive}{parts.tail}"
            yield replace(word, text=text, heard=f"{parts.core}{parts.possessive}")


def sound_distance(heard: str, name: str) -> float | None:
    """The distance in sound of two folded words; None if it is too large for one to be the other misrecognised.

    It is the sum of the edit distances of their sounds (Metaphone) and of their letters with all vowels alike.
    """
    if len(name) < SHORTEST_NAME:
        return None
    heard_code, code = _code(heard), _code(name)
    if not code or heard_code[:1] != code[:1]:
        return None
    sounds = Levenshtein.distance(heard_code, code)
    if sounds > (1 if len(code) >= SHORTEST_NAME else 0):
        return None
    skeleton = _skeleton(name)
    distance = sounds + Levenshtein.distance(_skeleton(heard), skeleton)
    if distance > (2 if len(skeleton) >= LONG_NAME else 1):
        return None
    # Of names that sound the same, the one with the nearest letters is taken.
    return distance + Levenshtein.normalized_distance(heard, name) / 2


def _code(word: str) -> str:
    """The word's Metaphone code, with a vowel at its start, the only one that Metaphone keeps, as A."""
    return _VOWELS.sub("A", sound_of(word).lower()).upper()


def _skeleton(word: str) -> str:
    """The letters, with all vowels alike and consonants of one sound alike."""
    for letters, sound in _CONSONANTS:
        word = word.replace(letters, sound)
    return _DOUBLED.sub(r"\1", _VOWELS.sub("a", word))


def _letters_of(word: str) -> str:
    return fold_words(word).replace(" ", "")


def _dictionary(language: str | None) -> Callable[[str], bool]:
    if language is None or language not in WORD_LISTS:  # then only a glossary's listed forms are corrected
        return lambda _: True
    words = ordinary_words(language)
    # A regular plural or possessive of an ordinary word is ordinary too, and so is whatever holds a digit.
    return lambda word: (
        word in words or word.removesuffix("s") in words or any(character.isdigit() for character in word)
    )
