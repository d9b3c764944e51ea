"""Which worker does what: every group once, whatever workers are lost, and nothing without work while there is some."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.recording.sound_choice import FIRST_SOUND
from audio.timecode import Span
from audio.voices.voice_count import VoiceCount
from audio.voices.voice_turns import Diarization
from audio.windows import Window
from pipeline.batch.cluster.schedule import MOST_LOSSES, Schedule
from pipeline.batch.cluster.unit import EngineSettings, FileUnit, WorkerFacts
from pipeline.batch.running.executor import Event, Failed, Finished, Transcription, VoiceSearch, Work
from pipeline.transcription.diarization import FoundVoices, VoiceRequest
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import Group, Plan, first_window, group_number

INT8: EngineSettings = {"compute_type": "int8"}
FLOAT16: EngineSettings = {"compute_type": "float16"}


def plan_of(windows: int, settings: EngineSettings, complete: bool = True) -> Plan:
    """A plan of so many windows of a second."""
    spans = tuple(Window(number, (Span(number, number + 1.0),)) for number in range(windows))
    return Plan(float(windows), spans, "en", settings, complete=complete)


def work_of(key: str, **details: object) -> Transcription:
    """The work on a file that nothing is known of."""
    work = Transcription(key, Path(f"{key}.wav"), TranscriptionOptions(), None, frozenset())
    return replace(work, **details)  # type: ignore[arg-type]


def worker_of(settings: EngineSettings = INT8, *, voices: bool = False) -> WorkerFacts:
    """A worker with these settings."""
    return WorkerFacts("host", "1", "faster-whisper", "tiny.en", "cpu", 1, settings, voices)


def do(work: Work, windows: int, settings: EngineSettings) -> Iterator[Event]:
    """What a worker with these settings makes of the work on a file of so many windows."""
    if isinstance(work, VoiceSearch):
        yield FoundVoices(Diarization((), ()), "")
    elif isinstance(work, Transcription):
        plan, done = work.plan, work.done
        if plan is not None and plan.settings != settings:
            plan, done = None, frozenset[int]()
        if plan is None or not plan.complete:
            yield plan_of(min(windows, first_window(1)), settings, complete=False)
        begun = plan is not None and plan.complete
        for number in range(group_number(windows - 1) + 1 if windows else 0):
            if number == 1 and not begun:
                begun = True
                yield plan_of(windows, settings)
            if number not in done:
                yield Group(number, (), float(min(windows, first_window(number + 1))))
        if not begun:
            yield plan_of(windows, settings)
    yield Finished()


@dataclass(slots=True)
class Simulation:
    """Workers that work on files of so many windows each, in an order that chance gives."""

    windows: dict[str, int]
    schedule: Schedule = field(default_factory=Schedule)
    running: dict[str, Iterator[Event]] = field(default_factory=dict)
    facts: dict[str, WorkerFacts] = field(default_factory=dict)
    events: list[tuple[str, Event]] = field(default_factory=list)
    units: list[tuple[str, FileUnit]] = field(default_factory=list)

    def join(self, name: str, facts: WorkerFacts) -> None:
        """Add a worker."""
        self.facts[name] = facts
        self.schedule.join(name, facts)

    def lose(self, name: str) -> None:
        """Lose a worker."""
        del self.facts[name]
        self.running.pop(name, None)
        self.events += self.schedule.lose(name)

    def assign(self) -> None:
        """Give work to all who have none."""
        for name, facts in self.facts.items():
            if not self.schedule.has_work(name):
                self.running.pop(name, None)
                unit = self.schedule.assign(name)
                if unit is not None:
                    self.units.append((name, unit))
                    self.running[name] = do(unit.work, self.windows[unit.key], facts.settings or INT8)

    def step(self, name: str) -> None:
        """Take the next event of a worker."""
        event = next(self.running[name])
        if self.schedule.has_work(name):
            self.events += self.schedule.take(name, event)

    def finish(self, chance: Random) -> None:
        """Work until all is done."""
        while self.schedule.files:
            self.assign()
            working = [name for name in self.running if self.schedule.has_work(name)]
            assert working, "files are left, and nobody works on them"
            self.step(chance.choice(working))

    def groups(self, key: str) -> Counter[int]:
        """How often each group of a file was delivered, since its last plan that began anew."""
        counts: Counter[int] = Counter()
        plan: Plan | None = None
        for of, event in self.events:
            if of == key and isinstance(event, Plan):
                if plan is None or not event.continues(plan):
                    counts.clear()
                plan = event
            elif of == key and isinstance(event, Group):
                counts[event.number] += 1
        return counts


@given(st.data())
def test_every_group_is_delivered_once_whoever_is_lost(data: st.DataObject) -> None:
    windows = data.draw(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 80), min_size=1))
    chance = Random(data.draw(st.integers(0, 2**32)))
    simulation = Simulation(windows)
    for key in windows:
        simulation.events += simulation.schedule.add(work_of(key))
    simulation.schedule.all_added = data.draw(st.booleans())
    settings = data.draw(st.lists(st.sampled_from([INT8, FLOAT16]), min_size=1, max_size=5))
    for number, kind in enumerate(settings):
        simulation.join(str(number), worker_of(kind))
    joined = len(settings)
    for lost in data.draw(st.lists(st.booleans(), max_size=80)):
        simulation.assign()
        working = [name for name in simulation.running if simulation.schedule.has_work(name)]
        if not working:
            break
        name = chance.choice(working)
        if lost:
            facts = simulation.facts[name]
            simulation.lose(name)
            simulation.join(str(joined), facts)
            joined += 1
        else:
            simulation.step(name)
    simulation.finish(chance)
    for key, number in windows.items():
        ends = [event for of, event in simulation.events if of == key and isinstance(event, (Finished, Failed))]
        assert len(ends) == 1
        if isinstance(ends[0], Finished):
            groups = group_number(number - 1) + 1 if number else 0
            assert simulation.groups(key) == dict.fromkeys(range(groups), 1)
        assert simulation.events[-1][0] != key or simulation.events[-1][1] is ends[0]


@given(st.integers(1, 200), st.integers(1, 8), st.integers(0, 2**32))
def test_the_groups_of_one_file_are_shared_among_all_workers(windows: int, workers: int, seed: int) -> None:
    simulation = Simulation({"a": windows})
    for number in range(workers):
        simulation.join(str(number), worker_of())
    simulation.schedule.add(work_of("a"))
    chance = Random(seed)
    simulation.assign()
    while not any(isinstance(event, Plan) and event.complete for _, event in simulation.events):
        simulation.step("0")
    simulation.assign()
    left = plan_of(windows, INT8).groups - sum(simulation.groups("a").values())
    assert sum(map(simulation.schedule.has_work, simulation.facts)) == min(workers, max(1, left))
    simulation.finish(chance)
    assert set(simulation.groups("a").values()) <= {1}


@given(st.integers(2, 8), st.data())
def test_the_last_files_are_scanned_before_groups_of_others_are_decoded(workers: int, data: st.DataObject) -> None:
    files = [str(number) for number in range(data.draw(st.integers(workers, 2 * workers - 1)))]
    simulation = Simulation(dict.fromkeys(files, 40))
    chance = Random(data.draw(st.integers(0, 2**32)))
    for number in range(workers):
        simulation.join(str(number), worker_of())
    for key in files:
        simulation.schedule.add(work_of(key))
    simulation.schedule.all_added = True
    simulation.assign()
    while simulation.schedule.new_files:
        simulation.step(chance.choice([*simulation.running]))
        simulation.assign()
        decoded = {event.number for _, event in simulation.events if isinstance(event, Group)}
        assert decoded <= {0}, "what follows the first group can be shared, a file that is not scanned cannot"
    simulation.finish(chance)
    assert all(simulation.groups(key) == dict.fromkeys(range(4), 1) for key in files)


@pytest.mark.parametrize(("workers", "all_added"), [(1, True), (2, True), (2, False)])
def test_a_worker_stays_with_its_file_where_enough_are_left(workers: int, all_added: bool) -> None:
    files = [str(number) for number in range(3 * workers)]
    simulation = Simulation(dict.fromkeys(files, 40))
    for number in range(workers):
        simulation.join(str(number), worker_of())
    for key in files:
        simulation.schedule.add(work_of(key))
    simulation.schedule.all_added = all_added
    while simulation.schedule.new_files >= workers:
        simulation.assign()
        for name in simulation.facts:
            simulation.step(name)
    assert [unit.key for _, unit in simulation.units] == files[: len(simulation.units)]
    assert all(simulation.groups(key) == dict.fromkeys(range(4), 1) for key in files[:workers])


def test_what_an_earlier_run_has_saved_is_not_done_again() -> None:
    simulation = Simulation({"a": 40, "b": 40})
    simulation.join("0", worker_of())
    plan = plan_of(40, INT8)
    simulation.events += simulation.schedule.add(work_of("a", plan=plan, done=frozenset({0, 2})))
    simulation.events += simulation.schedule.add(work_of("b", plan=plan, done=frozenset(range(plan.groups))))
    assert simulation.events == [("b", Finished())]
    simulation.finish(Random(0))
    assert simulation.groups("a") == {1: 1, 3: 1}


def test_a_file_is_of_workers_with_the_same_settings_as_long_as_there_are_some() -> None:
    simulation = Simulation({"a": 40})
    simulation.join("cpu", worker_of(INT8))
    simulation.schedule.add(work_of("a", plan=plan_of(40, INT8), done=frozenset({0})))
    simulation.assign()
    simulation.join("gpu", worker_of(FLOAT16))
    simulation.assign()
    assert not simulation.schedule.has_work("gpu")
    simulation.step("cpu")
    simulation.lose("cpu")
    simulation.finish(Random(0))
    plans = [event for _, event in simulation.events if isinstance(event, Plan)]
    assert {plan.settings["compute_type"] for plan in plans} == {"float16"}, "it began anew"
    assert simulation.groups("a") == dict.fromkeys(range(4), 1)


def test_voices_are_looked_for_once_all_is_heard_by_a_worker_that_can() -> None:
    simulation = Simulation({"a": 10})
    simulation.join("deaf", worker_of())
    simulation.schedule.add(work_of("a", voices=VoiceRequest(VoiceCount(1, 2))))
    assert not simulation.schedule.lacks_voices
    with pytest.raises(AssertionError):
        simulation.finish(Random(0))
    assert simulation.schedule.lacks_voices
    simulation.join("hears voices", replace(worker_of(), settings=None, voices=True))
    simulation.finish(Random(0))
    assert [type(unit.work) for name, unit in simulation.units if name == "hears voices"] == [VoiceSearch]
    assert isinstance(simulation.events[-1][1], Finished)


def test_files_end_without_voices_where_no_worker_can_find_any() -> None:
    simulation = Simulation({"a": 10, "b": 10, "c": 10})
    simulation.join("deaf", worker_of())
    request = VoiceRequest(VoiceCount(1, 2))
    simulation.schedule.add(work_of("a", voices=request))
    simulation.schedule.add(work_of("b"))
    simulation.schedule.add(work_of("c", voices=request))
    while not simulation.schedule.lacks_voices:
        simulation.assign()
        simulation.step("deaf")
    ((key, failed),) = simulation.schedule.give_up_voices()
    assert (key, type(failed)) == ("a", Failed)
    assert simulation.schedule.give_up_voices() == []
    assert simulation.schedule.files == 2


def test_a_search_for_voices_alone_is_of_a_worker_that_can() -> None:
    simulation = Simulation({"a": 10})
    simulation.join("deaf", worker_of())
    simulation.schedule.add(VoiceSearch("a", Path("a.wav"), FIRST_SOUND, VoiceCount(2, 2)))
    simulation.assign()
    assert simulation.units == []
    simulation.join("hears voices", replace(worker_of(), settings=None, voices=True))
    simulation.finish(Random(0))
    assert [name for name, _ in simulation.units] == ["hears voices"]
    assert [type(event) for _, event in simulation.events] == [FoundVoices, Finished]


def test_a_file_that_kills_its_workers_fails_and_the_others_go_on() -> None:
    simulation = Simulation({"a": 40, "b": 40})
    simulation.schedule.add(work_of("a"))
    for number in range(MOST_LOSSES):
        simulation.join(str(number), worker_of())
        simulation.assign()
        assert simulation.schedule.has_work(str(number))
        simulation.lose(str(number))
    ((_, failed),) = simulation.events
    assert isinstance(failed, Failed)
    assert "3 workers" in failed.error.message
    simulation.schedule.add(work_of("b"))
    simulation.join("last", worker_of())
    simulation.finish(Random(0))
    assert simulation.events[-1] == ("b", Finished())


def test_the_time_that_is_reached_never_goes_back() -> None:
    simulation = Simulation({"a": 100})
    for name in "xyz":
        simulation.join(name, worker_of())
    simulation.schedule.add(work_of("a"))
    simulation.finish(Random(1))
    reached = [event.reached for _, event in simulation.events if isinstance(event, Group)]
    assert reached == sorted(reached)
    assert reached[-1] <= 100
