"""The store: round trips, kills, full disks, damage; removed data is erased."""

from __future__ import annotations

import random
import signal
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libraries import add_episode, add_text, everything_in, make_transcript
from processes import kill_this_process, run_apart

from audio.timecode import Span
from index.storage.codecs.cue_codec import round_cue
from index.storage.codecs.word_codec import encode_words, round_word
from index.storage.store import Store
from index.transcript import Cue, Episode, Flaw, Segment, Transcript, Word

LONG = " ".join(f"word{number}" for number in range(2600))


# Transcripts


OPTIONAL_TEXTS = st.none() | st.text(max_size=4)
CUES = st.builds(
    Cue, st.floats(0, 1e5), st.floats(0, 1e5), st.text(max_size=6), OPTIONAL_TEXTS,
    st.lists(st.builds(Word, st.text(max_size=4), st.floats(0, 9), st.floats(0, 9), st.none() | st.floats(0, 1)),
             max_size=2).map(tuple),
    st.booleans(), OPTIONAL_TEXTS, OPTIONAL_TEXTS, OPTIONAL_TEXTS, st.booleans(),
).map(round_cue)  # fmt: skip
FLAWS = st.builds(Flaw, st.text(max_size=4), st.text(max_size=4), st.text(max_size=4), st.booleans())


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    words, now = [], 0.0
    texts = draw(st.lists(st.text(max_size=6), max_size=30)) * draw(st.sampled_from([1, 1, 40]))
    for text in texts:
        now += draw(st.sampled_from([0.0, 0.02, 0.3333333, 5000.0])) if len(texts) < 40 else 0.31
        words.append(Word(text, now, now + 0.25, 0.123456, None if len(text) % 2 else "heard"))
    borders = sorted(draw(st.sets(st.integers(1, max(1, len(words))), max_size=8)) | {len(words)})
    starts = [0, *borders]
    segments = tuple(
        Segment(first, following - 1, draw(st.one_of(st.none(), st.text(max_size=4))), ("loop",) * (first % 3))
        for first, following in zip(starts, borders, strict=False)
        if first < following <= len(words)
    )
    gaps = tuple(Span(start, start + 1.5) for start in draw(st.lists(st.floats(0, 1e5), max_size=3)))
    return Transcript(
        draw(st.sampled_from(["en", None])), "e", "m", '{"a":1}', "interpolated", tuple(words), segments, gaps,
        tuple(draw(st.lists(CUES, max_size=3))), tuple(draw(st.lists(FLAWS, max_size=2))),
    )  # fmt: skip


@settings(max_examples=40)
@given(transcript=transcripts(), first=st.integers(0, 1300), length=st.integers(0, 1300))
def test_a_transcript_comes_out_as_it_went_in_whole_and_in_parts(
    transcript: Transcript, first: int, length: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
        episode = add_episode(store)
        number = store.save_transcript(episode.id, transcript)
        words = [round_word(word) for word in transcript.words]
        back = store.transcript(episode.id)
        assert back is not None
        assert list(back.words) == words
        assert (back.language, back.engine, back.model, back.settings, back.timing, back.segments, back.gaps) == (
            transcript.language, "e", "m", '{"a":1}', "interpolated", transcript.segments, transcript.gaps,
        )  # fmt: skip
        assert (back.cues, back.flaws) == (transcript.cues, transcript.flaws)
        last = first + length - 1
        assert store.words(number, first, last) == words[first : last + 1]
        assert store.texts(number, first, last) == [word.text for word in words[first : last + 1]]
        assert store.segments(number, first, last) == [
            segment for segment in transcript.segments if length and segment.first <= last and segment.last >= first
        ]
        assert store.transcripts() == {number: episode.id}
        facts = store.facts(episode.id)
        assert facts is not None and facts == store.all_facts()[episode.id]
        assert facts.words == len(words)
        assert store.check() == []


def test_the_state_of_an_episode_follows_from_what_is_there(store: Store) -> None:
    episode = add_episode(store)

    def state() -> str:
        (only,) = store.episodes()
        assert only == store.episode(episode.id)
        return only.state

    assert state() == "registered"
    store.start_draft(episode.id, "recipe", "plan")
    assert state() == "transcribing"
    store.save_transcript(episode.id, make_transcript("so it is"))
    assert state() == "transcribed"
    imported = Transcript("en", "import", "srt", '{"sha256":"ab"}', "interpolated", (), ())
    store.save_transcript(episode.id, imported)
    assert state() == "imported"
    assert store.imported_episode('{"sha256":"ab"}') == store.episode(episode.id)
    assert store.imported_episode('{"sha256":"cd"}') is None


def test_an_episode_is_found_by_its_sound_and_can_change(store: Store) -> None:
    episode = add_episode(store, sha256="ab" * 32, media="/a.mp3", duration=61.5)
    assert store.episode_by_hash("ab" * 32) == episode
    assert store.episode_by_hash("cd" * 32) is None
    changed = Episode(episode.id, "Show", "New", "2024-05-01", "b", "registered", "/b.mp3", "ab" * 32, 62.0)
    store.update_episode(changed)
    assert store.episodes() == [changed]


def test_a_draft_goes_on_where_it_stopped_and_another_recipe_begins_anew(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        episode = add_episode(store)
        draft = store.start_draft(episode.id, "recipe", "plan")
        assert (draft.plan, draft.parts) == ("plan", {})
        store.save_draft_parts(draft.number, [(0, "one"), (1, "two")])
        store.save_draft_parts(draft.number, [(1, "two again"), (3, "four")])
    with Store.open(tmp_path) as store:
        again = store.start_draft(episode.id, "recipe", "another plan")
        assert again == store.draft(episode.id, "recipe")
        assert (again.plan, again.parts) == ("plan", {0: "one", 1: "two again", 3: "four"})
        assert store.draft(episode.id, "other") is None
        assert store.transcript(episode.id) is None
        other = store.start_draft(episode.id, "other", "plan 2")
        assert (other.plan, other.parts) == ("plan 2", {})
        assert store.draft(episode.id, "recipe") is None


def test_a_whole_transcript_ends_its_draft(store: Store) -> None:
    episode = add_episode(store)
    draft = store.start_draft(episode.id, "recipe", "plan")
    store.save_draft_parts(draft.number, [(0, "one")])
    store.save_transcript(episode.id, make_transcript("so it is"))
    assert store.draft(episode.id, "recipe") is None
    assert counts(store)["draft_parts"] == 0


def counts(store: Store) -> dict[str, int]:
    with closing(sqlite3.connect(store.path)) as connection:
        tables = ["episodes", "transcripts", "segments", "chunks", "drafts", "draft_parts"]
        return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


def break_while_saving(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Make saving a transcript call ``act`` when its third row of words is encoded."""
    packed: list[int] = []

    def encode(words: Any, reached: float) -> bytes:
        packed.append(1)
        if len(packed) == 3:
            act()
        return encode_words(words, reached)

    monkeypatch.setattr("index.storage.codecs.word_codec.encode_words", encode)


def save_and_be_killed(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch, Store.open(folder) as store:
        break_while_saving(monkeypatch, kill_this_process)
        store.save_transcript("talk", make_transcript(LONG))


def save_and_fail(folder: Path) -> None:
    def fail() -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as monkeypatch, Store.open(folder) as store:
        break_while_saving(monkeypatch, fail)
        with pytest.raises(KeyboardInterrupt):
            store.save_transcript("talk", make_transcript(LONG))


@pytest.mark.parametrize("killed", [True, False], ids=["killed", "interrupted"])
def test_a_transcript_is_replaced_whole_or_not_at_all(tmp_path: Path, killed: bool) -> None:
    with Store.open(tmp_path, create=True) as store:
        episode = add_episode(store)
        store.save_transcript(episode.id, make_transcript("the old words"))
        draft = store.start_draft(episode.id, "recipe", "plan")
        store.save_draft_parts(draft.number, [(0, "new words")])
        before = store.transcript(episode.id), store.draft(episode.id, "recipe"), store.transcripts(), counts(store)
    if killed:
        assert run_apart(save_and_be_killed, tmp_path) == -signal.SIGKILL
    else:
        save_and_fail(tmp_path)
    with Store.open(tmp_path) as store:
        after = store.transcript(episode.id), store.draft(episode.id, "recipe"), store.transcripts(), counts(store)
        assert after == before
        assert store.check() == []
        store.save_transcript(episode.id, make_transcript(LONG))
        back = store.transcript(episode.id)
        assert back is not None and back.text == LONG


def test_a_replaced_transcript_gets_a_number_that_never_was(store: Store) -> None:
    episode = add_episode(store)
    numbers = [store.save_transcript(episode.id, make_transcript("so it is")) for _ in range(20)]
    assert len(set(numbers)) == 20
    assert store.transcripts() == {numbers[-1]: episode.id}


def test_a_reader_sees_a_whole_transcript_while_others_replace_and_remove_it(tmp_path: Path) -> None:
    texts = [LONG, LONG[: len(LONG) // 2]]
    with Store.open(tmp_path, create=True) as store:
        add_text(store, "talk", texts[0])
    stop = threading.Event()

    def write() -> None:
        with Store.open(tmp_path) as own:
            while not stop.is_set():
                own.save_transcript("talk", make_transcript(texts[1]))
                own.remove_episode("talk")
                add_text(own, "talk", texts[0])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with Store.open(tmp_path) as store:
            for _ in range(60):
                transcript = store.transcript("talk")
                assert transcript is None or transcript.text in texts
    finally:
        stop.set()
        writer.join()


def test_a_snapshot_shows_one_moment(store: Store) -> None:
    add_text(store, "one", "one")
    with Store.open(store.directory) as other, store.snapshot(), store.snapshot():
        assert len(store.episodes()) == 1
        add_text(other, "two", "two")
        assert len(store.episodes()) == 1
    assert len(store.episodes()) == 2


# Removing


def test_a_removed_episode_leaves_no_byte_in_the_store(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        kept = [add_text(store, f"kept {number}", f"{LONG} kept{number}") for number in range(3)]
        before = [store.transcript(episode.id) for episode in kept]
        dice = random.Random(1)
        secret = " ".join(f"{dice.getrandbits(40):x}" for _ in range(3000))
        episode = add_episode(store, "Quixotic title", sha256="5ec4e7" * 10 + "5ec4", media="/tmp/Quixotic.mp3")
        for text in (secret[::-1], secret):
            draft = store.start_draft(episode.id, f"Quixotic recipe {len(text)}", "Quixotic plan")
            store.save_draft_parts(draft.number, [(part, f"Quixotic part {part} {text}") for part in range(20)])
            store.save_transcript(episode.id, make_transcript(text))
        store.start_draft(episode.id, "Quixotic recipe", "Quixotic plan")
        number = next(number for number, owner in store.transcripts().items() if owner == episode.id)
        with closing(sqlite3.connect(store.path)) as other:
            rows = other.execute("SELECT words FROM chunks WHERE transcript = ?", (number,)).fetchall()
        traces = [row[0][place : place + 16] for row in rows for place in range(0, len(row[0]) - 16, 64)]
        traces += [b"uixotic", b"5ec4e7", secret[:20].encode(), secret[5000:5020].encode()]
        assert sum(trace in everything_in(tmp_path) for trace in traces) > len(traces) * 0.9

        store.remove_episode(episode.id)
        store.forget_removals(store.removals())
        left = everything_in(tmp_path)
        assert [trace for trace in traces if trace in left] == []
        assert store.episode(episode.id) is None
        assert [store.transcript(other.id) for other in kept] == before
        assert store.check() == []


def test_removing_an_episode_removes_its_rows(store: Store) -> None:
    episode = add_text(store, "talk", LONG)
    draft = store.start_draft(episode.id, "recipe", "plan")
    store.save_draft_parts(draft.number, [(0, "one")])
    store.remove_episode(episode.id)
    store.remove_episode("never was")
    assert set(counts(store).values()) == {0}
