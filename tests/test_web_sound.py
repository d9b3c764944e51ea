"""The sound of an episode for a player: a WAV file of which any part can be asked for."""

from __future__ import annotations

import io
import socket
import threading
import wave
from collections.abc import Generator, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from audio_samples import RATE, make_bursts, write_as
from hypothesis import given, settings
from hypothesis import strategies as st
from libraries import add_episode
from web_server import Answered, RunningServer, running_server

from audio.media import hash_file
from audio.recording.sound_choice import SoundChoice
from audio.seeking.wav_file import WavFile
from index.storage.store import Store
from pipeline.answers import Place
from pipeline.library import Library
from pipeline.web.web_settings import LOOPBACK

SECONDS = 10
STEREO, MP3 = "flac-stereo", "mp3-vbr-headerless"
ADDRESS = f"/sound/{STEREO}.wav"


@pytest.fixture(scope="module")
def recordings(media_folder: Path) -> dict[str, Path]:
    """Files of recordings by the names of their episodes."""
    names = {STEREO: STEREO, MP3: MP3, "mixed": STEREO, "changed": "flac", "gone": "flac"}
    files = {}
    for seed, (name, kind) in enumerate(names.items()):
        (media_folder / name).mkdir()
        files[name] = write_as(kind, media_folder / name, make_bursts(SECONDS, seed=seed))
    files["long"] = media_folder / "long.mp3"
    files["long"].write_bytes(files[MP3].read_bytes() * 40)
    return files


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, recordings: dict[str, Path]) -> Iterator[RunningServer]:
    """A server of a library with episodes of these recordings, and one without a recording."""
    folder = tmp_path_factory.mktemp("library")
    with Store.open(folder, create=True) as store:
        for name, path in recordings.items():
            add_episode(store, name, media=str(path), sha256=hash_file(path))
        store.save_sound("mixed", SoundChoice(1, (0.5, 0.25)))
        add_episode(store, "silent")
    recordings["changed"].write_bytes(recordings["mixed"].read_bytes())
    recordings["gone"].unlink()
    with running_server(folder) as running:
        yield running


@pytest.fixture(scope="module")
def whole(server: RunningServer) -> Answered:
    """The whole file of the stereo recording."""
    return server.ask(ADDRESS)


def ask_part(server: RunningServer, asked: str, address: str = ADDRESS, **headers: str) -> Answered:
    return server.ask(address, headers={"Range": asked, **headers})


def samples_of(answer: Answered) -> Any:
    with wave.open(io.BytesIO(answer.body)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return samples.reshape(-1, file.getnchannels()), file.getframerate()


@pytest.mark.parametrize("episode", [STEREO, MP3, "mixed"])
def test_the_samples_are_those_of_clips(server: RunningServer, episode: str) -> None:
    answer = server.ask(f"/sound/{episode}.wav")
    assert (answer.status, answer.headers["content-type"]) == (200, "audio/wav")
    samples, rate = samples_of(answer)
    assert len(samples) == SECONDS * RATE or episode == MP3
    with Library.open(server.settings.library) as library:
        clip = library.cut(Place(episode, 3.5, 4.25))
    edge = round(0.005 * rate)  # clips fade in and out
    assert rate == clip.rate
    assert np.array_equal(samples[round(3.5 * rate) : round(4.25 * rate)][edge:-edge], clip.samples[edge:-edge])


@settings(max_examples=15)
@given(cuts=st.lists(st.integers(1, SECONDS * RATE * 4), min_size=1, max_size=3, unique=True))
def test_parts_join_to_the_whole(cuts: list[int], server: RunningServer, whole: Answered) -> None:
    edges = [0, *sorted(cut for cut in cuts if cut < len(whole.body)), len(whole.body)]
    parts = [ask_part(server, f"bytes={start}-{end - 1}") for start, end in pairwise(edges)]
    assert {part.status for part in parts} == {206}
    assert b"".join(part.body for part in parts) == whole.body


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=43-45", 43, 46),
        ("bytes=1000001-", 1000001, None),
        ("bytes=-1001", -1001, None),
        ("bytes=-99999999999999999999", 0, None),
        ("Bytes=5-99999999999999999999", 5, None),
    ],
)
def test_a_part(server: RunningServer, whole: Answered, asked: str, start: int, end: int | None) -> None:
    part = ask_part(server, asked)
    assert part.status == 206
    assert part.body == whole.body[start:end]
    size = len(whole.body)
    first = start % size
    assert part.headers["content-range"] == f"bytes {first}-{first + len(part.body) - 1}/{size}"
    assert part.headers["content-length"] == str(len(part.body))


@pytest.mark.parametrize(
    "asked", ["bytes=5-4", "bytes=-", "bytes=0-1,5-6", "seconds=1-2", "bytes=one-", "", "bytes=٣-"]
)
def test_what_is_no_range_gives_the_whole(server: RunningServer, whole: Answered, asked: str) -> None:
    answer = ask_part(server, asked.encode().decode("latin-1"))
    assert answer.status == 200
    assert len(answer.body) == len(whole.body)


@pytest.mark.parametrize("asked", ["bytes=1764044-", "bytes=99999999999999999999-", "bytes=-0"])
def test_a_part_past_the_end(server: RunningServer, whole: Answered, asked: str) -> None:
    assert len(whole.body) == 1764044
    answer = ask_part(server, asked)
    assert (answer.status, answer.headers["content-range"]) == (416, "bytes */1764044")


def test_a_part_of_other_sound_is_not_sent(server: RunningServer, whole: Answered) -> None:
    tag = whole.headers["etag"]
    assert ask_part(server, "bytes=0-1", **{"If-Range": tag}).status == 206
    for other in ('"other"', f"W/{tag}", "Thu, 26 Nov 2026 00:00:00 GMT"):
        assert ask_part(server, "bytes=0-1", **{"If-Range": other}).status == 200
    assert server.ask("/sound/mixed.wav", "HEAD").headers["etag"] != tag


def test_head_tells_the_size_without_sound(server: RunningServer, whole: Answered) -> None:
    answer = server.ask(ADDRESS, "HEAD")
    assert answer.body == b""
    assert answer.headers["content-length"] == str(len(whole.body))
    assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize(
    ("episode", "status", "told", "way_out"),
    [
        ("changed", 409, "no longer the file that changed was made from", "Put the old file back"),
        ("gone", 409, "The recording of gone is no longer at", "If it was moved"),
        ("silent", 422, "silent was imported without a recording", "together with its recording"),
        ("none", 404, "none", ""),
        ("..%2Fetc%2Fpasswd", 404, "", ""),
    ],
)
def test_sound_that_cannot_be_had(server: RunningServer, episode: str, status: int, told: str, way_out: str) -> None:
    for asked in ("bytes=0-", "bytes=500-"):
        answer = ask_part(server, asked, f"/sound/{episode}.wav")
        assert answer.status == status
        assert told in answer.body.decode()
        assert way_out in answer.body.decode()


def test_a_recording_that_changes_while_it_is_served(
    server: RunningServer, recordings: dict[str, Path], whole: Answered
) -> None:
    path, content = recordings[STEREO], recordings[STEREO].read_bytes()
    try:
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        assert ask_part(server, "bytes=0-9").status == 409
    finally:
        path.write_bytes(content)
    assert ask_part(server, "bytes=0-9").body == whole.body[:10]


def test_decoding_ends_with_the_connection(server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    read, closed, sent = WavFile.read, threading.Event(), []

    def read_and_tell(wav: WavFile, start: int, end: int) -> Generator[bytes]:
        try:
            for block in read(wav, start, end):
                sent.append(len(block))
                yield block
        finally:
            closed.set()

    monkeypatch.setattr(WavFile, "read", read_and_tell)
    with socket.create_connection((LOOPBACK, server.settings.port)) as connection:
        connection.sendall(f"GET /sound/long.wav HTTP/1.1\r\nHost: {LOOPBACK}:{server.settings.port}\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
    assert closed.wait(60)
    assert sum(sent) < int(server.ask("/sound/long.wav", "HEAD").headers["content-length"])
