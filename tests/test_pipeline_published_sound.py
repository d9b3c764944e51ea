"""Publishers' transcripts with the sound of their episodes: aligned, transcribed later, and fetched from a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import FakeEngine, airquote, speak, transcribe
from misbehaving_server import Server, redirect, serve, status, whole
from test_pipeline_published import ERROR_PAGE, SHOW, SRT, fetch, make_item, offer

from index.fulltext.maintenance import update_index
from index.storage.store import Store
from pipeline.errors import TranscriptUnavailableError
from pipeline.imported.import_times import TimingOptions
from pipeline.imported.word_origin import find_origin, publisher_of
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.feeds.values import OfferedTranscript
from pipeline.shows.published.published_fetching import fetch_published
from pipeline.shows.published.published_import import import_published

HEARD = ("We never stopped at all.", "There is more to come.", "It begins this winter, they say.")
LATE = "\n\n".join(
    f"{number}\n00:01:0{number},000 --> 00:01:0{number},900\n{text}" for number, text in enumerate(HEARD, 1)
)


@pytest.fixture
def hearing(monkeypatch: pytest.MonkeyPatch, engine: FakeEngine) -> FakeEngine:
    """The fake engine, which aligning loads."""
    monkeypatch.setattr("pipeline.alignment.listening_model.load_named_or_smallest", lambda *_: engine)
    engine.answers.extend(HEARD)
    return engine


@pytest.fixture
def store(library: Path) -> Iterator[Store]:
    with Store.open(library, create=True) as opened:
        yield opened


def start_of(store: Store, episode: str | None) -> float:
    transcript = store.transcript(episode or "")
    assert transcript is not None
    return transcript.words[0].start


@pytest.mark.usefixtures("hearing")
def test_a_transcript_is_aligned_with_the_sound_and_stays_the_publishers(store: Store, tmp_path: Path) -> None:
    item, sound = make_item(*offer("srt")), speak(tmp_path / "5.wav", 3)
    published = fetch(item, srt=LATE)
    outcome = import_published(store, item, published, SHOW, TimingOptions(align=True), audio=sound)
    assert outcome.status == "done", outcome.reason
    assert start_of(store, outcome.episode) == pytest.approx(3.0, abs=0.1)
    facts = store.facts(outcome.episode or "")
    assert facts is not None
    assert facts.timing == "aligned"
    assert find_origin(facts).description.startswith("the publisher's transcript (Fail Better), its times aligned")
    again = import_published(
        store, item, published, SHOW, TimingOptions(align=True), audio=sound, episode=outcome.episode
    )
    assert again.reason == "already imported"


@pytest.mark.usefixtures("hearing")
def test_text_without_times_gets_those_of_the_sound(store: Store, tmp_path: Path) -> None:
    item = make_item(*offer("txt"))
    published = fetch(item, txt=" ".join([*HEARD, "And they never stop, whatever comes, say those who live there."]))
    sound = speak(tmp_path / "5.wav", 3)
    episode = import_published(store, item, published, SHOW, TimingOptions(align=True), audio=sound).episode
    assert start_of(store, episode) == pytest.approx(3.0, abs=0.1)


@pytest.mark.usefixtures("hearing")
def test_sound_that_comes_later_is_linked_and_can_be_aligned_by_an_import(store: Store, tmp_path: Path) -> None:
    item, sound = make_item(*offer("srt")), speak(tmp_path / "5.wav", 3)
    episode = import_published(store, item, fetch(item, srt=LATE), SHOW).episode or ""
    assert start_of(store, episode) == 61.0
    assert airquote("export", episode, "--publisher", "-o", tmp_path / "own.srt").code == 0
    run = airquote("import", tmp_path / "own.srt", "--audio", sound, "--align", "--json")
    assert (run.code, run.answer["episode"], run.answer["status"]) == (0, episode, "done")
    assert start_of(store, episode) == pytest.approx(3.0, abs=0.1)
    (row,) = airquote("list", "--json").answers
    assert (row["origin"], row["media"]) == ("publisher", str(sound))


def test_a_transcript_whose_sound_arrives_is_linked_to_it(store: Store, tmp_path: Path) -> None:
    item, sound = make_item(*offer("srt")), speak(tmp_path / "5.wav", 3)
    episode = import_published(store, item, fetch(item, srt=SRT), SHOW).episode
    outcome = import_published(store, item, fetch(item, srt=SRT), SHOW, audio=sound, episode=episode)
    assert outcome.episode == episode
    (stored,) = store.episodes()
    assert stored.media == str(sound)
    facts = store.facts(stored.id)
    assert facts is not None
    assert publisher_of(facts.settings) == "Fail Better"


def test_an_episode_that_is_transcribed_later_loses_nothing(store: Store, tmp_path: Path, engine: FakeEngine) -> None:
    item, sound = make_item(*offer("srt")), speak(tmp_path / "5.wav", 3)
    published = fetch(item, srt=SRT.replace("more", "less"))
    episode = import_published(store, item, published, SHOW, audio=sound).episode or ""
    update_index(store)
    assert airquote("search", "less", "--json").answer["origin"] == "publisher"
    engine.answers.extend(HEARD)
    run = transcribe(sound, "--force")
    assert (run.code, run.answer["episode"]) == (0, episode)
    assert airquote("search", "less").code == 1
    assert airquote("search", "more", "--json").answer["origin"] == "model"
    kept, stored = store.published(episode), store.episode(episode)
    assert kept == published.file
    assert stored is not None
    assert (stored.title, stored.show) == (item.title, "Fail Better")
    shown = airquote("compare", episode, "--json").answers
    assert "less" in " ".join(row["publisher"] for row in shown)


def test_the_sound_of_an_episode_of_its_own_keeps_its_words(store: Store, tmp_path: Path, engine: FakeEngine) -> None:
    engine.answers.extend(HEARD)
    sound = speak(tmp_path / "5.wav", 3)
    own = transcribe(sound).answer["episode"]
    item = make_item(*offer("srt"))
    outcome = import_published(store, item, fetch(item, srt=SRT), SHOW, audio=sound)
    assert outcome.episode == own
    assert "kept beside the words of Whisper" in (outcome.reason or "")
    assert len(store.episodes()) == 1


def fetch_from(server: Server, *paths: str) -> str:
    offered = [OfferedTranscript(server.address(path), None) for path in paths]
    published = fetch_published(Courier(allow_private=True), make_item(*offered))
    assert published is not None
    return published.file.address.rpartition("/")[2]


def test_what_a_server_answers_wrongly_is_passed_over() -> None:
    page = ERROR_PAGE.encode()
    behaviours = {
        "/gone.json": [status(410)], "/none.vtt": [status(404)], "/error.vtt": [whole(page)],
        "/empty.vtt": [whole(b"")],
        "/moved.srt": [redirect("/here.srt")], "/here.srt": [whole(SRT.encode())],
    }  # fmt: skip
    with serve(behaviours) as server:
        assert fetch_from(server, "/gone.json", "/none.vtt", "/error.vtt", "/empty.vtt", "/moved.srt") == "moved.srt"
        with pytest.raises(TranscriptUnavailableError, match=r"error\.vtt"):
            fetch_from(server, "/error.vtt")


def test_an_address_of_a_private_network_is_not_fetched_unless_it_is_allowed() -> None:
    with serve({"/5.srt": [whole(SRT.encode())]}) as server:
        item = make_item(OfferedTranscript(server.address("/5.srt"), None))
        with pytest.raises(TranscriptUnavailableError, match="loopback"):
            fetch_published(Courier(), item)
