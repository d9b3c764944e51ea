"""Clips and located quotations in the API: the same sound and the same places as the library's own."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from libraries import add_text, make_transcript
from measuring import INTERVIEW
from web_server import RunningServer, running_server

from index.storage.store import Store
from index.transcript import Episode
from pipeline.library import Library
from pipeline.result_json import to_json
from pipeline.web.sound.clips import LONGEST_CLIP, MEDIA_TYPES


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server of a library with an episode that has sound, and one that has none."""
    folder = tmp_path_factory.mktemp("clips")
    sound = folder / INTERVIEW.name
    shutil.copy(INTERVIEW, sound)
    sha256 = hashlib.sha256(sound.read_bytes()).hexdigest()
    with Store.open(folder / "library", create=True) as store:
        roof = Episode("ça-va", None, "Roof", None, str(sound), "registered", str(sound), sha256, 3600.0)
        store.save_transcript(store.add_episode(roof).id, make_transcript("It was never about the roof."))
        add_text(store, "Silent", "There is nothing to hear.")
    with running_server(folder / "library") as running:
        yield running


@pytest.mark.parametrize("format", MEDIA_TYPES)
def test_a_clip_is_a_file_of_its_format_and_length(server: RunningServer, tmp_path: Path, format: str) -> None:
    answer = server.ask(f"/api/clip?episode=%C3%A7a-va&start=10&end=11.5&format={format}")
    assert (answer.status, answer.headers["content-type"]) == (200, MEDIA_TYPES[format])
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''%C3%A7a-va-10s.{format}"
    file = tmp_path / f"clip.{format}"
    file.write_bytes(answer.body)
    with av.open(str(file)) as clip:
        seconds = sum(frame.samples / frame.sample_rate for frame in clip.decode(audio=0))
    assert seconds == pytest.approx(1.5, abs=0.1)


def test_a_clip_that_cannot_be_had_says_why_and_what_to_do(server: RunningServer) -> None:
    for query, status, told in (
        ("episode=silent&start=0&end=1", 422, "without a recording"),
        ("episode=nothing&start=0&end=1", 404, "nothing"),
        (f"episode=%C3%A7a-va&start=0&end={LONGEST_CLIP + 1}", 400, "too long"),
        ("episode=%C3%A7a-va&start=2&end=1", 400, "before"),
    ):
        answer = server.ask(f"/api/clip?{query}")
        assert answer.status == status, answer.body
        assert told in answer.json["error"]
        assert answer.json["way_out"]
    assert server.ask("/api/clip?episode=%C3%A7a-va&start=0&end=1&format=../../x").status in (400, 422)


def test_a_quotation_is_located_as_the_library_does(server: RunningServer) -> None:
    answer = server.ask("/api/locate?quotation=never%20about%20the%20cellar&limit=1")
    with Library.open(server.settings.library, numbers=False) as library:
        (found,) = library.locate("never about the cellar", limit=1).found
    assert answer.json["found"] == [json.loads(to_json(found.answer))]
    assert server.ask("/api/locate?quotation=%2E%2E").status == 400
