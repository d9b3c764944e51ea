"""`airquote serve`: what it is started with, the address that it prints, and how it ends."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fake_engine import airquote

from audio.errors import UsageError
from index.storage.store import Store
from pipeline.web import serving
from pipeline.web.web_settings import LOOPBACK, ServedLibrary, WebSettings

LONG_TOKEN = "a-token-that-is-long"
STOPPED = (0, 130)


def settings_of(
    address: str = LOOPBACK, token: str | None = None, *names: str, environment: dict[str, str] | None = None
) -> WebSettings:
    return serving.settings_for("library", address, 8420, token, names, environment or {})


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.7", "archive.example", "127.0.0.1.example"])
def test_an_address_that_others_reach_asks_for_a_token_that_nobody_guesses(address: str) -> None:
    first, second = settings_of(address), settings_of(address)
    assert len(first.access_token or "") >= 32
    assert first.access_token != second.access_token
    assert settings_of(address, LONG_TOKEN).access_token == LONG_TOKEN


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost", "127.8.9.10"])
def test_this_machine_alone_is_asked_for_a_token_where_one_is_given(address: str) -> None:
    assert settings_of(address).access_token is None
    assert settings_of(address, environment={"AIRQUOTE_TOKEN": LONG_TOKEN}).access_token == LONG_TOKEN
    given = settings_of(address, LONG_TOKEN, environment={"AIRQUOTE_TOKEN": "another-" + LONG_TOKEN})
    assert given.access_token == LONG_TOKEN


@pytest.mark.parametrize(
    "token", ["", "short", "x" * 15, "with a space in it", "a;b=c;d=e;f=g;h=i", "é" * 20, "\udcff" * 20]
)
def test_a_weak_or_odd_token_is_refused(token: str) -> None:
    with pytest.raises(UsageError, match="16 characters"):
        settings_of("0.0.0.0", token)
    with pytest.raises(UsageError):
        settings_of(environment={"AIRQUOTE_TOKEN": token})


@pytest.mark.parametrize(
    "name", ["", "http://archive.example", "archive.example:80", "a/b", "a b", "é.example", "x" * 9 + "\n"]
)
def test_what_is_no_name_of_a_host_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="not the name of a host"):
        settings_of(LOOPBACK, None, name)
    with pytest.raises(UsageError, match="not the name of a host"):
        settings_of(name)


def test_a_name_to_serve_on_is_one_of_its_names() -> None:
    assert settings_of("Archive.Example", None, "Other.example").names == ("other.example", "archive.example")
    assert settings_of("0.0.0.0", None).names == ()


@pytest.mark.parametrize(
    ("address", "names", "printed"),
    [
        ("127.0.0.1", (), "http://127.0.0.1:8420/"), ("::1", (), "http://[::1]:8420/"),
        ("0.0.0.0", ("archive.example",), f"http://archive.example:8420/?token={LONG_TOKEN}"),
        ("0.0.0.0", (), f"http://127.0.0.1:8420/?token={LONG_TOKEN}"),  # where no other machine is reached, as in tests
        ("::", (), f"http://[::1]:8420/?token={LONG_TOKEN}"),
        ("192.0.2.7", (), f"http://192.0.2.7:8420/?token={LONG_TOKEN}"),
    ],
)  # fmt: skip
def test_the_printed_address_can_be_opened(address: str, names: tuple[str, ...], printed: str) -> None:
    token = None if address in ("127.0.0.1", "::1") else LONG_TOKEN
    assert serving._address_of(settings_of(address, token, *names)) == printed


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        run = airquote("serve", "--port", port)
    assert run.code == 2
    assert f"127.0.0.1 with port {port} cannot be served: Address already in use" in run.err
    assert "Choose another port" in run.err


@pytest.mark.parametrize("host", ["no such host", "x" * 300, "300.1.1.1", "127.0.0.1:80", "fe80::zz"])
def test_an_address_that_is_none_is_told(host: str) -> None:
    run = airquote("serve", "--host", host)
    assert run.code == 2
    assert "Traceback" not in run.err


def test_serving_over_a_network_says_what_others_see(monkeypatch: pytest.MonkeyPatch) -> None:
    def serve(settings: WebSettings, listening: object) -> None:
        served = ServedLibrary(serving._address_of(settings), str(settings.library))
        listening(served)  # type: ignore[operator]

    monkeypatch.setattr(serving, "serve", serve)
    assert airquote("serve", "--host", "0.0.0.0").err.count("plain http") == 1
    assert "plain http" not in airquote("serve").err


@contextmanager
def served_process(library: Path) -> Iterator[tuple[subprocess.Popen[str], int, list[int]]]:
    """A process that serves a library, its port, and handles of its child processes."""
    Store.open(library, create=True).close()
    command = [sys.executable, "-c", "from pipeline.cli.main import main; main()"]
    arguments = ["serve", "--port", "0", "--json", "--library", str(library)]
    process = subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    port = urlsplit(json.loads(process.stdout.readline())["address"]).port
    assert port
    ask(port)  # by then there are children
    children = Path(f"/proc/{process.pid}/task").glob("*/children")
    handles = [os.pidfd_open(int(child)) for file in children for child in file.read_text().split()]
    try:
        yield process, port, handles
    finally:
        process.kill()
        process.communicate()
        for handle in handles:
            os.close(handle)


def ask(port: int) -> None:
    connection = HTTPConnection(LOOPBACK, port, timeout=60)
    connection.request("GET", "/api/overview")
    assert connection.getresponse().status == 200
    connection.close()


def wait_for_all(handles: list[int]) -> None:
    """Wait until all of these processes have ended."""
    assert handles
    for handle in handles:
        assert select.select([handle], [], [], 60)[0], "a child process lives on"


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs handles of processes")
def test_ctrl_c_ends_it_quietly_with_requests_under_way(tmp_path: Path) -> None:
    with served_process(tmp_path) as (process, port, handles), socket.create_connection((LOOPBACK, port)) as unfinished:
        unfinished.sendall(f"POST /api/verify HTTP/1.1\r\nHost: {LOOPBACK}\r\nContent-Length: 9\r\n\r\n".encode())
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert process.returncode in STOPPED
        assert "Traceback" not in errors
        wait_for_all(handles)
        serving.bind(LOOPBACK, port).close()


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs handles of processes")
def test_a_killed_server_leaves_no_process(tmp_path: Path) -> None:
    with served_process(tmp_path) as (process, port, handles):
        process.kill()
        process.wait()
        wait_for_all(handles)
        serving.bind(LOOPBACK, port).close()
