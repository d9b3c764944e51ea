"""Make test quotations from transcripts, each of one kind, with the expected verdicts."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.quotes_materials import Talk

from index.language.common_words import COMMON_WORDS
from index.language.phonetics import sound_of
from index.language.tokens import stem_token, tokenize

SHORTEST, LONGEST = 6, 25  # words
APART = 60  # words between the two places of a splice, at least
MOST_TRIES = 400  # draws of an episode and a place for one quotation

_HUMS = {"um", "uh", "er", "erm", "hmm"}
_ASIDES = ("you know,", "i mean,", "like,")
_NEGATIONS = {"not", "never"}
_HIDDEN = re.compile(r"n't$|^(?:not|no|never|nothing|nobody|none|nor|neither|nowhere|without|cannot|hardly|barely)$")
_NUMBER_TEXT = "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty"
_NUMBERS = _NUMBER_TEXT.split()

_SCALES = {"hundred", "thousand", "million", "billion", "trillion", "point", "percent"}


@dataclass(frozen=True, slots=True)
class Made:
    """A quotation, its kind, its source words (both included) and episode, and the expected verdicts."""

    text: str
    how: str
    talk: int
    places: tuple[tuple[int, int], ...]
    kinds: frozenset[str]


Maker = Callable[[Talk, int, int, random.Random, Sequence[str]], "tuple[str, tuple[tuple[int, int], ...]] | None"]


def make_quotations(
    talks: Sequence[Talk], numbers: Sequence[int], how: str, count: int, seed: int, words: Sequence[str]
) -> list[Made]:
    """Make up to ``count`` quotations from the talks of these numbers; ``words`` are substitutes for content words."""
    maker, kinds = MAKERS[how]
    choose = random.Random(f"{seed} {how}")
    made: list[Made] = []
    for _ in range(count * MOST_TRIES):
        if len(made) == count:
            break
        number = choose.choice(numbers)
        talk = talks[number]
        length = choose.randint(SHORTEST, LONGEST)
        if len(talk.words) < 4 * LONGEST:
            continue
        first = choose.randrange(len(talk.words) - 3 * LONGEST)
        if choose.random() < 0.6:
            first = _sentence_start(talk, first)
        if any(_in_number(talk, border) for border in (first, first + length)):
            continue
        quoted = maker(talk, first, first + length - 1, choose, words)
        if quoted and len(tokenize(quoted[0])) >= SHORTEST and quoted[1][-1][1] < len(talk.words):
            made.append(Made(quoted[0], how, number, quoted[1], kinds))
    return made


def _sentence_start(talk: Talk, first: int) -> int:
    return next((n + 1 for n in range(first, first + LONGEST) if talk.words[n].endswith((".", "?", "!"))), first)


def _in_number(talk: Talk, number: int) -> bool:
    """Whether a border before this word would split a number, such as 235 | thousand."""
    return (
        any(map(str.isdigit, talk.words[number - 1]))
        and bool(tokenize(talk.words[number]))
        and (tokenize(talk.words[number])[0] in _SCALES)
    )


def _within_turn(talk: Talk, first: int, last: int) -> bool:
    return talk.turns[first] == talk.turns[last]


def _text(talk: Talk, first: int, last: int) -> str:
    return " ".join(talk.words[first : last + 1])


def _as_it_is(talk: Talk, first: int, last: int, *_: object) -> tuple[str, tuple[tuple[int, int], ...]] | None:
    return (_text(talk, first, last), ((first, last),)) if _within_turn(talk, first, last) else None


def _over_sentences(talk: Talk, first: int, last: int, *_: object) -> tuple[str, tuple[tuple[int, int], ...]] | None:
    middle = range(first + 2, last - 2)
    crosses = any(talk.words[n].endswith((".", "?", "!")) for n in middle)
    return (_text(talk, first, last), ((first, last),)) if crosses and _within_turn(talk, first, last) else None


def _over_speakers(talk: Talk, first: int, last: int, *_: object) -> tuple[str, tuple[tuple[int, int], ...]] | None:
    return (_text(talk, first, last), ((first, last),)) if not _within_turn(talk, first, last) else None


def _without_fillers(talk: Talk, first: int, last: int, *_: object) -> tuple[str, tuple[tuple[int, int], ...]] | None:
    if not _within_turn(talk, first, last):
        return None
    kept: list[int] = []
    number = first
    while number <= last:
        set_apart = number > 0 and talk.words[number - 1].endswith((",", ".", "?", "!"))
        aside = next((a for a in _ASIDES if _text(talk, number, number + a.count(" ")).lower() == a), None)
        if aside and set_apart:
            number += 1 + aside.count(" ")
        elif talk.words[number].lower().strip(",.…") in _HUMS:
            number += 1
        else:
            kept.append(number)
            number += 1
    # An ellipsis in the transcript would count as a mark of omission.
    if any("..." in talk.words[n] or "…" in talk.words[n] for n in range(first - 1, last + 1)):
        return None
    if not kept or kept[0] != first or kept[-1] != last or len(kept) == last + 1 - first:
        return None
    return " ".join(talk.words[n] for n in kept), ((first, last),)


def _with_dots(
    talk: Talk, first: int, last: int, choose: random.Random, _: object
) -> tuple[str, tuple[tuple[int, int], ...]] | None:
    omitted = choose.randint(3, 12)
    begin = first + choose.randint(4, max(4, last - first - 4))
    end = begin + omitted
    last += omitted
    if last >= len(talk.words) or not _within_turn(talk, first, last) or end + 3 > last:
        return None
    if any(_HIDDEN.search(token) for word in talk.words[begin:end] for token in tokenize(word)):
        return None
    dots = choose.choice(("...", "…", "[...]"))
    return f"{_text(talk, first, begin - 1)} {dots} {_text(talk, end, last)}", ((first, last),)


def _content_changed(
    talk: Talk, first: int, last: int, choose: random.Random, words: Sequence[str]
) -> tuple[str, tuple[tuple[int, int], ...]] | None:
    common = COMMON_WORDS["en"]
    content = [
        n for n in range(first, last + 1) if re.fullmatch(r"[a-z]{4,}", talk.words[n]) and talk.words[n] not in common
    ]
    if not content or not _within_turn(talk, first, last):
        return None
    place = choose.choice(content)
    other = choose.choice(words)
    same = sound_of(other) == sound_of(talk.words[place]) or stem_token(other, "en") == stem_token(
        talk.words[place], "en"
    )
    return None if same else (_changed(talk, first, last, place, other), ((first, last),))


def _negation_dropped(
    talk: Talk, first: int, last: int, choose: random.Random, _: object
) -> tuple[str, tuple[tuple[int, int], ...]] | None:
    places = [
        n for n in range(first + 1, last) if talk.words[n].lower() in _NEGATIONS or re.search(r"n['’]t$", talk.words[n])
    ]
    if not places or not _within_turn(talk, first, last):
        return None
    place = choose.choice(places)
    word = talk.words[place]
    whole = {"can't": "can", "won't": "will", "shan't": "shall", "ain't": "is"}
    left = (
        whole.get(word.lower().replace("’", "'"), re.sub(r"n['’]t$", "", word))
        if word.lower() not in _NEGATIONS
        else ""
    )
    return " ".join(_changed(talk, first, last, place, left).split()), ((first, last),)


def _number_changed(
    talk: Talk, first: int, last: int, choose: random.Random, _: object
) -> tuple[str, tuple[tuple[int, int], ...]] | None:
    places = [
        n for n in range(first, last + 1) if re.fullmatch(r"\d+[,.]?", talk.words[n]) or talk.words[n] in _NUMBERS
    ]
    if not places or not _within_turn(talk, first, last):
        return None
    place = choose.choice(places)
    old = talk.words[place].rstrip(",.")
    if old.isdigit():
        new = str(int(old) + choose.choice((1, 2, 5, 10)))
    else:
        new = choose.choice([number for number in _NUMBERS if number != old])
    return _changed(talk, first, last, place, new), ((first, last),)


def _changed(talk: Talk, first: int, last: int, place: int, other: str) -> str:
    return " ".join(other if n == place else talk.words[n] for n in range(first, last + 1))


def _spliced(
    talk: Talk, first: int, _last: int, choose: random.Random, _: object
) -> tuple[str, tuple[tuple[int, int], ...]] | None:
    length = choose.randint(SHORTEST, 12)
    one = (first, first + length - 1)
    start = _sentence_start(talk, choose.randrange(len(talk.words) - 3 * LONGEST))
    two = (start, start + choose.randint(SHORTEST, 12) - 1)
    if abs(two[0] - one[0]) < APART or not _within_turn(talk, *one) or not _within_turn(talk, *two):
        return None
    text = f"{_text(talk, *one)} {_text(talk, *two)}"
    # An ellipsis in the transcript would count as a mark of omission between the two.
    return None if "..." in text or "…" in text else (text, (one, two))


MAKERS: dict[str, tuple[Maker, frozenset[str]]] = {
    "as it is": (_as_it_is, frozenset({"verbatim"})),
    "over a sentence border": (_over_sentences, frozenset({"verbatim"})),
    "over a speaker border": (_over_speakers, frozenset({"verbatim"})),
    "with three dots": (_with_dots, frozenset({"verbatim"})),
    "fillers removed": (_without_fillers, frozenset({"cleaned"})),
    "a content word changed": (_content_changed, frozenset({"altered"})),
    "a negation dropped": (_negation_dropped, frozenset({"altered"})),
    "a number changed": (_number_changed, frozenset({"altered"})),
    "two places spliced": (_spliced, frozenset({"spliced"})),
}
ELSEWHERE = "from elsewhere"
FROM_ELSEWHERE = frozenset({"not found", "paraphrase"})


def make_elsewhere(talks: Sequence[Talk], count: int, seed: int, library: Sequence[str]) -> Iterator[Made]:
    """Yield quotations that do not occur in ``library``: the texts of its talks as joined tokens."""
    for made in make_quotations(talks, range(len(talks)), "as it is", count, seed, ()):
        sought = f" {' '.join(tokenize(made.text))} "
        if not any(sought in text for text in library):
            yield Made(made.text, ELSEWHERE, -1, (), FROM_ELSEWHERE)
