"""The API's own description: complete, true of its answers, and followed by no failure whatever it is asked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from libraries import add_episode, add_spoken, add_text
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from web_pages import OpenPage, check_accessibility, is_wider_than_its_window
from web_server import Answered, RunningServer, running_server

from index.storage.published_files import PublishedFile
from index.storage.store import Store
from pipeline.web import urls
from pipeline.web.app import create_app
from pipeline.web.description.api_description import operations
from pipeline.web.jobs.job_runner import JobRunner
from pipeline.web.web_settings import WebSettings

TALK = [("Voice 1", "So it begins."), ("Voice 2", "There is more to come."), ("Voice 1", "There is no more of it.")]
DESCRIPTION = create_app(WebSettings(Path("library"))).openapi()
OPERATIONS = list(operations(DESCRIPTION))
LABELS = [f"{method} {path}" for method, path, _ in OPERATIONS]
FUZZED = int(os.environ.get("FUZZED_REQUESTS", "3"))
"""Requests for each operation; `make fuzz` sends more."""
FETCHING = ["/api/shows", "/api/jobs"]
"""What would ask for addresses that nobody gave."""
ENDLESS = "/api/events"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server of a library with three episodes, which works off no jobs."""
    folder = tmp_path_factory.mktemp("library")
    with Store.open(folder, create=True) as store:
        talk = add_spoken(store, "Talk", TALK, show="Fail Better", published="2024-05-31")
        store.save_published(talk.id, PublishedFile("https://a.b/c.txt", None, "en", b"So it began. More."))
        add_text(store, "Other", "more " * 20)
        add_episode(store, "Silent")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("start", "close"):
            patch.setattr(JobRunner, name, lambda _: None)
        with running_server(folder) as running:
            yield running


@pytest.mark.parametrize(("method", "operation"), [(method, one) for method, _, one in OPERATIONS], ids=LABELS)
def test_every_operation_is_described(method: str, operation: dict[str, Any]) -> None:
    assert operation["description"]
    assert operation["tags"]
    assert operation["operationId"].isidentifier()
    assert [one["name"] for one in operation.get("parameters", ()) if not one.get("description")] == []
    assert {"4XX", "503"} <= set(operation["responses"])
    answers = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
    assert answers
    for answer in answers:
        for kind, content in answer["content"].items():
            assert kind != "application/json" or content["schema"].keys() == {"$ref"}, "no schema of its own"
    assert ("security" in operation) == (method != "GET")


def test_names_of_operations_are_names_of_one() -> None:
    names = [operation["operationId"] for *_, operation in OPERATIONS]
    assert len(set(names)) == len(names)


SAMPLES = [
    ("GET", "/api/search?q=more&context=1", None), ("GET", "/api/search?q=mroe", None), ("GET", "/api/syntax", None),
    ("GET", "/api/count?q=more", None), ("GET", "/api/facets?q=more&facets=show&facets=speaker", None),
    ("GET", "/api/trend?q=more", None), ("GET", "/api/overview", None), ("GET", "/api/episodes", None),
    ("GET", "/api/episodes/talk", None), ("GET", "/api/episodes/silent", None),
    ("GET", "/api/episodes/talk/transcript", None),
    ("GET", "/api/episodes/talk/words?start=0&end=2", None), ("GET", "/api/episodes/talk/sentences", None),
    ("GET", "/api/episodes/talk/gaps", None), ("GET", "/api/episodes/talk/hits?q=more", None),
    ("GET", "/api/episodes/talk/hits?q=mroe", None), ("GET", "/api/episodes/talk/quote?first=0&last=3", None),
    ("GET", "/api/episodes/talk/compare", None), ("GET", "/api/episodes/talk/voices", None),
    ("PUT", "/api/episodes/talk/voices/1", {"name": "Ann"}), ("POST", "/api/episodes/talk/voices/undo", None),
    ("POST", "/api/episodes/talk/corrections", {"first": 1, "last": 1, "text": "that"}),
    ("GET", "/api/episodes/talk/corrections", None), ("PATCH", "/api/episodes/talk", {"title": "The talk"}),
    ("POST", "/api/jobs", {"kind": "voices", "targets": ["talk"], "name": "Talk"}), ("GET", "/api/jobs", None),
    ("DELETE", "/api/jobs", None), ("GET", "/api/shows", None), ("GET", "/api/library", None),
    ("GET", "/api/storage", None),
    ("POST", "/api/chosen-files", {"names": ["a.mp3", "b.txt", "c.srt", "c.vtt"]}), ("GET", "/api/episodes/none", None),
    ("GET", "/api/search", None), ("POST", "/api/verify", {}), ("DELETE", "/api/shows/99", None),
    ("GET", "/api/at?episode=talk&time=1&time=2.5", None),
    ("GET", "/api/locate?quotation=there+is+more+to+come", None),
    ("GET", "/nowhere", None),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body"), SAMPLES)
def test_answers_are_as_described(server: RunningServer, method: str, path: str, body: Any) -> None:
    answer = server.ask(path, method, body)
    assert answer.status < 500, answer.body
    check_answer(method, path.partition("?")[0], answer)


def check_answer(method: str, path: str, answer: Answered) -> None:
    """Assert that an answer has the schema that is described for it, and no key more."""
    if answer.status >= 400:
        schema: dict[str, Any] = {"$ref": "#/components/schemas/ErrorAnswer"}
    else:
        (operation,) = [one for verb, pattern, one in OPERATIONS if verb == method and matches(pattern, path)]
        schema = operation["responses"][str(answer.status)]["content"]["application/json"]["schema"]
    objects = {
        name: {**one, "additionalProperties": False} for name, one in DESCRIPTION["components"]["schemas"].items()
    }
    jsonschema.validate(answer.json, {**schema, "components": {"schemas": objects}})


def matches(pattern: str, path: str) -> bool:
    """Whether a path is one of a pattern; fixed parts count before parameters."""
    asked, given = pattern.split("/"), path.split("/")
    fixed = {one for _, one, _ in OPERATIONS}
    if path in fixed:
        return pattern == path
    return len(asked) == len(given) and all(a in (b, f"{{{a[1:-1]}}}") for a, b in zip(asked, given, strict=True))


API = schemathesis.openapi.from_dict(DESCRIPTION).exclude(path=ENDLESS).exclude(path=FETCHING, method="POST")


@API.parametrize()
@settings(max_examples=FUZZED, suppress_health_check=list(HealthCheck), derandomize=FUZZED < 10, database=None)
def test_nothing_that_is_asked_makes_it_fail(case: Any, server: RunningServer) -> None:
    answer = case.call(base_url=server.address, headers={"X-Airquote-Token": server.settings.change_token})
    assert answer.status_code < 500 or answer.status_code == 503, answer.text
    checks = [content_type_conformance, response_schema_conformance, status_code_conformance]
    case.validate_response(answer, checks=checks)


@pytest.mark.browser
def test_the_page_of_the_api_can_be_read(server: RunningServer, open_page: OpenPage) -> None:
    page = open_page(server.address + urls.API_PAGE, bypass_csp=True)
    shown = page.inner_text("main")
    for method, path, _ in OPERATIONS:
        assert f"{method} {path}" in shown
    for link in page.locator("main a[href^='#']").evaluate_all("all => all.map(one => one.getAttribute('href'))"):
        assert page.locator(link).count() == 1, link
    assert page.locator("script").count() == 0
    check_accessibility(page)
    assert page.get_by_role("link", name="OpenAPI").get_attribute("href") == urls.API_DESCRIPTION


@pytest.mark.browser
def test_the_page_of_the_api_fits_a_phone(server: RunningServer, open_page: OpenPage) -> None:
    page = open_page(server.address + urls.API_PAGE, viewport={"width": 360, "height": 740})
    assert not is_wider_than_its_window(page)
