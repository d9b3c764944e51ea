"""The benchmark of the page: who asks when, what is read from a trace, from processes and from answers."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from bench.web_load import Query, ask_for_minutes, ask_in_a_row, each_in_turn, percentiles, plan_queries
from bench.web_reading import read_tasks
from bench.web_report import WebReport
from bench.web_server_process import add_memory, family_of
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_text
from web_server import RunningServer, running_server

from index.storage.store import Store


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server of a library with one episode."""
    folder = tmp_path_factory.mktemp("library")
    with Store.open(folder, create=True) as store:
        add_text(store, "Talk", "There is more to come.")
    with running_server(folder) as running:
        yield running


@given(st.integers(1, 8), st.integers(1, 9), st.integers(1, 5), st.integers())
def test_everybody_asks_once_in_every_second(people: int, seconds: int, texts: int, seed: int) -> None:
    queries = plan_queries([str(number) for number in range(texts)], people, seconds, random.Random(seed))
    moments = [query.moment for query in queries]
    assert moments == sorted(moments)
    assert sorted((query.person, int(query.moment)) for query in queries) == [
        (person, second) for person in range(people) for second in range(seconds)
    ]
    fresh = [query.text for query in queries if not query.is_repeated]
    assert len(fresh) == len(set(fresh)) == min(texts, people * seconds)


def test_percentiles_are_of_the_values() -> None:
    assert percentiles(range(1, 1000)) == (500, 950, 990)


def test_paths_come_in_turn_and_again() -> None:
    assert list(islice(each_in_turn(["a", "b"], ["c"]), 6)) == ["a", "c", "b", "c", "a", "c"]


def test_every_query_is_answered_and_timed(server: RunningServer) -> None:
    queries = [Query(0, 0.0, "more", False), Query(1, 0.01, "come", False), Query(0, 0.02, "more", True)]
    taken = ask_for_minutes(server.settings.port, queries, with_counts=False)
    assert (len(taken.search), len(taken.repeated), taken.failed, taken.counts) == (2, 1, 0, [])
    assert min(taken.search) > 0


def test_counts_are_asked_and_given_up_when_the_query_changes(server: RunningServer) -> None:
    queries = [Query(0, 0.0, "there", False), Query(0, 0.2, "is", False)]
    taken = ask_for_minutes(server.settings.port, queries, with_counts=True)
    assert len(taken.search) == 2
    assert len(taken.counts) + taken.counts_left == 4


def test_an_answer_that_is_an_error_counts_as_failed(server: RunningServer) -> None:
    taken = ask_for_minutes(server.settings.port, [Query(0, 0.0, '"never closed', False)], with_counts=False)
    assert (taken.search, taken.failed) == ([], 1)
    with pytest.raises(ExceptionGroup) as raised:
        ask_in_a_row(server.settings.port, each_in_turn(["/nowhere"]), 3, at_once=1)
    assert "/nowhere answers 404" in str(raised.value.exceptions[0])


def test_only_the_tasks_of_pages_main_threads_count() -> None:
    events = [
        {"name": "thread_name", "ph": "M", "pid": 1, "tid": 1, "args": {"name": "CrRendererMain"}},
        {"name": "thread_name", "ph": "M", "pid": 1, "tid": 2, "args": {"name": "Compositor"}},
        {"name": "ThreadControllerImpl::RunTask", "ph": "X", "pid": 1, "tid": 1, "dur": 51_000},
        {"name": "ThreadControllerImpl::RunTask", "ph": "X", "pid": 1, "tid": 2, "dur": 90_000},
        {"name": "ThreadControllerImpl::RunTask", "ph": "X", "pid": 2, "tid": 1, "dur": 90_000},
        {"name": "Layout", "ph": "X", "pid": 1, "tid": 1, "dur": 60_000},
    ]
    assert read_tasks(json.dumps({"traceEvents": events}).encode()) == [51.0]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="of Linux")
def test_memory_is_that_of_a_process_and_of_its_children() -> None:
    with subprocess.Popen([sys.executable, "-c", "print(flush=True); input()"], stdin=-1, stdout=-1) as child:
        assert child.stdout is not None
        child.stdout.readline()
        family = family_of(os.getpid())
        assert family[0] == os.getpid()
        assert child.pid in family
        both, alone = add_memory(family), add_memory([os.getpid()])
        child.communicate(b"\n")
    assert both["resident"] > alone["resident"] > alone["anonymous"] > 0


LOAD = {
    "people": 2, "seconds": 10.0, "search": [10.0, 20.0, 30.0], "repeated": [1.0], "counts": [], "counts_left": 0,
    "failed": 0, "server_seconds": 5.0, "generator_seconds": 1.0, "load_before": 0.5,
}  # fmt: skip
MISSED: dict[str, dict[str, Any]] = {
    "slow": {"search": {**LOAD, "search": [10.0, 500.0, 600.0]}},
    "failed": {"search": {**LOAD, "failed": 1}},
    "grown": {
        "memory": {
            "early": {"resident": 100.0, "anonymous": 50.0}, "late": {"resident": 100.0, "anonymous": 60.0},
            "requests": 9, "load_before": 0.5,
        },
    },
    "a part": {"site": {"printed": "", "met": False, "load_before": 0.5}},
}  # fmt: skip


def test_what_meets_its_bars_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert WebReport({"search": LOAD}).print()
    assert "| 2, searches alone | 4 | 20," in capsys.readouterr().out


@pytest.mark.parametrize("what", MISSED)
def test_a_missed_bar_is_told(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert not WebReport(MISSED[what]).print()
    assert "MISSED" in capsys.readouterr().out
