"""Simulate Whisper's errors: sound-alike substitutions, deleted function words, words split and joined."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.language.common_words import COMMON_WORDS
from index.language.phonetics import sound_of
from index.language.tokens import tokenize

SOUND_ALIKE, LOST, SPLIT = 0.6, 0.25, 0.075  # of the errors; the rest are words joined with the next
SHORTEST_SPLIT = 6  # letters


RIGHT_PROBABILITIES = (0.156, 0.741, 0.895, 0.953, 0.974, 0.985, 0.991, 0.995, 0.997, 0.998, 1.0)
WRONG_PROBABILITIES = (0.083, 0.266, 0.369, 0.477, 0.6, 0.681, 0.768, 0.855, 0.929, 0.977, 0.998)
"""Deciles of the probabilities that tiny.en gives its right words (1,975) and its wrong ones (145), on dictated notes,
an address and a telephone call, 14 minutes of known text."""


@dataclass(frozen=True, slots=True)
class DamagedWord:
    """A recognised word, the numbers of the spoken words it comes from, both included, and its probability."""

    text: str
    first: int
    last: int
    probability: float | None = None


def add_probabilities(
    recognised: Sequence[DamagedWord], words: Sequence[str], random_source: random.Random
) -> list[DamagedWord]:
    """Give each recognised word a probability as a model would, by whether it is the spoken word."""
    found = []
    for word in recognised:
        right = word.first == word.last and word.text == words[word.first]
        deciles = RIGHT_PROBABILITIES if right else WRONG_PROBABILITIES
        place = random_source.random() * (len(deciles) - 1)
        low = int(place)
        probability = deciles[low] + (place - low) * (deciles[low + 1] - deciles[low])
        found.append(replace(word, probability=round(probability, 3)))
    return found


class SoundAlikes:
    """Sound-alike substitutes for words, from a vocabulary of real speech."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._by_sound: dict[str, list[str]] = {}
        for word in sorted(set(vocabulary)):
            if sound := sound_of(word):
                self._by_sound.setdefault(sound, []).append(word)

    def choose(self, word: str, random_source: random.Random) -> str:
        """Return another word with the same sound code or, if none exists, the word with another vowel or ending."""
        others = [other for other in self._by_sound.get(sound_of(word), []) if other != word]
        if others:
            return random_source.choice(others)
        vowels = [place for place, letter in enumerate(word) if letter in "aeiou"]
        if not vowels:
            return word + "s"
        place = random_source.choice(vowels)
        vowel = random_source.choice([letter for letter in "aeiou" if letter != word[place]])
        return word[:place] + vowel + word[place + 1 :]


def leave_whole(words: Sequence[str]) -> list[DamagedWord]:
    """Return the words without errors."""
    return [DamagedWord(word, number, number) for number, word in enumerate(words)]


def damage_words(
    words: Sequence[str], rate: float, alikes: SoundAlikes, random_source: random.Random
) -> list[DamagedWord]:
    """Return ``words`` with errors at a word error rate of ``rate``, in which a split or a join counts twice."""
    # A split or a join is a substitution and an insertion or deletion, so fewer of them make up the same rate.
    chance = rate / (SOUND_ALIKE + LOST + 2 * (1 - SOUND_ALIKE - LOST))
    small = COMMON_WORDS["en"]
    recognised: list[DamagedWord] = []
    number = 0
    while number < len(words):
        word = words[number]
        tokens = tokenize(word)
        plain = tokens[0] if len(tokens) == 1 else ""
        here = DamagedWord(word, number, number)
        number += 1
        if not plain or random_source.random() >= chance:
            recognised.append(here)
            continue
        kind = random_source.random()
        if kind < LOST and plain not in small:
            # Only function words are deleted: draw another kind of error.
            kind = LOST + random_source.random() * (1 - LOST)
        if kind < LOST:
            continue
        if kind < LOST + SPLIT and len(plain) >= SHORTEST_SPLIT:
            cut = random_source.randint(2, len(plain) - 2)
            recognised += [
                DamagedWord(plain[:cut], here.first, here.last),
                DamagedWord(plain[cut:], here.first, here.last),
            ]
        elif kind >= LOST + SPLIT + SOUND_ALIKE and number < len(words) and words[number].isalpha():
            recognised.append(DamagedWord(plain + words[number], here.first, number))
            number += 1
        else:
            recognised.append(DamagedWord(alikes.choose(plain, random_source), here.first, here.last))
    return recognised
