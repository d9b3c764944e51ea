"""Every test stays away from the home folder, the user's library and settings, and the net."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_engine import FakeEngine, install


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
