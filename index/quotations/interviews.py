"""Find the answers of interviews that are printed as questions and answers: Q: and A:, names, or bold questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from index.quotations.attribution import read_label
from index.quotations.attribution_patterns import NAME
from index.quotations.marks import trim
from index.quotations.names import Attribution, read_phrase, read_tokens
from index.quotations.people import People, name_sentences, surname
from index.quotations.speech_words import SECOND_PERSON, words_of
from index.quotations.unmarked import (
    MARKED_SHARE,
    MarkedSpans,
    Unmarked,
    find_after_colons,
    find_blocks,
    find_indented,
    find_italics,
    speaks_in,
    speaks_in_first_person,
)

QUESTION = "a question, and nobody is named as the one who asks it"
LIST_OF_QUESTIONS = "an answer in a list of questions: nobody is named as the one who gives it"
LABELLED = "words after a name and a colon, without quotation marks: they may be a summary"

MOST_PERSONS = 50
"""Persons of an article with whom labels are compared."""

MOST_OUTSIDE = 100
"""Paragraphs outside the turns of an interview in which these persons are looked for; a long article has so many."""

MARKED_ANSWER = 0.9
"""Of the characters of an answer: with more in quotation marks, these say what is quoted."""

LEAST_QUESTIONS = 2
"""A single bold question is a heading."""

UNSURE = "a paragraph of an interview without names, which may be a question or an answer"

LEAST_PLAIN_QUESTIONS = 3
"""Paragraphs that end in a question mark and have no label; essays and lists ask two in a row."""

PLAIN_SHARE = 0.5
"""Of plain questions: that speak to somebody, and whose answers say I; half of it where the introduction tells of a
conversation.
"""

MOST_PLAIN_PARAGRAPHS = 4
"""For each plain question, with its answer; an essay that asks now and then has more."""

_LABEL = regex.compile(
    rf"""(?:[\[(]?\d{{1,2}}:\d\d(?::\d\d)?[\])]?\s?[-–—]?\s?)?(?P<bold>\*\*|__)?
         (?:(?P<label>(?:{NAME}|\p{{Lu}}{{1,4}}))(?:\s\([^()\n]{{1,40}}\)|\s(?:on|about)\s[^:*\n]{{1,40}})?\s?
             (?:[:：](?:\*\*|__)?|(?:\*\*|__)[:：])
           | (?P<label>[QAFRP]|Pregunta|Respuesta|Frage|Antwort|Question|Answer|Réponse|Domanda|Risposta)\.(?:\*\*|__)?
         )(?:\s+|$)""",
    regex.VERBOSE,
)
_BOLD = regex.compile(r"(?:\*\*|__)(?P<inner>[^\n]+?)(?:\*\*|__)$|\#{1,6}\s(?P<inner>[^\n]+)$")
_BOLD_START = regex.compile(r"(?:\*\*|__)(?P<inner>[^*_\n]+\?)(?:\*\*|__)\s+")
_BYLINE = regex.compile(rf"(?i:posted by|written by|text|words by|by|von|por|par)\s{NAME}[^.!?]*$|{NAME}$")
_LINES = regex.compile(r"[^\n]+")
_ASKS = words_of(
    "q question f frage p pregunta d domanda v vraag interviewer moderator moderatorin host me us reporter"
)
_ANSWERS = words_of("a answer antwort r respuesta réponse risposta antwoord guest")
_LETTERS = _ASKS | _ANSWERS
_TALKS = words_of(
    "spoke speaks talked talks talk talking interview conversation down chatted up met sat speaking q&a chat "
    "told minutes questions entretien gespräch interviewt entrevista conversación"
)
_NO_PERSONS = words_of(
    """full disclosure ingredients note notes update photo photos source sources warning tip tips correction time date
    where when why how pros cons verdict rating price cast director length method serves servings preparation
    instructions directions step steps read related more contact address phone email website hours location
    tickets editor image credit caption video listen watch also see subject from to cc re summary conclusion
    example result results background problem solution location genre label year runtime stars starring writer
    writers"""
)


@dataclass(frozen=True, slots=True)
class _Turn:
    """A line of an interview: its label if it has one, or a question in bold, and the span of its words."""

    paragraph: int
    start: int
    span: tuple[int, int]
    label: str | None
    asks: bool
    question: tuple[int, int] | None = None
    reason: str = QUESTION
    bold: str = ""
    """The mark that ends its words, if they are in bold with the label."""


def find_answers(text: str, paragraphs: Sequence[tuple[int, int]], marked: MarkedSpans) -> Iterator[Unmarked]:
    """Yield the answers of an interview, each paragraph by itself, and the questions as passed over.

    Where no label names anybody, the person answers whom the introduction names.
    """
    turns = list(_read_turns(text, paragraphs))
    persons, answering = _introduced(text, paragraphs, turns) if turns else ([], None)
    labels = Counter(turn.label.casefold() for turn in turns if turn.label and not _is_letter(turn.label))
    named = [turn for turn in turns if turn.label and _is_name(turn.label, labels, persons)]
    lettered = [turn for turn in turns if turn.label and _is_letter(turn.label)]
    bold = [turn for turn in turns if turn.label is None]
    questions = [turn for turn in bold if turn.asks]
    if len({turn.label for turn in lettered}) > 1 and any(turn.asks for turn in lettered):
        kept = [*lettered, *named, *questions]
    elif _is_conversation(text, named):
        kept = [turn for turn in turns if turn.label and labels[turn.label.casefold()] > 1]
        kept += [*named, *questions]
    elif len(questions) >= LEAST_QUESTIONS:
        kept = [*bold, *named]
    elif plain := _read_plain_questions(text, paragraphs, marked):
        kept = plain
        persons, answering = _introduced(text, paragraphs, plain)
    else:
        yield from _single_labels(text, turns, marked, persons)
        return
    kept = sorted(set(kept), key=lambda turn: turn.start)
    yield from _answers(text, paragraphs, kept, marked, persons, answering)


def _read_turns(text: str, paragraphs: Sequence[tuple[int, int]]) -> Iterator[_Turn]:
    for number, (start, end) in enumerate(paragraphs):
        for line in _LINES.finditer(text, start, end):
            place, stop = trim(text, *line.span())
            bold = _BOLD.match(text, place, stop)
            if bold and not _LABEL.match(text, place, stop):
                asks = bold["inner"].rstrip().endswith("?")
                if asks or text[place] != "#":
                    yield _Turn(number, place, (stop, stop), None, asks=asks, question=bold.span("inner"))
            elif begun := _BOLD_START.match(text, place, stop):
                yield _Turn(number, place, (begun.end(), stop), None, asks=True, question=begun.span("inner"))
            elif label := _LABEL.match(text, place, stop):
                name = label["label"]
                letter = name.casefold()
                asks = letter in _ASKS or (letter not in _ANSWERS and text[stop - 1] == "?")
                mark = label["bold"] or ""
                mark = mark if mark and label[0].count(mark) == 1 else ""
                span = _without_bold(text, label.end(), stop, mark)
                yield _Turn(number, place, span, name, asks, bold=mark)


def _read_plain_questions(text: str, paragraphs: Sequence[tuple[int, int]], marked: MarkedSpans) -> list[_Turn]:
    """Read the questions of an interview that is printed without labels, each a paragraph before its answer.

    Between two questions, paragraphs after the answer are its own if they say I; others may be questions too.
    """
    asking = [
        number
        for number, (start, end) in enumerate(paragraphs)
        if text[end - 1] == "?" and (text[start].isalnum() or text[start] in '¿—–“"')
    ]
    asking = [number for number in asking if marked.share(*paragraphs[number]) < MARKED_SHARE]
    unanswered = {number - 1 for number in [*asking, len(paragraphs)]}
    answered = [number for number in asking if number not in unanswered]
    if len(answered) < LEAST_PLAIN_QUESTIONS or answered[-1] - answered[0] > MOST_PLAIN_PARAGRAPHS * len(answered):
        return []
    put = sum(speaks_in(text[slice(*paragraphs[number])], SECOND_PERSON) for number in answered)
    own = sum(_is_own_speech(text, paragraphs[number + 1], marked) for number in answered)
    told = any(token.lower in _TALKS for token in read_tokens(text, 0, paragraphs[answered[0]][0]))
    if min(put, own) < (PLAIN_SHARE / 2 if told else PLAIN_SHARE) * len(answered):
        return []
    turns = [_plain_turn(paragraphs, number, QUESTION) for number in asking]
    for number, following in pairwise(asking):
        turns += [
            _plain_turn(paragraphs, between, UNSURE)
            for between in range(number + 2, following)
            if not _is_own_speech(text, paragraphs[between], marked)
        ]
    return turns


def _plain_turn(paragraphs: Sequence[tuple[int, int]], number: int, reason: str) -> _Turn:
    start, end = paragraphs[number]
    return _Turn(number, start, (end, end), None, asks=True, question=(start, end), reason=reason)


def _is_own_speech(text: str, bounds: tuple[int, int], marked: MarkedSpans) -> bool:
    return marked.share(*bounds) < MARKED_SHARE and speaks_in_first_person(text[slice(*bounds)])


def _without_bold(text: str, start: int, stop: int, mark: str) -> tuple[int, int]:
    """Trim the words after a label, and the mark that ends them if they are in bold with it: **Q: Why?**"""
    start, stop = trim(text, start, stop)
    return trim(text, start, stop - len(mark)) if mark and text.endswith(mark, start, stop) else (start, stop)


def _is_letter(label: str) -> bool:
    return label.casefold() in _LETTERS


def _is_name(label: str, labels: Counter[str], persons: Sequence[str]) -> bool:
    """Whether a label is a person's: one whom the article names, or one that stands before several lines."""
    if any(word.casefold() in _NO_PERSONS for word in label.split()):
        return False
    if _person_of(label, persons) is not None or labels[label.casefold()] > 1:
        return True
    return " " in label and read_label(label).name is not None


def _person_of(label: str, persons: Sequence[str]) -> str | None:
    """Return the person whom a label means by name, surname, first name or initials."""
    for name in persons:
        words = name.split()
        if label.casefold() in (name.casefold(), words[0].casefold(), words[-1].casefold()):
            return name
    initials = [name for name in persons if label.isupper() and label == "".join(word[0] for word in name.split())]
    return initials[0] if len(initials) == 1 and len(label) > 1 else None


def _is_conversation(text: str, named: Sequence[_Turn]) -> bool:
    """Whether labelled lines are speech: at least three, of two persons or more, with a question or a first person."""
    labels = Counter(turn.label for turn in named)
    if len(named) < 3 or len(labels) < 2 or max(labels.values()) < 2:
        return False
    return any(
        text[turn.span[1] - 1 : turn.span[1]] == "?" or speaks_in_first_person(text[slice(*turn.span)])
        for turn in named
    )


def _single_labels(
    text: str, turns: Sequence[_Turn], marked: MarkedSpans, persons: Sequence[str]
) -> Iterator[Unmarked]:
    """Yield single lines "Name: words": speech if the article names the person and they say I, else passed over."""
    for turn in turns:
        if turn.label is None or any(word.casefold() in _NO_PERSONS for word in turn.label.split()):
            continue
        words = text[slice(*turn.span)]
        person, speaks = _person_of(turn.label, persons), speaks_in_first_person(words) or words.endswith("?")
        named = read_label(turn.label).name
        person = person or (named if speaks and named and " " in named else None)
        if (person or speaks) and len(words.split()) > 2 and not marked.within(*turn.span):
            speaker = Attribution(name=person) if person else None
            yield Unmarked(*turn.span, (turn.span,), speaker, None if person and speaks else LABELLED)


def _answers(
    text: str,
    paragraphs: Sequence[tuple[int, int]],
    turns: Sequence[_Turn],
    marked: MarkedSpans,
    persons: Sequence[str],
    answering: str | None,
) -> Iterator[Unmarked]:
    named = {turn.label for turn in turns if turn.label and not _is_letter(turn.label)}
    for row, turn in enumerate(turns):
        following = turns[row + 1] if row + 1 < len(turns) else None
        spans = list(_spans_of(text, paragraphs, turn, following, marked))
        if turn.label is not None and turn.label in named:
            speaker = Attribution(name=_person_of(turn.label, persons) or read_label(turn.label).name or turn.label)
            yield from (
                Unmarked(span[0], span[1], (span,), speaker) for span in spans if marked.share(*span) < MARKED_ANSWER
            )
            continue
        if turn.asks or turn.label is None:
            question = turn.question or turn.span
            yield Unmarked(*question, (question,), None, turn.reason)
            spans = [span for span in spans if span != turn.span] if turn.label is not None else spans
        answer = Attribution(name=answering) if answering else None
        for span in spans if turn.label is None or not turn.asks else []:
            if marked.share(*span) < MARKED_ANSWER:
                reason = None if persons else LIST_OF_QUESTIONS
                yield Unmarked(span[0], span[1], (span,), answer, reason)


def _introduced(
    text: str, paragraphs: Sequence[tuple[int, int]], turns: Sequence[_Turn]
) -> tuple[list[str], str | None]:
    """Return the persons whom the text names outside the turns, and which one its introduction says is interviewed."""
    inside = {turn.paragraph for turn in turns}
    numbers = [number for number in range(len(paragraphs)) if number not in inside][:MOST_OUTSIDE]
    outside = [
        [] if _is_byline(text[slice(*paragraphs[number])]) else read_tokens(text, *paragraphs[number])
        for number in numbers
    ]
    sentences = outside[: turns[0].paragraph]
    named = name_sentences(outside)
    people = People([one for one in named[: len(sentences)] if not one[0] or one[0][0].text != "#"], ())
    persons = list(dict.fromkeys([*people.mentions, *People(named, ()).mentions]))[:MOST_PERSONS]
    title = " ".join(token.text for token in next(filter(None, outside), []))
    in_title = [name for name in people.mentions if name in title or surname(name) in title.split()]
    if len(in_title) == 1:
        return persons, in_title[0]
    for tokens in sentences:
        for row in range(1, len(tokens) - 1):
            if tokens[row].lower in ("to", "with") and tokens[row - 1].lower in _TALKS:
                found = read_phrase(tokens, row + 1)
                if found and found[0].name:
                    return persons, people.full_name(found[0].name)
    return persons, next(iter(people.mentions)) if len(people.mentions) == 1 else people.leading


def _is_byline(paragraph: str) -> bool:
    """Whether a paragraph only names who wrote the text: By Ruth Calder, Posted by Ruth Calder on Monday."""
    return _BYLINE.match(paragraph) is not None


def find_unmarked(text: str, paragraphs: Sequence[tuple[int, int]], marked: MarkedSpans) -> list[Unmarked]:
    """Return all speech without quotation marks, in order and without overlaps; an interview comes first."""
    kinds = (
        find_answers(text, paragraphs, marked),
        find_blocks(text, marked),
        find_italics(text, paragraphs, marked),
        find_indented(text, paragraphs, marked),
        find_after_colons(text, paragraphs, marked),
    )
    ranked = sorted(
        ((one.start, rank, one) for rank, kind in enumerate(kinds) for one in kind), key=lambda entry: entry[:2]
    )
    found: list[Unmarked] = []
    for _, _, one in ranked:
        if not found or one.start >= found[-1].end:
            found.append(one)
    return found


def _spans_of(
    text: str, paragraphs: Sequence[tuple[int, int]], turn: _Turn, following: _Turn | None, marked: MarkedSpans
) -> Iterator[tuple[int, int]]:
    """Yield the words of a turn and the paragraphs after it up to the next turn; the last turn ends at a narration."""
    first = turn.span[0]
    stop = following.start if following else paragraphs[turn.paragraph][1]
    end = min(stop, paragraphs[turn.paragraph][1])
    span = _without_bold(text, first, max(first, end), turn.bold)
    answered = span[0] < span[1]
    if answered:
        yield span
    for start, end in paragraphs[turn.paragraph + 1 : following.paragraph if following else None]:
        begins = text[start : start + 2]
        if begins[:1] in ("#", "*", "_", "—", "–", "-", "©") or text[start:end].startswith(("Photo", "Image")):
            return
        if (
            following is None
            and answered
            and (marked.within(start, end) or not speaks_in_first_person(text[start:end]))
        ):
            return
        answered = True
        yield start, end
