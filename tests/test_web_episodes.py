"""The API of episodes answers what the library answers: transcripts, hits, quotations, files and voices."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from libraries import add_episode, add_spoken, add_text
from web_server import RunningServer, running_server

from index.storage.published_files import PublishedFile
from index.storage.store import Store
from pipeline.answers import Place
from pipeline.library import Library
from pipeline.result_json import to_json

TALK = [("Voice 1", "So it begins."), ("Voice 2", "There is more to come."), ("Voice 1", "There is no more of it.")]
ID = quote("ça va-1")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server of a library with three episodes, one of which has no words."""
    folder = tmp_path_factory.mktemp("library")
    with Store.open(folder, create=True) as store:
        talk = add_spoken(store, "Talk", TALK, show="Fail Better", published="2024-05-31")
        store.save_published(talk.id, PublishedFile("https://a.b/c.txt", None, "en", b"So it began. More."))
        add_text(store, "Other", "more " * 20)
        store.rename_episode("other", "ça va-1")
        add_episode(store, "Silent")
    with running_server(folder) as running:
        yield running


@pytest.fixture
def library(server: RunningServer) -> Iterator[Library]:
    """The library that is served, read as a Python program does."""
    with Library.open(server.settings.library, numbers=False) as opened:
        yield opened


def plain(value: Any) -> Any:
    """Return a result as it is read from JSON."""
    return json.loads(to_json(value))


def get(server: RunningServer, path: str) -> Any:
    """Return what an address answers, which must succeed."""
    answer = server.ask(f"/api/episodes{path}")
    assert answer.status == 200, answer.body
    return answer.json


def test_reading_answers_with_the_results_of_the_library(server: RunningServer, library: Library) -> None:
    assert get(server, "/talk/transcript") == plain(library.transcript("talk"))
    assert get(server, f"/{ID}/transcript") == plain(library.transcript("ça va-1"))
    assert get(server, "/talk/quote?first=1&last=4") == plain(library.quote("talk", 1, 4))
    assert get(server, "/talk/sentences") == plain(library.sentences("talk"))
    assert get(server, "/talk/gaps") == plain(library.gaps("talk"))
    assert get(server, "/talk/voices")["voices"] == list(map(plain, library.voices("talk")))
    compared = get(server, "/talk/compare")
    assert compared == plain(library.compare("talk"))
    assert compared["differences"]
    words = library.words(Place("talk", 0.0, 1.2))
    assert get(server, "/talk/words?start=0&end=1.2")["words"] == list(map(plain, words))
    moments = server.ask("/api/at?episode=talk&time=0.4&time=1.1&after=0").json["moments"]
    assert moments == list(map(plain, library.at("talk", [0.4, 1.1], 1, 0)))
    assert server.ask("/api/at?episode=talk&time=4000").status == 400
    hits = get(server, "/talk/hits?q=more")
    assert (hits["hits"], hits["total"]) == (plain(library.hits_in("talk", "more"))["hits"], 2)
    assert get(server, "/talk/hits?q=mroe")["suggestions"]
    assert get(server, "/talk/hits?q=mroe&fuzzy=true")["total"] > 0


def test_episodes_are_listed_and_described(server: RunningServer, library: Library) -> None:
    assert [one["episode"] for one in get(server, "")["episodes"]] == [one.episode for one in library.episodes()]
    assert [one["episode"] for one in get(server, "?show=Fail%20Better&since=2024")["episodes"]] == ["talk"]
    described = get(server, "/Talk")
    assert (described["episode"]["state"], described["description"]["published"]) == ("transcribed", "2024-05-31")


def test_exports_are_files_with_the_name_of_the_episode(server: RunningServer, library: Library) -> None:
    answer = server.ask(f"/api/episodes/{ID}/export?format=srt")
    assert answer.body.decode() == library.export("ça va-1", "srt").document
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%A7a-va-1.srt"
    assert server.ask("/api/episodes/talk/export?format=podcast-json").headers["content-type"] == "application/json"
    assert server.ask("/api/episodes/talk/export?format=docx").status == 400


def test_voices_are_named_merged_and_given_back(server: RunningServer) -> None:
    path = "/api/episodes/talk/voices"
    before = server.ask(path).json["voices"]
    named = server.ask(f"{path}/2", "PUT", {"name": "Ann Lee"}).json
    assert [one["speaker"] for one in named["voices"]] == ["Voice 1", "Ann Lee"]
    transcript = get(server, "/talk/transcript")
    assert [one["name"] for one in transcript["speakers"]] == ["Voice 1", "Ann Lee"]
    assert server.ask(f"{path}/undo", "POST").json["undone"]
    assert server.ask(path).json["voices"] == before
    assert server.ask(f"{path}/2", "PUT", {"name": "Ann"}, {"X-Airquote-Token": "other"}).status == 403
    assert server.ask(f"{path}/7", "PUT", {"name": "Ann"}).status == 404


def test_words_are_corrected_and_corrections_undone(server: RunningServer) -> None:
    path = "/api/episodes/talk/corrections"
    before = get(server, "/talk/transcript")
    made = server.ask(path, "POST", {"first": 1, "last": 2, "text": "It ends."}).json
    assert (made["heard"], made["text"], made["set_aside"]) == ("it begins.", "It ends.", False)
    assert get(server, "/talk/corrections")["corrections"] == get(server, "/talk/transcript")["corrections"] == [made]
    assert get(server, "/talk/hits?q=ends")["total"] == 1
    assert server.ask(path, "POST", {"first": 2, "last": 3, "text": "x"}).status == 400
    assert server.ask(path, "POST", {"first": 0, "last": 0, "text": "a\u202eb"}).status == 400
    assert server.ask(path, "POST", {"first": 0, "last": 0, "text": "x"}, {"X-Airquote-Token": "y"}).status == 403
    assert server.ask(f"{path}/{made['correction']}", "DELETE").json["undone"]
    assert server.ask(f"{path}/{made['correction']}", "DELETE").status == 404
    assert get(server, "/talk/transcript") == before


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere/transcript", 404), ("/silent/transcript", 404), ("/*", 404), ("/talk/quote?first=5&last=4", 400),
        ("/talk/quote?first=0&last=400", 400), ("/talk/words?start=0&end=4000", 400), ("/talk/hits?q=%22a", 400),
        (f"/{ID}/compare", 404), ("?show=none", 400), ("?sort=none", 400), ("/..%2F..%2Fetc/transcript", 404),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_says_why(server: RunningServer, path: str, status: int) -> None:
    answer = server.ask(f"/api/episodes{quote(path, safe='/?=&%*')}")
    assert answer.status == status, answer.body
