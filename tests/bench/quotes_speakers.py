"""Benchmark of wrong attributions: quotations given to who said them, or to somebody else, in many ways of writing.

    python -m bench.quotes_speakers [--count N] [--episodes N] [--tuning]

Speakers are the labels of real podcasts (AIRQUOTE_BENCH_DATA). ``--tuning`` takes the shows that the comparison of
names was made with; without it, others. Prints the share of wrong attributions that are noticed, and of right ones
that are called wrong.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bench.bench_report import Bars
from bench.materials import CACHE
from bench.quotes_damage import leave_whole
from bench.quotes_materials import Talk, episode_id, fill_library, load_talks

from index.fulltext.maintenance import OpenIndex, open_index
from index.quotations.extraction import Quotation
from index.storage.store import Store
from index.verification.verdicts import Verdict, verify_quotation

TUNING_SHOWS = ("afk", "bigtent", "friends", "jsparty", "rfc")
REPORTED_SHOWS = ("podcast", "practicalai", "shipit", "made up", "made up too")
SHORTEST, LONGEST = 8, 25  # words
ALIKE = 0.8  # of two labels' letters: perhaps one person, misspelt
NOTICED, FALSE_ALARMS = 99.0, 0.5  # %
MOST_TRIES = 200  # draws of an episode and a place for each quotation
SEED = 20260201

FAMOUS = (
    "Donald Trump", "Angela Merkel", "Taylor Swift", "Barack Obama", "Serena Williams", "Emmanuel Macron",
    "Margaret Atwood", "Elon Musk", "Greta Thunberg", "Meryl Streep", "Gabriel García Márquez", "Björk Guðmundsdóttir",
    "Vincent van Gogh", "Ursula von der Leyen", "Sinéad O'Connor", "Jean-Luc Godard", "Xi Jinping", "Fei-Fei Li",
)  # fmt: skip
"""People who speak in none of the shows."""

_SAME_PERSON = ({"Emma Bostian", "Emma Wedekind"},)
_NO_PERSON = {"Audience Member", "Nested Loops", "Jurassic Park", "Monty Python", "Zelda Track", "Techno Tim"}
_FULL_NAME = re.compile(r"[^\W\d_][\w.'’-]+(?: [^\W\d_][\w.'’-]*){1,3}")

Way = Callable[[Sequence[str], random.Random], str]
"""Writes a full name, given as its words, in one way."""


def _without_accents(words: Sequence[str], _: random.Random) -> str:
    decomposed = unicodedata.normalize("NFKD", " ".join(words))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _surname(words: Sequence[str]) -> list[str]:
    """The last word, with the particles before it: van der Berg."""
    first = next((number for number, word in enumerate(words) if word[0].islower()), len(words) - 1)
    return list(words[first:])


def _given(words: Sequence[str]) -> list[str]:
    return list(words[: len(words) - len(_surname(words))])


WAYS: dict[str, Way] = {
    "in full": lambda words, _: " ".join(words),
    "surname": lambda words, _: words[-1],
    "surname with particles": lambda words, _: " ".join(_surname(words)),
    "title and surname": lambda words, choose: (
        f"{choose.choice(('Mr.', 'Ms.', 'Dr.', 'Prof.', 'Senator'))} {words[-1]}"
    ),
    "title and name": lambda words, choose: f"{choose.choice(('Dr.', 'Judge', 'Lt. Col.', 'CEO'))} {' '.join(words)}",
    "surname first": lambda words, _: f"{' '.join(_surname(words))}, {' '.join(_given(words))}",
    "initials": lambda words, _: " ".join([*(f"{word[0]}." for word in _given(words)), *_surname(words)]),
    "initials together": lambda words, _: " ".join(["".join(word[0] for word in _given(words)), *_surname(words)]),
    "middle initial": lambda words, choose: " ".join([*_given(words), f"{choose.choice('BFMT')}.", *_surname(words)]),
    "accents dropped": _without_accents,
    "capitals": lambda words, _: " ".join(words).upper(),
    "degree": lambda words, choose: f"{' '.join(words)}{choose.choice((', PhD', ' Jr.', ', M.D.', ' III'))}",
    "role": lambda words, choose: f"{' '.join(words)} ({choose.choice(('host', 'Guest', 'she/her'))})",
}
"""Ways of writing a name of two to four words."""


@dataclass(slots=True)
class SpeakerTally:
    """Counts of quotations with a wrong and with a right attribution, and of those called misattributed."""

    wrong: int = 0
    noticed: int = 0
    right: int = 0
    alarms: int = 0

    def print_bars(self, bars: Bars) -> None:
        """Print both rates with their bars."""
        bars.least("wrong speaker noticed, %", 100 * self.noticed / max(1, self.wrong), NOTICED)
        bars.most("right speaker called wrong, %", 100 * self.alarms / max(1, self.right), FALSE_ALARMS)


def measure_speakers(talks: Sequence[Talk], opened: OpenIndex, count: int, seed: int = SEED) -> SpeakerTally:
    """Judge ``count`` quotations with the right person quoted and as many with a wrong one; name the misjudged."""
    choose = random.Random(seed)
    shows: dict[str, set[str]] = {}
    for talk in talks:
        shows.setdefault(talk.show, set()).update(filter(is_full_name, talk.speakers))
    tally = SpeakerTally()
    for _ in range(MOST_TRIES * count):
        if tally.right >= count:
            break
        talk = choose.choice(talks)
        drawn = _draw(talk, choose)
        if drawn:
            text, speaker = drawn
            others = [name for name in (*sorted(shows[talk.show]), *FAMOUS) if are_different(name, speaker)]
            for name in (speaker, choose.choice(others)):
                attributed = WAYS[choose.choice(sorted(WAYS))](name.split(), choose)
                verdict = verify_quotation(Quotation(text, (text,), 0, len(text), attributed), opened)
                is_right = name == speaker or _said_by(talks, verdict, name)
                _count(tally, verdict, is_right)
                if (verdict.misattributed is True) == is_right:
                    print(f"{verdict.misattributed}: {name} as {attributed}, {speaker} speaks: {text}", file=sys.stderr)
    return tally


def _draw(talk: Talk, choose: random.Random) -> tuple[str, str] | None:
    """Return words of one turn, and who says them; None if these are too few or nobody is named."""
    first = choose.randrange(len(talk.words))
    last = first + choose.randint(SHORTEST, LONGEST) - 1
    if last >= len(talk.words) or talk.turns[first] != talk.turns[last] or not is_full_name(talk.speakers[first]):
        return None
    return " ".join(talk.words[first : last + 1]), talk.speakers[first]


def is_full_name(label: str) -> bool:
    capital = all(word[0].isupper() or word in ("de", "la", "van", "von", "der") for word in label.split())
    return _FULL_NAME.fullmatch(label) is not None and capital and label not in _NO_PERSON


def are_different(one: str, other: str) -> bool:
    """Whether two labels are of two persons: neither surname is in the other, nor are they almost the same."""
    apart = one.split()[-1] not in other and other.split()[-1] not in one
    return apart and SequenceMatcher(None, one, other).ratio() < ALIKE and {one, other} not in _SAME_PERSON


def _said_by(talks: Sequence[Talk], verdict: Verdict, name: str) -> bool:
    """Whether the place of a verdict is that person's: several people may have said the same."""
    if not verdict.parts:
        return False
    talk = next(one for one in talks if episode_id(one) == verdict.parts[0].episode.id)
    return name in talk.speakers[verdict.parts[0].first : verdict.parts[0].last + 1]


def _count(tally: SpeakerTally, verdict: Verdict, is_right: bool) -> None:
    if is_right:
        tally.right += 1
        tally.alarms += verdict.misattributed is True
    else:
        tally.wrong += 1
        tally.noticed += verdict.misattributed is True


def main() -> None:
    """Make a library of the shows, measure, print the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--episodes", type=int, default=100)
    parser.add_argument("--tuning", action="store_true")
    asked = parser.parse_args()
    talks = list(load_talks(TUNING_SHOWS if asked.tuning else REPORTED_SHOWS))
    random.Random(SEED).shuffle(talks)
    talks = talks[: asked.episodes]
    library = CACHE / f"speakers-{'tuning' if asked.tuning else 'reported'}-{asked.episodes}"
    fill_library(library, talks, lambda number: leave_whole(talks[number].words))
    with Store.open(library) as store, open_index(store) as opened:
        tally = measure_speakers(talks, opened, asked.count)
    bars = Bars()
    tally.print_bars(bars)
    sys.exit(0 if bars.met else 1)


if __name__ == "__main__":
    main()
