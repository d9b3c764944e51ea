"""Find who says something in a clause: the subject of a reporting verb, before it, after it, or in a passive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import regex

from index.quotations.names import MOST_PHRASE_WORDS, Attribution, Token, read_phrase
from index.quotations.speech_words import (
    ACCORDING_TO,
    ADVERBS,
    AUXILIARIES,
    GESTURES,
    GOVERNING,
    INVERTED_PRONOUNS,
    PARTICIPLES,
    PASSIVES,
    PREPOSITIONS,
    PRESENT_PARTICIPLES,
    SAYING,
    VERBS,
    words_of,
)
from index.quotations.subjects import (
    ends_phrase,
    is_organisation,
    named_by_apposition,
    read_owner,
    read_sentence_subject,
    read_signer,
    read_subject_after,
    read_subject_before,
    skip_complements,
    skip_hearsay,
)

_BEFORE_NOUN = words_of("the a an this these those same own other last my our your its no any each every such")
_ACCORDING = regex.compile("|".join(map(regex.escape, ACCORDING_TO)), regex.IGNORECASE)
_PER = regex.compile("Per(?= )")
"""At the beginning of a sentence: Per her lawyer, Ms Hale is innocent."""
_INVERTED = regex.compile(rf"-(?:t-)?({'|'.join(sorted(INVERTED_PRONOUNS))})$")
_CLITICS = words_of("le les me te se nos lui leur m'a lo la ihm ihr mir gli mi ci")
"""Objects between a subject and its verb, or before a verb whose subject follows: le contestó Keller."""

_TELLS_OF = words_of(
    "recalled recalls recalling remembered remembers quoted quotes quoting heard hears described describes imagined"
)
"""With a person and a verb of saying they tell whose words are quoted: Okafor recalled Marsh telling him."""

_INFINITIVES = words_of("say tell ask add reply answer shout explain whisper admit call")
_NONFINITE = PRESENT_PARTICIPLES | _INFINITIVES
_AUXILIARY = AUXILIARIES | ADVERBS | {"as"}
_OBJECTS = words_of("him her them me us")
_THAT = words_of("that how dass que")

_DROPS = VERBS["es"] | VERBS["it"] | VERBS["pt"]
"""Verbs that need no pronoun: «Aquí no ha cambiado ni el frío», dice."""

_MOST_APPOSITION = 24
"""Words between the commas of an apposition: "Keller, who has hosted the show for more than twenty years, said"."""


def read_attribution_after(tokens: Sequence[Token]) -> Attribution | None:
    """Read the speaker from the words directly after a quotation: said Keller, Keller told us, according to Keller."""
    row = 0
    while row < len(tokens) and not tokens[row].is_word and tokens[row].text in ",.;:–—-()]…!?":
        row += 1
    if row >= len(tokens):
        return None
    if (according := _read_according(tokens, row)) is not None:
        return according
    here = tokens[row]
    if tokens[0].text == "(" and (named := read_phrase(tokens, 1)) and tokens[named[1] : named[1] + 1]:
        return named[0] if named[0].name and tokens[named[1]].text == ")" else None
    if tokens[0].text == ":":
        named = read_phrase(tokens, row)
        return named[0] if named and named[0].name else None
    if here.lower in ("is", "was") and row + 1 < len(tokens) and tokens[row + 1].lower in ("how", "what"):
        return _read_subject_first(tokens, row + 2, GOVERNING)
    if here.lower in _CLITICS and row + 1 < len(tokens) and tokens[row + 1].lower in SAYING:
        row += 1
        here = tokens[row]
    if here.lower in ("so", "aldus"):
        named = read_phrase(tokens, row + 1)
        return named[0] if named and named[0].name and ends_phrase(tokens, named[1]) else None
    if here.lower == "as":
        return _read_subject_first(tokens, row + 1, SAYING)
    if here.lower == "in" or (
        here.lower == "to" and row + 1 < len(tokens) and tokens[row + 1].lower in ("use", "quote")
    ):
        return read_owner(tokens[row + 1 : row + MOST_PHRASE_WORDS])
    if inverted := _INVERTED.search(here.lower):
        return Attribution(pronoun=inverted[1], start=here.start)
    verb = _verb_end(tokens, row)
    if verb is not None:
        return _read_inverted(tokens, verb)
    return _read_subject_first(tokens, row, SAYING)


def _read_according(tokens: Sequence[Token], row: int) -> Attribution | None:
    """Read "according to Keller" from ``row`` on."""
    window = " ".join(token.text for token in tokens[row : row + 4])
    match = _ACCORDING.match(window) or _PER.match(window)
    if match is None or (match.end() < len(window) and window[match.end()].isalnum()):
        return None
    first = row + len(match.group().split())
    found = read_phrase(tokens, first)
    return named_by_apposition(tokens, *found) if found else None


def _verb_end(tokens: Sequence[Token], row: int) -> int | None:
    """Return the row after the reporting verb at ``row``, with its auxiliary; None if there is no such verb."""
    here = tokens[row]
    if here.lower in AUXILIARIES and not here.is_capital:
        for later in (row + 1, row + 2):
            if later < len(tokens) and tokens[later].lower in PARTICIPLES:
                return later + 1
    if here.lower in SAYING and not (here.is_capital and here.lower not in ("said", "says")):
        return row + 1
    return None


def _read_inverted(tokens: Sequence[Token], row: int) -> Attribution | None:
    """Read the subject after a verb: said the actor David Duchovny on Monday."""
    if row < len(tokens) and tokens[row].lower == "by":
        row += 1
    found = read_phrase(tokens, row)
    if found is None:
        ends = row >= len(tokens) or not tokens[row].is_word
        return (
            Attribution(pronoun="", start=tokens[row - 1].start) if ends and tokens[row - 1].lower in _DROPS else None
        )
    if tokens[row].lower == "a" and tokens[row - 1].lower in _DROPS:  # dijo a este diario
        return Attribution(pronoun="", start=tokens[row - 1].start)
    speaker, end = found
    if tokens[row].lower == "it" or (speaker.name and not ends_phrase(tokens, end)):
        return Attribution(start=tokens[row].start)
    return (speaker.is_thing and read_signer(tokens[end:])) or named_by_apposition(tokens, speaker, end)


def _read_subject_first(tokens: Sequence[Token], row: int, verbs: frozenset[str]) -> Attribution | None:
    """Read a subject and its verb from ``row`` on: Keller, who hosts the show, later told us."""
    found = read_phrase(tokens, row)
    if found is None:
        return None
    speaker, end = found
    speaker = named_by_apposition(tokens, speaker, end)
    end = skip_complements(tokens, end)
    for _ in range(4):
        if (verb := _verb_after(tokens, end, verbs)) is not None:
            row, speaks = verb
            return _read_hearsay(tokens, row) or (speaker if speaks else Attribution(start=speaker.start))
        after = _skip_apposition(tokens, end)
        if after is None:
            return None
        if speaker.name and is_organisation(tokens[end + 1 : after]):
            speaker = Attribution(start=speaker.start)
        end = after
    return None


def _skip_apposition(tokens: Sequence[Token], row: int) -> int | None:
    """Return the row after the apposition or the bracket that begins at ``row``."""
    if row >= len(tokens) or tokens[row].text not in (",", "(", "—", "–"):
        return None
    closing = ")" if tokens[row].text == "(" else tokens[row].text
    for later in range(row + 1, min(len(tokens), row + 2 + _MOST_APPOSITION)):
        if tokens[later].text == closing:
            return later + (closing == ")")
        if tokens[later].text in ".;:!?":
            return None
    return None


def _read_hearsay(tokens: Sequence[Token], verb: int) -> Attribution | None:
    """Read who speaks in what somebody tells of: Okafor recalled Marsh telling him, said Marsh had told him.

    It is a person without a name if it is a pronoun (recalled him telling her).
    """
    row = verb + 1
    if row < len(tokens) and tokens[row].lower in ("that", "how"):
        row += 1
    if row >= len(tokens):
        return None
    found = read_phrase(tokens, row)
    end = found[1] if found else row + 1
    if found is None and tokens[row].lower not in _OBJECTS:
        return None
    if found and (after := _skip_apposition(tokens, end)) is not None:
        found, end = (named_by_apposition(tokens, *found), after), after + 1
    while end < len(tokens) and tokens[end].lower in _AUXILIARY:
        end += 1
    if end >= len(tokens):
        return None
    said = tokens[end].lower
    if tokens[verb].lower in _TELLS_OF and (said in PRESENT_PARTICIPLES or said in _INFINITIVES):
        return replace(found[0], is_hearsay=True) if found else Attribution(start=tokens[row].start)
    if found and (said in SAYING or said in PARTICIPLES) and tokens[end - 1].lower not in PREPOSITIONS:
        return replace(found[0], is_hearsay=True) if found[0].name or found[0].pronoun else None
    return None


def _verb_after(tokens: Sequence[Token], row: int, verbs: frozenset[str]) -> tuple[int, bool] | None:
    """Return the row of the clause's verb, and whether its subject speaks there: not in a passive."""
    passive = False
    while row < len(tokens) and tokens[row].text == ",":
        row += 1
    row = skip_hearsay(tokens, row)
    for later in range(row, min(len(tokens), row + 4)):
        token = tokens[later]
        if token.lower in verbs:
            return later, not passive or token.lower == "quoted"
        if token.lower in PASSIVES:
            passive = True
        elif not (token.lower in _AUXILIARY or token.lower.endswith("ly") or token.lower in PARTICIPLES):
            return None
    return None


def read_attributions_before(tokens: Sequence[Token]) -> Iterator[Attribution]:
    """Yield the subjects of the reporting and thinking verbs in the words before a quotation, the nearest first."""
    for row in range(len(tokens) - 1, -1, -1):
        token = tokens[row]
        if (according := _read_according(tokens, row)) is not None:
            yield according
        elif token.lower == "so" and (named := read_phrase(tokens, row + 1)) and named[0].name:
            if named[1] >= len(tokens) - 1:
                yield named[0]
        elif row and tokens[row - 1].lower in _BEFORE_NOUN:
            continue  # the same thought, her remarks
        elif row == len(tokens) - 1 and token.lower in GESTURES:
            continue  # wrote that Lind sang “as if he were at home”
        elif (token.lower in GOVERNING or _has_auxiliary(tokens, row)) and (
            not token.is_capital or row == 0 or token.lower in ("says", "said")
        ):
            found = read_subject_before(tokens, row) or read_subject_after(tokens, row)
            if found is not None:
                yield replace(found, is_hearsay=found.is_hearsay or _is_told(tokens, found))
        elif token.lower in _NONFINITE and (teller := _teller_before(tokens, row)) is not None:
            yield _read_hearsay(tokens, teller) or Attribution(start=token.start)
            return
        elif token.lower in PRESENT_PARTICIPLES and row and (subject := read_sentence_subject(tokens[:row])):
            yield replace(subject, inferred=True)


def _teller_before(tokens: Sequence[Token], row: int) -> int | None:
    """Return the row of the verb whose object does what the verb at ``row`` says: recalled Marsh telling him."""
    for earlier in range(row - 1, max(-1, row - 1 - 2 * MOST_PHRASE_WORDS), -1):
        if not tokens[earlier].is_word and tokens[earlier].text != ",":
            return None
        if tokens[earlier].lower in _TELLS_OF:
            has_object = read_phrase(tokens, earlier + 1) or tokens[earlier + 1].lower in _OBJECTS
            return earlier if has_object and earlier < row - 1 else None
    return None


def _is_told(tokens: Sequence[Token], found: Attribution) -> bool:
    """Whether somebody else tells that a person said it: Keller revealed (that) Okafor had told them."""
    before = [token for token in tokens if token.start < found.start][-2:]
    if before and before[-1].lower in _THAT:
        before.pop()
    return bool(before) and before[-1].lower in SAYING


def _has_auxiliary(tokens: Sequence[Token], row: int) -> bool:
    return tokens[row].lower in PARTICIPLES and any(one.lower in AUXILIARIES for one in tokens[max(0, row - 2) : row])
