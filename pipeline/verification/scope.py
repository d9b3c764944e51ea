"""Choose the part of the library in which quotations are looked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from index.errors import EpisodeError
from index.fulltext.maintenance import OpenIndex
from index.language.tokens import find_token_runs, tokenize
from index.speaker_labels import note_unnamed
from index.storage.store import Store
from index.transcript import Episode
from index.verification.locate import SpeakerFilter
from pipeline.episodes.chosen_episodes import EpisodeSelection, list_ids, select_episodes
from pipeline.episodes.unknown_names import read_name, unknown_speaker
from pipeline.errors import TRANSCRIBE_FIRST
from pipeline.lookup import get_words


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The part of the library in which quotations are looked for; None: all of it.

    ``episode`` is an id, a unique prefix of one, or a title; ``show`` the name of a show, or words of the
    names of several; ``speaker`` some words of a name. ``since`` and ``until`` are YYYY, YYYY-MM or YYYY-MM-DD.
    """

    episode: str | None = None
    show: str | None = None
    speaker: str | None = None
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the library to search.

    ``transcripts`` are numbers, None for all; ``speaker`` are the tokens of a name that the speaker of a place must
    have, None for all. ``untranscribed`` are the episodes that have no transcript yet.
    """

    transcripts: Collection[int] | None
    untranscribed: tuple[Episode, ...]
    speaker: tuple[str, ...] | None = None

    def within(self, index: OpenIndex) -> Collection[int] | None:
        """Return the numbers of the transcripts to search, None for all: those in which the speaker is heard.

        Raises UsageError if they are heard in none.
        """
        if self.speaker is None:
            return self.transcripts
        speakers = index.lexicon.speakers()
        searched = speakers.keys() if self.transcripts is None else speakers.keys() & self.transcripts
        heard = {number for number in searched if any(map(self.includes, speakers[number]))}
        if not heard:
            raise unknown_speaker(" ".join(self.speaker), {name for number in searched for name in speakers[number]})
        return heard

    def notes(self, index: OpenIndex) -> tuple[str, ...]:
        """Return a note if the speaker is a voice without a name, which is another one in each episode."""
        if self.speaker is None:
            return ()
        heard, speakers = self.within(index) or (), index.lexicon.speakers()
        return note_unnamed({name for number in heard for name in speakers[number] if self.includes(name)}, len(heard))

    @property
    def spoken_by(self) -> SpeakerFilter | None:
        """Whether what a speaker says is searched; None: what all say is."""
        return self.includes if self.speaker is not None else None

    def includes(self, speaker: str | None) -> bool:
        """Whether what this speaker says is searched."""
        return self.speaker is None or (speaker is not None and bool(find_token_runs(tokenize(speaker), self.speaker)))


def find_scope(store: Store, narrowing: Narrowing = Narrowing()) -> Scope:
    """Return the part of the library to search for quotations.

    Raises EpisodeError for an episode that is unknown, not transcribed yet or not among the others asked for, and if
    there is no transcript at all; UsageError for an unknown show, a date that cannot be read, and a name without
    letters.
    """
    owners = {owner: number for number, owner in store.transcripts().items()}
    named = (narrowing.episode,) if narrowing.episode is not None else ()
    asked = select_episodes(store.episodes(), EpisodeSelection(named, narrowing.show, narrowing.since, narrowing.until))
    untranscribed = tuple(one for one in asked if one.id not in owners)
    if len(untranscribed) == len(asked):
        if not asked:
            raise EpisodeError("There is no episode in the library.", TRANSCRIBE_FIRST)
        raise EpisodeError(
            f"{list_ids(untranscribed)} {'is' if len(untranscribed) == 1 else 'are'} not transcribed yet.",
            get_words(untranscribed[0], store.directory),
        )
    narrowed = any((narrowing.episode, narrowing.show, narrowing.since, narrowing.until))
    transcripts = frozenset(owners[one.id] for one in asked if one.id in owners) if narrowed else None
    speaker = read_name("speaker", narrowing.speaker) if narrowing.speaker is not None else None
    return Scope(transcripts, untranscribed, speaker)
