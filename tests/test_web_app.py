"""The server's frame: pages, answers and errors, many who ask at once, and processes that end with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
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


def test_a_search_is_answered_with_the_keys_of_the_command_line(server: RunningServer) -> None:
    answer = server.ask("/api/search?q=more")
    assert answer.status == 200
    (hit,) = answer.json["hits"]
    assert (hit["episode"], hit["text"], answer.json["total"]) == ("talk", "more", 1)


def test_an_error_says_what_happened_and_what_to_do(server: RunningServer) -> None:
    answer = server.ask("/api/search?q=%22more")
    assert answer.status == 400
    assert "never closed" in answer.json["error"]
    assert answer.json["way_out"]


@pytest.mark.parametrize("path", ["/", "/e/talk?t=1", "/check", "/library"])
def test_pages_are_shells_without_anything_from_elsewhere(server: RunningServer, path: str) -> None:
    page = server.ask(path)
    assert page.status == 200
    assert server.settings.change_token in page.body.decode()
    loaded = re.findall(r'(?:src|href|action)="([^"]*)"', page.body.decode())
    assert loaded
    assert all(re.match(r"/(?!/)|#", one) for one in loaded)
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_an_address_without_anything_is_a_page_for_a_person_and_json_for_a_program(server: RunningServer) -> None:
    page, answer = server.ask("/nowhere", headers={"Accept": "text/html,*/*"}), server.ask("/nowhere")
    assert page.status == answer.status == 404
    assert "<h1>There is nothing at this address</h1>" in page.body.decode()
    assert answer.json["error"] == "There is nothing at this address."


def test_many_who_ask_at_once_get_their_own_answers(server: RunningServer) -> None:
    words = ["there", "is", "more", "to", "come"] * 4
    with ThreadPoolExecutor(10) as threads:
        answers = threads.map(lambda word: server.ask(f"/api/search?q={word}"), words)
        found = [answer.json["hits"][0]["text"].lower().rstrip(".") for answer in answers]
    assert found == words


def test_the_numbers_of_a_person_at_the_command_line_stay(server: RunningServer) -> None:
    server.ask("/api/search?q=more")
    assert not list(Path(server.settings.library).glob("last-*"))
