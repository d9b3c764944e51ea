"""Words are corrected by hand: what follows from it, and what is restored when it is undone."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libraries import add_episode, add_recurring, add_spoken, add_text, make_transcript

from audio.errors import TimeError, UsageError
from index.errors import EpisodeError, LibraryError
from index.storage.corrected.word_edits import fit_words
from index.storage.store import Store
from index.transcript import Cue, Segment, Transcript, Word
from pipeline.answers import Place, SearchOptions
from pipeline.library import Library

STEPS = st.sampled_from([0, 0, 20, 350, 4000])
TEXTS = st.sampled_from([" so", " So,", "世界", " more", " [LAUGHTER]", " to", " café"])
WORDS = st.lists(
    st.tuples(STEPS, STEPS, TEXTS, st.none() | st.just(9000), st.none() | st.just("sow"), st.booleans()),
    min_size=1,
    max_size=6,
)
NEW_TEXTS = st.lists(
    st.sampled_from(["so", "more", "to", "世界", "come,", "Ann", "naïve", "<b>"]), min_size=1, max_size=4
)
Sentence = list[tuple[int, int, str, int | None, str | None, bool]]


def make_sentences(sentences: list[Sentence]) -> Transcript:
    """Make a transcript of words with these distances and lengths in milliseconds."""
    words: list[Word] = []
    start = 0
    for step, length, text, steps, heard, spoken in (word for sentence in sentences for word in sentence):
        start += step
        words.append(Word(text, start / 1000, (start + length) / 1000, steps and steps / 10_000, heard, spoken))
    ends = accumulate(map(len, sentences))
    segments = (
        Segment(first, stop - 1, f"Voice {number % 2 + 1}") for number, (first, stop) in enumerate(pairwise([0, *ends]))
    )
    return replace(make_transcript(""), words=tuple(words), segments=tuple(segments))


def stored(store: Store, episode_id: str) -> list[object]:
    """All that is stored of the words of an episode, byte for byte, without the number of its transcript."""
    number = next(number for number, owner in store.transcripts().items() if owner == episode_id)
    return [
        store.word_counts()[number],
        *store._rows("SELECT first, words FROM chunks WHERE transcript = ? ORDER BY first", number),
        *store._rows("SELECT first, last, speaker, flags FROM segments WHERE transcript = ? ORDER BY first", number),
    ]


def test_corrections_change_nothing_else_and_are_undone_to_the_last_byte(store: Store) -> None:
    episode = add_episode(store, "Talk").id
    edits = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 3), NEW_TEXTS), min_size=1, max_size=5)

    @settings(max_examples=25)
    @given(st.lists(WORDS, min_size=1, max_size=4), edits)
    def check(sentences: list[Sentence], edits: list[tuple[int, int, list[str]]]) -> None:
        store.remove_episode(episode)
        add_episode(store, "Talk")
        store.save_transcript(episode, make_sentences(sentences))
        before = [stored(store, episode)]
        for place, more, texts in edits:
            was = store.transcript(episode)
            assert was is not None
            first = place % len(was.words)
            last = min(first + more, next(one.last for one in was.segments if one.first <= first <= one.last))
            store.correct_words(episode, first, last, [f" {text}" for text in texts])
            check_correction(was, store.transcript(episode), first, last, texts)
            before.append(stored(store, episode))
        for earlier in before[-2::-1]:
            store.undo_correction(episode, max(one.number for one in store.corrections(episode)))
            assert stored(store, episode) == earlier
        assert store.corrections(episode) == []

    with store.transaction():  # which is written once, not for each example
        check()


def check_correction(was: Transcript, now: Transcript | None, first: int, last: int, texts: list[str]) -> None:
    """Fail unless only these words became others: in their time, in their sentence, with what was heard."""
    assert now is not None
    stop = len(now.words) - (len(was.words) - 1 - last)
    assert [word.text for word in now.words[first:stop]] == [f" {text}" for text in texts]
    assert [(one.text, one.start, one.end) for one in (*now.words[:first], *now.words[stop:])] == [
        (one.text, one.start, one.end) for one in (*was.words[:first], *was.words[last + 1 :])
    ]
    starts = [word.start for word in now.words]
    assert starts == sorted(starts)
    assert all(word.start <= word.end for word in now.words)
    shift = len(now.words) - len(was.words)
    assert now.segments == tuple(
        replace(one, first=one.first + shift * (one.first > last), last=one.last + shift * (one.last >= last))
        for one in was.segments
    )


def test_a_correction_in_the_midst_of_others_is_undone_alone(store: Store) -> None:
    add_text(store, "Talk", "one two three four five six seven")
    with Library.open() as library:
        for first, text in ((5, "6 and a half"), (1, "II"), (3, "IV IV")):
            library.correct_words("Talk", first, first, text)
        listed = library.corrections("Talk")
        assert [(one.first, one.last, one.heard, one.text) for one in listed] == [
            (1, 1, "two", "II"), (3, 4, "four", "IV IV"), (6, 9, "six", "6 and a half"),
        ]  # fmt: skip
        undone = library.undo_correction("Talk", listed[1].correction)
        assert (undone.text, undone.undone) == ("IV IV", True)
        assert text_of(library) == "one II three four five 6 and a half seven"
        assert library.undo_correction("Talk").text == "II"
        assert library.undo_correction("Talk").text == "6 and a half"
        assert text_of(library) == "one two three four five six seven"
        with pytest.raises(EpisodeError, match="no correction 0"):
            library.undo_correction("Talk")


def text_of(library: Library) -> str:
    """The words of the episode talk as they are shown."""
    return " ".join(str(one.text) for one in library.sentences("talk").sentences)


def test_a_correction_of_corrected_words_keeps_what_was_heard(store: Store) -> None:
    add_text(store, "Talk", "we run cooper netties now")
    with Library.open() as library:
        library.correct_words("Talk", 2, 3, "Kubernetes")
        library.correct_words("Talk", 2, 2, "Kubernetes'")
        (listed,) = library.corrections("Talk")
        assert (listed.heard, listed.text) == ("cooper netties", "Kubernetes'")
        library.correct_words("Talk", 1, 2, "ran Kubernetes clusters")
        (listed,) = library.corrections("Talk")
        assert (listed.heard, listed.text) == ("run cooper netties", "ran Kubernetes clusters")
        library.undo_correction("Talk")
        assert text_of(library) == "we run Kubernetes' now"
        library.undo_correction("Talk")
        assert text_of(library) == "we run Kubernetes now"
        library.undo_correction("Talk")
        assert text_of(library) == "we run cooper netties now"


def test_everything_follows_a_correction(store: Store) -> None:
    add_spoken(store, "Talk", [("Ann", "We run cooper netties now."), ("Bob", "So do we.")])
    with Library.open() as library:
        assert library.count("Kubernetes").hits == 0
        corrected = library.correct(Place("talk", 0.8, 1.3), "Kubernetes")
        assert (corrected.start, corrected.end, corrected.first, corrected.last) == (0.7, 1.4, 2, 2)
        (hit,) = library.search("Kubernetes", SearchOptions()).statements
        assert (hit.start, hit.end, hit.speaker) == (0.7, 1.4, "Ann")
        assert library.count("cooper").hits == 0
        (judged,) = library.locate("We run Kubernetes now. So do we.").found
        assert judged.kind == "verbatim"
        moment = library.at("talk", [1.0])[0]
        assert [(word.text, word.heard) for word in moment.words if word.heard] == [("Kubernetes", "cooper netties")]
        assert library.sentences("talk").sentences[0].misheard == ("cooper netties",)
        assert library.export("talk", "srt").document == (
            "1\n00:00:00,000 --> 00:00:01,750\nAnn: We run Kubernetes now.\n\n"
            "2\n00:00:01,750 --> 00:00:02,800\nBob: So do we.\n\n"
        )
        read = library.transcript("talk")
        assert read.words.heard == {2: "cooper netties"}
        assert read.corrections == (corrected,)
        library.undo_correction("talk")
        assert (library.count("Kubernetes").hits, library.count("cooper").hits) == (0, 1)


def test_what_recurs_is_found_anew(store: Store) -> None:
    advertisement = add_recurring(store)
    with Library.open() as library:
        library.reindex()
        library.correct_words("Talk 1", 3, 3, "three new words")
        read = library.transcript("Talk 1")
        (passage,) = read.repeats
        assert "".join(read.words.texts[passage.first : passage.last + 1]).strip() == advertisement


def test_an_import_is_exported_as_it_was_corrected(store: Store) -> None:
    episode = add_episode(store, "Talk")
    cues = (Cue(0.0, 1.0, "so it begins", payload="so it <i>begins</i>"),)
    store.save_transcript(episode.id, replace(make_transcript("so it begins"), engine="import", model="srt", cues=cues))
    with Library.open() as library:
        before = library.export("Talk", "srt").document
        library.correct_words("Talk", 2, 2, "ends")
        assert "so it ends" in str(library.export("Talk", "srt").document)
        library.undo_correction("Talk")
        assert library.export("Talk", "srt").document == before


def test_another_transcript_keeps_corrections_of_the_same_words_at_the_same_time(store: Store) -> None:
    episode = add_text(store, "Talk", "we run cooper netties now and so it goes with netties on and on")
    store.correct_words(episode.id, 2, 3, [" Kubernetes"])
    store.correct_words(episode.id, 9, 9, [" nets"])
    other = make_transcript("And we run Cooper Netties, now and so it goes with nets on and on")
    store.save_transcript(episode.id, other)
    with Library.open() as library:
        assert text_of(library) == "And we run Kubernetes now and so it goes with nets on and on"
        kept, aside = library.corrections("Talk")
        assert (kept.heard, kept.first, kept.set_aside) == ("Cooper Netties,", 3, False)
        assert (aside.heard, aside.text, aside.first, aside.set_aside) == ("netties", "nets", None, True)
        library.undo_correction("Talk", kept.correction)
    assert store.transcript(episode.id) == other
    store.save_transcript(
        episode.id, make_transcript("we run cooper netties now and so it goes with netties on and on")
    )
    with Library.open() as library:
        assert text_of(library).endswith("goes with nets on and on")
        assert [one.set_aside for one in library.corrections("Talk")] == [False]


def test_a_new_import_tells_of_corrections(tmp_path: Path) -> None:
    file = tmp_path / "talk.txt"
    file.write_text("start\tend\ttext\n0\t1000\tso it begins\n1000\t2000\tand goes on\n", encoding="utf-8")
    with Library.open(create=True) as library:
        library.import_transcripts([file])
        library.correct_words("talk", 2, 2, "ends")
        library.correct_words("talk", 5, 5, "off")
        (outcome,) = library.import_transcripts([file], force=True)
        assert "2 corrections by hand kept" in str(outcome.reason)
        assert text_of(library) == "so it ends and goes off"
        file.write_text("start\tend\ttext\n0\t1000\tso it ends\n1000\t2000\tand goes on\n", encoding="utf-8")
        (outcome,) = library.import_transcripts([file], force=True)
        assert "1 correction by hand kept; 1 correction by hand set aside" in str(outcome.reason)


def test_changes_of_voices_are_undone_after_corrections(store: Store) -> None:
    episode = add_spoken(store, "Talk", [("Ann", "one two three four."), ("Bob", "five six seven.")]).id
    before = store.transcript(episode)
    with store.recorded_change(episode, "split"):
        store.replace_segments(episode, [Segment(0, 1, "Ann"), Segment(2, 3, "Eve"), Segment(4, 6, "Bob")])
    store.correct_words(episode, 0, 1, [" one", " and", " two"])
    store.correct_words(episode, 5, 6, [" 56"])
    assert store.undo_change(episode) == "split"
    now = store.transcript(episode)
    assert now is not None
    assert [now.segment_text(one).strip() for one in now.segments] == ["one and two three four.", "56 seven."]
    for one in store.corrections(episode):
        store.undo_correction(episode, one.number)
    assert store.transcript(episode) == before


@pytest.mark.parametrize(
    ("heard", "texts", "expected"),
    [
        ("alone 0-4", "one", [("one", 0.0, 4.0, "alone")]),
        ("alone 0-4", "a lone", [("a", 0.0, 0.8, "alone"), ("lone", 0.8, 4.0, None)]),
        ("may 0-1 be 2-3", "maybe", [("maybe", 0.0, 3.0, "may be")]),
        ("we 0-1 may 1-2 be 2-3 so 3-4", "we maybe so",
         [("we", 0.0, 1.0, None), ("maybe", 1.0, 3.0, "may be"), ("so", 3.0, 4.0, None)]),
        ("to 0-1 to 2-3 come 3-4", "to come", [("to", 0.0, 3.0, "to to"), ("come", 3.0, 4.0, None)]),
        ("more 0-2 come 2-3", "more to come",
         [("more", 0.0, 1.333, None), ("to", 1.333, 2.0, None), ("come", 2.0, 3.0, None)]),
        ("long 0-9 next 1-2", "two words next",
         [("two", 0.0, 0.375, "long"), ("words", 0.375, 9.0, None), ("next", 1.0, 2.0, None)]),
    ],
)  # fmt: skip
def test_times_are_divided_among_words(heard: str, texts: str, expected: list[object]) -> None:
    pieces = heard.split()
    times = [tuple(map(float, span.split("-"))) for span in pieces[1::2]]
    words = [Word(f" {text}", start, end) for text, (start, end) in zip(pieces[::2], times, strict=True)]
    fitted = fit_words(words, [f" {text}" for text in texts.split()], None)
    assert [(word.text.strip(), word.start, word.end, word.heard) for word in fitted] == expected


@pytest.mark.parametrize(
    ("first", "last", "text", "told"),
    [
        (0, 0, "", "no words"), (0, 0, " \n ", "control|no words"), (0, 0, "a\x1b[31m", "control"),
        (0, 0, "a\u202eb", "control"), (0, 0, "\udc80", "UTF-8"), (0, 0, "long " * 300, "1000"),
        (0, 0, "one", "already"), (2, 3, "three four", "2 sentences"), (-1, 0, "x", "no words"),
        (2, 1, "x", "no words"),
        (0, 99, "x", "no words"),
    ],
)  # fmt: skip
def test_what_is_no_correction_is_refused(store: Store, first: int, last: int, text: str, told: str) -> None:
    episode = add_spoken(store, "Talk", [("Ann", "one two three"), ("Bob", "four five")]).id
    before = stored(store, episode)
    with Library.open() as library:
        with pytest.raises(UsageError, match=told):
            library.correct_words("Talk", first, last, text)
        with pytest.raises(EpisodeError):
            library.correct_words("nowhere", 0, 0, "x")
    assert stored(store, episode) == before


def test_a_moment_means_the_word_that_is_said_then(store: Store) -> None:
    episode = add_episode(store, "Talk").id
    words = (Word(" one", 1.04, 1.5), Word(" two", 1.5, 2.0), Word(" three", 5.0, 6.0))
    store.save_transcript(episode, replace(make_transcript("a b c"), words=words))
    with Library.open() as library:
        for time, heard in ((1.0, "one"), (1.5, "two"), (5.9, "three")):
            assert library.correct(Place("talk", time, time), "word").heard == heard
            library.undo_correction("Talk")
        for time in (0.3, 3.0):
            with pytest.raises(UsageError, match="No word"):
                library.correct(Place("talk", time, time), "word")
        with pytest.raises(UsageError, match="No word"):
            library.correct(Place("talk", 2.2, 4.0), "word")
        with pytest.raises(TimeError):
            library.correct(Place("talk", 99.0, 99.0), "word")
        assert library.correct(Place("talk", 1.0, 2.0), "word").heard == "one two"


@pytest.mark.parametrize("damage", ["heard = x'00'", "first = 4", "words = heard", "first = -1", "heard = 'a'"])
def test_damaged_corrections_are_noticed_and_change_nothing(store: Store, damage: str) -> None:
    episode = add_text(store, "Talk", "one two three").id
    store.correct_words(episode, 1, 1, [" 2"])
    store._connection.execute(f"UPDATE corrections SET {damage}")
    before = stored(store, episode)
    with pytest.raises(LibraryError, match="damaged"):
        store.undo_correction(episode, 1)
    assert stored(store, episode) == before
