"""Suggest names for the voices of an episode: by profiles, by what is said, and by the people whom the feed names.

All that speaks for a name adds to the logarithm of its odds: how likely the person is to be in the episode at all, how
much alike the voice is to the profile, and what is said. A voice has one name and a name one voice, so what speaks for
one pair speaks against the others of its voice and of its name.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from audio.voices.voice_turns import Voice
from index.speaker_labels import is_unnamed
from index.storage.store import Store
from index.verification.name_comparison import Likeness, compare_names
from pipeline.voices.episode_speech import EpisodeSpeech
from pipeline.voices.recognition.introductions import Clue, NamedVoice, SpokenTurn, find_introductions
from pipeline.voices.recognition.profiles import Profile, read_profiles, weigh_likeness
from pipeline.voices.spoken_voices import NameEvidence, NameSuggestion

LEAST_LIKELY = 0.9
"""Less likely names are not suggested: 96 % of those that are said, and more of profiles', are right then."""

CLUES: Mapping[Clue, float] = {
    "itself": 5.61, "introduced": 1.93, "welcomed": 1.24, "addressed": 2.47, "thanked": 1.66, "answered": 1.5,
    "called": 1.78, "follows": 0.52, "listed": 1.87, "says": -1.12,
}  # fmt: skip
"""By how much each clue changes the logarithm of the odds, times log(1 + how often it is heard).

Fitted on 360 episodes of three shows, and measured on others (tests/bench/voices_introductions.py).
"""

IN_TALK = 0.65
"""Share of names found in the talk that are of the voice, other things being equal (fitted likewise)."""

KNOWN_PERSON = 0.5
"""How likely a voice is anybody's for whom there is one of many profiles, if no other episode of the show tells."""

FEW_PROFILES = 10
"""Profiles with which half as many of the voices are known as with very many."""

STATED_PERSON = 0.9
"""How likely a person whom the feed names for an episode speaks in it."""

EXPECTED = 0.02
"""How likely a voice must be a person's for the person to be considered whatever the voices sound like."""

MOST_EVIDENCE = 12.0
"""No evidence is better than that, however often a name is heard."""

MOST_EPISODES = 3
"""Episodes that are listed as those in which a voice was named."""

MAIN_SHARE = 0.05
"""Share of the speech from which on a voice is counted among those that a person in the episode may have."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who may speak: how likely any one voice is this person's, by what is known besides voices and talk."""

    name: str
    expected: float = 0.0
    profile: Profile | None = None
    role: str | None = None


_Pair = tuple[int, str]
"""The number of a voice, and a name."""


def suggest_names(store: Store, speech: EpisodeSpeech, least: float = LEAST_LIKELY) -> list[NameSuggestion]:
    """Return the likely names of the voices of an episode that have none, by voice; none where profiles are off."""
    if not store.keeps_vectors:
        return []
    voices = _voices_of(speech)
    unnamed = [one for number, one in voices.items() if not _is_named(speech, number)]
    names = [speech.names.get(label, label) for number, label in speech.labels.items() if _is_named(speech, number)]
    candidates = _find_candidates(store, speech.episode, unnamed, _count_main(voices.values())) if unnamed else []
    introduced = find_introductions(_read_turns(speech) if unnamed else (), [*names, *(one.name for one in candidates)])
    known = {one.name for one in candidates}
    candidates += [Candidate(name) for name in dict.fromkeys(one.name for one in introduced) if name not in known]
    free = [one for one in candidates if not any(_is_same(one.name, name) for name in names)]
    return choose_names(unnamed, free, introduced, least)


def _voices_of(speech: EpisodeSpeech) -> dict[int, Voice]:
    """Return the voices of an episode by number; those that are not told by sound have no vector."""
    heard = {one.number: one for one in speech.voices.voices} if speech.voices else {}
    seconds: dict[str | None, float] = defaultdict(float)
    for segment in speech.segments:
        seconds[segment.speaker] += speech.span(segment).duration
    return {number: heard.get(number, Voice(number, seconds[label], None)) for number, label in speech.labels.items()}


def _read_turns(speech: EpisodeSpeech) -> Iterator[SpokenTurn]:
    """Yield what is said, sentence by sentence, with the number of the voice that says it."""
    numbers = {label: number for number, label in speech.labels.items()}
    for one in speech.segments:
        text = "".join(word.text for word in speech.words[one.first : one.last + 1])
        yield SpokenTurn(str(numbers.get(one.speaker or "", 0)), text.strip())


def _is_named(speech: EpisodeSpeech, number: int) -> bool:
    label = speech.labels[number]
    return label in speech.names or not is_unnamed(label)


def choose_names(
    voices: Sequence[Voice], candidates: Sequence[Candidate], introduced: Iterable[NamedVoice], least: float
) -> list[NameSuggestion]:
    """Return the most likely name of each voice, each name once."""
    heard = {(int(one.voice), one.name): one for one in introduced}
    odds = {
        (voice.number, one.name): _weigh(voice, one, heard.get((voice.number, one.name)))
        for voice in voices
        for one in candidates
    }
    by_name = {one.name: one for one in candidates}
    return [
        NameSuggestion(number, name, likelihood, tuple(_list_evidence(by_name[name], heard.get((number, name)))))
        for (number, name), likelihood in sorted(_assign(odds, least).items())
    ]


def _assign(odds: Mapping[_Pair, float], least: float) -> dict[_Pair, float]:
    """Return the likely pairs with their likelihoods: each voice and each name once, the likeliest first."""
    of_voice: dict[int, float] = defaultdict(float)
    of_name: dict[str, float] = defaultdict(float)
    for (number, name), ratio in odds.items():
        of_voice[number] += ratio
        of_name[name] += ratio
    likely = {pair: ratio / (1 + of_voice[pair[0]] + of_name[pair[1]] - ratio) for pair, ratio in odds.items()}
    chosen: dict[_Pair, float] = {}
    for pair in sorted(likely, key=lambda pair: -likely[pair]):
        if likely[pair] >= least and not any(pair[0] == number or pair[1] == name for number, name in chosen):
            chosen[pair] = likely[pair]
    return chosen


def _weigh(voice: Voice, candidate: Candidate, heard: NamedVoice | None) -> float:
    """Return the odds that a voice is a person's, before other voices and persons are considered."""
    clues = heard.clues if heard else {}
    expected = max(candidate.expected, IN_TALK if heard else 0.0)
    if not expected:
        return 0.0
    evidence = sum(CLUES[clue] * math.log1p(times) for clue, times in clues.items())
    if candidate.profile is not None:
        evidence += weigh_likeness(voice, candidate.profile)
    return expected / (1 - expected) * math.exp(min(evidence, MOST_EVIDENCE))


def _list_evidence(candidate: Candidate, heard: NamedVoice | None) -> Iterator[NameEvidence]:
    if candidate.profile is not None:
        yield NameEvidence("profile", ", ".join(candidate.profile.episodes[:MOST_EPISODES]))
    if heard is not None:
        yield NameEvidence("itself" if heard.by_itself else "talk", heard.sentence)
    if candidate.role is not None:
        yield NameEvidence("feed", candidate.role)


def _find_candidates(store: Store, episode_id: str, voices: Sequence[Voice], main: int) -> list[Candidate]:
    """Return the persons whom the feed names for an episode, and those with profiles that are of its show or alike."""
    notes = store.notes(episode_id)
    found = [
        Candidate(person.name, STATED_PERSON / max(main, 2), role=person.role)
        for person in (notes.people if notes else ())
    ]
    profiles = read_profiles(store)
    expected = _expect_profiles(store, episode_id, profiles, main)
    for profile in profiles:
        same = next((one for one in found if _is_same(one.name, profile.name)), None)
        share = expected[profile.name]
        if same is not None:
            found.remove(same)
            found.append(Candidate(profile.name, max(share, same.expected), profile, same.role))
        elif share >= EXPECTED or any(weigh_likeness(voice, profile) > 0 for voice in voices):
            found.append(Candidate(profile.name, share, profile))
    return found


def _expect_profiles(store: Store, episode_id: str, profiles: Sequence[Profile], main: int) -> dict[str, float]:
    """Return how likely a voice is each person's, by how often the person speaks in other episodes of the show."""
    shows = {episode.id: episode.show for episode in store.episodes()} if profiles else {}
    own = shows.get(episode_id)
    alike = {
        one for profile in profiles for one in profile.episodes
        if own is not None and one != episode_id and shows.get(one) == own
    }  # fmt: skip
    return {
        profile.name: (len(alike.intersection(profile.episodes)) / main + expect_known(len(profiles)))
        / (len(alike) + 1)
        for profile in profiles
    }


def expect_known(profiles: int) -> float:
    """Return how likely a voice is any one person's who has one of so many profiles, if nothing else is known."""
    return KNOWN_PERSON / (profiles + FEW_PROFILES)


def _count_main(voices: Collection[Voice]) -> int:
    """Count the voices that speak for more than a short time."""
    total = sum(voice.seconds for voice in voices)
    return max(1, sum(voice.seconds >= MAIN_SHARE * total for voice in voices))


def _is_same(one: str, other: str) -> bool:
    return compare_names(one, other) >= Likeness.weak
