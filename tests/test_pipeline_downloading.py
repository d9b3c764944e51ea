"""A courier downloads sound: resumed where it was cut, refused where it is not whole, and never half under its name."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from audio_samples import FORMATS, RATE, make_bursts, write_as
from fake_engine import ROOT
from misbehaving_server import (
    Answer,
    Behaviour,
    FakeTime,
    Server,
    chunked,
    gzipped,
    range_ignored,
    redirect,
    serve,
    stated_length,
    status,
    until_closed,
    whole,
)

from audio.errors import AirquoteError, InputError, MediaError, OutputError, TruncatedMediaError, UsageError
from pipeline.errors import AddressError
from pipeline.progress import DownloadAdvanced
from pipeline.shows.downloads.courier import DOWNLOAD_LIMITS, Courier
from pipeline.shows.downloads.outcomes import Downloaded, DownloadLimits
from pipeline.shows.downloads.part_file import PartFile, lock_part
from pipeline.shows.downloads.patience import ATTEMPTS, MOST_ATTEMPTS

SECONDS = 12.0
HTML = b"<!DOCTYPE html>\n<html><head><title>Log in</title></head><body>" + b"<p>Log in first.</p>" * 500
LITTLE_ROOM = DownloadLimits(room_left=0)


@pytest.fixture(scope="session")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The same sound in every format."""
    folder = tmp_path_factory.mktemp("sounds")
    bursts = make_bursts(SECONDS, RATE)
    return {name: write_as(name, folder, bursts).read_bytes() for name in FORMATS}


@pytest.fixture
def mp3(sounds: dict[str, bytes]) -> bytes:
    return sounds["mp3-cbr"]


def courier(time: FakeTime | None = None, limits: DownloadLimits = LITTLE_ROOM) -> Courier:
    time = time or FakeTime()
    return Courier(allow_private=True, network=time.network, clock=time.clock, limits=limits)


def download_from(
    folder: Path, *behaviours: Behaviour, time: FakeTime | None = None, **arguments: Any
) -> tuple[Downloaded, Server]:
    """Download /a from a server with these behaviours to folder/talk; return what came, and the server."""
    with serve({"/a": behaviours}) as server:
        return courier(time).download(server.address("/a"), folder / "talk", **arguments), server


def refusal(folder: Path, *behaviours: Behaviour, kind: type[AirquoteError] = AddressError, **arguments: Any) -> str:
    """The message with which a download fails; there is no file then but hidden ones."""
    with pytest.raises(kind) as caught:
        download_from(folder, *behaviours, **arguments)
    assert caught.value.way_out
    assert ".airquote-" not in str(caught.value), "a name that the user knows"
    assert names(folder) == []
    return caught.value.message


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def leftovers(folder: Path) -> list[str]:
    return [path.suffix for path in folder.iterdir() if path.name.startswith(".")]


# Whole


@pytest.mark.parametrize("send", [whole, range_ignored, chunked, until_closed, gzipped])
def test_a_file_is_downloaded_however_it_is_sent(send: Any, mp3: bytes, tmp_path: Path) -> None:
    events: list[Any] = []
    downloaded, server = download_from(tmp_path, send(mp3), progress=events.append)
    assert downloaded.path == tmp_path / "talk.mp3"
    assert downloaded.path.read_bytes() == mp3
    assert (downloaded.size, downloaded.resumed) == (len(mp3), False)
    assert downloaded.duration == pytest.approx(SECONDS, abs=0.1)
    assert leftovers(tmp_path) == []
    assert server.headers("/a")[0]["Accept-Encoding"] == "identity"
    assert events[-1] == DownloadAdvanced("talk", len(mp3), len(mp3))
    assert [event.done for event in events] == sorted(event.done for event in events)


@pytest.mark.parametrize(
    ("name", "extension"),
    [("mp3-vbr-headerless", ".mp3"), ("m4a", ".m4a"), ("opus", ".opus"), ("flac", ".flac"), ("mka", ".mka")],
)
def test_the_extension_is_that_of_the_content(
    name: str, extension: str, sounds: dict[str, bytes], tmp_path: Path
) -> None:
    with serve({"/episode.mp3": [whole(sounds[name], Content_Type="audio/mpeg")]}) as server:
        for target, expected in {"Vol. 3": "Vol. 3", "talk.mp3": "talk", "talk.M4A": "talk", "a.b": "a.b"}.items():
            folder = tmp_path / target
            folder.mkdir()
            found = courier().download(server.address("/episode.mp3"), folder / target)
            assert names(folder) == [found.path.name] == [f"{expected}{extension}"]


@pytest.mark.parametrize("tenth", range(10))
def test_a_download_is_continued_wherever_it_was_cut(tenth: int, mp3: bytes, tmp_path: Path) -> None:
    at = len(mp3) * tenth // 10
    downloaded, server = download_from(tmp_path, whole(mp3, cut_after=at), whole(mp3))
    assert downloaded.path.read_bytes() == mp3
    ranges = [headers.get("Range") for headers in server.headers("/a")]
    assert ranges == [None, f"bytes={at}-" if at else None]


def test_a_connection_that_is_cut_at_every_tenth_brings_the_file(mp3: bytes, tmp_path: Path) -> None:
    time = FakeTime()
    downloaded, server = download_from(tmp_path, whole(mp3, cut_after=len(mp3) // 10), time=time)
    assert downloaded.path.read_bytes() == mp3
    assert len(server.requests) in (10, 11)
    assert set(time.sleeps) == {1.0}, "each brought something, so none was the second failure in a row"


def test_a_connection_that_begins_anew_each_time_brings_nothing(mp3: bytes, tmp_path: Path) -> None:
    time = FakeTime()
    cuts = [range_ignored(mp3, cut_after=size) for size in range(1000, 60_000, 1000)]
    assert "to its end" in refusal(tmp_path, *cuts, time=time)
    assert len(time.sleeps) == ATTEMPTS - 1


def test_a_connection_that_brings_nothing_is_given_up(mp3: bytes, tmp_path: Path) -> None:
    time = FakeTime()
    assert "to its end" in refusal(tmp_path, whole(mp3, cut_after=1000), whole(mp3, cut_after=0), time=time)
    assert time.sleeps == [1.0, 2.0, 4.0, 8.0]


def test_a_connection_that_brings_next_to_nothing_is_given_up(mp3: bytes, tmp_path: Path) -> None:
    with serve({"/a": [whole(mp3, cut_after=1)]}) as server:
        with pytest.raises(AddressError, match="to its end"):
            courier().download(server.address("/a"), tmp_path / "talk")
        assert len(server.requests) == MOST_ATTEMPTS


def test_the_next_run_continues_what_was_kept(mp3: bytes, tmp_path: Path) -> None:
    behaviours = [whole(mp3, cut_after=len(mp3) // 3), status(404), whole(mp3)]
    with serve({"/a": behaviours}) as server:
        with pytest.raises(AddressError):
            courier().download(server.address("/a"), tmp_path / "talk")
        assert (names(tmp_path), sorted(leftovers(tmp_path))) == ([], [".json", ".part"])
        downloaded = courier().download(server.address("/a"), tmp_path / "talk")
        assert server.headers("/a")[-1]["If-Range"] == '"first"'
    assert (downloaded.resumed, downloaded.path.read_bytes(), leftovers(tmp_path)) == (True, mp3, [])


CHANGED: dict[str, Any] = {
    "another entity tag": lambda new: [whole(new, '"second"')],
    "If-Range overlooked": lambda new: [lambda answer: overlook_if_range(answer, new)] * 1 + [whole(new, '"second"')],
    "Range overlooked": lambda new: [range_ignored(new)],
    "Range refused": lambda new: [status(416), whole(new, '"second"')],
    "another part": lambda new: [
        status(206, new[5:], Content_Range=f"bytes 5-{len(new) - 1}/{len(new)}"),
        whole(new, '"second"'),
    ],
    "no part": lambda new: [status(206, new), whole(new, '"second"')],
}


def overlook_if_range(answer: Any, data: bytes) -> None:
    start = int(answer.headers["Range"][6:-1])
    stated = {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}", "ETag": '"second"'}
    answer.send_whole(206, data[start:], stated)


@pytest.mark.parametrize("how", CHANGED)
def test_a_file_that_changed_meanwhile_is_begun_anew(how: str, sounds: dict[str, bytes], tmp_path: Path) -> None:
    old, new = sounds["mp3-cbr"], sounds["mp3-vbr"]
    with serve({"/a": [whole(old, cut_after=len(old) // 3), status(404), *CHANGED[how](new)]}) as server:
        with pytest.raises(AddressError):
            courier().download(server.address("/a"), tmp_path / "talk")
        downloaded = courier().download(server.address("/a"), tmp_path / "talk")
    assert (downloaded.path.read_bytes(), downloaded.resumed) == (new, False)


def test_a_part_of_another_address_is_not_continued(sounds: dict[str, bytes], tmp_path: Path) -> None:
    old, new = sounds["mp3-cbr"], sounds["mp3-vbr"]
    with serve({"/a": [whole(old, cut_after=999), status(404)], "/b": [whole(new)]}) as server:
        with pytest.raises(AddressError):
            courier().download(server.address("/a"), tmp_path / "talk")
        assert courier().download(server.address("/b"), tmp_path / "talk").path.read_bytes() == new


def test_a_part_that_no_server_can_vouch_for_is_begun_anew(mp3: bytes, tmp_path: Path) -> None:
    told: list[dict[str, Any]] = [{}, {"ETag": 'W/"weak"'}, {"Last_Modified": "yesterday"}]
    for number, headers in enumerate(told):
        with serve({"/a": [whole(mp3, None, 5000, **headers), whole(mp3, None, **headers)]}) as server:
            target = tmp_path / str(number)
            assert courier().download(server.address("/a"), target).path.read_bytes() == mp3
            assert "Range" not in server.headers("/a")[1]


def test_a_part_of_what_came_compressed_is_begun_anew(mp3: bytes, tmp_path: Path) -> None:
    packed = gzip.compress(mp3)

    def cut_packed(answer: Answer) -> None:
        answer.send_head(200, {"Content-Encoding": "gzip", "Content-Length": str(len(packed)), "ETag": '"first"'})
        answer.wfile.write(packed[:50_000])
        answer.cut()

    downloaded, server = download_from(tmp_path, cut_packed, gzipped(mp3))
    assert downloaded.path.read_bytes() == mp3
    assert "Range" not in server.headers("/a")[1]


def test_a_compressed_part_of_a_file_is_not_taken(mp3: bytes, tmp_path: Path) -> None:
    rest = gzip.compress(mp3[5000:])
    stated = {"Content_Range": f"bytes 5000-{len(mp3) - 1}/{len(mp3)}", "Content_Encoding": "gzip"}
    downloaded, _ = download_from(tmp_path, whole(mp3, cut_after=5000), status(206, rest, **stated), whole(mp3))
    assert downloaded.path.read_bytes() == mp3


def test_a_date_vouches_for_a_part_only_if_it_is_old_enough(mp3: bytes, tmp_path: Path) -> None:
    now = "Thu, 01 Jan 2026 12:00:00 GMT"
    for number, (modified, continued) in enumerate(
        [("Thu, 01 Jan 2026 11:00:00 GMT", True), ("Thu, 01 Jan 2026 11:59:50 GMT", False)]
    ):
        headers: dict[str, Any] = {"Last_Modified": modified, "Date": now}
        with serve({"/a": [whole(mp3, None, 5000, **headers), range_ignored(mp3)]}) as server:
            courier().download(server.address("/a"), tmp_path / str(number))
            assert server.headers("/a")[1].get("If-Range") == (modified if continued else None)


def test_a_whole_part_is_taken_without_another_byte(mp3: bytes, tmp_path: Path) -> None:
    with serve({"/a": [whole(mp3, cut_after=9), status(404), whole(mp3)]}) as server:
        with pytest.raises(AddressError):
            courier().download(server.address("/a"), tmp_path / "talk")
        PartFile(tmp_path / "talk").path.write_bytes(mp3)
        assert courier().download(server.address("/a"), tmp_path / "talk").path.read_bytes() == mp3


def test_a_kept_part_of_other_bytes_is_dropped_when_the_sound_is_not_whole(mp3: bytes, tmp_path: Path) -> None:
    with serve({"/a": [whole(mp3, cut_after=9000), status(404), whole(mp3)]}) as server:
        with pytest.raises(AddressError):
            courier().download(server.address("/a"), tmp_path / "talk")
        PartFile(tmp_path / "talk").path.write_bytes(HTML[:9000])
        downloaded = courier().download(server.address("/a"), tmp_path / "talk")
    assert (downloaded.path.read_bytes(), downloaded.resumed) == (mp3, False)


@pytest.mark.parametrize(
    "note", ["", "{", "[]", "null", '{"validator": "x"}', '{"address_hash": 1, "validator": 2}', "\x00", '"\\ud800"']
)
def test_a_note_that_is_none_begins_anew(note: str, mp3: bytes, tmp_path: Path) -> None:
    with serve({"/a": [whole(mp3, cut_after=9), status(404), whole(mp3)]}) as server:
        with pytest.raises(AddressError):
            courier().download(server.address("/a"), tmp_path / "talk")
        part = PartFile(tmp_path / "talk")
        part.path.with_suffix(".json").write_text(note)
        assert courier().download(server.address("/a"), tmp_path / "talk").path.read_bytes() == mp3
        assert "Range" not in server.headers("/a")[-1]


# Not whole


def test_a_file_shorter_than_announced_is_never_whole(mp3: bytes, tmp_path: Path) -> None:
    assert "to its end" in refusal(tmp_path, stated_length(mp3, len(mp3) + 1))
    assert "to its end" in refusal(tmp_path, chunked(mp3, ended=False))
    assert "to its end" in refusal(tmp_path, chunked(mp3[: len(mp3) // 2], ended=False))


def test_a_file_longer_than_announced_is_cut_there_and_then_not_whole(sounds: dict[str, bytes], tmp_path: Path) -> None:
    data = sounds["flac"]
    assert "cut off" in refusal(tmp_path, stated_length(data, len(data) // 2), kind=TruncatedMediaError)


@pytest.mark.parametrize("name", [name for name in FORMATS if "headerless" not in name and name != "mka"])
@pytest.mark.parametrize("tenth", range(1, 10))
def test_sound_whose_own_end_is_missing_is_not_whole(
    name: str, tenth: int, sounds: dict[str, bytes], tmp_path: Path
) -> None:
    data = sounds[name][: len(sounds[name]) * tenth // 10]
    message = refusal(tmp_path, until_closed(data), kind=MediaError)
    assert message.startswith("http://127.0.0.1:")
    assert leftovers(tmp_path) == []


def test_sound_whose_end_is_missing_is_taken_on_request(sounds: dict[str, bytes], tmp_path: Path) -> None:
    half = sounds["flac"][: len(sounds["flac"]) // 2]
    assert download_from(tmp_path, whole(half), partial=True)[0].path.read_bytes() == half


@pytest.mark.parametrize("kind", ["text/html", "audio/mpeg"])
@pytest.mark.parametrize("body", [HTML, b"\xef\xbb\xbf  <HTML>x", HTML[:300]])
def test_a_web_page_is_not_sound_whatever_it_says_it_is(kind: str, body: bytes, tmp_path: Path) -> None:
    message = refusal(tmp_path, status(200, body, Content_Type=kind), kind=MediaError)
    assert "is not sound: the server sent a web page" in message
    assert leftovers(tmp_path) == []


def test_a_web_page_is_noticed_before_all_of_it_came(tmp_path: Path) -> None:
    message = refusal(tmp_path, stated_length(HTML, 900_000_000), kind=MediaError)
    assert "a web page" in message


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7 " + bytes(9000), b"not found", b"\x89PNG" + bytes(9000), bytes(9000)])
def test_what_is_something_else_is_not_sound(body: bytes, tmp_path: Path) -> None:
    refusal(tmp_path, status(200, body), kind=MediaError)
    assert leftovers(tmp_path) == []


# Bounds


def test_two_gigabytes_are_refused_before_they_come(tmp_path: Path) -> None:
    message = refusal(tmp_path, stated_length(b"ID3" + bytes(50_000), 2 * 10**9))
    assert "has 1907 MB, more than the 1536 MB that a download may have" in message
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("send", [chunked, until_closed, gzipped])
def test_more_than_the_bound_is_refused_also_where_nothing_is_announced(send: Any, tmp_path: Path) -> None:
    data = b"ID3" + os.urandom(3_000_000)
    with serve({"/a": [send(data)]}) as server, pytest.raises(AddressError, match=r"MB|larger than") as caught:
        limits = DownloadLimits(most_bytes=1_500_000, room_left=0)
        courier(limits=limits).download(server.address("/a"), tmp_path / "talk")
    assert caught.value.way_out
    assert caught.value.way_out.kind == "choose_other_file"
    assert len(server.requests) == 1
    assert leftovers(tmp_path) == []


def test_the_bound_itself_may_be_reached(mp3: bytes, tmp_path: Path) -> None:
    senders: list[Any] = [whole, chunked]
    for number, send in enumerate(senders):
        with serve({"/a": [send(mp3)]}) as server:
            limits = DownloadLimits(most_bytes=len(mp3), room_left=0)
            assert courier(limits=limits).download(server.address("/a"), tmp_path / str(number)).size == len(mp3)


@pytest.mark.parametrize("send", [whole, chunked])
def test_a_full_disk_is_noticed_first(send: Any, mp3: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = 5_000_000 if send is chunked else 5_000_000 + len(mp3)
    with serve({"/a": [send(mp3)]}) as server:
        limits = DownloadLimits(room_left=5_000_000)
        for free, enough in ((room - 1, False), (room, True)):
            monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: SimpleNamespace(free=free))
            if enough:
                courier(limits=limits).download(server.address("/a"), tmp_path / "talk")
            else:
                with pytest.raises(OutputError, match="is not downloaded: the disk has 5 MB") as caught:
                    courier(limits=limits).download(server.address("/a"), tmp_path / "talk")
                assert caught.value.way_out
                assert caught.value.way_out.kind == "make_room"
                assert names(tmp_path) == []


def test_a_slow_drip_is_ended_with_the_rate_that_it_lacks(mp3: bytes, tmp_path: Path) -> None:
    time = FakeTime(bytes_a_second=900)
    message = refusal(tmp_path, whole(mp3 * 10), time=time)
    assert "sent less than 1000 bytes a second for 60 seconds" in message
    assert time.sleeps == [], "the next attempt would be as slow"


def test_a_fast_beginning_does_not_pay_for_a_slow_rest(mp3: bytes, tmp_path: Path) -> None:
    time = FakeTime()

    def slow_down(answer: Answer) -> None:
        answer.send_head(200, {"Content-Length": str(10 * len(mp3))})
        answer.wfile.write(mp3)
        time.bytes_a_second = 500
        answer.wfile.write(mp3 * 9)

    began = time.seconds
    assert "sent less than" in refusal(tmp_path, slow_down, time=time)
    assert time.seconds - began < 3 * DOWNLOAD_LIMITS.whole


def test_a_download_lasts_for_hours_as_long_as_bytes_come(mp3: bytes, tmp_path: Path) -> None:
    time = FakeTime(bytes_a_second=1100)
    began = time.seconds
    data = mp3 + bytes(3_000_000)
    assert download_from(tmp_path, whole(data), time=time)[0].size == len(data)
    assert time.seconds - began > 40 * DOWNLOAD_LIMITS.whole


def test_a_silent_server_is_given_up(mp3: bytes, tmp_path: Path) -> None:
    assert "did not answer in time" in refusal(tmp_path, whole(mp3), time=FakeTime(silent=True))


# Names


def test_no_other_file_is_replaced(mp3: bytes, tmp_path: Path) -> None:
    for taken in ("talk", "talk.mp3", "talk.flac"):
        (tmp_path / taken).write_text("mine")
        with serve({"/a": [whole(mp3)]}) as server:
            with pytest.raises(InputError, match="exists already"):
                courier().download(server.address("/a"), tmp_path / "talk")
            assert server.requests == []
        assert (tmp_path / taken).read_text() == "mine"
        (tmp_path / taken).unlink()


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_came_meanwhile_is_not_replaced(
    links: bool, mp3: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError

    if not links:
        monkeypatch.setattr(os, "link", no_links)
        assert download_from(tmp_path, whole(mp3))[0].path.read_bytes() == mp3
        (tmp_path / "talk.mp3").unlink()

    def come_meanwhile(answer: Any) -> None:
        (tmp_path / "talk.mp3").write_text("mine")
        whole(mp3)(answer)

    with pytest.raises(InputError, match="exists already"):
        download_from(tmp_path, come_meanwhile)
    assert (tmp_path / "talk.mp3").read_text() == "mine"


def test_two_downloads_of_one_target_do_not_meet(mp3: bytes, tmp_path: Path) -> None:
    with lock_part(tmp_path / "talk"):
        message = refusal(tmp_path, whole(mp3), kind=InputError)
        assert message == f"{tmp_path / 'talk'} is being downloaded already."
        with serve({"/a": [whole(mp3)]}) as server:
            assert courier().download(server.address("/a"), tmp_path / "other").path.name == "other.mp3"
    assert download_from(tmp_path, whole(mp3))[0].path.read_bytes() == mp3


def test_a_name_that_no_file_can_have_is_told_first(mp3: bytes, tmp_path: Path) -> None:
    with serve({"/a": [whole(mp3)]}) as server:
        for name in ("x" * 253, "x" * 300):
            with pytest.raises(OutputError, match="cannot be written"):
                courier().download(server.address("/a"), tmp_path / name)
        assert server.requests == []


def test_a_part_that_was_given_up_long_ago_is_deleted(mp3: bytes, tmp_path: Path) -> None:
    for name in ("old", "new"):
        with serve({"/a": [whole(mp3, cut_after=9000), status(404)]}) as server, pytest.raises(AddressError):
            courier().download(server.address("/a"), tmp_path / name)
    old, new = (PartFile(tmp_path / name).path for name in ("old", "new"))
    days = old.stat().st_mtime - 31 * 24 * 3600
    os.utime(old, (days, days))
    download_from(tmp_path, whole(mp3))
    assert (old.exists(), new.exists(), names(tmp_path)) == (False, True, ["talk.mp3"])


def test_a_folder_that_is_not_there_is_told(mp3: bytes, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder"):
        download_from(tmp_path / "none", whole(mp3))


def test_a_part_and_its_note_hold_no_secret(mp3: bytes, tmp_path: Path) -> None:
    with serve({"/a": [whole(mp3, cut_after=9000), status(404)]}) as server, pytest.raises(AddressError) as caught:
        courier().download(server.address("/a?key=t0ken", credentials="ann:secret@"), tmp_path / "talk")
    assert "secret" not in str(caught.value)
    kept = b"".join(path.read_bytes() + os.fsencode(path.name) for path in tmp_path.iterdir())
    assert b"secret" not in kept
    assert b"t0ken" not in kept


def test_a_download_is_redirected(mp3: bytes, tmp_path: Path) -> None:
    with serve({"/a": [redirect("/cdn", 302)], "/cdn": [whole(mp3, cut_after=5000), whole(mp3)]}) as server:
        downloaded = courier().download(server.address("/a"), tmp_path / "talk")
        assert (downloaded.address, downloaded.path.read_bytes()) == (server.address("/cdn"), mp3)
        assert server.headers("/a")[1]["Range"] == "bytes=5000-"


def test_a_callback_that_stops_a_download_keeps_its_part(mp3: bytes, tmp_path: Path) -> None:
    def stop(event: object) -> None:
        if isinstance(event, DownloadAdvanced) and event.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download_from(tmp_path, whole(mp3), progress=stop)
    assert (names(tmp_path), sorted(leftovers(tmp_path))) == ([], [".json", ".part"])


DOWNLOAD = """
import sys
from pathlib import Path
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.downloads.outcomes import DownloadLimits
Courier(allow_private=True, limits=DownloadLimits(room_left=0)).download(sys.argv[1], Path(sys.argv[2]))
"""


@pytest.mark.parametrize("sent", [0.0, 0.4, 1.0])
def test_a_download_that_is_killed_leaves_no_half_file_and_is_continued(
    sent: float, mp3: bytes, tmp_path: Path
) -> None:
    reached, over = threading.Event(), threading.Event()

    def stop_within(answer: Answer) -> None:
        answer.send_head(200, {"Content-Length": str(len(mp3) + 1), "ETag": '"first"'})
        answer.wfile.write(mp3[: round(sent * len(mp3))])
        reached.set()
        over.wait(60)

    with serve({"/a": [stop_within, whole(mp3)]}) as server:
        command = [sys.executable, "-c", DOWNLOAD, server.address("/a"), str(tmp_path / "talk")]
        with subprocess.Popen(command, cwd=ROOT) as child:
            assert reached.wait(60)
            child.kill()
        over.set()
        assert names(tmp_path) == []
        assert courier().download(server.address("/a"), tmp_path / "talk").path.read_bytes() == mp3
    assert leftovers(tmp_path) == []
