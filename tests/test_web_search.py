"""The API of search: the objects of the command line, in pages, with counts that agree, whatever is asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from fake_engine import airquote
from fastapi import Request
from libraries import add_text
from searched_library import ATTACK, FERRIES, make_searched_library
from web_server import RunningServer, running_server

from index.storage.store import Store
from pipeline.library import stamp_library
from pipeline.web.answer_cache import AnswerCache
from pipeline.web.library_pool import LibraryPool
from pipeline.web.worker_process import QuestionLeftError

QUERIES = ["ferry", '"the ferry to the island"', "ferry storm", "title:boat", "night OR storm", "speaker:ann ferry"]
FACETS = ("show", "episode", "year", "month", "speaker", "language")
PARAMETERS = {"show": "show", "episode": "episode", "speaker": "speaker", "language": "lang"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server of the library."""
    with running_server(make_searched_library(tmp_path_factory.mktemp("library"))) as running:
        yield running


def ask(server: RunningServer, path: str, **parameters: Any) -> Any:
    """Ask the API and return what it answers."""
    answer = server.ask(f"/api/{path}?{urlencode(parameters, doseq=True)}")
    assert answer.status == 200, answer.body
    return answer.json


def lines_of(server: RunningServer, *arguments: str) -> list[Any]:
    """What the command line prints as JSON."""
    run = airquote(*arguments, "--json", "--library", str(server.settings.library))
    return [json.loads(line) for line in run.out.splitlines()]


@pytest.mark.parametrize("query", QUERIES)
def test_hits_are_those_of_the_command_line(server: RunningServer, query: str) -> None:
    answer = ask(server, "search", q=query, limit=100)
    assert answer["hits"] == lines_of(server, "search", query, "--limit", "100") != []
    assert {(hit["total"], hit["total_exact"], hit["total_error"]) for hit in answer["hits"]} == {
        (answer["total"], answer["total_exact"], answer["total_error"])
    }


@pytest.mark.parametrize("query", QUERIES)
def test_counts_are_those_of_the_command_line(server: RunningServer, query: str) -> None:
    counted = ask(server, "count", q=query)
    assert [{name: counted[name] for name in ("hits", "episodes", "exact")}] == lines_of(
        server, "search", query, "--count"
    )
    assert ask(server, "facets", q=query, facets=FACETS)["values"] == lines_of(
        server, "search", query, "--facets", ",".join(FACETS)
    )


@pytest.mark.parametrize("by", ["month", "year"])
def test_a_trend_is_that_of_the_command_line(server: RunningServer, by: str) -> None:
    assert ask(server, "trend", q="ferry", by=by)["points"] == lines_of(server, "trend", "ferry", "--by", by)
    assert ask(server, "trend", q="ferry")["points"] == lines_of(server, "trend", "ferry")


@pytest.mark.parametrize("options", [{}, {"sort": "date"}, {"sort": "time"}, {"by_episode": True}, {"repeats": "fold"}])
def test_pages_one_after_the_other_are_the_whole_list(server: RunningServer, options: dict[str, Any]) -> None:
    whole = ask(server, "search", q="ferry", limit=100, **options)
    pages = [ask(server, "search", q="ferry", limit=7, offset=offset, **options) for offset in range(0, 35, 7)]
    assert [hit for page in pages for hit in page["hits"]] == whole["hits"]
    assert [marks for page in pages for marks in page["marks"]] == whole["marks"]
    assert whole["total"] == FERRIES or options == {"repeats": "fold"}


def test_each_value_of_a_facet_narrows_to_as_many_hits(server: RunningServer) -> None:
    counted = ask(server, "facets", q="ferry", facets=FACETS)
    assert counted["hits"] == FERRIES
    for facet in FACETS:
        values = [one for one in counted["values"] if one["facet"] == facet]
        assert sum(one["hits"] for one in values) == FERRIES
        for one in values:
            dates = {"since": one["value"], "until": one["value"]}
            narrowed = {PARAMETERS[facet]: one["value"]} if facet in PARAMETERS else dates
            assert ask(server, "search", q="ferry", **narrowed)["total"] == one["hits"], one


def test_the_points_of_a_trend_add_up_to_all_hits(server: RunningServer) -> None:
    points = ask(server, "trend", q="ferry")["points"]
    assert sum(point["hits"] for point in points) == FERRIES
    for point in filter(lambda point: point["searched_episodes"], points):
        within = ask(server, "search", q="ferry", since=point["period"], until=point["period"])
        assert within["total"] == point["hits"]


def test_marks_are_the_words_of_the_query(server: RunningServer) -> None:
    answer = ask(server, "search", q="ferry storm", limit=100, context=1)
    assert answer["hits"]
    for hit, marks in zip(answer["hits"], answer["marks"], strict=True):
        marked = [hit["context"][first:end].strip(" .,").lower() for first, end in marks]
        assert sorted(marked) == ["ferry", "storm"]


@pytest.mark.parametrize("query", ["fery", "the isl4nd", "lighthuose"])
def test_a_word_that_is_suggested_finds_something(server: RunningServer, query: str) -> None:
    (suggested,) = [one for one in ask(server, "search", q=query)["suggestions"] if "others" in one["facts"]]
    for other in suggested["facts"]["others"].split():
        assert ask(server, "search", q=query.replace(suggested["facts"]["word"], other))["total"]


def test_filters_that_leave_nothing_are_named(server: RunningServer) -> None:
    kinds = [one["kind"] for one in ask(server, "search", q="captain", show="Harbour News")["suggestions"]]
    assert "leave_out_filters" in kinds


def test_the_overview_counts_what_is_there(server: RunningServer) -> None:
    told = ask(server, "overview")
    listed = lines_of(server, "list")
    assert (told["episodes"], told["searched"]) == (len(listed), sum(one["origin"] is not None for one in listed))
    assert (told["first"], told["last"]) == ("2023-01-05", "2023-06-15")
    assert told["newest"][0] == next(one for one in listed if ATTACK in one["title"])


def test_the_syntax_is_that_of_the_command_line(server: RunningServer) -> None:
    assert ask(server, "syntax")["examples"] == lines_of(server, "search", "--syntax")


@pytest.mark.parametrize(
    "hostile",
    [
        "search", "search?q=ferry&limit=0", "search?q=ferry&limit=101", "search?q=ferry&limit=x",
        "search?q=ferry&offset=-1", "search?q=ferry&offset=99999999999999999999", "search?q=ferry&sort=best",
        "search?q=ferry&repeats=1", "search?q=ferry&context=11", "search?q=ferry&fuzzy=perhaps",
        f"search?q={'a' * 2001}", "search?q=ferry&speeker=ann", "search?q=", "search?q=%22ferry",
        "search?q=near(a,b)", "search?q=ferry&since=tomorrow", "search?q=ferry&lang=klingon",
        "search?q=ferry&show=nothing", "search?q=ferry&speaker=nobody",
        "search?q=ferry&episode=..%2F..%2Fetc%2Fpasswd", f"search?q=ferry&show={'a' * 301}", "facets?q=ferry",
        "facets?q=ferry&facets=size", "facets?q=ferry&facets=show&limit=0", "facets?q=(&facets=show",
        "trend?q=ferry&by=day", "trend?q=title:boat", "trend", "count?q=ferry&limit=3", "count?q=*",
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_words(server: RunningServer, hostile: str) -> None:
    answer = server.ask(f"/api/{hostile}")
    assert 400 <= answer.status < 500, answer.body
    assert answer.json["error"]


@pytest.mark.parametrize(
    "odd",
    ["%00", "%ED%A0%80", "%F0%9F%9A%A2", "%E2%80%AE", "a%0Ab", "%27;drop+table+words;--", "((((a))))", "a" * 2000],
)
def test_odd_queries_are_answered(server: RunningServer, odd: str) -> None:
    assert server.ask(f"/api/search?q={odd}").status in (200, 400)


def test_a_change_of_the_library_is_seen_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "growing"
    with Store.open(folder, create=True) as store:
        add_text(store, "One", "There is more to come.")
    with running_server(folder) as server:
        found = [ask(server, "search", q="more")["total"], ask(server, "facets", q="more", facets="show")["hits"]]
        stamp = stamp_library(folder)
        with Store.open(folder) as store:
            add_text(store, "Two", "More and more.")
        assert stamp_library(folder) != stamp
        assert found == [1, 1]
        assert ask(server, "search", q="more")["total"] == ask(server, "facets", q="more", facets="show")["hits"] == 3


class Asking:
    """A request for counts, of somebody who may leave."""

    def __init__(self) -> None:
        self.left = False

    async def body(self) -> bytes:
        """Nothing."""
        return b""

    async def is_disconnected(self) -> bool:
        """Whether nobody waits for the answer."""
        return self.left


class CountedPool:
    """A pool that tells what it was asked, and answers when it may."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.asked: list[str] = []
        self.may_answer = asyncio.Event()

    async def count(self, _function: object, query: str) -> str:
        """Answer with the query."""
        self.asked.append(query)
        await self.may_answer.wait()
        return query


def test_what_nobody_waits_for_is_not_counted(tmp_path: Path) -> None:
    pool = CountedPool(tmp_path)
    answers = AnswerCache(cast(LibraryPool, pool))

    async def scene() -> list[object]:
        requests = [Asking() for _ in "abca"]
        waiting = [
            asyncio.ensure_future(answers.count(cast(Request, request), len, query))
            for request, query in zip(requests, "abca", strict=True)
        ]
        await asyncio.sleep(0)
        requests[1].left = True
        pool.may_answer.set()
        return await asyncio.gather(*waiting, return_exceptions=True)

    first, second, third, again = asyncio.run(scene())
    assert isinstance(second, QuestionLeftError)
    assert (first, third, again) == ("a", "c", "a")
    assert pool.asked == ["a", "c"], "one after the other, each once"
