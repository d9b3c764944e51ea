"""Articles are checked over the API: in lines, each as it is known, and equal to what the command line says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from fake_engine import airquote
from libraries import add_spoken
from web_server import RunningServer, running_server

from index.storage.store import Store

TURNS = [
    ("Anna Keller", "We stood on the roof of the theatre when the storm took it away."),
    ("Anna Keller", "The builder asked for forty thousand dollars."),
    ("Tom Reed", "And did anyone help you? I remember that the whole harbour was under water."),
    ("Anna Keller", "People came with buckets. Nobody went home before the morning."),
]  # fmt: skip
ARTICLE = """The theatre by the sea 𝄞 lost its roof.

“We stood on the roof of the theatre when the storm took it away,” said Anna Keller. “The builder asked for ninety
thousand dollars,” Keller said.

“People came with buckets,” said Tom Reed.

The so-called “miracle” took a year."""
ADDED = {"step", "number", "settled"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server of a library with one conversation."""
    folder = tmp_path_factory.mktemp("library")
    with Store.open(folder, create=True) as store:
        add_spoken(store, "The roof", TURNS, show="Harbour Lights", published="2024-05-31")
    with running_server(folder) as running:
        yield running


def check(server: RunningServer, path: str = "/api/verify", **body: Any) -> list[dict[str, Any]]:
    """The lines of a check without listening."""
    answer = server.ask(path, "POST", {"text": ARTICLE, "listen": False, **body})
    assert answer.status == 200, answer.body
    return [json.loads(line) for line in answer.body.splitlines()]


def test_an_article_stands_there_before_its_verdicts(server: RunningServer) -> None:
    lines = check(server)
    article, *_, end = lines
    assert (article["step"], end["step"]) == ("article", "end")
    letters = article["text"]
    quoted = [letters[one["start"] : one["end"]] for one in article["quotations"]]
    assert quoted[0] == "“We stood on the roof of the theatre when the storm took it away,”"
    assert [letters[one["start"] : one["end"]] for one in article["passed_over"]] == ["“miracle”"]
    verdicts = [line for line in lines if line["step"] == "verdict"]
    assert [one["number"] for one in verdicts] == [0, 1, 2]
    assert all(one["settled"] for one in verdicts)
    assert [one["kind"] for one in verdicts] == ["verbatim", "altered", "verbatim"]
    assert [one["misattributed"] for one in verdicts] == [False, False, True]


def test_verdicts_are_those_of_the_command_line(server: RunningServer, tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_text(ARTICLE, encoding="utf-8")
    run = airquote("verify", file, "--no-listen", "--json", "--library", server.settings.library)
    judged = [answer for answer in run.answers if answer["kind"]]
    for line, answer in zip([one for one in check(server) if one["step"] == "verdict"], judged, strict=True):
        ours = {name: value for name, value in line.items() if name not in ADDED}
        placed = {"article", "offset", "line"}  # which the step of the article tells
        assert {name: value for name, value in ours.items() if name not in placed} == {
            name: value for name, value in answer.items() if name not in placed
        }


def test_a_document_is_checked_like_its_text(server: RunningServer) -> None:
    query = urlencode({"name": "../../etc/article.md", "listen": "false"})
    answer = server.ask(f"/api/verify/file?{query}", "POST", ARTICLE.encode())
    lines = [json.loads(line) for line in answer.body.splitlines()]
    assert lines[0]["source"] == "article.md"
    assert [one["kind"] for one in lines if one["step"] == "verdict"] == ["verbatim", "altered", "verbatim"]


def test_the_evidence_page_of_a_check_can_be_had(server: RunningServer) -> None:
    name = check(server)[-1]["check"]
    page = server.ask(f"/api/verify/{name}/report")
    assert page.status == 200
    assert "ninety" in page.body.decode()
    assert "attachment" in page.headers["content-disposition"]
    assert server.ask("/api/verify/another/report").status == 404


def test_an_article_without_quotations_is_told(server: RunningServer) -> None:
    article, end = check(server, text="Nobody is quoted here.")
    assert (article["quotations"], article["passed_over"]) == ([], [])
    assert end["step"] == "end"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400), ({"text": "a", "address": "http://127.0.0.1/"}, 400), ({"address": "/etc/passwd"}, 400),
        ({"address": "file:///etc/passwd"}, 400), ({"text": 5}, 422), ({"text": "a", "path": "/etc/passwd"}, 422),
        ({"text": "a", "show": "x" * 501}, 422),
    ],
)  # fmt: skip
def test_what_is_no_article_is_refused(server: RunningServer, body: dict[str, Any], status: int) -> None:
    answer = server.ask("/api/verify", "POST", body)
    assert answer.status == status
    assert answer.json["error"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"text": " \n "}, "no text"),
        ({"text": "“It was so.”", "show": "Unknown"}, "show"),
        ({"address": "http://127.0.0.1:9/private"}, "127.0.0.1"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_told_in_a_line(server: RunningServer, body: dict[str, Any], told: str) -> None:
    answer = server.ask("/api/verify", "POST", {"listen": False, **body})
    *_, last = [json.loads(line) for line in answer.body.splitlines()]
    assert last["step"] == "error"
    assert told in last["error"]
    assert last["way_out"]
