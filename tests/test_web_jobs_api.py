"""The API of jobs, uploads, shows, changes and events."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fake_engine import speak
from fake_jobs import make_runner, wait_for_end, work_off
from feed_server import Answer, items, serve_feeds
from web_server import Answered, RunningServer, running_server

from pipeline.jobs.job import JobRequest
from pipeline.jobs.queue_file import JobQueue
from pipeline.library import Library


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server of a new library, with the fake engine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.web.app.JobRunner", make_runner)
        with running_server(tmp_path_factory.mktemp("served") / "library") as running:
            yield running


def library_of(server: RunningServer) -> Path:
    """The folder of the library that is served."""
    return server.settings.library


def upload(server: RunningServer, name: str, content: bytes, **details: str) -> Answered:
    """Hand a file in."""
    query = "&".join(f"{key}={quote(value)}" for key, value in {"name": name, **details}.items())
    return server.ask(f"/api/uploads?{query}", "POST", content)


def uploads(server: RunningServer) -> list[str]:
    """The files of all uploads, without their folders."""
    folders = library_of(server).glob("media/*")
    return sorted(name for folder in folders for name in _names_in(folder))


def _names_in(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except FileNotFoundError:
        return []


def files_beside(server: RunningServer) -> set[Path]:
    """The recordings around the library that is served, and those in it that are not where uploads go."""
    library = library_of(server)
    files = (path for path in library.parent.parent.rglob("*") if library / "media" not in path.parents)
    return {path for path in files if path.is_file() and path.read_bytes()[:4] == b"RIFF"}


def listen(server: RunningServer) -> tuple[HTTPConnection, HTTPResponse]:
    """Begin to listen to events."""
    connection = HTTPConnection("127.0.0.1", server.settings.port, timeout=60)
    connection.request("GET", "/api/events")
    return connection, connection.getresponse()


def read_event(stream: HTTPResponse) -> tuple[str, dict[str, object]]:
    """Wait for the next event."""
    kind, data = stream.readline().decode(), stream.readline().decode()
    assert stream.readline() == b"\n"
    return kind.removeprefix("event: ").strip(), json.loads(data.removeprefix("data: "))


def test_a_file_that_is_handed_in_is_transcribed_and_everybody_who_listens_sees_it(
    server: RunningServer, tmp_path: Path
) -> None:
    file = speak(tmp_path / "talk.wav", 4)
    streams = [listen(server) for _ in range(2)]
    answer = upload(server, "Näher am Meer: Folge 1.wav", file.read_bytes(), show="Meer", date="2026-11-01")
    assert answer.status == 201
    (added,) = answer.json["jobs"]
    assert (added["kind"], added["state"]) == ("transcribe", "waiting")
    for connection, stream in streams:
        assert stream.getheader("content-type", "").startswith("text/event-stream")
        seen = []
        while "done" not in seen:
            kind, data = read_event(stream)
            seen += [kind] if kind != "jobs" else [one["state"] for one in data["jobs"]]  # type: ignore[attr-defined]
        assert "library" in seen
        connection.close()
    (job,) = server.ask("/api/jobs").json["jobs"]
    assert (job["state"], job["reason"], job["episodes"]) == ("done", None, ["naher-am-meer-folge-1"])
    (episode,) = work_in(server, "episodes")
    assert (episode.title, episode.show, episode.published) == ("Näher am Meer- Folge 1", "Meer", "2026-11-01")


def work_in(server: RunningServer, verb: str) -> list[Any]:
    """Call a verb of the library that is served."""
    with Library.open(library_of(server)) as library:
        answer: list[Any] = getattr(library, verb)()
        return answer


@pytest.mark.parametrize(
    "name", ["../../escaped.wav", "C:\\temp\\nul.wav", "/etc/" + "long" * 99 + ".wav", ".hidden", "\u202ereversed.wav"]
)
def test_no_name_leads_out_of_the_folder_of_uploads(server: RunningServer, tmp_path: Path, name: str) -> None:
    before = files_beside(server)
    answer = upload(server, name, speak(tmp_path / "one.wav", 1, seed=hash(name) % 1000).read_bytes())
    assert answer.status == 201
    (job,) = answer.json["jobs"]
    server.ask(f"/api/jobs/{job['job']}/stop", "POST")
    assert files_beside(server) - before == {tmp_path / "one.wav"}
    wait_for_end(library_of(server))


def test_what_is_no_recording_and_no_transcript_is_refused_and_dropped(server: RunningServer) -> None:
    before = uploads(server)
    for name, content in {
        "a.png": b"\x89PNG\r\n\x1a\n" + bytes(99),
        "a.mp3": b"ID3" + bytes(999),
        "a.srt": b"hello",
    }.items():
        answer = upload(server, name, content)
        assert answer.status == 422
        assert name in answer.json["error"]
        assert str(library_of(server)) not in answer.body.decode()
    assert upload(server, "empty.wav", b"").status == 400
    assert uploads(server) == before
    assert not [path for path in library_of(server).glob("media/*") if not any(path.iterdir())]


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(server: RunningServer) -> None:
    with socket.create_connection(("127.0.0.1", server.settings.port)) as plain:
        head = f"POST /api/uploads?name=a.wav HTTP/1.1\r\nHost: 127.0.0.1:{server.settings.port}\r\n"
        token = f"X-Airquote-Token: {server.settings.change_token}\r\n"
        plain.sendall(f"{head}{token}Content-Length: {2**45}\r\n\r\n".encode())
        assert plain.recv(4096).startswith(b"HTTP/1.1 413")


def test_an_upload_that_breaks_off_leaves_nothing(server: RunningServer) -> None:
    before = uploads(server)
    with socket.create_connection(("127.0.0.1", server.settings.port)) as plain:
        head = f"POST /api/uploads?name=a.wav HTTP/1.1\r\nHost: 127.0.0.1:{server.settings.port}\r\n"
        token = f"X-Airquote-Token: {server.settings.change_token}\r\n"
        plain.sendall(f"{head}{token}Content-Length: 1000\r\n\r\nRIFF".encode())
        while uploads(server) == before:
            pass
    while uploads(server) != before:
        pass


def test_the_files_of_a_folder_are_chosen_as_on_the_command_line(server: RunningServer) -> None:
    names = ["s/one.mp3", "s/two.vtt", "s/two.json", "s/.DS_Store", "s/cover.jpg", "s/noending"]
    chosen = server.ask("/api/chosen-files", "POST", {"names": names}).json
    assert chosen["taken"] == ["s/one.mp3", "s/two.json", "s/noending"]
    assert chosen["left_out"] == {
        "another format of a transcript": 1, "hidden": 1, "text, pictures and the like": 1,
    }  # fmt: skip


def test_addresses_that_a_client_gives_do_not_lead_into_this_network(server: RunningServer) -> None:
    with serve_feeds() as feeds:
        feed = feeds.feed("/feed", "Night Boat", items(2))
        refused = server.ask("/api/shows", "POST", {"feed": feed})
        assert refused.status == 422
        assert "allow private" in refused.json["way_out"]
        server.ask("/api/jobs", "POST", {"kind": "fetch", "targets": [feed], "name": feed})
        job = wait_for_end(library_of(server))[-1]
        assert (job.state, job.result.advice) == ("failed", refused.json["way_out"])
        assert feeds.requests == []
    for path in ("/etc/passwd", "file:///etc/passwd", "feed.xml"):
        assert server.ask("/api/shows", "POST", {"feed": path}).status == 400
        assert server.ask("/api/jobs", "POST", {"kind": "fetch", "targets": [path], "name": path}).status == 400


def test_where_private_addresses_are_allowed_an_address_is_transcribed(tmp_path: Path) -> None:
    library = tmp_path / "library"
    with serve_feeds() as feeds:
        feeds.answers["/talk.wav"] = Answer(speak(tmp_path / "talk.wav", 1).read_bytes(), type="audio/wav")
        address = feeds.url("/talk.wav", "me:secret@")
        JobQueue(library).add([JobRequest("fetch", address, (address,))])
        (job,) = work_off(library, allow_private=True)
    assert (job.state, job.result.episodes) == ("done", ("talk",))
    assert "secret" not in job.listed.name


def test_shows_are_followed_listed_and_left(server: RunningServer) -> None:
    with serve_feeds() as feeds, Library.open(library_of(server), create=True) as library:
        library.subscribe([feeds.feed("/feed", "Night Boat", items(3))])
    (show,) = server.ask("/api/shows").json["shows"]
    assert (show["show"], show["items"]) == ("Night Boat", 3)
    number = show["show_number"]
    assert len(server.ask(f"/api/shows/{number}/items?latest=2").json["items"]) == 2
    assert server.ask(f"/api/shows/{number}", "DELETE").status == 200
    assert server.ask("/api/shows").json["shows"] == []
    assert server.ask(f"/api/shows/{number}", "DELETE").status == 400


def test_an_episode_is_edited_and_removed_with_its_sound(server: RunningServer, tmp_path: Path) -> None:
    upload(server, "spoken.wav", speak(tmp_path / "one.wav", 1, seed=5).read_bytes())
    (name,) = wait_for_end(library_of(server))[-1].result.episodes
    edited = server.ask(f"/api/episodes/{name}", "PATCH", {"title": "<b>Ann</b>", "date": "2025-01"}).json
    assert (edited["title"], edited["published"]) == ("<b>Ann</b>", "2025-01")
    assert server.ask(f"/api/episodes/{name}", "PATCH", {"date": "soon"}).status == 400
    assert "spoken.wav" in uploads(server)
    assert server.ask(f"/api/episodes/{name}", "DELETE").json["sound_removed"]
    assert "spoken.wav" not in uploads(server)
    assert name not in {one for job in server.ask("/api/jobs").json["jobs"] for one in job["episodes"]}
    assert server.ask(f"/api/episodes/{name}", "DELETE").status == 404


def test_jobs_that_are_over_are_taken_from_the_list(server: RunningServer) -> None:
    JobQueue(library_of(server)).add([JobRequest("transcribe", "x", ("upload-0123456789abcdef",))])
    wait_for_end(library_of(server))
    assert "failed" in {one["state"] for one in server.ask("/api/jobs").json["jobs"]}
    left = server.ask("/api/jobs", "DELETE").json["jobs"]
    assert "done" not in {one["state"] for one in left}
    for job in left:
        server.ask(f"/api/jobs/{job['job']}", "DELETE")
    assert server.ask("/api/jobs").json["jobs"] == []
    assert server.ask("/api/jobs/1/stop", "POST").status == 400


def test_storage_tells_what_the_folder_holds(server: RunningServer) -> None:
    storage = server.ask("/api/storage").json
    folder = library_of(server)
    assert storage["sound"] == sum(path.stat().st_size for path in folder.glob("media/*/*"))
    assert storage["transcripts"] > 0
    assert storage["free"] > 0


def test_nothing_is_changed_without_the_token_of_the_page(server: RunningServer) -> None:
    without: dict[str, str | None] = {"X-Airquote-Token": None}
    for method, path in [
        ("POST", "/api/uploads?name=a.wav"),
        ("POST", "/api/jobs"),
        ("DELETE", "/api/jobs"),
        ("PATCH", "/api/episodes/a"),
    ]:
        assert server.ask(path, method, {}, without).status == 403
