"""Score whether quotations were located at the right place, to the word, in spite of transcription errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bench.quotes_damage import DamagedWord
from bench.quotes_drawing import Made
from bench.quotes_judging import Place
from bench.quotes_materials import Talk, episode_id

from index.language.tokens import find_token_runs, tokenize

AROUND = 5  # words: the located place may lack words at its ends that were deleted or substituted


@dataclass(frozen=True)
class Speech:
    """The episodes of a library as spoken, and as recognised in its transcripts."""

    talks: Sequence[Talk]
    recognise: Callable[[int], Sequence[DamagedWord]]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each episode by its id."""
        return {episode_id(talk): number for number, talk in enumerate(self.talks)}

    def really_said(self, place: Place, around: int = 0) -> tuple[str, ...]:
        """Return the tokens spoken at the place, and in ``around`` words on both sides."""
        number = self.numbers[place.episode]
        recognised = self.recognise(number)
        first, last = recognised[place.first].first, recognised[place.last].last
        return tokenize(" ".join(self.talks[number].words[max(0, first - around) : last + 1 + around]))

    def expected(self, made: Made) -> list[Place]:
        """Return the places of a quotation in the transcript, both ends included, from its first token to its last."""
        talk = self.talks[made.talk]
        places = []
        for first, last in made.places:
            with_tokens = [number for number in range(first, last + 1) if tokenize(talk.words[number])]
            inside = [
                number
                for number, word in enumerate(self.recognise(made.talk))
                if word.first <= with_tokens[-1] and word.last >= with_tokens[0]
            ]
            if inside:
                places.append(Place(episode_id(talk), inside[0], inside[-1]))
        return places


def score_place(made: Made, place: Place | None, speech: Speech) -> tuple[bool, bool]:
    """Return whether the place and its exact span are right; any place with the same words is."""
    if place is None or place.first < 0:
        return False, False
    places = speech.expected(made)
    right = any(place.episode == one.episode and place.first <= one.last and place.last >= one.first for one in places)
    exact = place in places
    if not right:
        words = speech.talks[made.talk].words
        first, last = made.places[0]
        wanted = tokenize(" ".join(words[first : last + 1]))
        exact = speech.really_said(place) == wanted
        right = bool(find_token_runs(speech.really_said(place, around=AROUND), wanted))
    return right, exact
