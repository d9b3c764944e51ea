"""Transcription on a Ray cluster: the same transcript as here, whatever is killed, and an error where that is right."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from fake_cluster import (
    LOG,
    PAUSE,
    SENT,
    WITHOUT_VOICES,
    WITHOUT_WEIGHTS,
    FakeCluster,
    decoded,
    kill_a_worker,
    load_fake,
    run_cluster,
)
from fake_engine import ENGINE, ROOT, FakeEngine, Run, airquote, speak, stored, transcribe
from fake_voices import FakeVoices, install_voices
from measuring import cut_interview
from offered_shows import make_sound, offer_shows
from torture.kills import ON_CLUSTER, describe_library, try_kills

from audio.errors import UsageError
from audio.timecode import Span
from index.storage.store import Store
from index.transcript import Transcript
from pipeline.batch.cluster.file_worker import FileWorker
from pipeline.batch.cluster.place import HEAD_PORT, ClusterPlace, parse_place
from pipeline.batch.cluster.sent_bytes import list_weights, write_weights
from pipeline.batch.cluster.unit import FileUnit
from pipeline.batch.running.executor import Finished, Transcription
from pipeline.engines.choose import EngineSpec
from pipeline.library import Library
from pipeline.progress import ProgressEvent, WorkerJoined, WorkerLeft
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import Group, Plan

KILLS_OF_WRITER = 3
"""``make torture`` tries 25."""
UTTERANCES = 14


@pytest.fixture(scope="module")
def running() -> Iterator[FakeCluster]:
    """A cluster for the tests of this module, without machines to work on."""
    with run_cluster() as cluster:
        yield cluster


@pytest.fixture
def cluster(running: FakeCluster, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCluster]:
    """The cluster for one test, which adds machines to it."""
    assert engine.asked == []
    monkeypatch.setattr("pipeline.batch.cluster.on_cluster.load_on_worker", load_fake)
    yield running
    running.clear()


@pytest.fixture
def expected(tmp_path: Path, engine: FakeEngine) -> Callable[[Path], Transcript]:
    """A function that returns what a file is transcribed to in this process."""

    def transcribe_here(file: Path) -> Transcript:
        assert transcribe(file, "--library", tmp_path / "here").code == 0
        asked = len(engine.asked)
        assert asked
        return stored(tmp_path / "here", -1)[1]

    return transcribe_here


def on(cluster: FakeCluster, *arguments: object) -> Run:
    """Transcribe on a cluster."""
    return transcribe(*arguments, "--on", f"ray://{cluster.place.address}")


def test_files_are_transcribed_as_they_are_here(
    cluster: FakeCluster, tmp_path: Path, library: Path, expected: Callable[[Path], Transcript]
) -> None:
    log = tmp_path / "log"
    for _ in range(2):
        cluster.add(variables={LOG: log, PAUSE: 0.05})
    files = [speak(tmp_path / f"talk {number}.wav", UTTERANCES, number) for number in range(3)]
    run = on(cluster, *files)
    assert run.code == 0, run.err
    assert {answer["status"] for answer in run.answers} == {"done"}
    assert run.err.count(": tiny.en, faster-whisper, CPU, 1 thread") == 2, "each worker tells what it is"
    here = {expected(file) for file in files}
    assert {stored(library, number)[1] for number in range(3)} == here
    assert len({process for process, _ in decoded(log)}) == 2, "both work"
    windows = [window for _, window in decoded(log)]
    assert len(windows) == len(set(windows)) == 3 * UTTERANCES, "each window is decoded once"
    assert {answer["reason"] for answer in on(cluster, *files).answers} == {"already transcribed"}


def test_the_groups_of_one_file_are_shared(
    cluster: FakeCluster, tmp_path: Path, library: Path, expected: Callable[[Path], Transcript]
) -> None:
    log = tmp_path / "log"
    for _ in range(2):
        cluster.add(variables={LOG: log, PAUSE: 0.3})
    file = speak(tmp_path / "talk.wav", UTTERANCES)
    assert on(cluster, file).code == 0
    assert stored(library)[1] == expected(file)
    processes = [process for process, _ in decoded(log)]
    assert len(set(processes)) == 2
    assert len(processes) == UTTERANCES


def test_a_worker_that_is_killed_is_replaced(
    cluster: FakeCluster, tmp_path: Path, library: Path, expected: Callable[[Path], Transcript]
) -> None:
    log = tmp_path / "log"
    cluster.add(variables={LOG: log, PAUSE: 0.3})
    file = speak(tmp_path / "talk.wav", UTTERANCES)
    killed: list[int] = []
    run = _while_transcribing(cluster, file, lambda: killed.append(kill_a_worker(log)))
    assert [type(event) for event in run] == [WorkerJoined, WorkerLeft, WorkerJoined]
    assert killed[0] in {process for process, _ in decoded(log)}
    assert stored(library)[1] == expected(file)
    windows = [window for _, window in decoded(log)]
    assert len(windows) - len(set(windows)) <= 2, "no more than a group is decoded again"


def test_a_machine_that_is_lost_is_done_without(
    cluster: FakeCluster, tmp_path: Path, library: Path, expected: Callable[[Path], Transcript]
) -> None:
    log = tmp_path / "log"
    nodes = [cluster.add(variables={LOG: log, PAUSE: 0.3}) for _ in range(2)]

    def lose() -> None:
        while len({process for process, _ in decoded(log)}) < 2:
            time.sleep(0.05)
        cluster.remove(nodes[0])

    files = [speak(tmp_path / f"talk {number}.wav", UTTERANCES, number) for number in range(2)]
    events = _while_transcribing(cluster, *files, meanwhile=lose)
    assert sum(isinstance(event, WorkerLeft) for event in events) == 1
    assert {stored(library, number)[1] for number in range(2)} == {expected(file) for file in files}


def test_a_writer_that_is_killed_goes_on(cluster: FakeCluster, tmp_path: Path) -> None:
    cluster.add()
    place = f"ray://{cluster.place.address}"
    trials = list(try_kills(ON_CLUSTER, tmp_path / "kills", KILLS_OF_WRITER, cluster=place))
    assert len(trials) == KILLS_OF_WRITER
    assert [trial for trial in trials if trial.differing] == []


def test_the_head_that_is_gone_is_named_and_the_same_command_goes_on(
    engine: FakeEngine, tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.batch.cluster.on_cluster.load_on_worker", load_fake)
    log = tmp_path / "log"
    file = speak(tmp_path / "talk.wav", UTTERANCES)
    with run_cluster() as cluster:
        cluster.add(variables={LOG: log, PAUSE: 1})

        def lose_head() -> None:
            while len(decoded(log)) < 4:
                time.sleep(0.05)
            cluster.cluster.head_node.kill_gcs_server()

        address = cluster.place.address
        with pytest.raises(Exception, match="its head is gone") as caught:
            _while_transcribing(cluster, file, meanwhile=lose_head)
        assert address is not None
        assert address in str(caught.value)
        assert "goes on" in str(caught.value)
    assert transcribe(file).code == 0
    assert 0 < len(engine.asked) < UTTERANCES, "what was saved is not decoded again"
    assert len(stored(library)[1].words) > UTTERANCES


def test_an_update_makes_the_same_library_as_here(cluster: FakeCluster, tmp_path: Path, engine: FakeEngine) -> None:
    log = tmp_path / "log"
    for _ in range(2):
        cluster.add(variables={LOG: log})
    here, there = tmp_path / "here", tmp_path / "there"
    with offer_shows() as (show,):
        show.items[0].sound = make_sound(3, UTTERANCES)
        for folder, place in ((here, "here"), (there, f"ray://{cluster.place.address}")):
            asked = len(engine.asked)
            run = airquote("subscribe", show.offer(), "--allow-private", "--library", folder)
            assert run.code == 0, run.err
            run = airquote("update", *ENGINE, "--allow-private", "--json", "--library", folder, "--on", place)
            assert run.code == 0, run.err
            assert [answer["status"] for answer in run.answers] == ["done"] * 3
    assert len(engine.asked) == asked, "nothing is decoded here"
    assert sorted(window for _, window in decoded(log)) == sorted(engine.asked)
    assert describe_library(there) == describe_library(here)


def test_sound_at_an_address_is_transcribed_on_a_cluster(
    cluster: FakeCluster, tmp_path: Path, library: Path, engine: FakeEngine
) -> None:
    cluster.add()
    with offer_shows(count=1) as (show,):
        run = on(cluster, show.server.address(f"{show.path}/episode-1.wav"), "--allow-private")
    assert run.code == 0, run.err
    assert engine.asked == []
    (tmp_path / "sound.wav").write_bytes(show.items[0].sound or b"")
    assert transcribe(tmp_path / "sound.wav", "--library", tmp_path / "here").code == 0
    assert stored(library)[1] == stored(tmp_path / "here")[1]


def test_voices_are_looked_for_on_a_worker(
    cluster: FakeCluster, tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_voices(monkeypatch, FakeVoices(voices=2))
    cluster.add()
    run = on(cluster, speak(tmp_path / "talk.wav", UTTERANCES), "--speakers", "2")
    assert run.code == 0, run.err
    assert run.answer["status"] == "done"
    assert "voices were not found" not in (run.answer["reason"] or "")
    with Store.open(library) as store:
        assert store.voice_settings("talk") is not None


def test_files_are_done_without_voices_where_nobody_finds_any(
    cluster: FakeCluster, tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_voices(monkeypatch, FakeVoices(voices=2))
    cluster.add(variables={WITHOUT_VOICES: 1})
    run = on(cluster, *(speak(tmp_path / f"talk {number}.wav", 4, number) for number in range(2)), "--speakers", "2")
    assert run.code == 0, run.err
    assert {answer["status"] for answer in run.answers} == {"done"}
    assert all("No worker of the cluster has the models of voices" in answer["reason"] for answer in run.answers)
    assert all(stored(library, number)[1].words for number in range(2))


def test_workers_without_weights_are_named_and_those_that_can_go_on(cluster: FakeCluster, tmp_path: Path) -> None:
    cluster.add(variables={WITHOUT_WEIGHTS: 1})
    file = speak(tmp_path / "talk.wav", 4)
    run = on(cluster, file)
    assert run.code == 4
    assert "No worker of the Ray cluster" in run.err
    assert "it has no weights of tiny.en, and none can be sent" in run.err
    cluster.add()
    run = on(cluster, file)
    assert run.code == 0
    assert "is left out: it has no weights of tiny.en" in run.err


def test_weights_are_sent_to_a_worker_that_has_none(
    cluster: FakeCluster, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    for name, size in {"config.json": 10, "model.bin": 100_000, "vocabulary.json": 0}.items():
        (weights / name).write_bytes(os.urandom(size))
    monkeypatch.setenv(SENT, str(weights))
    cluster.add(variables={WITHOUT_WEIGHTS: 1})
    assert on(cluster, speak(tmp_path / "talk.wav", 4)).code == 0
    sent, _ = list_weights(weights)
    assert home in sent.place.parents
    assert sent.are_here
    assert {file.name: file.read_bytes() for file in sent.place.iterdir()} == {
        file.name: file.read_bytes() for file in weights.iterdir()
    }


def test_a_worker_with_another_airquote_is_named(cluster: FakeCluster, tmp_path: Path) -> None:
    other = tmp_path / "other" / "airquote-9.9.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: airquote\nVersion: 9.9\n")
    cluster.add(path=other.parent)
    cluster.add()
    run = on(cluster, speak(tmp_path / "talk.wav", 4))
    assert run.code == 0, run.err
    assert "is left out: its airquote is 9.9, not" in run.err


def test_sound_in_a_shared_folder_is_opened_there(
    cluster: FakeCluster, tmp_path: Path, library: Path, expected: Callable[[Path], Transcript]
) -> None:
    cluster.add()
    file = speak(tmp_path / "shared" / "talk.wav", 6)
    monkeys = on(cluster, file, "--share", file.parent)
    assert monkeys.code == 0, monkeys.err
    assert stored(library)[1] == expected(file)


def test_a_cluster_that_does_not_answer_is_an_error(engine: FakeEngine, tmp_path: Path) -> None:
    assert engine
    pytest.importorskip("ray")
    run = transcribe(speak(tmp_path / "talk.wav", 4), "--on", "ray://127.0.0.1:9")
    assert run.code == 4
    assert "There is no connection to the Ray cluster at 127.0.0.1:9" in run.err
    assert "Is Ray started there" in run.err


def test_without_ray_the_extra_is_named(engine: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine
    monkeypatch.setattr("pipeline.batch.cluster.on_cluster.find_spec", lambda _: None)
    run = transcribe(speak(tmp_path / "talk.wav", 4), "--on", "ray")
    assert run.code == 4
    assert "pip install 'airquote[cluster]'" in run.err


@pytest.mark.parametrize(
    ("written", "host", "port"),
    [("ray", None, HEAD_PORT), ("ray://desk", "desk", HEAD_PORT), ("ray://10.0.0.7:7000", "10.0.0.7", 7000)],
)
def test_places(written: str, host: str | None, port: int) -> None:
    assert parse_place(written) == ClusterPlace(host, port)
    assert parse_place("here") is None


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Ray",
        "ray://",
        "ray:desk",
        "ray://desk:x",
        "ray://desk:99999",
        "ray://desk/x",
        "ray://a@desk",
        "http://desk",
    ],
)
def test_what_is_no_place_is_refused(written: str) -> None:
    with pytest.raises(UsageError, match="is not a place"):
        parse_place(written)


def test_a_shared_folder_must_be_one_and_is_for_clusters(tmp_path: Path) -> None:
    assert parse_place("ray", tmp_path) == ClusterPlace(share=tmp_path)
    with pytest.raises(UsageError, match="is for transcription on a cluster"):
        parse_place("here", tmp_path)
    with pytest.raises(UsageError, match="is not a folder"):
        parse_place("ray", tmp_path / "missing")


def test_a_worker_without_a_shared_file_says_so_and_takes_its_bytes(tmp_path: Path, engine: FakeEngine) -> None:
    file = speak(tmp_path / "talk.wav", 6)
    worker = FileWorker(lambda *_: engine, EngineSpec("faster-whisper", engine.model, "cpu"), 1)
    assert worker.prepare(None, ()).lacks is None
    work = Transcription(
        "12", file, TranscriptionOptions(EngineSpec("faster-whisper", engine.model, "cpu")), None, frozenset()
    )
    worker.begin(FileUnit("12", work), "shared", file.stat().st_size + 1, ())
    assert worker.next_event() is None
    worker.begin(FileUnit("12", work), "sent", file.stat().st_size, (file.read_bytes(),))
    file.unlink()
    events = [worker.next_event() for _ in range(8)]
    assert {type(event) for event in events} >= {Plan, Group}
    assert events[-1] == Finished()


def test_weights_are_written_as_they_were_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.batch.cluster.sent_bytes.cache_folder", lambda: tmp_path / "cache")
    checkpoint = tmp_path / "model.pt"
    checkpoint.write_bytes(os.urandom(1000))
    sent, (file,) = list_weights(checkpoint)
    assert not sent.are_here
    data = file.read_bytes()
    write_weights(sent, [data[:1], data[1:600], data[600:]])
    assert sent.are_here
    assert sent.place.read_bytes() == data


def test_a_cluster_on_this_machine_listens_on_the_loopback_interface_alone(
    engine: FakeEngine, tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert engine
    pytest.importorskip("ray")
    monkeypatch.setattr("pipeline.batch.cluster.on_cluster.load_on_worker", load_fake)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "tests"), str(ROOT)]))
    monkeypatch.delenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", raising=False)
    listening: set[str] = set()

    def look(event: ProgressEvent) -> None:
        if isinstance(event, WorkerJoined):
            listening.update(_listening_addresses())

    options = TranscriptionOptions(EngineSpec("faster-whisper", "tiny.en", "cpu"))
    with Library.open(library, create=True, progress=look) as opened:
        (outcome,) = opened.transcribe([speak(tmp_path / "talk.wav", 4)], options, on="ray")
    assert outcome.status == "done"
    assert {address.removeprefix("::ffff:") for address in listening} == {"127.0.0.1"}


@pytest.mark.weights
@pytest.mark.parametrize(("engine", "part"), [("faster-whisper", Span(0, 41.0)), ("openai-whisper", Span(18.5, 25.8))])
def test_real_weights_give_the_same_words_on_a_cluster(
    running: FakeCluster, tmp_path: Path, engine: str, part: Span
) -> None:
    recording = cut_interview(tmp_path / "part.wav", [part])
    command = (recording.path, "--engine", engine, "--model", "tiny.en", "--speakers", "off")
    running.add(cpus=os.cpu_count() or 1)  # by so many threads as here
    places = {"here": "here", "there": f"ray://{running.place.address}"}
    runs = [airquote("transcribe", *command, "--library", tmp_path / name, "--on", places[name]) for name in places]
    running.clear()
    assert [run.code for run in runs] == [0, 0], runs
    transcript = stored(tmp_path / "there")[1]
    assert (transcript.engine, len(transcript.words) > 5) == (engine, True)
    assert transcript == stored(tmp_path / "here")[1]


def _listening_addresses() -> set[str]:
    """The addresses on which the processes listen that descend from this one."""
    from ray._private.services import psutil  # type: ignore[attr-defined,unused-ignore]

    addresses = set()
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            addresses |= {one.laddr.ip for one in process.net_connections("inet") if one.status == psutil.CONN_LISTEN}
    return addresses


def _while_transcribing(
    cluster: FakeCluster, *files: Path | Callable[[], object], meanwhile: Callable[[], object] | None = None
) -> list[ProgressEvent]:
    """Transcribe files on a cluster while something else is done; return what was told of workers."""
    sounds = [file for file in files if isinstance(file, Path)]
    doing = meanwhile or next(file for file in files if not isinstance(file, Path))
    told: list[ProgressEvent] = []
    options = TranscriptionOptions(EngineSpec("faster-whisper", "tiny.en", "cpu"))
    thread = threading.Thread(target=doing)
    with Library.open(Path(os.environ["AIRQUOTE_LIBRARY"]), create=True, progress=told.append) as library:
        thread.start()
        try:
            outcomes = library.transcribe(sounds, options, on=f"ray://{cluster.place.address}")
        finally:
            thread.join()
    assert {outcome.status for outcome in outcomes} == {"done"}
    return [event for event in told if isinstance(event, (WorkerJoined, WorkerLeft))]
