"""What is asked of single files of a batch: details, names, the episode whose sound a file is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fake_engine import MODEL, speak
from libraries import add_episode

from audio.media import hash_file
from audio.recording.chapters import Chapter
from index.storage.store import Store
from pipeline.answers import Outcome
from pipeline.batch.batch import Batch
from pipeline.batch.batch_request import FileRequest, Request
from pipeline.batch.episode_details import EpisodeDetails
from pipeline.batch.running.executor import InProcess
from pipeline.engines.choose import EngineSpec
from pipeline.transcription.glossary import Glossary, GlossaryName, add_names
from pipeline.transcription.options import TranscriptionOptions

pytestmark = pytest.mark.usefixtures("engine")

OPTIONS = TranscriptionOptions(EngineSpec("faster-whisper", MODEL, "cpu"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "requested", create=True) as opened:
        yield opened


def run(store: Store, files: dict[Path, FileRequest], options: TranscriptionOptions = OPTIONS) -> list[Outcome]:
    batch = Batch(store, InProcess(), Request(options.resolve(), files=files))
    batch.run_as_they_come(iter(files))
    return batch.outcomes


def asked_of(store: Store, episode: str) -> dict[str, object]:
    facts = store.facts(episode)
    assert facts is not None
    asked: dict[str, object] = json.loads(facts.settings)["asked"]
    return asked


def test_each_file_has_details_and_names_of_its_own(tmp_path: Path, store: Store) -> None:
    first, second = speak(tmp_path / "a.wav", 1), speak(tmp_path / "b.wav", 1, seed=1)
    made: list[str] = []
    details = EpisodeDetails("Fail Better", "The roof", "2024-05-31")
    run(
        store,
        {
            first: FileRequest(details, ("Ann Okafor",), stored=made.append),
            second: FileRequest(EpisodeDetails("Night Boat"), stored=made.append),
        },
    )
    assert [(one.id, one.show, one.title, one.published) for one in store.episodes()] == [
        ("the-roof", "Fail Better", "The roof", "2024-05-31"),
        ("b", "Night Boat", "b", None),
    ]
    assert made == ["the-roof", "b"]
    assert asked_of(store, "the-roof")["glossary"] == [["Ann Okafor"]]
    assert "glossary" not in asked_of(store, "b")


def test_the_request_of_a_file_is_stored_with_its_episode_or_not_at_all(tmp_path: Path, store: Store) -> None:
    def fail(_: str) -> None:
        raise RuntimeError("stop")

    file = speak(tmp_path / "a.wav", 1)
    assert [one.status for one in run(store, {file: FileRequest(stored=fail)})] == ["failed"]
    assert store.episodes() == []
    assert [one.status for one in run(store, {file: FileRequest()})] == ["done"]


def test_what_is_known_by_its_hash_is_told_to_the_request(tmp_path: Path, store: Store) -> None:
    file = speak(tmp_path / "a.wav", 1)
    run(store, {file: FileRequest()})
    made: list[str] = []
    assert [one.status for one in run(store, {file: FileRequest(stored=made.append)})] == ["skipped"]
    assert made == ["a"]


def test_an_episode_without_sound_gets_it(tmp_path: Path, store: Store) -> None:
    episode = add_episode(store, "The roof")
    file = speak(tmp_path / "sound.wav", 2)
    assert [one.episode for one in run(store, {file: FileRequest(episode=episode.id)})] == [episode.id]
    (stored,) = store.episodes()
    assert (stored.media, stored.sha256, stored.state) == (str(file), hash_file(file), "transcribed")


@pytest.mark.parametrize("force", [False, True])
def test_words_keep_their_sound_until_there_are_others(force: bool, tmp_path: Path, store: Store) -> None:
    old, new = speak(tmp_path / "old.wav", 1), speak(tmp_path / "new.wav", 3, seed=1)
    run(store, {old: FileRequest()})
    (outcome,) = run(store, {new: FileRequest(episode="old")}, replace(OPTIONS, force=force))
    (episode,) = store.episodes()
    facts = store.facts("old")
    assert facts is not None
    kept = old if not force else new
    assert outcome.status == ("done" if force else "skipped")
    assert (episode.sha256, episode.media) == (hash_file(kept), str(kept))
    assert facts.words == 6 * (3 if force else 1)


def test_a_draft_of_other_sound_is_not_continued(tmp_path: Path, store: Store) -> None:
    old, new = speak(tmp_path / "old.wav", 8), speak(tmp_path / "new.wav", 2, seed=1)
    calls = iter(range(100))

    def stopped() -> bool:
        return next(calls) > 3

    request = Request(OPTIONS.resolve(), files={old: FileRequest()})
    Batch(store, InProcess(stopped), request).run_as_they_come([old])
    (episode,) = store.episodes()
    assert episode.state == "transcribing"
    (outcome,) = run(store, {new: FileRequest(episode=episode.id)})
    transcript = store.transcript(episode.id)
    assert transcript is not None
    assert (outcome.status, len(transcript.words)) == ("done", 6 * 2)
    assert store.episodes()[0].sha256 == hash_file(new)


def test_chapters_of_the_publisher_stay_where_the_file_has_none(tmp_path: Path, store: Store) -> None:
    file = speak(tmp_path / "a.wav", 1)
    chapters = [Chapter(0.0, "Welcome")]
    run(store, {file: FileRequest(stored=lambda episode: store.save_chapters(episode, chapters))})
    assert store.chapters("a") == chapters


def test_names_join_a_glossary_as_far_as_they_fit() -> None:
    own = Glossary((GlossaryName("Okafor", ("Ockever",)),))
    joined = add_names(own, ["Okafor", "Ann  Lee", "Ann Lee", "...", "x" * 61, ""])
    assert joined == Glossary((*own.names, GlossaryName("Ann Lee")))
    assert add_names(own, []) == own
    assert add_names(None, ["?"]) is None
    many = add_names(own, [f"Name {number}" for number in range(2000)])
    assert many is not None
    assert (len(many.names), many.names[0]) == (1000, own.names[0])
