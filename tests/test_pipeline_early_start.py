"""The next file is begun beside the last windows of this one, and each ends as if it had been transcribed alone."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator
from itertools import pairwise
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from audio_samples import write_wav
from fake_engine import ENGINE, FakeEngine, finish, speak, start, states, transcribe, write_driver
from measuring import INTERVIEW

from audio.decode import decode_audio
from audio.errors import MachineError
from audio.samples import SAMPLE_RATE
from index.storage.store import Store
from index.transcript import Transcript
from pipeline.batch.running.early_start import Ahead, GroupsLeft
from pipeline.transcription.plan import Plan

PATIENCE = 120.0
"""Seconds after which what should have happened meanwhile fails its test."""
UTTERANCES = (1, 5, 2, 3)
"""Of four files: with groups of two windows, one, three, one and two groups."""


@pytest.fixture
def files(tmp_path: Path, engine: FakeEngine) -> list[Path]:
    """Four files, for an engine that takes windows of two at once."""
    engine.files_at_once = 2
    return [speak(tmp_path / f"{n}.wav", utterances, n) for n, utterances in enumerate(UTTERANCES)]


def transcripts(library: Path) -> dict[str, Transcript | None]:
    with Store.open(library) as store:
        return {episode.id: store.transcript(episode.id) for episode in store.episodes()}


def alone(files: list[Path], library: Path, engine: FakeEngine) -> dict[str, Transcript | None]:
    """The transcripts that files have if one is transcribed after the other."""
    engine.files_at_once, engine.before = 1, lambda _: None
    assert transcribe(*files, "--library", library).code == 0
    return transcripts(library)


def wait_at(calls: tuple[int, int]) -> Callable[[int], None]:
    """Return a hook for ``FakeEngine.before``: the first of two calls waits for the second."""
    begun = Event()

    def before(call: int) -> None:
        if call == calls[1]:
            begun.set()
        elif call == calls[0]:
            assert begun.wait(PATIENCE), "nothing was begun meanwhile"

    return before


def test_a_file_is_begun_beside_the_last_group_before_it_and_ends_the_same(
    files: list[Path], tmp_path: Path, library: Path, engine: FakeEngine
) -> None:
    engine.before = wait_at((0, 1))
    assert [answer["status"] for answer in transcribe(*files).answers] == ["done"] * len(files)
    assert transcripts(library) == alone(files, tmp_path / "alone", engine)


def test_a_file_is_not_begun_before_the_last_group(
    files: list[Path], library: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, list[str]]] = []
    real = Store.save_draft_parts

    def noted(store: Store, *arguments: object) -> None:
        real(store, *arguments)  # type: ignore[arg-type]
        seen.append((engine.calls, [episode.title for episode in store.episodes()]))

    monkeypatch.setattr(Store, "save_draft_parts", noted)
    engine.before = wait_at((2, 3))
    assert transcribe(files[1], files[0]).code == 0
    assert seen[0] == (1, ["1"]), "the first group of three is saved before anything else is asked for"
    assert states(library) == ["transcribed"] * 2


@pytest.mark.parametrize("failing", range(1, 7))
def test_what_fails_is_the_file_that_was_begun(
    failing: int, files: list[Path], tmp_path: Path, library: Path, engine: FakeEngine
) -> None:
    def before(call: int) -> None:
        if call == failing:
            raise RuntimeError("the model broke")

    engine.before = before
    answers = transcribe(*files).answers
    assert sorted(answer["status"] for answer in answers) == ["done"] * 3 + ["failed"]
    assert len({answer["source"] for answer in answers}) == len(files)
    assert states(library).count("transcribed") == 3
    engine.before = lambda _: None
    assert transcribe(*files).code == 0
    assert transcripts(library) == alone(files, tmp_path / "alone", engine)


def test_what_ends_the_batch_does_so_from_a_file_that_was_begun_too(
    files: list[Path], library: Path, engine: FakeEngine
) -> None:
    def before(call: int) -> None:
        if call == 1:
            raise MachineError("No memory is left.")

    engine.before = before
    assert transcribe(*files).code == 4
    assert states(library)[0] == "transcribed", "what was finished is saved"


@pytest.mark.parametrize("call", range(7))
def test_killed_anywhere_the_same_command_ends_the_same(
    call: int, files: list[Path], tmp_path: Path, library: Path, engine: FakeEngine
) -> None:
    setup = f"""
    engine.files_at_once = 2
    def kill(call):
        if call == {call}:
            os.kill(os.getpid(), signal.SIGKILL)
    engine.before = kill
    """
    driver = write_driver(tmp_path / "driver.py", tmp_path / "log", setup)
    assert finish(start(driver, "transcribe", *ENGINE, *files)).code == -signal.SIGKILL
    assert transcribe(*files).code == 0
    assert transcripts(library) == alone(files, tmp_path / "alone", engine)


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="Windows has other signals")
def test_both_files_save_the_group_in_hand_when_they_are_stopped(
    files: list[Path], tmp_path: Path, library: Path, engine: FakeEngine
) -> None:
    setup = """
    from threading import Event
    engine.files_at_once = 2
    begun = Event()
    def stop(call):
        if call == 1:
            os.kill(os.getpid(), signal.SIGINT)
            begun.set()
        assert begun.wait(120)
        time.sleep(0.5)
    engine.before = stop
    """
    driver = write_driver(tmp_path / "driver.py", tmp_path / "log", setup)
    run = finish(start(driver, "transcribe", *ENGINE, "--json", *files))
    assert run.code == 130, run.err
    assert "the same command resumes from there" in run.err
    begun = len((tmp_path / "log").read_text().splitlines())
    assert transcribe(*files).code == 0
    assert begun + len(engine.asked) == sum(UTTERANCES), "nothing is decoded twice, so nothing in hand was lost"
    assert transcripts(library) == alone(files, tmp_path / "alone", engine)


def test_items_ahead_are_those_of_the_generator_and_its_error_comes_last() -> None:
    def items() -> Generator[int, None, None]:
        yield from range(5)
        raise KeyError("end")

    taken: list[int] = []
    with pytest.raises(KeyError, match="end"):
        taken.extend(Ahead(items()))
    assert taken == list(range(5))


def test_items_ahead_end_with_the_one_in_hand() -> None:
    goes_on, closed = Event(), Event()

    def items() -> Generator[int, None, None]:
        try:
            yield 0
            assert goes_on.wait(PATIENCE)
            yield 1
            yield 2
        finally:
            closed.set()

    ahead = Ahead(items())
    ahead.stop()
    goes_on.set()
    assert list(ahead) in ([0], [0, 1])
    assert list(ahead) == [], "and can be asked again"
    assert closed.wait(PATIENCE)


def test_groups_are_counted_by_plan_and_events() -> None:
    plan = Plan(10.0, (), "en", {})
    assert GroupsLeft(plan, frozenset()).at_most_one
    assert not GroupsLeft(None, frozenset()).at_most_one


@pytest.mark.weights
def test_real_words_do_not_depend_on_the_file_beside(tmp_path: Path, library: Path) -> None:
    sound = np.concatenate(list(decode_audio(INTERVIEW)))
    cuts = [round(seconds * SAMPLE_RATE) for seconds in (30, 40, 52, 62)]
    clips = [
        write_wav(tmp_path / f"{n}.wav", (sound[first:last] * 32767).astype(np.int16), SAMPLE_RATE)
        for n, (first, last) in enumerate(pairwise(cuts))
    ]
    assert transcribe(*clips).code == 0
    for clip in clips:
        assert transcribe(clip, "--library", tmp_path / "alone").code == 0
    assert transcripts(library) == transcripts(tmp_path / "alone")
    assert all(one is not None and one.words for one in transcripts(library).values())
