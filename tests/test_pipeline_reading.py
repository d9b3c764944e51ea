"""The transcript of an episode as a page reads it: the same words, times and speakers as everywhere else, and small."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_episode, add_recurring, add_spoken, add_text, make_transcript

from audio.errors import UsageError
from audio.recording.chapters import Chapter
from audio.timecode import Span
from index.errors import EpisodeError, QueryError
from index.notes import EpisodeNotes, Person, Soundbite
from index.storage.published_files import PublishedFile
from index.storage.store import Store
from index.transcript import OVERLAP, Segment, Transcript, Word
from pipeline.answers import Place, SearchOptions
from pipeline.library import Library
from pipeline.reading.episode_transcript import EpisodeTranscript
from pipeline.result_json import to_json

MILLISECONDS = st.integers(0, 3) | st.integers(0, 90_000)
WORDS = st.lists(
    st.builds(
        lambda text, step, length, probability, heard, spoken: (
            step,
            Word(text, 0.0, length / 1000, probability and probability / 10_000, heard, spoken),
        ),
        st.sampled_from([" so", "So,", " 世界", "", ' "a', " é", " <b>"]) | st.text(max_size=4),
        MILLISECONDS,
        MILLISECONDS,
        st.none() | st.integers(0, 10_000),
        st.none() | st.just("Sow"),
        st.booleans(),
    ),
    min_size=1,
    max_size=30,
)


def place(steps: list[tuple[int, Word]]) -> tuple[Word, ...]:
    """Put words on the time line, each so many milliseconds after the one before it."""
    starts = accumulate(step for step, _ in steps)
    return tuple(
        replace(word, start=start / 1000, end=(start + round(word.end * 1000)) / 1000)
        for start, (_, word) in zip(starts, steps, strict=True)
    )


def test_columns_hold_the_words_and_sentences_of_the_store(store: Store) -> None:
    """One library for all examples: to make one takes longer than to read it."""
    episode = add_episode(store, "Talk")
    speakers, flags = st.sampled_from([None, "Voice 1", "Ann"]), st.sampled_from([(), (OVERLAP,)])

    @given(st.lists(st.tuples(WORDS, speakers, flags), min_size=1, max_size=4))
    def check(sentences: list[tuple[list[tuple[int, Word]], str | None, tuple[str, ...]]]) -> None:
        words = place([one for said, *_ in sentences for one in said])
        ends = accumulate(len(said) for said, *_ in sentences)
        bounds = zip(pairwise([0, *ends]), sentences, strict=True)
        segments = tuple(Segment(first, stop - 1, who, doubts) for (first, stop), (_, who, doubts) in bounds)
        store.save_transcript(episode.id, replace(make_transcript(""), words=words, segments=segments))
        check_columns(library.transcript(episode.id), store.transcript(episode.id))

    with Library.open() as library:
        check()


def check_columns(read: EpisodeTranscript, stored: Transcript | None) -> None:
    """Fail if a transcript in columns is not the stored one, in its JSON too."""
    assert stored is not None
    columns, told = read.words, json.loads(to_json(read))
    assert "".join(columns.texts) == stored.text
    assert columns.spans() == [(word.start, word.end) for word in stored.words]
    known = [None if word.probability is None else round(word.probability * 100) for word in stored.words]
    assert list(columns.probabilities) == known
    assert columns.heard == {number: word.heard for number, word in enumerate(stored.words) if word.heard is not None}
    assert columns.unspoken == tuple(number for number, word in enumerate(stored.words) if not word.spoken)
    bounds = pairwise([0, *accumulate(read.sentences.lengths)])
    speakers = [None if place is None else read.speakers[place].name for place in read.sentences.speakers]
    assert [(one.first, one.last + 1) for one in stored.segments] == list(bounds)
    assert [one.speaker for one in stored.segments] == speakers
    assert [one.flags for one in stored.segments] == [
        read.sentences.flags.get(number, ()) for number in range(len(stored.segments))
    ]
    assert list(told) == [field.name for field in fields(EpisodeTranscript)]
    assert told["words"]["texts"] == list(columns.texts)
    assert all(isinstance(one, int) and one >= 0 for one in (*columns.starts, *columns.lengths))


def test_a_transcript_has_the_text_of_the_export_and_the_times_of_the_words(store: Store) -> None:
    episode = add_spoken(store, "Talk", [("Ann", "So it begins."), (None, "Here."), ("Voice 2", "It does not end.")])
    store.name_speakers(episode.id, {"Voice 2": "Bob"})
    with Library.open() as library:
        read = library.transcript("Talk")
        words = library.words(Place(episode.id, 0.0, 100.0))
        exported = library.export("Talk", "txt").document
        sentences = library.sentences("Talk").sentences
    texts, bounds = read.words.texts, [*pairwise([0, *accumulate(read.sentences.lengths)])]
    assert [text.strip() for text in texts] == [word.text for word in words]
    assert read.words.spans() == [(word.start, word.end) for word in words]
    lines = ["".join(texts[first:stop]).strip() for first, stop in bounds]
    assert exported == "".join(f"{line}\n" for line in lines)
    assert lines == [one.text for one in sentences]
    named = [None if place is None else read.speakers[place].name for place in read.sentences.speakers]
    assert named == [one.speaker for one in sentences] == ["Ann", None, "Bob"]
    assert [(one.label, one.named) for one in read.speakers] == [("Voice 2", True), ("Ann", True)]


def test_a_transcript_has_what_a_page_shows_beside_the_words(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "talk.mp3"
    episode = add_episode(store, "Talk", show="Fail Better", published="2024-05-31", duration=60.0, media=str(file))
    store.save_transcript(episode.id, replace(make_transcript("one two three"), gaps=(Span(5.0, 6.0),)))
    store.save_chapters(episode.id, [Chapter(0.0, "Begin"), Chapter(20.0, "Go on")])
    notes = EpisodeNotes(
        "In lines.\nTwo.", (Person("Ann", "guest"),), (Soundbite(3.0, 2.0, "Best"),), page="https://a.b/c"
    )
    store.save_notes(episode.id, notes)
    store.save_published(episode.id, PublishedFile("https://a.b/c.txt", None, "en", b"One two three."))
    with Library.open() as library:
        missing = library.transcript("Talk")
        file.write_bytes(b"sound")
        read = library.transcript("Talk")
    assert (missing.sound, read.sound) == ("missing", "here")
    assert (read.origin, read.publisher_kept, read.comparable, read.timing) == ("model", True, True, "aligned")
    assert [(one.start, one.end, one.title) for one in read.chapters] == [(0.0, 20.0, "Begin"), (20.0, 60.0, "Go on")]
    assert [(one.start, one.end, one.title) for one in read.soundbites] == [(3.0, 5.0, "Best")]
    assert (read.description, read.people, read.page) == (notes.notes, notes.people, notes.page)
    assert read.gaps == (Span(5.0, 6.0),)


def test_a_transcript_tells_in_how_many_episodes_a_passage_recurs(store: Store) -> None:
    advertisement = add_recurring(store)
    with Library.open() as library:
        library.reindex()
        read = library.transcript("Talk 1")
    (passage,) = read.repeats
    assert "".join(read.words.texts[passage.first : passage.last + 1]).strip() == advertisement
    assert passage.episodes == 2


def test_sound_that_can_be_downloaded_is_elsewhere_and_an_import_has_none(store: Store) -> None:
    elsewhere = add_episode(store, "Elsewhere")
    store.update_episode(replace(elsewhere, source="https://a.b/c.mp3"))
    none = add_episode(store, "None")
    for episode in (elsewhere, none):
        store.save_transcript(episode.id, make_transcript("one"))
    with Library.open() as library:
        assert [library.transcript(one.id).sound for one in (elsewhere, none)] == ["elsewhere", "none"]


def test_three_hours_are_small(store: Store) -> None:
    """A bound of the size without compression: what is repeated for each word makes it larger."""
    text = " ".join(f"word{number % 700}" for number in range(30_000))
    add_text(store, "Talk", text)
    with Library.open() as library:
        read = to_json(library.transcript("Talk"))
    assert len(read) < len(text) + 30_000 * 20


def test_an_episode_without_words_has_no_transcript(store: Store) -> None:
    add_episode(store, "Silent")
    with Library.open() as library, pytest.raises(EpisodeError, match="not transcribed yet"):
        library.transcript("Silent")


def test_hits_in_an_episode_are_those_of_a_search_in_order(store: Store) -> None:
    text = "More is less. There is more to come, and more, and one more thing; more or less. "
    add_text(store, "Talk", text * 30, show="Fail Better")
    add_text(store, "Other", "more " * 9)
    with Library.open() as library:
        for query in ("more", '"more to come"', "more come", "mor*", "nothing"):
            found = library.hits_in("Talk", query)
            answer = library.search(query, SearchOptions(limit=None, episode="talk"))
            words = library.transcript("Talk").words
            assert found.total == answer.total == len(found.hits)
            assert [*found.hits] == sorted(found.hits, key=lambda hit: (hit.first, hit.last))
            texts = ["".join(words.texts[hit.first : hit.last + 1]).strip() for hit in found.hits]
            spans = [(hit.start, hit.end) for hit in found.hits]
            assert sorted(zip(spans, texts, strict=True)) == sorted(
                ((one.start, one.end), one.text) for one in answer.statements
            )
            assert all(hit.first <= word <= hit.last for hit in found.hits for word in hit.asked)
        assert library.hits_in("Talk", "mroe", fuzzy=True).total > 0
        assert library.hits_in("Talk", "mroe").suggestions
        with pytest.raises(QueryError):
            library.hits_in("Talk", "title:talk")
        with pytest.raises(EpisodeError):
            library.hits_in("nowhere", "more")


def test_more_hits_than_are_listed_are_counted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.reading.episode_hits.MOST_HITS", 3)
    add_text(store, "Talk", "more " * 9)
    with Library.open() as library:
        found = library.hits_in("Talk", "more")
    assert ([hit.first for hit in found.hits], found.total) == ([0, 1, 2], 9)


def test_words_are_quoted_with_who_says_most_of_them_and_every_citation(store: Store) -> None:
    turns = [("Ann", "So it begins."), ("Voice 2", "It does not end."), (None, "Or does it?")]
    episode = add_spoken(store, "Talk", turns, show="Fail Better", published="2024-05-31")
    store.save_address(episode.id, "https://a.b/c.mp3")
    with Library.open() as library:
        quoted = library.quote("Talk", 2, 8)
        alone = library.quote("Talk", 0, 1)
        cited = {style: library.cite(quoted, style).citation for style in quoted.citations}
        words = library.transcript("Talk").words
        for first, last in ((-1, 2), (3, 2), (0, 10)):
            with pytest.raises(UsageError, match="no words"):
                library.quote("Talk", first, last)
    assert quoted.text == "".join(words.texts[2:9]).strip() == "begins. It does not end. Or does"
    assert (quoted.start, quoted.end) == (words.spans()[2][0], words.spans()[8][1])
    assert (quoted.speaker, quoted.speakers) == ("Voice 2", ("Ann", "Voice 2"))
    assert (alone.text, alone.speaker, alone.speakers) == ("So it", "Ann", ("Ann",))
    assert quoted.citations == cited
    assert quoted.link == "https://a.b/c.mp3#t=0.7"
