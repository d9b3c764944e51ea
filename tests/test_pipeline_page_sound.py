"""Sound of web pages, with the real yt-dlp: by our rule for addresses, through our connections, and no other way."""

from __future__ import annotations

import builtins
import logging
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest
from audio_samples import RATE, make_bursts, write_as
from misbehaving_server import FakeTime, Server, serve, status, whole

from audio.errors import AirquoteError, InputError, MediaError, OutputError
from pipeline.errors import AddressError
from pipeline.progress import DownloadAdvanced
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.downloads.outcomes import DownloadLimits, PageDetails

SECONDS = 12.0
LITTLE_ROOM = DownloadLimits(room_left=0)


@pytest.fixture(scope="session")
def mp3(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("sound")
    return write_as("mp3-cbr", folder, make_bursts(SECONDS, RATE)).read_bytes()


@pytest.fixture(autouse=True)
def no_other_program(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any, **_: Any) -> Any:
        raise AssertionError(f"another program: {arguments}")

    monkeypatch.setattr(subprocess.Popen, "__init__", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


def page(sound: str) -> Any:
    body = f"<html><head><title>The Harbour</title></head><body><audio src='{sound}'></audio></body></html>"
    return status(200, body.encode(), Content_Type="text/html", Set_Cookie="seen=yes")


def courier(limits: DownloadLimits = LITTLE_ROOM, allow_private: bool = True) -> Courier:
    time = FakeTime()
    return Courier(allow_private=allow_private, network=time.network, clock=time.clock, limits=limits)


def refusal(
    server: Server, folder: Path, path: str = "/page", once: Courier | None = None, **more: Any
) -> AirquoteError:
    with pytest.raises(AirquoteError) as caught:
        (once or courier()).download_page(server.address(path), folder / "talk", **more)
    assert caught.value.way_out
    assert list(folder.iterdir()) == [], "nothing is left"
    return caught.value


def test_the_sound_of_a_page_is_downloaded_into_the_checked_place(
    mp3: bytes, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    events: list[Any] = []
    sound = whole(mp3, Content_Type="audio/mpeg")
    with serve({"/page": [page("/talk.mp3")], "/talk.mp3": [sound]}) as server:
        address = server.address("/page", credentials="ann:secret@")
        downloaded = courier().download_page(address, tmp_path / "50% talk", events.append)
        assert downloaded.address == server.address("/page")
    assert downloaded.path == tmp_path / "50% talk.mp3"
    assert downloaded.path.read_bytes() == mp3
    assert downloaded.page == PageDetails("The Harbour", None, None)
    assert [path.name for path in tmp_path.iterdir()] == ["50% talk.mp3"]
    assert events[-1] == DownloadAdvanced("50% talk", len(mp3), len(mp3))
    assert "".join(capfd.readouterr()) == "", "yt-dlp prints nothing"


def test_sound_in_pieces_is_put_together(mp3: bytes, tmp_path: Path) -> None:
    middle = len(mp3) // 2
    names = ["/one.mp3", "/two.mp3"]
    playlist = (
        "#EXTM3U\n#EXT-X-TARGETDURATION:6\n" + "".join(f"#EXTINF:6,\n{name}\n" for name in names) + "#EXT-X-ENDLIST\n"
    )
    paths = {
        "/page": [page("/list.m3u8")],
        "/list.m3u8": [status(200, playlist.encode(), Content_Type="application/vnd.apple.mpegurl")],
        "/one.mp3": [whole(mp3[:middle])],
        "/two.mp3": [whole(mp3[middle:])],
    }
    with serve(paths) as server:
        assert courier().download_page(server.address("/page"), tmp_path / "talk").path.read_bytes() == mp3


def test_of_a_page_with_several_recordings_the_first_is_taken(mp3: bytes, tmp_path: Path) -> None:
    body = b"<html><title>Talks</title><audio src='/one.mp3'></audio> and <audio src='/two.mp3'></audio>"
    paths = {
        "/page": [status(200, body, Content_Type="text/html")],
        "/one.mp3": [whole(mp3)],
        "/two.mp3": [whole(b"no")],
    }
    with serve(paths) as server:
        downloaded = courier().download_page(server.address("/page"), tmp_path / "talk")
        assert downloaded.path.read_bytes() == mp3
        assert server.headers("/two.mp3") == []


def test_every_request_follows_the_rule_for_addresses(mp3: bytes, tmp_path: Path) -> None:
    with serve({"/page": [page("http://inside.example:1/talk.mp3")], "/talk.mp3": [whole(mp3)]}) as server:
        error = refusal(server, tmp_path, once=courier(allow_private=False))
        assert "is a loopback address" in error.message
        assert server.requests == []
        error = refusal(server, tmp_path, once=courier(allow_private=False), origin="typed")
        assert "inside.example" in error.message
        assert "is a loopback address" in error.message
        server.behaviours["/page"] = [page("/talk.mp3")]
        once = courier(allow_private=False)
        assert once.download_page(server.address("/page"), tmp_path / "talk", origin="typed").size == len(mp3)


@pytest.mark.parametrize(
    "sound", ["file:///etc/passwd", "rtmp://a.example/talk", "ftp://a.example/talk.mp3", "data:,x"]
)
def test_other_schemes_lead_nowhere(sound: str, tmp_path: Path) -> None:
    with serve({"/page": [page(sound)]}) as server:
        assert isinstance(refusal(server, tmp_path), AddressError)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ytsearch:harbour", "harbour", "-", "ftp://a.example/x", ""])
def test_only_web_addresses_are_given_to_it(address: str, tmp_path: Path) -> None:
    with pytest.raises(AddressError, match="is not an address of a web page"):
        courier().download_page(address, tmp_path / "talk", origin="typed")


def test_a_page_without_sound_says_so(tmp_path: Path) -> None:
    with serve(
        {"/page": [status(200, b"<html><title>News</title>The ferry was late.", Content_Type="text/html")]}
    ) as server:
        error = refusal(server, tmp_path)
    assert error.message == f"{server.address('/page')} is not downloaded: yt-dlp finds no sound there."


def test_what_is_not_sound_after_all_is_not_kept(mp3: bytes, tmp_path: Path) -> None:
    html = status(200, b"<html>Log in" + b" first" * 900, Content_Type="audio/mpeg")
    with serve({"/page": [page("/talk.mp3")], "/talk.mp3": [html]}) as server:
        refusal(server, tmp_path)
    with serve({"/page": [page("/talk.mp3")], "/talk.mp3": [whole(mp3[: len(mp3) // 2])]}) as server:
        assert isinstance(refusal(server, tmp_path), MediaError)


def test_a_page_that_cannot_be_had_says_why_without_the_password(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serve({"/page": [status(403)]}) as server, pytest.raises(AddressError) as caught:
        address = server.address("/page?key=t0ken", credentials="ann:s3cret@")
        courier().download_page(address, tmp_path / "talk")
    assert "403" in caught.value.message
    assert "s3cret" not in f"{caught.value} {caught.value.where}"
    assert "s3cret" not in caplog.text
    assert "t0ken" not in "".join(record.getMessage() for record in caplog.records if record.levelno >= logging.INFO)


def test_the_bounds_are_kept(mp3: bytes, tmp_path: Path) -> None:
    with serve({"/page": [page("/talk.mp3")], "/talk.mp3": [whole(mp3, Content_Type="audio/mpeg")]}) as server:
        small = courier(DownloadLimits(most_bytes=50_000, room_left=0))
        refusal(server, tmp_path, once=small)
        full = courier(DownloadLimits(room_left=1 << 60))
        assert isinstance(refusal(server, tmp_path, once=full), OutputError)


@pytest.mark.parametrize("raised", [KeyboardInterrupt, LookupError])
def test_a_callback_that_stops_it_is_heard(raised: type[BaseException], mp3: bytes, tmp_path: Path) -> None:
    def stop(_: object) -> None:
        raise raised

    with serve({"/page": [page("/talk.mp3")], "/talk.mp3": [whole(mp3)]}) as server, pytest.raises(raised):
        courier().download_page(server.address("/page"), tmp_path / "talk", stop)
    assert list(tmp_path.iterdir()) == []


def test_no_other_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "talk.mp3").write_text("mine")
    with serve({"/page": [page("/talk.mp3")]}) as server, pytest.raises(InputError, match="exists already"):
        courier().download_page(server.address("/page"), tmp_path / "talk")
    assert (tmp_path / "talk.mp3").read_text() == "mine"


def test_without_yt_dlp_the_message_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "yt_dlp":
            raise ImportError(name)
        return real(name, *rest, **more)

    with serve({"/page": [page("/talk.mp3")]}) as server:
        monkeypatch.setattr(builtins, "__import__", without)
        error = refusal(server, tmp_path)
        assert server.requests == []
    assert "pip install 'airquote[pages]'" in str(error)


def test_nothing_of_the_user_is_read(mp3: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, folder = tmp_path / "home", tmp_path / "to"
    plugin = home / ".config" / "yt-dlp" / "plugins" / "mine" / "yt_dlp_plugins" / "extractor"
    for made in (plugin, folder):
        made.mkdir(parents=True)
    (plugin / "mine.py").write_text("raise SystemExit('a plugin was loaded')")
    (home / ".config" / "yt-dlp" / "config").write_text("--exec false\n--proxy http://proxy.example:1/\n")
    (home / ".netrc").write_text("machine 127.0.0.1 login ann password s3cret\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    with serve({"/page": [page("/talk.mp3")], "/talk.mp3": [whole(mp3)]}) as server:
        assert courier().download_page(server.address("/page"), folder / "talk").size == len(mp3)
        assert not any("Authorization" in headers for _, headers in server.requests)
