"""An intruder's list: what a hostile page, network or client may try at the server, and that it gets nowhere."""

from __future__ import annotations

import json
import logging
import re
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from libraries import add_text
from starlette.testclient import TestClient
from web_server import RunningServer, running_server

from index.storage.store import Store
from pipeline.library import Library
from pipeline.web import pages, urls
from pipeline.web.app import create_app
from pipeline.web.description.api_description import operations
from pipeline.web.json_answers import JsonAnswer
from pipeline.web.library_pool import LONGEST_QUESTION, LibraryPool
from pipeline.web.safety import idle_connections, limits
from pipeline.web.safety.hosts import is_own_host
from pipeline.web.safety.safety_headers import HEADERS
from pipeline.web.web_settings import LOOPBACK, WebSettings

TOKEN = "an-access-token-of-this-test"
SECRET = "the words of a secret"
TITLES = ['a"b', "a; filename=evil.exe", "a\u202egnp", "caf\u00e9", "..", "a b", "%0d%0a", "a\r\nSet-Cookie: x=y"]
HOSTILE = "<script>alert(1)</script>"
OPERATIONS = [(method, path) for method, path, _ in operations(create_app(WebSettings(Path("library"))).openapi())]
PAGES = [route.path for route in pages.router.routes]  # type: ignore[attr-defined]
OTHERS = {*PAGES, urls.API_PAGE, urls.API_DESCRIPTION, f"{urls.STATIC}/base.css"}
ADDRESSES = sorted({path for _, path in OPERATIONS} | OTHERS)
CHANGES = [(method, path) for method, path in OPERATIONS if method not in ("GET", "HEAD")]
ENDLESS = {f"{urls.API}/events"}
FINITE = [path for path in ADDRESSES if path not in ENDLESS]
IN_PATHS = sorted(path for path in ADDRESSES if "{" in path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library, in whose folder lies what nobody may read through the server."""
    folder = tmp_path_factory.mktemp("library")
    with Store.open(folder, create=True) as store:
        for title in ("Talk", *TITLES):
            add_text(store, title, "There is more to come.")
    (folder / "secret.txt").write_text(SECRET, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[RunningServer]:
    """A server of this machine alone."""
    with running_server(folder) as running:
        yield running


@pytest.fixture(scope="module")
def guarded(folder: Path) -> Iterator[RunningServer]:
    """A server that others reach, too, and that therefore asks for a token."""
    with running_server(folder, address="192.0.2.7", access_token=TOKEN, names=("archive.example",)) as running:
        yield running


def send(server: RunningServer, *lines: str, body: bytes = b"", host: str | None = None) -> tuple[int, bytes]:
    """Send a request as it is, after its first line the server's Host or another one, and return status and answer."""
    head = [lines[0], f"Host: {host or f'{LOOPBACK}:{server.settings.port}'}", "Connection: close", *lines[1:]]
    return send_raw(server, "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body)


def send_raw(server: RunningServer, request: bytes) -> tuple[int, bytes]:
    with socket.create_connection((LOOPBACK, server.settings.port), timeout=60) as connection:
        connection.sendall(request)
        answer = b""
        try:
            while piece := connection.recv(1 << 16):
                answer += piece
        except ConnectionResetError:  # it was refused and closed before all was read
            answer = answer or b"HTTP/1.1 400 "
    return int(answer.split()[1]), answer


def fill(path: str, value: str = "talk") -> str:
    """An address with a value for each of its parameters."""
    return re.sub(r"{\w+}", lambda _: value, path)


# Names


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:{port}", "127.0.0.1.evil.example:{port}", "localhost.evil.example", "localhost.",
        "LOCALHOST.EVIL.EXAMPLE", "127.0.0.1:1", "127.0.0.1:{port}1", "127.0.0.1:0{port}",
        "127.0.0.1:{port}@evil.example",
        "evil.example@127.0.0.1:{port}", "127.0.0.1:{port}.evil.example", "127.0.0.1:{port}:80", "127.1", "2130706433",
        "0x7f000001", "0177.0.0.1", "0.0.0.0:{port}", "[::]:{port}", "[::1", "::1", "[::1]evil.example", "[::1%25lo]",
        "[fe80::1]:{port}", "192.168.1.1:{port}", ":{port}", "http://127.0.0.1:{port}", "127.0.0.1/",
        "127.0.0.1, evil",
        "archive.example", "xn--localhost-evil", "localhost\u00e9", "1" * 5000, "null", "*",
    ],
)  # fmt: skip
def test_names_of_others_are_refused(server: RunningServer, host: str) -> None:
    status, answer = send(server, "GET / HTTP/1.1", host=host.format(port=server.settings.port))
    assert status in (400, 421)
    assert server.settings.change_token.encode() not in answer


@pytest.mark.parametrize(
    "hosts",
    ["", "Host: evil.example\r\nHost: 127.0.0.1:{port}\r\n", "Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n",
    "Host:\r\n"],
)  # fmt: skip
def test_a_missing_or_second_name_is_refused(server: RunningServer, hosts: str) -> None:
    hosts = hosts.format(port=server.settings.port)
    assert send_raw(server, f"GET / HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n".encode())[0] in (400, 421)
    assert send_raw(server, f"GET / HTTP/1.0\r\n{hosts}\r\n".encode())[0] in (400, 421)


@pytest.mark.parametrize("host", ["127.0.0.1", "LocalHost:{port}", "[::1]:{port}", "127.0.0.1:{port}", "localhost"])
def test_its_own_names_are_taken(server: RunningServer, host: str) -> None:
    assert send(server, "GET / HTTP/1.1", host=host.format(port=server.settings.port))[0] == 200


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("archive.example:{port}", True), ("Archive.Example", True), ("192.0.2.7:{port}", True), ("10.0.0.1", True),
        ("archive.example.evil.example", False), ("evil.example", False), ("archive.example:1", False),
        ("xarchive.example", False), ("archive.example.", False),
    ],
)  # fmt: skip
def test_a_server_for_others_has_addresses_and_the_names_it_was_told(
    guarded: RunningServer, host: str, own: bool
) -> None:
    assert is_own_host(host.format(port=guarded.settings.port), guarded.settings) is own


@pytest.mark.parametrize(
    "target", ["http://evil.example/", "http://evil.example/api/overview", "//evil.example/", "*", "evil"]
)
def test_a_request_for_another_host_shows_nothing(server: RunningServer, target: str) -> None:
    status, answer = send(server, f"GET {target} HTTP/1.1")
    assert status in (400, 404)
    assert b"location:" not in answer.lower()


# Other sites in the same browser


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost", "file://", "",
    "{own}.evil.example"]
)  # fmt: skip
def test_other_origins_reach_nothing(server: RunningServer, method: str, path: str, origin: str) -> None:
    origin = origin.format(own=server.address)
    answer = server.ask(fill(path), method, headers={"Origin": origin, "Content-Type": "application/json"})
    assert answer.status == 403
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    ("site", "mode", "destination", "status"),
    [
        ("cross-site", "no-cors", "image", 403), ("cross-site", "no-cors", "script", 403), ("same-site", "cors",
        "empty", 403),
        ("cross-site", "navigate", "iframe", 403), ("cross-site", "navigate", "object", 403), ("evil", "cors", "",
        403),
        ("cross-site", "navigate", "document", 200), ("same-origin", "cors", "empty", 200), ("none", "navigate",
        "document", 200),
    ],
)  # fmt: skip
def test_other_sites_may_link_and_no_more(
    server: RunningServer, site: str, mode: str, destination: str, status: int
) -> None:
    told = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": destination}
    assert server.ask("/", headers={**told}).status == status
    changed = server.ask("/api/verify", "POST", {"text": "x", "listen": False}, told)
    assert changed.status == (200 if site in ("same-origin", "none") else 403)


@pytest.mark.parametrize("path", ["/", "/api/search?q=more", "/api/verify", "/api/episodes/talk/voices/1"])
def test_preflights_get_nothing(server: RunningServer, path: str) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-airquote-token"}
    for origin in ("https://evil.example", server.address, None):
        answer = server.ask(path, "OPTIONS", headers={**asked, "Origin": origin, "X-Airquote-Token": None})
        assert answer.status in (403, 405)
        assert not [name for name in answer.headers if name.startswith("access-control-")]


# The token for changes


@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize("token", [None, "", "x", " ", "null", "{token}x", "{shorter}", "{upper}"])
def test_nothing_changes_without_its_token(server: RunningServer, method: str, path: str, token: str | None) -> None:
    right = server.settings.change_token
    wrong = token.format(token=right, shorter=right[:-1], upper=right.swapcase()) if token else token
    body = {"text": "changed", "first": 0, "last": 0, "name": "changed", "voices": [1, 2]}
    assert server.ask(fill(path, "1"), method, body, {"X-Airquote-Token": wrong}).status == 403


@pytest.mark.parametrize("name", ["token", "X-Airquote-Token", "x_airquote_token", "airquote-token"])
def test_the_token_for_changes_counts_in_its_header_alone(server: RunningServer, name: str) -> None:
    token = server.settings.change_token
    path = f"/api/episodes/talk/voices/undo?{name}={token}"
    cookie = {"X-Airquote-Token": None, "Cookie": f"{name}={token}", "X-Airquote_Token": token}
    assert server.ask(path, "POST", {name: token}, cookie).status == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None])
def test_what_a_form_can_send_is_no_json(server: RunningServer, kind: str | None) -> None:
    body = json.dumps({"text": "x"}).encode()
    asked = {"Content-Type": kind}
    assert server.ask("/api/verify", "POST", body, {**asked, "X-Airquote-Token": None}).status == 403
    assert server.ask("/api/verify", "POST", body, asked).status == 422


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PATCH", "PUT", "DELETE", "PROPFIND", "get", "G" * 300])
def test_other_methods_do_nothing(server: RunningServer, method: str) -> None:
    secret = "X-Secret: echoed"
    status, answer = send(server, f"{method} / HTTP/1.1", secret)
    assert status in (400, 403, 405)
    status, answer = send(server, f"{method} / HTTP/1.1", secret, f"X-Airquote-Token: {server.settings.change_token}")
    assert status in (400, 405)
    assert b"echoed" not in answer


def test_a_method_in_a_header_or_query_is_not_taken(server: RunningServer) -> None:
    answer = server.ask("/api/episodes/talk/voices/1?_method=PUT", headers={"X-HTTP-Method-Override": "PUT"})
    assert answer.status == 405


# The token that lets in


def cookie_of(server: RunningServer) -> str:
    return f"airquote_token_{server.settings.port}"


@pytest.mark.parametrize("path", ADDRESSES)
def test_without_the_access_token_nothing_is_shown(guarded: RunningServer, path: str) -> None:
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
        answer = guarded.ask(fill(path), method)  # the token for changes is there, and is not enough
        assert answer.status == 401
        assert answer.headers.get("set-cookie") is None
        assert guarded.settings.change_token.encode() not in answer.body


@pytest.mark.parametrize(
    "wrong",
    ["", "x", TOKEN[:-1], f"{TOKEN}x", TOKEN.upper(), f" {TOKEN}x", f"{TOKEN}\u00e9", f"{TOKEN}, {TOKEN}",
    "x" * 9000, "None"],
)  # fmt: skip
def test_another_access_token_opens_nothing(guarded: RunningServer, wrong: str) -> None:
    for headers in (
        {"Authorization": f"Bearer {wrong}"}, {"Authorization": f"Basic {wrong or TOKEN}"}, {"Authorization": TOKEN},
        {"Cookie": f"{cookie_of(guarded)}={wrong}"}, {"Cookie": f"airquote_token_1={TOKEN}"},
        {"X-Airquote-Token": TOKEN},
    ):  # fmt: skip
        assert guarded.ask("/", headers={**headers}).status == 401
    assert guarded.ask(f"/?token={quote(wrong[:5000])}").status == 401


@pytest.mark.parametrize(
    "cookies",
    [
        "{name}", "{name}=", "={token}", "{name}2={token}", "x={name}={token}", "{upper}={token}", '{name}="',
        "; ; ={name}",
        "{name}={token}%20", "{name}=\\164", "__Host-{name}={token}", "{name}={token}; {name}=x",
    ],
)  # fmt: skip
def test_tricks_with_cookies_open_nothing(guarded: RunningServer, cookies: str) -> None:
    name = cookie_of(guarded)
    given = cookies.format(name=name, token=TOKEN, upper=name.upper())
    assert guarded.ask("/", headers={"Cookie": given}).status == 401


def test_the_printed_address_lets_in_once_and_leaves_no_token(guarded: RunningServer) -> None:
    entered = guarded.ask(f"/e/talk?t=1.5&token={TOKEN}&to=2")
    assert (entered.status, entered.headers["location"]) == (303, "/e/talk?t=1.5&to=2")
    cookie = entered.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert TOKEN not in str({**entered.headers, "set-cookie": ""}) + entered.body.decode()
    inside = {"Cookie": cookie.split(";")[0]}
    assert guarded.ask("/", headers=inside).status == 200
    again = guarded.ask(f"/?token={TOKEN}", headers=inside)  # who is in already keeps no token in the address either
    assert (again.status, again.headers["location"]) == (303, "/")
    assert guarded.ask("/", headers={"Authorization": f"Bearer {TOKEN}"}).status == 200
    assert guarded.ask(f"/api/verify?token={TOKEN}", "POST", {"text": "x"}).status == 401


def test_who_is_in_changes_nothing_without_the_other_token(guarded: RunningServer) -> None:
    inside = {"Cookie": f"{cookie_of(guarded)}={TOKEN}", "X-Airquote-Token": TOKEN}
    assert guarded.ask("/api/episodes/talk/voices/undo", "POST", headers=inside).status == 403


@pytest.mark.parametrize("path", FINITE)
def test_the_access_token_is_in_no_answer(guarded: RunningServer, path: str) -> None:
    answer = guarded.ask(fill(path), headers={"Authorization": f"Bearer {TOKEN}"})
    assert TOKEN not in answer.body.decode("latin-1") + str(answer.headers)
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_tokens_are_in_no_log(guarded: RunningServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    guarded.ask(f"/?token={TOKEN}")
    guarded.ask("/api/overview", headers={"Authorization": f"Bearer {TOKEN}"})
    send(guarded, f"GET /?token={TOKEN} HTTP/9")
    shown = caplog.text + repr(guarded.settings)
    assert TOKEN not in shown
    assert guarded.settings.change_token not in shown


@pytest.mark.parametrize(
    "start", ["//", "/\\", "/%5C", "/%2F", "///", "/%09/", "/%0d%0aLocation:%20", "/.//", "/@", "/e//"]
)
def test_no_redirect_leaves_the_host(guarded: RunningServer, start: str) -> None:
    status, answer = send(guarded, f"GET {start}evil.example/?token={TOKEN} HTTP/1.1")
    assert status == 303
    (location,) = re.findall(rb"(?im)^location: (.*)\r$", answer)
    place = urlsplit(location.decode().replace("\\", "/"))
    assert (place.scheme, place.netloc) == ("", "")
    assert re.match(rb"/(?![/\\\s])", location)


# Paths


@pytest.mark.parametrize(
    "attack",
    [
        "../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "%2e%2e%2fsecret.txt", "..%252fsecret.txt",
        "..\\secret.txt",
        "..%5csecret.txt", "....//secret.txt", "%2fetc%2fpasswd", "/etc/passwd", "%00", "secret.txt%00.css",
        "{folder}/secret.txt",
        "%5c%5cevil.example%5cshare", "file:%2f%2f%2fetc%2fpasswd", "C:%5cWindows%5cwin.ini", "~", ".", "..",
        "%c0%ae%c0%ae%2f",
        "*", "CON", "%F0%9F%92%A9", "%ff", "a" * 3000, "${{7*7}}", "%25s%25n", "-1", "9" * 400, "%27%20OR%201=1--",
    ],
)  # fmt: skip
def test_no_path_leads_out(server: RunningServer, folder: Path, attack: str) -> None:
    given = attack.format(folder=quote(str(folder), safe=""))
    for path in [*IN_PATHS, f"{urls.STATIC}/{{file}}", "/{file}"]:
        status, answer = send(server, f"GET {fill(path, given)} HTTP/1.1")
        assert status in (200, 400, 404, 405, 409, 422)
        assert SECRET.encode() not in answer
        assert b"root:" not in answer
        assert path not in (f"{urls.STATIC}/{{file}}", "/{file}") or status in (404, 405) or given == "."


def test_a_link_out_of_the_static_files_is_none(server: RunningServer) -> None:
    for path in ("/static/", "/static", "/static/search", "/static/../app.py", "/templates/base.html.jinja"):
        assert server.ask(path).status == 404


# Sizes and smuggling


@pytest.mark.parametrize(
    ("length", "status"),
    [("-1", 400), ("99999999999999999999999", 400), ("1e3", 400), ("+5", 400), ("0x10", 400), ("5, 6", 400),
    (str(1 << 40), 413)],
)  # fmt: skip
def test_a_length_that_lies_is_refused(server: RunningServer, length: str, status: int) -> None:
    token = f"X-Airquote-Token: {server.settings.change_token}"
    kind = "Content-Type: application/json"
    assert send(server, "POST /api/verify HTTP/1.1", token, kind, f"Content-Length: {length}")[0] == status


@pytest.mark.parametrize("length", ["9" * 5000, "\u00b2", "", "-1", "five"])
def test_a_length_that_no_server_should_pass_on_is_refused(length: str) -> None:
    assert not limits._is_small(length)


@pytest.mark.parametrize("path", ["/api/verify", "/api/verify/file?name=a.txt"])
def test_bodies_without_a_length_are_bounded(server: RunningServer, path: str) -> None:
    connection = HTTPConnection(LOOPBACK, server.settings.port, timeout=60)
    told = {"X-Airquote-Token": server.settings.change_token, "Content-Type": "application/json"}
    connection.request("POST", path, iter([b" " * (1 << 20)] * 33), told)
    answer = connection.getresponse()
    assert answer.status == 413
    assert json.loads(answer.read())["way_out"]
    connection.close()


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: 5", "Transfer-Encoding: chunked"), ("Content-Length: 5", "Content-Length: 6"),
        ("Transfer-Encoding: chunked, identity",), ("Transfer-Encoding: xchunked",), ("Transfer-Encoding : chunked",),
        ("Transfer-Encoding:\x0bchunked",), ("X: a\rTransfer-Encoding: chunked",), ("Content-Length : 5",),
    ],
)  # fmt: skip
def test_a_second_request_is_not_smuggled_in(server: RunningServer, headers: tuple[str, ...]) -> None:
    token = f"X-Airquote-Token: {server.settings.change_token}"
    inner = b"0\r\n\r\nGET /api/overview HTTP/1.1\r\nHost: evil.example\r\n\r\n"
    _, answer = send(server, "POST /api/verify HTTP/1.1", token, *headers, body=inner)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b" 200 " not in answer.splitlines()[0]


@pytest.mark.parametrize("part", ["/" + "a" * 9000, "/api/search?q=" + "a" * 9000, "/static/" + "../" * 4000])
def test_addresses_that_are_too_long_are_refused(server: RunningServer, part: str) -> None:
    assert server.ask(part).status == 414


def test_headers_without_end_are_refused(server: RunningServer) -> None:
    assert send(server, "GET / HTTP/1.1", *[f"X-{number}: {'a' * 100}" for number in range(2000)])[0] == 400


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"text": "\\ud800", "listen": false}', b"\xff\xfe", b"1" * 5000, b"nan"]
)
def test_bodies_that_break_readers_break_nothing(server: RunningServer, body: bytes) -> None:
    answer = server.ask("/api/verify", "POST", body, {"Content-Type": "application/json"})
    assert answer.status in (200, 400, 422)


def test_an_upgrade_is_no_way_around_the_checks(guarded: RunningServer) -> None:
    status, answer = send(
        guarded, "GET /api/overview HTTP/1.1", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: eA=="
    )  # fmt: skip
    assert status == 401
    assert b"101" not in answer.split(b"\r\n")[0]


# What answers say to browsers and caches


@pytest.mark.parametrize(
    "path",
    [*FINITE, "/nowhere", "/api/nowhere", "/static/none.js", "/api/search", "/api/search?q=%22a", "//",
    "/" + "a" * 9000],
)  # fmt: skip
def test_every_answer_tells_browsers_what_is_allowed(server: RunningServer, path: str) -> None:
    for method, headers in product(
        ("GET", "HEAD", "POST", "TRACE"), ({}, {"Host": "evil.example"}, {"Origin": "null"})
    ):
        answer = server.ask(fill(path), method, headers={**headers})
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, (method, headers, name)
        assert "server" not in answer.headers
        if answer.status >= 400 and method != "HEAD":
            assert answer.json["error"]
            assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "needle", ["script-src 'self'", "default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]
)
def test_the_policy_allows_no_foreign_and_no_inline_scripts(needle: str) -> None:
    policy = HEADERS["content-security-policy"]
    assert needle in policy
    assert "unsafe" not in policy
    assert "*" not in policy


def test_a_failure_of_the_server_says_no_more_than_that(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> JsonAnswer:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("pipeline.web.pages.show", fail)
    app = create_app(WebSettings(Path("library"), port=80))
    answer = TestClient(app, "http://127.0.0.1", raise_server_exceptions=False).get("/")
    assert answer.status_code == 500
    assert SECRET not in answer.text
    assert answer.json()["error"]
    assert dict(answer.headers).items() >= HEADERS.items()


@pytest.mark.parametrize(
    "path", ["/{x}", "/e/{x}", "/api/search?q=%22{x}", "/api/episodes/{x}", "/api/search?{x}={x}", "/?token={x}"]
)
def test_what_an_address_says_is_no_markup(server: RunningServer, path: str) -> None:
    answer = server.ask(path.format(x=quote(HOSTILE, safe="")))
    assert HOSTILE.encode() not in answer.body or answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("title", TITLES)
def test_names_of_files_split_no_header(server: RunningServer, title: str) -> None:
    answer = server.ask(f"/api/episodes/{quote(title, safe='')}/export")
    assert answer.status == 200, answer.body
    assert re.fullmatch(r"attachment; filename\*=UTF-8''[A-Za-z0-9._~%-]+", answer.headers["content-disposition"])
    assert not re.search(r"%2F|%5C|%0[AD]|%E2%80%AE", answer.headers["content-disposition"], re.IGNORECASE)


# Addresses that the server would fetch


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:{port}", "localhost:{port}", "[::1]:{port}", "2130706433:{port}", "0x7f.1:{port}", "0.0.0.0:{port}",
        "[::ffff:127.0.0.1]:{port}", "10.0.0.1", "192.168.0.1", "169.254.169.254", "[fe80::1]",
        "user@127.0.0.1:{port}",
    ],
)  # fmt: skip
def test_the_server_fetches_nothing_of_its_own_network(server: RunningServer, host: str) -> None:
    address = f"http://{host.format(port=server.settings.port)}/api/overview"
    answer = server.ask("/api/verify", "POST", {"address": address, "listen": False})
    (line,) = [json.loads(line) for line in answer.body.splitlines()]
    assert line["step"] == "error"
    assert "not fetched" in line["error"], line


# Time


def wait_forever(_library: Library) -> None:
    """A question that has no end."""
    threading.Event().wait()


def test_a_question_without_end_is_given_up_and_keeps_nobody_waiting(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = LibraryPool.ask

    async def ask_for_a_moment(pool: LibraryPool, function: Any, *arguments: Any) -> Any:
        return await ask(pool, function, *arguments, limit=0.5 if function is wait_forever else LONGEST_QUESTION)

    monkeypatch.setattr(LibraryPool, "ask", ask_for_a_moment)
    monkeypatch.setattr("pipeline.web.api.overview.survey_library", wait_forever)
    with ThreadPoolExecutor(1) as thread:
        slow = thread.submit(server.ask, "/api/overview")
        assert server.ask("/api/search?q=more").status == 200
    assert slow.result().status == 503
    assert slow.result().json["way_out"]
    assert server.ask("/api/search?q=come").status == 200


@pytest.mark.parametrize(
    "sent", [b"", b"G", b"GET / HTTP/1.1\r\nHost: ", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"]
)
def test_connections_that_ask_for_nothing_are_closed(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(idle_connections, "LONGEST_WAIT", 0.1)
    with socket.create_connection((LOOPBACK, server.settings.port), timeout=60) as connection:
        connection.sendall(sent)
        while connection.recv(1 << 16):
            pass
