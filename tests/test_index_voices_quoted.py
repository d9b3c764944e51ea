"""Quotations in transcribed sound: voices with names and without, several at once, and words that two voices say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_spoken, make_transcript
from quoting import verify_attributed

from index.storage.store import Store
from index.transcript import OVERLAP, Segment
from index.verification.speaking import find_speaking
from index.verification.verdicts import Verdict

FIRST = "we sold cakes every friday and the town paid for the crane in the harbour that winter"
SECOND = "my neighbour plants tomatoes between the rows of lavender and never waters his roses before noon"
THIRD = "the ferry left without its captain because nobody believed the forecast of that evening"
CAKES = "we sold cakes every friday and the town paid for the crane"


def library_of(folder: Path, *episodes: Sequence[tuple[str | None, str]], at_once: Sequence[int] = ()) -> Store:
    """A library with an episode of each list of turns; those ``at_once`` by number have the flag of an overlap."""
    store = Store.open(folder, create=True)
    for number, turns in enumerate(episodes):
        episode = add_spoken(store, f"talk {number}", turns)
        if at_once:
            ends = [0, *accumulate(len(text.split()) for _, text in turns)]
            segments = tuple(
                Segment(ends[row], ends[row + 1] - 1, speaker, (OVERLAP,) if row in at_once else ())
                for row, (speaker, _) in enumerate(turns)
            )
            made = make_transcript(" ".join(text for _, text in turns))
            store.save_transcript(episode.id, replace(made, segments=segments))
    return store


def judge(store: Store, attributed: str | None, text: str = CAKES) -> Verdict:
    verdict = verify_attributed(store, text, attributed)
    assert verdict.kind == "verbatim", verdict.reason
    return verdict


@pytest.mark.parametrize("label", ["Voice 1", "Channel 1", "SPEAKER_00"])
def test_words_of_the_voice_that_has_another_name_are_misattributed(tmp_path: Path, label: str) -> None:
    with library_of(tmp_path, [(label, FIRST), ("Voice 2", SECOND)]) as store:
        assert judge(store, "Ann Lee").misattributed is None
        store.name_speakers("talk-0", {label: "Bob Ray"})
        store.record_edits("talk-0", ["speakers"])
        wrong, right = judge(store, "Ann Lee"), judge(store, "Ray")
    assert (wrong.speaker, wrong.misattributed, right.misattributed) == ("Bob Ray", True, False)
    assert wrong.reason.endswith("But Bob Ray speaks there, not Ann Lee.")


def test_words_of_a_voice_without_a_name_are_nobodys_even_if_the_person_quoted_is_another_voice(tmp_path: Path) -> None:
    with library_of(tmp_path, [("Voice 1", FIRST), ("Ann Lee", SECOND)]) as store:
        known, unknown = judge(store, "Ann Lee"), judge(store, "Carl Dunn")
    assert (known.misattributed, unknown.misattributed) == (None, None)
    assert known.reason.endswith(
        "Voice 1 speaks there, a voice that has no name; Ann Lee is another voice of this episode, unless one was taken"
        " for two."
    )
    assert unknown.reason.endswith("a voice that has no name; whether that is Carl Dunn cannot be told.")


def test_a_person_whom_the_episode_does_not_have_is_not_who_speaks(tmp_path: Path) -> None:
    with library_of(tmp_path, [("Ann Lee", FIRST), ("Voice 2", SECOND)]) as store:
        assert judge(store, "Carl Dunn").misattributed is True


@pytest.mark.parametrize(
    ("first", "second", "attributed", "misattributed"),
    [
        ("Voice 1", "Ann Lee", "Ann Lee", None),
        ("Ann Lee", "Voice 2", "Ann Lee", False),
        ("Ann Lee", "Voice 2", "Bob Ray", True),
        ("Voice 1", "Voice 2", "Ann Lee", None),
    ],
)
def test_of_words_that_two_voices_say_both_are_named(
    tmp_path: Path, first: str, second: str, attributed: str, misattributed: bool | None
) -> None:
    with library_of(tmp_path, [(first, FIRST), (second, SECOND)]) as store:
        verdict = judge(store, attributed, f"{FIRST} my neighbour plants tomatoes")
    assert (verdict.speaker, verdict.misattributed) == (first, misattributed)
    assert f"{first} and {second} speak there, {first} the most" in verdict.reason
    assert "another voice" not in verdict.reason


@pytest.mark.parametrize(
    ("others", "misattributed"),
    [
        (["Ann Lee"], None),  # may be who speaks at the same time
        (["Voice 2"], None),
        (["Carl Dunn"], True),
        ([], True),
    ],
)
def test_while_several_speak_at_once_nobody_of_the_episode_is_excluded(
    tmp_path: Path, others: list[str], misattributed: bool | None
) -> None:
    turns = [("Bob Ray", FIRST), *((name, SECOND) for name in others)]
    with library_of(tmp_path, turns, at_once=[0]) as store:
        wrong, right = judge(store, "Ann Lee"), judge(store, "Bob Ray")
    assert (wrong.misattributed, right.misattributed) == (misattributed, False)
    assert all(
        one.reason.endswith("Several speak at once there, so who says it is less sure.") for one in (wrong, right)
    )


def test_a_place_of_the_person_quoted_is_taken_before_that_of_a_voice_without_a_name(tmp_path: Path) -> None:
    others = [[("Voice 1", FIRST), ("Voice 2", f"{SECOND} {number}")] for number in range(8)]
    with library_of(tmp_path, *others, [("Ann Lee", FIRST), ("Voice 2", THIRD)]) as store:
        verdict = judge(store, "Ann Lee")
    assert (verdict.parts[0].episode.id, verdict.misattributed) == ("talk-8", False)


def test_words_that_are_less_alike_are_not_taken_because_the_person_quoted_says_them(tmp_path: Path) -> None:
    other = FIRST.replace("friday", "monday").replace("town", "mayor")
    with library_of(tmp_path, [("Voice 1", FIRST), ("Voice 2", SECOND)], [("Ann Lee", other)]) as store:
        verdict = verify_attributed(store, CAKES.replace("sold", "bought"), "Ann Lee")
    assert (verdict.parts[0].episode.id, verdict.misattributed) == ("talk-0", None)


NAMES = st.sampled_from(["Ann Lee", "Bob Ray", "Voice 1", "Voice 2", "Channel 3", None])


@given(
    speakers=st.lists(NAMES, min_size=1, max_size=4), attributed=st.sampled_from(["Ann Lee", "Carl Dunn", None]),
    overlaps=st.sets(st.integers(0, 3)),
)  # fmt: skip
def test_a_voice_without_a_name_never_makes_a_quotation_misattributed(
    tmp_path_factory: pytest.TempPathFactory,
    speakers: list[str | None],
    attributed: str | None,
    overlaps: set[int],
) -> None:
    turns = [(speaker, f"{FIRST} {number}") for number, speaker in enumerate(speakers)]
    with library_of(tmp_path_factory.mktemp("voices"), turns, at_once=[*overlaps]) as store:
        place = judge(store, None).parts[0]
        found = find_speaking([place], attributed, store)
    if found.speaker is None or found.speaker.split()[0] in ("Voice", "Channel") or attributed is None:
        assert found.misattributed is None
    else:
        assert found.misattributed in (found.speaker != attributed, None)
        assert found.misattributed is not None or overlaps
