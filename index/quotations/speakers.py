"""Resolve the speaker of each quotation: full names, and the persons whom pronouns and roles refer to.

The text is read sentence by sentence. The subject of the last sentence that has a person for a subject is whom the text
is about there; a pronoun refers to that person if the paragraph has no other subject, and a role (the host) to the
person whom the text describes so. Where more than one person comes into question there is no speaker: a wrong name is
worse than none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from index.quotations.name_words import ROLES, SUPPORTING
from index.quotations.names import Attribution, Token, read_possessor
from index.quotations.narration import Narration
from index.quotations.people import NamedSentence, People, gender_of_role, is_same_gender, name_sentences, surname
from index.quotations.speech_words import ASKING_VERBS, FIRST_PERSON, SUBORDINATORS
from index.quotations.subjects import read_sentence_subjects

UNKNOWN = "?"
"""Before a pronoun: a subject who is somebody without a name."""

MOST_SUBJECTS = 12
"""Sentences of a paragraph whose subjects are kept."""

MOST_LEAD = 100
"""Words of a sentence in which its subject stands; the longest sentences of articles have so many."""

MOST_MENTIONED = 50
"""Persons of a text that are asked whether a pronoun fits them; an article has 2 to 15."""

_PRONOUN_OF: dict[str | None, str] = {"m": "he", "f": "she"}


@dataclass(frozen=True, slots=True)
class Utterance:
    """What speaker resolution needs of a quotation: its place, its attribution, whether it begins a sentence.

    ``alone``: its paragraph has no other words; ``stands_alone``: its sentence has no other words.
    ``is_block``: a block quote in the first person that nobody introduces or signs.
    """

    start: int
    end: int
    paragraph: int
    last_paragraph: int
    attribution: Attribution | None
    begins_sentence: bool
    alone: bool
    stands_alone: bool
    is_block: bool = False
    words: frozenset[str] = frozenset()
    """Of a block."""


@dataclass(slots=True)
class _Focus:
    """Whom the text is about at some place of it."""

    person: str | None = None
    paragraph: int = -1
    subjects: list[str | None] = field(default_factory=list)
    """The persons who are subjects in the current paragraph, in order; None is somebody without a name."""
    earlier: list[str | None] = field(default_factory=list)
    """Those of the previous paragraph that had any."""
    named: list[str] = field(default_factory=list)
    """The persons named in the sentences of the current paragraph so far."""
    asked: list[str] = field(default_factory=list)
    """Those named in the last sentence, if somebody asks there."""
    mentioned: dict[str, None] = field(default_factory=dict)
    """The first persons named so far, in order."""
    asks: bool = False

    def enter(self, paragraph: int) -> None:
        if paragraph != self.paragraph:
            if self.subjects:
                self.earlier = self.subjects
            self.paragraph, self.subjects, self.named, self.asks = paragraph, [], [], False

    def mention(self, person: str) -> None:
        if len(self.mentioned) < MOST_MENTIONED:
            self.mentioned[person] = None

    def sign(self, person: str | None) -> None:
        """Take note of who signs a block: if somebody else than the text is about, the next one may be anybody's."""
        if person not in (self.subjects or self.earlier):
            self.subjects, self.earlier = [], []

    def take(self, person: str | None) -> None:
        self.subjects = [*self.subjects, person][-MOST_SUBJECTS:]
        if person is not None and not person.startswith(UNKNOWN):
            self.person = person


class SpeakerFinder:
    """Resolves the speakers of a text, in order."""

    def __init__(self, narration: Narration, utterances: Sequence[Utterance]) -> None:
        self.narration = narration
        self.utterances = utterances
        quoted = [
            one.attribution.name
            for one in utterances
            if one.attribution and one.attribution.name and not one.attribution.inferred
            if not narration.is_heading(one.paragraph)
        ]
        self._named = name_sentences(sentence.tokens for sentence in narration.sentences)
        headings: list[NamedSentence] = []
        body: list[NamedSentence] = []
        for sentence, named in zip(narration.sentences, self._named, strict=True):
            (headings if narration.is_heading(sentence.paragraph) else body).append(named)
        self.people = People(body, quoted, headings)
        self.focus = _Focus()
        self._next = 0

    def find(self) -> list[str | None]:
        """Return the speaker of each utterance, None where nobody is named or more than one person may be meant."""
        utterances = self.utterances
        speakers: list[str | None] = []
        for row, utterance in enumerate(utterances):
            self._read_until(utterance)
            previous = (utterances[row - 1], speakers[-1]) if row else None
            speaker = self._speaker(utterance, previous)
            speakers.append(speaker)
            if utterance.attribution is not None and utterance.attribution.signs:
                self.focus.sign(speaker)
            elif utterance.attribution is not None:
                self._focus_on(speaker, utterance.attribution)
        return speakers

    def full_name(self, name: str | None) -> str | None:
        """Return the fullest form of a name in the text."""
        return None if name is None else self.people.full_name(name)

    def _read_until(self, utterance: Utterance) -> None:
        """Take the subjects of the sentences before the one in which the quotation begins, and of its lead."""
        last = self.narration.sentence_at(utterance.start)
        while self._next < last:
            self._take(self._next)
            self._next += 1
        self.focus.enter(utterance.paragraph)

    def _take(self, row: int) -> None:
        sentence = self.narration.sentences[row]
        self.focus.enter(sentence.paragraph)
        subject = self._subject_of(sentence.tokens)
        if subject is not None and subject.pronoun and _names_object(sentence.tokens):
            self._mention(row, None)  # When I read this to Keller, he laughed.
        if subject is not None:
            self._focus_on(self._resolve(subject), subject)
        named = self._mention(row, subject)
        if sentence.tokens:
            asks = any(token.lower in ASKING_VERBS and not token.is_capital for token in sentence.tokens)
            self.focus.asks = asks or sentence.tokens[-1].text == "?"
            self.focus.asked = named if asks else []

    def _focus_on(self, person: str | None, attribution: Attribution) -> None:
        """Take a person as a subject; of an unknown one, the pronoun tells whom later pronouns cannot mean."""
        if attribution.is_thing or attribution.is_hearsay:
            return
        pronoun = _PRONOUN_OF.get(gender_of_role(attribution.role or "")) if attribution.kin else attribution.pronoun
        unknown = f"{UNKNOWN}{pronoun}" if pronoun else None
        self.focus.take(unknown if person is None else person)

    def _subject_of(self, tokens: Sequence[Token]) -> Attribution | None:
        tokens = tokens[:MOST_LEAD]
        if all(token.is_capital or not token.is_word for token in tokens):  # a name alone: a byline, a caption
            return None
        return next((one for one in read_sentence_subjects(tokens) if self._may_be_subject(one)), None)

    def _may_be_subject(self, one: Attribution) -> bool:
        """Whether a subject is a person: neither a word like a name, nor a relative whom the text never names."""
        return one.name is None or self.people.is_person(one.name)

    def _mention(self, row: int, subject: Attribution | None) -> list[str]:
        people = self.people
        named = [people.full_name(name) for name, _, _ in self._named[row][1] if people.is_person(name)]
        acting = subject and subject.name and people.full_name(subject.name)
        named = [name for name in named if name == acting or people.is_introduced(name)]
        for name in named:
            self.focus.mention(name)
        self.focus.named = [*self.focus.named, *named][-MOST_SUBJECTS:]
        return named

    def _speaker(self, utterance: Utterance, previous: tuple[Utterance, str | None] | None) -> str | None:
        attribution = utterance.attribution
        if attribution is not None and attribution.pronoun is not None:
            if attribution.is_hearsay:
                return None
            if lead := self._lead_subject(utterance):
                found = self._resolve(lead)
                return found if found is None or self.people.may_be(found, attribution.pronoun) else None
            if found := self._named_in_lead(utterance, attribution.pronoun):
                return found
        if attribution is not None:
            return self._resolve(attribution)
        if utterance.is_block:
            return self._other_than_named(self._only(self.focus.subjects or self.focus.earlier), utterance)
        return self._continued(utterance, previous) or self._acting(utterance)

    def _other_than_named(self, person: str | None, utterance: Utterance) -> str | None:
        """Return a person for a block, if it does not speak of that person by name."""
        return None if person is None or surname(person) in utterance.words else person

    def _lead_subject(self, utterance: Utterance) -> Attribution | None:
        """Return the subject of the words before a quotation in its sentence, if it is no pronoun."""
        lead = self._lead(utterance)
        if lead and lead[0].lower in SUBORDINATORS:
            return None
        subject = self._subject_of(lead)
        if subject is None or subject.pronoun is not None or (subject.kin and self._resolve(subject) is None):
            return None
        return subject

    def _named_in_lead(self, utterance: Utterance, pronoun: str) -> str | None:
        """Return the only person named before a pronoun in its sentence: When Keller came, he said."""
        lead = self._lead(utterance)
        if not lead or any(token.lower in ASKING_VERBS for token in lead[:3]):
            return None
        subjects = {one.name for one in read_sentence_subjects(lead) if one.name}
        if (owner := read_possessor(lead, 0)) and owner[0].name:
            subjects.add(owner[0].name)
        people = self.people
        named = {people.full_name(name) for name in subjects if people.is_person(name)}
        fitting = [name for name in named if people.may_be(name, pronoun)]
        return fitting[0] if len(fitting) == 1 and people.is_introduced(fitting[0]) else None

    def _lead(self, utterance: Utterance) -> Sequence[Token]:
        tokens = self.narration.sentences[self.narration.sentence_at(utterance.start)].tokens
        end = bisect_right(tokens, utterance.start, key=attrgetter("end"))
        return tokens[max(0, end - MOST_LEAD) : end]

    def _resolve(self, attribution: Attribution) -> str | None:
        if attribution.name is not None:
            if not self.people.is_person(attribution.name):
                return None
            full = self.people.full_name(attribution.name, attribution.gender)
            self.focus.mention(full)
            return full
        if attribution.pronoun is not None:
            return self._of_pronoun(attribution.pronoun, attribution.answers)
        if attribution.role is not None and attribution.kin:
            relative = self.people.relative(attribution.role, self.focus.person)
            if relative is not None:
                self.people.learn_gender(relative, attribution.role)
            return relative
        if attribution.role is not None:
            return self._of_role(attribution)
        if attribution.noun is not None:
            described = self.people.of_role(attribution.noun)
            return described[0] if len(described) == 1 else None
        return None

    def _of_pronoun(self, pronoun: str, answers: bool) -> str | None:
        """Return whom a pronoun refers to: the only subject of the paragraph that it fits, or of the previous one.

        Of several it is the last one, if that is known to be he or she, or is whom the whole text is about.
        """
        people, focus = self.people, self.focus
        if not focus.subjects and len(set(focus.named)) == 1 and people.may_be(focus.named[0], pronoun):
            return focus.named[0]  # Keller's firm has paid. He insists
        recent = focus.subjects or [*filter(None if focus.named else lambda _: True, focus.earlier), *focus.named]
        if focus.asks and focus.subjects and focus.subjects[-1] is not None:
            others = {one for one in focus.asked if one != focus.subjects[-1] and people.may_be(one, pronoun)}
            if others:  # Keller asked Okafor what he would do. “Wait,” he said.
                return others.pop() if len(others) == 1 else None
            if answers:
                recent = [one for one in (*focus.earlier, *focus.subjects) if one != focus.subjects[-1]]
        fitting = [one for one in recent if one is None or self._fits(one, pronoun)]
        last = recent[-1] if recent else None
        if fitting and len(set(fitting)) == 1:
            found = fitting[0] if focus.subjects or not self._is_rather_leading(fitting[0], pronoun) else None
        elif last is not None and last in fitting and self._is_surely(last, fitting, pronoun):
            found = last
        elif not fitting and len({one for one in focus.named if people.may_be(one, pronoun)}) == 1:
            found = next(one for one in focus.named if people.may_be(one, pronoun))
        elif not fitting:
            known = {one for one in self.focus.mentioned if people.likely_gender(one) and people.may_be(one, pronoun)}
            found = known.pop() if len(known) == 1 else None
        else:
            found = None
        if found is None or found.startswith(UNKNOWN):
            return None
        people.learn_gender(found, pronoun)
        return found

    def _is_surely(self, last: str, fitting: Sequence[str | None], pronoun: str) -> bool:
        """Whether a pronoun means the last of several subjects: who leads, surely is he or she, or alone is named."""
        people = self.people
        if last == people.leading or people.gender(last) is not None:
            return True
        return bool(pronoun) and all(one in (None, last) or people.likely_gender(one) for one in fitting)

    def _fits(self, one: str, pronoun: str) -> bool:
        """Whether a subject, named or not, can be whom a pronoun refers to."""
        return is_same_gender(one[1:], pronoun) if one.startswith(UNKNOWN) else self.people.may_be(one, pronoun)

    def _is_rather_leading(self, person: str | None, pronoun: str) -> bool:
        """Whether a pronoun at the start of a paragraph fits the leading person better than the one just named."""
        people, leading = self.people, self.people.leading
        if person is None or leading is None or person == leading or people.likely_gender(person) is not None:
            return False
        return people.may_be(leading, pronoun)

    def _of_role(self, attribution: Attribution) -> str | None:
        """Return who is described by a role; without a description, of whom alone the text or the paragraph speaks."""
        role, focus = attribution.role or "", self.focus
        described = self.people.of_role(role)
        if len(described) == 1:
            return described[0]
        if described:
            return focus.person if focus.person in described else None
        if role in SUPPORTING:
            return None
        found = next(iter(focus.mentioned)) if len(focus.mentioned) == 1 else None
        if found is None and attribution.epithet and len(self.people.mentions) == 1:
            found = next(iter(self.people.mentions))  # the singer said. Keller, who plays tonight
        if found is None and (attribution.epithet or focus.subjects) and focus.person is not None:
            only = set(filter(None, focus.subjects or focus.earlier)) == {focus.person}
            if not (focus.subjects and attribution.epithet):  # of an earlier paragraph, or no description of a star
                only = only and not self.people.has_role(focus.person) and self.people.mentions[focus.person] > 1
            guessed = bool(focus.subjects) and focus.person not in focus.named  # by a pronoun
            if only and not (guessed and self.people.leading):
                found = focus.person
            elif attribution.epithet and (guessed or role not in ROLES or focus.person == self.people.leading):
                found = self.people.leading
        gender = attribution.gender or gender_of_role(role)
        if found is None or self.people.likely_gender(found) not in (None, gender or self.people.likely_gender(found)):
            return None
        self.people.learn_role(role, found)
        return found

    def _continued(self, utterance: Utterance, previous: tuple[Utterance, str | None] | None) -> str | None:
        """Return the previous speaker if the same sentence or paragraph goes on and names no one else."""
        if previous is None or previous[1] is None:
            return None
        before, speaker = previous
        narration = self.narration
        if before.last_paragraph != utterance.paragraph:
            return self._monologue(utterance, before, speaker)
        between = narration.text[before.end : utterance.start]
        same_sentence = narration.sentence_at(before.end - 1) == narration.sentence_at(utterance.start)
        if not (utterance.begins_sentence or same_sentence):
            return None
        first, last = narration.sentence_at(before.start), narration.sentence_at(utterance.start)
        subjects = {self._named_subject(row, utterance) for row in range(first, last + 1)} - {None, speaker}
        return None if subjects or not between else speaker

    def _named_subject(self, row: int, utterance: Utterance) -> str | None:
        """Return the subject of a sentence, if it is named in the paragraph of a quotation and before that."""
        sentence = self.narration.sentences[row]
        subject = self._subject_of(sentence.tokens)
        if subject is None or subject.name is None or sentence.paragraph != utterance.paragraph:
            return None
        return self.people.full_name(subject.name) if subject.start < utterance.start else None

    def _monologue(self, utterance: Utterance, before: Utterance, speaker: str | None) -> str | None:
        """Return the previous speaker for a paragraph of nothing but a quotation, if the text names nobody else."""
        only = set(filter(None, self.focus.earlier)) | set(filter(None, self.focus.subjects))
        follows = utterance.alone and before.last_paragraph == utterance.paragraph - 1
        if not follows or not only <= {speaker}:
            return None
        told = before.attribution is not None and self.narration.text[before.end - 1] != "?"
        return speaker if told or len(self.people.mentions) == 1 else None

    def _acting(self, utterance: Utterance) -> str | None:
        """Return the only person who acts in the paragraph just before a quotation: Keller shrugged. “Never.”"""
        if not utterance.stands_alone or self.focus.asks:
            return None
        return self._only(self.focus.subjects)

    def _only(self, subjects: Sequence[str | None]) -> str | None:
        """Return the only one of some subjects, if that is a person with a name."""
        only = next(iter(subjects), None) if len(set(subjects)) == 1 else None
        return None if only is None or only.startswith(UNKNOWN) else only


def _names_object(tokens: Sequence[Token]) -> bool:
    """Whether a sentence begins with a clause of the writer, whose names are those of others: When I met Keller"""
    return bool(tokens) and tokens[0].lower in SUBORDINATORS and any(one.lower in FIRST_PERSON for one in tokens[:4])
