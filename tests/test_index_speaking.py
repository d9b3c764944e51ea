"""Who speaks at the places of a quotation, and whether that can be the person quoted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_spoken
from quoting import OTHER, verify_attributed

from index.fulltext.maintenance import OpenIndex, open_index
from index.storage.store import Store
from index.verification.significance import PlacePrior

ANN = "we sold cakes every friday and the town paid for the crane in the harbour that winter"
BEN = "my neighbour plants tomatoes between the rows of lavender and never waters his roses before noon"
CAKES = "we sold cakes every friday and the town paid for the crane"
Turns = Sequence[tuple[str | None, str]]


def library_of(folder: Path, *episodes: Turns) -> Store:
    store = Store.open(folder, create=True)
    for number, turns in enumerate(episodes):
        add_spoken(store, f"talk {number}", turns)
    return store


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIndex]:
    """Four short episodes: an index that is open."""
    with library_of(tmp_path_factory.mktemp("few"), *[[("Ann Lee", ANN)]] * 4) as store, open_index(store) as index:
        yield index


@pytest.mark.parametrize(
    ("label", "attributed", "misattributed", "told"),
    [
        ("Ann Lee", "Lee", False, None),
        ("Ann Lee", "Donald Trump", True, "But Ann Lee speaks there, not Donald Trump."),
        ("Ann Lee", "Ann Leo", None, "Ann Lee speaks there; whether that is Ann Leo cannot be told."),
        ("SPEAKER_00", "Ann Lee", None, "there, a voice that has no name; whether that is Ann Lee cannot be told."),
        ("Voice 2", "Ann Lee", None, "there, a voice that has no name; whether that is Ann Lee cannot be told."),
        ("Channel 1", "Ann Lee", None, "there, a voice that has no name; whether that is Ann Lee cannot be told."),
        ("Host", "Ann Lee", None, "Host speaks there; whether that is Ann Lee cannot be told."),
        (None, "Ann Lee", None, "Who speaks there is not known."),
        (" ", "Ann Lee", None, "Who speaks there is not known."),
        ("Ann Lee", None, None, None),
        (None, None, None, None),
    ],
)
def test_the_person_quoted_is_compared_with_who_speaks_there(
    tmp_path: Path, label: str | None, attributed: str | None, misattributed: bool | None, told: str | None
) -> None:
    with library_of(tmp_path, [(label, ANN), ("Ben Cole", BEN)]) as store:
        verdict = verify_attributed(store, CAKES, attributed)
    assert (verdict.kind, verdict.speaker) == ("verbatim", (label or "").strip() or None)
    assert verdict.misattributed is misattributed
    assert verdict.reason.endswith(told) if told else "speak" not in verdict.reason


@pytest.mark.parametrize("text", [CAKES, CAKES.replace("friday", "monday"), CAKES.replace("the crane", "crane")])
def test_each_kind_of_verdict_says_it(tmp_path: Path, text: str) -> None:
    with library_of(tmp_path, [("Ann Lee", ANN), ("Ben Cole", BEN)]) as store:
        right, wrong = (verify_attributed(store, text, name) for name in ("Ann Lee", "Ben Cole"))
    assert right.kind == wrong.kind
    assert (right.misattributed, wrong.misattributed) == (False, True)


def test_what_was_not_found_has_no_speaker(tmp_path: Path) -> None:
    with library_of(tmp_path, [("Ann Lee", ANN)]) as store:
        verdict = verify_attributed(store, "nobody told the minister about a missing submarine", "Ben Cole")
    assert (verdict.parts, verdict.speaker, verdict.misattributed) == ((), None, None)


@pytest.mark.parametrize(
    ("attributed", "misattributed", "told"),
    [
        ("Ann Lee", False, " Ann Lee and Ben Cole speak there, Ann Lee the most."),
        ("Ben Cole", True, " But Ann Lee and Ben Cole speak there, Ann Lee the most, not Ben Cole."),
    ],
)
def test_who_says_most_of_it_counts_and_all_are_named(
    tmp_path: Path, attributed: str, misattributed: bool, told: str
) -> None:
    with library_of(tmp_path, [("Ann Lee", ANN), ("Ben Cole", BEN)]) as store:
        verdict = verify_attributed(store, f"{ANN} my neighbour plants tomatoes", attributed)
    assert (verdict.kind, verdict.speaker, verdict.misattributed) == ("verbatim", "Ann Lee", misattributed)
    assert verdict.reason.endswith(told)


def test_words_that_the_dots_leave_out_do_not_count(tmp_path: Path) -> None:
    turns = [
        ("Ann Lee", "we sold cakes every friday"),
        ("Ben Cole", BEN),
        ("Ann Lee", "and the town paid for the crane"),
    ]
    with library_of(tmp_path, turns) as store:
        verdict = verify_attributed(store, "we sold cakes every friday ... and the town paid for the crane", "Ann Lee")
    assert (verdict.speaker, verdict.misattributed) == ("Ann Lee", False)
    assert "Ben Cole" not in verdict.reason


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ("Ann Lee", "Ann Lee speaks at all of them."),
        ("Ben Cole", "Ann Lee and Ben Cole speak there, Ann Lee the most."),
        (None, "Ann Lee and somebody without a name speak there, Ann Lee the most."),
    ],
)
def test_a_splice_says_whether_it_is_of_one_speaker(tmp_path: Path, second: str | None, told: str) -> None:
    between = " ".join(f"filling{number}" for number in range(80))
    with library_of(tmp_path, [("Ann Lee", ANN), ("Carl Dunn", between), (second, BEN)]) as store:
        verdict = verify_attributed(store, f"{CAKES} my neighbour plants tomatoes between the rows", "Lee")
    assert (verdict.kind, verdict.speaker, verdict.misattributed) == ("spliced", "Ann Lee", False)
    assert verdict.reason.endswith(told)


@pytest.mark.parametrize("episodes", [2, 8])
def test_a_sentence_of_several_is_looked_for_with_the_person_quoted(tmp_path: Path, episodes: int) -> None:
    others = [[(f"Other{chr(ord('a') + number)} Person", ANN)] for number in range(episodes)]
    with library_of(tmp_path, *others, [("Ann Lee", ANN)]) as store:
        verdict = verify_attributed(store, CAKES, "Ann Lee")
        assert (verdict.speaker, verdict.misattributed) == ("Ann Lee", False)


def test_the_search_for_the_person_quoted_stays_within_the_episodes_asked_for(tmp_path: Path) -> None:
    with library_of(tmp_path, [("Ben Cole", ANN)], [("Ann Lee", ANN)]) as store:
        asked = [number for number, owner in store.transcripts().items() if owner == "talk-0"]
        verdict = verify_attributed(store, CAKES, "Ann Lee", asked)
    assert (verdict.parts[0].episode.id, verdict.misattributed) == ("talk-0", True)


@pytest.mark.parametrize(
    ("attributed", "kind", "misattributed"),
    [
        (None, "not found", None),
        ("Dora Lind", "altered", False),
        ("Lind", "altered", False),
        ("Ben Ode", "not found", None),
    ],
)
def test_who_is_quoted_makes_a_short_place_likelier(
    tmp_path: Path, attributed: str | None, kind: str, misattributed: bool | None
) -> None:
    others: list[Turns] = [[("Ann Lee", ANN), ("Ben Ode", f"{OTHER} {number}.")] for number in range(40)]
    talk: Turns = [("Ann Lee", ANN), ("Dora Lind", "Most visitors were patient. The lantern keepers drank green tea.")]
    with library_of(tmp_path, *others, talk) as store:
        verdict = verify_attributed(store, "The piano keepers", attributed)
    assert (verdict.kind, verdict.misattributed) == (kind, misattributed), verdict.reason


@given(shares=st.dictionaries(st.integers(0, 3), st.floats(0.01, 1.0)), placed=st.lists(st.integers(0, 3), max_size=3))
def test_no_place_is_less_likely_for_who_is_quoted(few: OpenIndex, shares: dict[int, float], placed: list[int]) -> None:
    numbers = sorted(few.store.transcripts())
    prior = PlacePrior(few, None, [{numbers[one]} for one in placed])
    known = prior.where_speaks({numbers[one]: share for one, share in shares.items()})
    halved = prior.where_speaks({numbers[one]: share / 2 for one, share in shares.items()})
    for number in numbers:
        assert halved.bits(number) <= known.bits(number) <= prior.bits(number)
