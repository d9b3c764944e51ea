"""Score whether quotations were located at the right place, to the word, in spite of transcription errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.quotes_damage import DamagedWord
from bench.quotes_made import Made
from bench.quotes_materials import Talk, episode_id

from index.language.tokens import find_token_runs, tokenize
from index.verification.locate import Match

AROUND = 5  # words: the located place may lack words at its ends that were deleted or substituted


@dataclass(frozen=True, slots=True)
class Speech:
    """The episodes of a library as spoken, and as recognised in its transcripts."""

    talks: Sequence[Talk]
    recognise: Callable[[int], Sequence[DamagedWord]]

    def number(self, match: Match) -> int:
        """Return the number of the episode that a match is in."""
        return next(number for number, talk in enumerate(self.talks) if episode_id(talk) == match.episode.id)

    def really_said(self, match: Match, around: int = 0) -> tuple[str, ...]:
        """Return the tokens spoken at the match, and in ``around`` words on both sides."""
        number = self.number(match)
        recognised = self.recognise(number)
        first, last = recognised[match.first].first, recognised[match.last].last
        return tokenize(" ".join(self.talks[number].words[max(0, first - around) : last + 1 + around]))

    def expected(self, made: Made) -> list[tuple[int, int]]:
        """Return the places of a quotation in the transcript, both ends included, from its first token to its last."""
        words = self.talks[made.talk].words
        places = []
        for first, last in made.places:
            with_tokens = [number for number in range(first, last + 1) if tokenize(words[number])]
            inside = [
                number
                for number, word in enumerate(self.recognise(made.talk))
                if word.first <= with_tokens[-1] and word.last >= with_tokens[0]
            ]
            if inside:
                places.append((inside[0], inside[-1]))
        return places


@dataclass(slots=True)
class Tally:
    """Counts for one kind of quotation."""

    made: int = 0
    located: int = 0
    exact: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    as_made: int = 0


def score_match(tally: Tally, made: Made, match: Match | None, speech: Speech) -> bool:
    """Count whether place and exact span are right, and return the former; any place with the same words is right."""
    tally.made += 1
    if match is None:
        return False
    places = speech.expected(made)
    here = speech.number(match) == made.talk
    right = here and any(match.first <= last and match.last >= first for first, last in places)
    exact = here and (match.first, match.last) in places
    if not right:
        words = speech.talks[made.talk].words
        first, last = made.places[0]
        wanted = tokenize(" ".join(words[first : last + 1]))
        exact = speech.really_said(match) == wanted
        right = bool(find_token_runs(speech.really_said(match, around=AROUND), wanted))
    tally.located += right
    tally.exact += exact
    return right
