"""Find the subject of a sentence or of a reporting verb, and whose words a phrase names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from index.quotations.name_words import (
    COPULAS,
    DETERMINERS,
    KIN,
    NOT_NAMES,
    ORGANISATION_NOUNS,
    POSSESSIVES,
    ROLES,
    TIMES,
)
from index.quotations.names import MOST_PHRASE_WORDS, Attribution, Token, is_role, read_phrase
from index.quotations.speech_words import (
    ADVERBS,
    AUXILIARIES,
    CONJUNCTIONS,
    GOVERNING,
    PASSIVES,
    PREPOSITIONS,
    PRESENT_PARTICIPLES,
    PRONOUNS,
    SAYING,
    SPEECH_NOUNS,
    SUBORDINATORS,
    words_of,
)

_CLITICS = words_of("le les me te se nos lui leur m'a lo la ihm ihr mir gli mi ci misma mismo selbst")
"""Stand between a subject and its verb in other languages: ella misma le dijo."""

_BETWEEN = ADVERBS | AUXILIARIES | PASSIVES | _CLITICS
_BOUNDARY = PREPOSITIONS | CONJUNCTIONS | words_of("than not")
_AFTER_A_NAME = _BOUNDARY | ADVERBS | NOT_NAMES

_MOST_APPOSITION = 24
"""Words between the commas of an apposition: "Keller, who has hosted the show for more than twenty years, said"."""


def ends_phrase(tokens: Sequence[Token], row: int) -> bool:
    """Whether what follows a name can follow it: the end, punctuation, or a word that begins something new."""
    if row >= len(tokens) or not tokens[row].is_word:
        return row >= len(tokens) or tokens[row].text not in "'’"
    token = tokens[row]
    return token.lower in _AFTER_A_NAME or token.lower.endswith("ly") or not token.is_capital


def named_by_apposition(tokens: Sequence[Token], speaker: Attribution, end: int) -> Attribution:
    """Return who is named beside a person without a name: a spokesman, John Smith, said; the coach is John Smith.

    A description may have a complement that is no person: the mayor of Leeds, Anna Keller.
    """
    if speaker.name or speaker.pronoun or speaker.is_thing:
        return speaker
    after = skip_complements(tokens, end)
    persons = any(is_role(token) for token in tokens[end:after])
    end = end if persons and speaker.role not in KIN else after
    if end >= len(tokens):
        return speaker
    if tokens[end].lower == "who" and (name := _given_name(tokens, end)):
        return name
    if tokens[end].text != "," and tokens[end].lower not in COPULAS:
        return speaker
    found = read_phrase(tokens, end + 1)
    if found and found[0].name and (found[1] >= len(tokens) or _ends_apposition(tokens[found[1]])):
        return found[0]
    return speaker


def _given_name(tokens: Sequence[Token], row: int) -> Attribution | None:
    """Read the name that is given of somebody: who gave his name as Dave, identified by a neighbour as Dave."""
    for later in range(row + 1, min(len(tokens), row + 7)):
        if tokens[later].lower == "as" and any(token.lower in _NAMING for token in tokens[row:later]):
            found = read_phrase(tokens, later + 1)
            return found[0] if found and found[0].name else None
    return None


def read_signer(tokens: Sequence[Token]) -> Attribution | None:
    """Read who signed what is quoted: a note on the door, signed by Bell."""
    for row in range(len(tokens) - 2):
        if tokens[row].lower == "signed" and tokens[row + 1].lower == "by":
            found = read_phrase(tokens, row + 2)
            return found[0] if found and found[0].name else None
    return None


def read_source(tokens: Sequence[Token]) -> Attribution | None:
    """Read from whom words are: Keller's answer, a note signed by Keller, a statement from or the words of Keller."""
    if known := read_owner(tokens) or read_signer(tokens):
        return known
    for row, token in enumerate(tokens[:-2]):
        link = tokens[row + 1].lower
        if token.lower not in SPEECH_NOUNS or not (link in ("from", "by") or (token.lower, link) == ("words", "of")):
            continue
        found = read_phrase(tokens, row + 2)
        if found and (found[0].is_known or found[0].is_somebody):
            return named_by_apposition(tokens, *found)
    return None


def _ends_apposition(token: Token) -> bool:
    return token.text in ",.;:—–" or token.lower in ("who", "that", "from", "of", "and")


def skip_complements(tokens: Sequence[Token], row: int) -> int:
    """Skip the complements of a noun: a spokesman for the company, the owner of the bar."""
    for _ in range(3):
        if row >= len(tokens) or tokens[row].lower not in PREPOSITIONS:
            break
        found = read_phrase(tokens, row + 1)
        if found is None:
            break
        row = found[1]
    return row


def read_subject_after(tokens: Sequence[Token], verb: int) -> Attribution | None:
    """Read the subject after its verb: dijo Ana, In einer Nachricht schrieb Weber."""
    if tokens[verb].lower not in SAYING or verb + 1 >= len(tokens):
        return None
    if tokens[verb + 1].lower == "by":
        verb += 1
    found = read_phrase(tokens, verb + 1)
    if found is None or not (found[0].name or found[0].pronoun) or not ends_phrase(tokens, found[1]):
        return None
    return found[0]


def read_subject_before(tokens: Sequence[Token], verb: int) -> Attribution | None:
    """Read the subject before the verb at row ``verb``; None if it has none there, unnamed if it is in the passive."""
    row, passive = verb - 1, False
    while row >= 0 and (tokens[row].lower in _BETWEEN or (tokens[row].lower.endswith("ly") and row)):
        passive = passive or tokens[row].lower in PASSIVES
        row -= 1
    if (
        row > 1
        and tokens[row + 1].lower == "to"
        and tokens[row].lower in _HEARSAY
        and tokens[row - 1].lower in PASSIVES
    ):
        row, passive = row - 2, False  # Keller is said to have told
    if passive and tokens[verb].lower != "quoted":
        return _read_agent(tokens, verb)
    if row >= 0 and tokens[row].lower in ("who", "der", "die", "qui", "que") and row and tokens[row - 1].text == ",":
        return _read_back(tokens, row - 1)
    if row >= 0 and tokens[row].lower == "who":
        return _read_back(tokens, row)
    for _ in range(4):
        if row < 0 or tokens[row].text not in (",", ")", "—", "–"):
            break
        opening = _apposition_start(tokens, row)
        if opening is None:
            return None
        inside = read_phrase(tokens, opening + 1)
        apposition = tokens[opening + 1 : row]
        given = _given_name(apposition, 0)
        row = opening - 1
        found = _read_back(tokens, row + 1) if row >= 0 else None
        _, first = _phrase_ending_at(tokens, row + 1)
        if found is not None and first and tokens[first - 1].lower in PREPOSITIONS and not found.is_known:
            row = _start_of_chain(tokens, first) - 1
            if row > 0 and tokens[row].text == ",":  # Anna Keller, a lawyer for the founder, Paul Reyes, said
                return _read_back(tokens, row)
            return found
        if found is not None and found.is_thing:
            return found
        if found is not None and found.name is None and inside and inside[0].name and tokens[inside[1]].text in ",)—–":
            return inside[0]
        if found is not None and found.name is None and given:
            return given
        if found is not None and found.is_known:
            return Attribution(start=found.start) if found.name and is_organisation(apposition) else found
    if row >= 0 and tokens[row].lower in ("and", "but", "then", "und", "et", "y") and row:
        return read_sentence_subject(tokens[:row])
    return _read_back(tokens, row + 1)


def is_organisation(apposition: Sequence[Token]) -> bool:
    """Whether an apposition tells that the name before it is no person's: Hush, a start-up from Leeds."""
    described = [token for token in apposition if not token.is_capital][:4]
    return (
        bool(described)
        and described[0].lower in ("a", "an", "the")
        and any(
            token.lower in ORGANISATION_NOUNS and following.lower not in ROLES
            for token, following in zip(described, [*described[1:], described[-1]], strict=True)
        )
    )


def _read_agent(tokens: Sequence[Token], verb: int) -> Attribution:
    """Read the agent of a passive: was described by Keller as."""
    for row in range(verb + 1, min(len(tokens), verb + 4)):
        if tokens[row].lower in ("by", "von", "par", "por"):
            found = read_phrase(tokens, row + 1)
            return found[0] if found else Attribution(start=tokens[verb].start)
    return Attribution(start=tokens[verb].start, is_hearsay=True)


def _apposition_start(tokens: Sequence[Token], row: int) -> int | None:
    """Return the row where the apposition that ends at ``row`` begins."""
    opening = "(" if tokens[row].text == ")" else tokens[row].text
    for earlier in range(row - 1, max(-1, row - 2 - _MOST_APPOSITION), -1):
        if tokens[earlier].text == opening:
            return earlier
        if tokens[earlier].text in ".;:!?":
            return None
    return None


def _read_back(tokens: Sequence[Token], end: int) -> Attribution | None:
    """Read the noun phrase that ends before row ``end``, and of a chain of them (the owner of the bar) the first."""
    found, first = _phrase_ending_at(tokens, end)
    if found is None:
        return None
    for _ in range(3):
        if first == 0 or found.pronoun or tokens[first - 1].lower not in PREPOSITIONS:
            break
        previous, start = _phrase_ending_at(tokens, first - 1)
        if previous is None:
            return None
        found, first = previous, start
    if first > 1 and tokens[first - 1].text in ("&", "/"):
        return Attribution(start=found.start)
    if first > 1 and tokens[first - 1].lower in ("and", "und", "et", "y", "e", "en") and found.name:
        other, _ = _phrase_ending_at(tokens, first - 1)
        if other is not None and other.name:
            return Attribution(start=found.start)
    return found


def skip_hearsay(tokens: Sequence[Token], row: int) -> int:
    """Return the row after words by which somebody is only reported to have spoken: Keller is said to have told."""
    words = [token.lower for token in tokens[row : row + 3]]
    is_hearsay = len(words) == 3 and words[0] in PASSIVES and words[1] in _HEARSAY and words[2] == "to"
    return row + 3 if is_hearsay else row


def _start_of_chain(tokens: Sequence[Token], first: int) -> int:
    """Return the row where a chain of noun phrases begins whose last one begins at ``first``."""
    for _ in range(3):
        if first == 0 or tokens[first - 1].lower not in PREPOSITIONS:
            break
        found, start = _phrase_ending_at(tokens, first - 1)
        if found is None:
            break
        first = start
    return first


def _phrase_ending_at(tokens: Sequence[Token], end: int) -> tuple[Attribution | None, int]:
    """Return the longest noun phrase that ends before row ``end``, and the row where it begins."""
    first = end
    while first > 0 and end - first < MOST_PHRASE_WORDS:
        token = tokens[first - 1]
        if not token.is_word or (
            not token.is_capital and (token.lower in _BOUNDARY and token.lower not in _NAME_INNER)
        ):
            break
        if token.lower in GOVERNING and not token.is_capital:
            break
        first -= 1
    while first < end and tokens[first].lower in _PARTICLES and not tokens[first].is_capital:
        first += 1
    for start in range(first, end):
        found = read_phrase(tokens, start)
        if found is not None and found[1] == end:
            return found[0], start
    return None, end


_NAME_INNER = words_of("de der den la le el di da van von del du des")
_PARTICLES = _NAME_INNER - DETERMINERS


_NAMING = words_of("name named identified")
_HEARSAY = words_of("said alleged reported believed understood thought rumoured rumored known claimed")


def read_owner(tokens: Sequence[Token]) -> Attribution | None:
    """Read whose words, answer or advice a phrase names: in Keller's words, her answer was."""
    for row, token in enumerate(tokens[:-1]):
        followed = any(later.lower in SPEECH_NOUNS for later in tokens[row + 1 : row + 4])
        if token.lower in ("his", "her") and followed:
            return Attribution(pronoun=token.lower, start=token.start)
        if token.possessive and token.is_capital and followed:
            bare = [*tokens[:row], token._replace(text=token.text[:-2], possessive=False)]
            return _read_back(bare, row + 1)
    return None


def read_sentence_subject(tokens: Sequence[Token]) -> Attribution | None:
    """Read the person who is the subject of a sentence."""
    return next(read_sentence_subjects(tokens), None)


def read_sentence_subjects(tokens: Sequence[Token]) -> Iterator[Attribution]:
    """Yield who may be the subject of a sentence, the likeliest first: the first that no preposition or verb governs.

    Where it begins with a clause or a phrase that precedes the main clause, what follows its comma comes first.
    """
    candidates: Iterable[Attribution] = _known_or_somebody(_subjects(tokens))
    first = next((token for token in tokens if token.is_word), None)
    if first is not None and (first.lower in SUBORDINATORS or first.lower.endswith(("ing", "ed"))):
        candidates = list(candidates)
        phrases = (read_phrase(tokens, row + 1) for row, token in enumerate(tokens) if token.text == ",")
        behind = {found[0].start for found in phrases if found}
        yield from (one for one in candidates if one.start in behind)
    yield from candidates


def _known_or_somebody(subjects: Iterable[Attribution]) -> Iterator[Attribution]:
    """Yield the subjects that are known, or, if none is, those that are persons without a name."""
    nameless = []
    known = False
    for one in subjects:
        if one.is_known:
            known = True
            yield one
        elif one.is_somebody:
            nameless.append(one)
    if not known:
        yield from nameless


def _subjects(tokens: Sequence[Token]) -> Iterator[Attribution]:
    row = 0
    while row < len(tokens):
        token = tokens[row]
        before = tokens[row - 1] if row else None
        found = read_phrase(tokens, row) if token.is_capital or token.lower in _BEGIN_A_SUBJECT else None
        if found is None and token.lower == "it" and tokens[row + 1 : row + 2]:
            found = Attribution(start=token.start), row + 1  # it was Keller who said
        if found is None:
            row += 1
            continue
        speaker, end = found
        governed = (
            before is not None
            and (before.text == "(" or before.is_word)
            and (
                before.text == "("
                or (before.lower in _GOVERNING_PREPOSITIONS and not _is_agent(tokens, row))
                or (before.lower in GOVERNING and row > 1 and tokens[row - 2].is_word)
                or before.lower in PRESENT_PARTICIPLES
                or (row > 1 and _is_other_verb(before))
            )
        )
        governed = governed or (
            token.lower in PREPOSITIONS and row + 1 < len(tokens) and tokens[row + 1].start == speaker.start
        )
        if not governed:
            yield named_by_apposition(tokens, speaker, end)
        row = max(end, row + 1)


def _is_agent(tokens: Sequence[Token], row: int) -> bool:
    """Whether a phrase at ``row`` is the agent of a passive: confirmed by Keller, was by Keller."""
    return (
        row > 1
        and tokens[row - 1].lower == "by"
        and (tokens[row - 2].lower in PASSIVES or (row > 2 and tokens[row - 3].lower in PASSIVES))
    )


def _is_other_verb(token: Token) -> bool:
    """Whether a word looks like an English verb, so that what follows is its object: who hosts Dark Water."""
    return not token.is_capital and token.lower.endswith(("s", "ed")) and token.lower not in _NO_VERBS


_NO_VERBS = _AFTER_A_NAME | PASSIVES | TIMES
_BEGIN_A_SUBJECT = PRONOUNS | DETERMINERS | POSSESSIVES | ROLES | words_of("it they we them us l")
_GOVERNING_PREPOSITIONS = PREPOSITIONS - words_of("since before after until")
