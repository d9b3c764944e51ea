"""How assistants reach the library: over standard streams and HTTP, by the SDK's own client and by intruders."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from assistants import ARTICLE, PoolHere, ask, build, results_of, server_of, text_of
from fake_engine import ROOT, airquote, start
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from web_server import RunningServer, running_server

from index.storage.store import Store
from pipeline.web.assistants.assistant_server import create_server
from pipeline.web.assistants.over_http import create_http_app
from pipeline.web.worker_process import QuestionTooLongError

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
LONG = " ".join(f'"Nobody ever stopped working on that roof number {number}," she said.' for number in range(40))
TOKEN = "the-token-of-this-test"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a library that is only read."""
    return build(tmp_path_factory.mktemp("assistants"))


def test_an_assistant_asks_over_standard_streams(folder: Path) -> None:
    expected = airquote("list", "--json", "--library", folder).answers

    async def talk() -> None:
        server = StdioServerParameters(
            command=sys.executable,
            args=["-m", "pipeline.cli.main", "mcp", "--library", str(folder)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        async with Client(stdio_client(server), mode="legacy") as client, anyio.create_task_group() as tasks:
            for word in ("harbour", "winter", "storm"):
                tasks.start_soon(find, client, word)
            listed = results_of(await client.call_tool("list_episodes", {}))
            assert [one["episode"] for one in listed] == [one["episode"] for one in expected]

    async def find(client: Client, word: str) -> None:
        (hit, *_) = results_of(await client.call_tool("search", {"query": word}))
        assert hit["text"].lower().startswith(word)

    anyio.run(talk)


DRIVER = """
import functools, sys
from pipeline.web.assistants import library_questions

ask = library_questions.search

@functools.wraps(ask)
def search(*arguments):
    print("noise of a library")
    return ask(*arguments)

library_questions.search = search
if __name__ == "__main__":
    from pipeline.cli.main import main
    sys.argv[0] = "airquote"
    main()
"""


def test_standard_output_holds_messages_alone_and_the_server_ends_with_its_input(folder: Path, tmp_path: Path) -> None:
    driver = tmp_path / "noisy.py"
    driver.write_text(textwrap.dedent(DRIVER))
    call = {"jsonrpc": "2.0", "method": "tools/call"}
    sent = [
        INITIALIZE,
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {**call, "id": 2, "params": {"name": "search", "arguments": {"query": "harbour"}}},
        {**call, "id": 3, "params": {"name": "search", "arguments": {"query": '"never closed'}}},
        {**call, "id": 4, "params": {"name": "nothing", "arguments": {}}},
        {**call, "id": 5, "params": [7]},
    ]
    lines = ["not JSON", "[]", '{"jsonrpc": "2.0"}', *map(json.dumps, sent), "\x00"]
    with subprocess.Popen(
        [sys.executable, driver, "mcp", "--library", folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write("\n".join(lines) + "\n")
        process.stdin.flush()
        answered: dict[object, Any] = {}
        while not {1, 2, 3, 4} <= answered.keys():
            message = json.loads(process.stdout.readline())
            assert message["jsonrpc"] == "2.0"
            answered[message.get("id")] = message
        process.stdin.close()
        assert process.stdout.read() == ""
        told = process.stderr.read()
    assert process.returncode == 0, told
    assert "noise of a library" in told
    assert answered[2]["result"]["structuredContent"]["total"] == 2
    assert answered[3]["result"]["isError"]


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C reaches a whole console there")
def test_ctrl_c_ends_the_server_quietly_while_it_waits_for_input(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli.main", "mcp", "--library", folder],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(json.dumps(INITIALIZE) + "\n")
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait() == -signal.SIGINT
        assert process.stdout.read() + process.stderr.read() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C reaches a whole console there")
def test_an_assistant_asks_over_http_and_ctrl_c_ends_it_quietly(folder: Path) -> None:
    process = start(None, "mcp", "--http", "--port", "0", "--allow-writes", "--library", folder)
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        address = process.stdout.readline().split()[-1]
        token = process.stdout.readline().split()[-1]
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/mcp", address)

        async def talk() -> None:
            headers = {"Authorization": f"Bearer {token}"}
            async with (
                httpx2.AsyncClient(headers=headers, trust_env=False, timeout=60) as http,
                Client(streamable_http_client(address, http_client=http)) as client,
            ):
                assert results_of(await client.call_tool("search", {"query": "storm"}))[0]["episode"] == "local"
                verified = await client.call_tool("verify_article", {"text": ARTICLE, "listen": False})
                assert [one["kind"] for one in results_of(verified)] == ["verbatim", "altered", None]
                assert "edit_episode" in {tool.name for tool in (await client.list_tools()).tools}
                await cancel(client)
                assert results_of(await client.call_tool("search", {"query": "storm"}))[0]["episode"] == "local"

        async def cancel(client: Client) -> None:
            with anyio.CancelScope() as scope:

                async def stop(progress: float, total: float | None, message: str | None) -> None:  # noqa: ARG001
                    scope.cancel()

                await client.call_tool("verify_article", {"text": LONG, "listen": False}, progress_callback=stop)
            assert scope.cancelled_caught

        anyio.run(talk)
        refused = httpx2.post(address, json=INITIALIZE, headers={"Accept": "*/*"}, trust_env=False)
        assert refused.status_code == 401
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()
        assert process.wait() == 130
    assert told == "Ctrl-C ends it.\n"


@pytest.fixture(scope="module", params=[None, TOKEN], ids=["open", "token"])
def over_http(folder: Path, request: pytest.FixtureRequest) -> Iterator[RunningServer]:
    """A server over HTTP in this process, with a token or without."""
    server = create_server(PoolHere(folder))
    with running_server(folder, lambda bound: create_http_app(server, bound), access_token=request.param) as running:
        yield running


def enter(server: RunningServer, method: str = "POST", body: object = INITIALIZE, **headers: str | None) -> int:
    """The status of a request; headers that are None are not sent."""
    right = {"Accept": "application/json, text/event-stream", "Authorization": f"Bearer {server.settings.access_token}"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return server.ask("/mcp", method, body, {**right, **named}).status


def test_who_has_what_is_asked_for_gets_in(over_http: RunningServer) -> None:
    assert enter(over_http) == 200
    assert enter(over_http, Origin=over_http.address) == 200


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (421, {"Host": "evil.example"}),
        (421, {"Host": "evil.example:{port}"}),
        (421, {"Host": "127.0.0.1.evil.example:{port}"}),
        (421, {"Host": "127.0.0.1:1"}),
        (421, {"Host": "10.0.0.1:{port}"}),
        (403, {"Origin": "http://evil.example"}),
        (403, {"Origin": "http://localhost:1"}),
        (403, {"Origin": "null"}),
        (403, {"Origin": "http://127.0.0.1:{port}.evil.example"}),
        (403, {"Origin": ""}),
    ],
)
def test_other_hosts_and_pages_of_other_sites_do_not_get_in(
    over_http: RunningServer, status: int, headers: dict[str, str]
) -> None:
    filled = {name: text.format(port=over_http.settings.port) for name, text in headers.items()}
    for method in ("POST", "GET", "DELETE", "OPTIONS"):
        assert enter(over_http, method, **filled) == status


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer None", "Bearer " + TOKEN[:-1], TOKEN, "Basic " + TOKEN, "Bearer é"],
)
def test_without_the_token_nobody_gets_in_where_one_is_asked_for(
    over_http: RunningServer, authorization: str | None
) -> None:
    wanted = 401 if over_http.settings.access_token else 200
    assert enter(over_http, Authorization=authorization and authorization.encode().decode("latin-1")) == wanted
    if over_http.settings.access_token:
        assert over_http.ask(f"/mcp?token={TOKEN}", "POST", INITIALIZE).status == 401


def test_what_is_no_request_of_the_protocol_is_refused_and_the_server_lives_on(over_http: RunningServer) -> None:
    for body in (b"", b"{", b"[]", b"\x00" * 100, b'{"jsonrpc":"2.0"}', b"[" * 100_000, b"x" * (5 << 20)):
        assert 400 <= enter(over_http, body=body, Content_Type="application/json") < 500
    assert 400 <= enter(over_http, Content_Type="text/plain") < 500
    assert over_http.ask("/", headers={"Authorization": f"Bearer {TOKEN}"}).status == 404
    assert enter(over_http) == 200


def test_a_library_that_is_being_written_is_read_meanwhile(folder: Path) -> None:
    server = server_of(folder)
    with Store.open(folder) as store, store.transaction():
        store.update_episode(store.resolve_episode("voices"))
        assert results_of(ask(server, "search", query="storm"))[0]["episode"] == "local"
        assert len(results_of(ask(server, "list_episodes"))) == 4


def test_the_command_says_what_is_missing(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = airquote("mcp", "--library", tmp_path / "none")
    assert (missing.code, missing.out) == (2, "")
    assert "Create one with" in missing.err
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    without = airquote("mcp", "--library", folder)
    assert (without.code, without.out) == (4, "")
    assert "pip install 'airquote[mcp]'" in without.err


def test_a_question_that_takes_too_long_is_an_error_with_a_way_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def give_up(*_: object, **__: object) -> None:
        raise QuestionTooLongError

    monkeypatch.setattr(PoolHere, "ask", give_up)
    answer = ask(server_of(folder), "search", query="a*")
    assert answer.is_error
    assert "Ask for less" in text_of(answer)
