"""Clips: named by episode and time where no name is given, and with tags that say what they are cut from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import av
import pytest
from fake_engine import FakeEngine, airquote, speak, transcribe
from hypothesis import given
from hypothesis import strategies as st

from audio.media import hash_file, probe_media
from index.storage.episode_names import name_episode
from index.storage.store import Store
from pipeline.hearing.recordings import choose_target, clip_stem

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def talk(tmp_path: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A recording in the library, and an empty folder as the present one."""
    engine.answers.extend(["There is more to come."])
    file = speak(tmp_path / "private" / "talk.wav", 2)
    assert transcribe(file, "--show", "Fail Better", "--title", "The Ferry", "--date", "2024-12-12").code == 0
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return file


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_clip_gets_a_name_that_is_not_taken(talk: Path, tmp_path: Path) -> None:
    assert airquote("search", "more").code == 0
    for _ in range(3):
        assert airquote("clip", 1).code == 0
    here = ["the-ferry-0m03s-2.mp3", "the-ferry-0m03s-3.mp3", "the-ferry-0m03s.mp3"]
    assert names(tmp_path / "here") == here
    assert airquote("clip", "the-ferry", 3, "+1", "--json").answer["file"] == "the-ferry-0m03s-4.mp3"
    before = (tmp_path / "here" / here[0]).read_bytes()
    assert airquote("clip", "the-ferry", 3, 5, "--overwrite", "--json").answer["file"] == "the-ferry-0m03s.mp3"
    assert (tmp_path / "here" / here[0]).read_bytes() == before
    (tmp_path / "clips").mkdir()
    assert airquote("clip", 1, "-o", tmp_path / "clips").code == 0
    assert names(tmp_path / "clips") == ["the-ferry-0m03s.mp3"]
    assert talk.exists()


@pytest.mark.parametrize("ending", ["wav", "flac", "mp3", "m4a", "ogg", "opus"])
def test_a_clip_says_what_it_is_cut_from_and_not_where_it_lay(ending: str, talk: Path) -> None:
    written = airquote("clip", "the-ferry", 3, "+1", "-o", f"a.{ending}", "--json").answer
    tags = probe_media(Path(f"a.{ending}")).tags
    assert (tags.title, tags.show, tags.published) == ("The Ferry", "Fail Better", "2024-12-12")
    with av.open(f"a.{ending}") as container:
        found = {**container.streams.audio[0].metadata, **container.metadata}
    comment = {name.lower(): text for name, text in found.items()}["comment"]
    assert comment == (
        f"Fail Better, “The Ferry”, 12 December 2024, 0:03–0:04. Source: talk.wav, SHA-256 {hash_file(talk)}"
    )
    assert "private" not in str(found)
    assert (written["start"], written["end"]) == (3.0, 4.0)


def test_a_clip_names_the_address_of_its_episode(talk: Path) -> None:
    assert airquote("edit", "the-ferry", "--address", "https://pod.example/12", "--show", "", "--date", "").code == 0
    assert airquote("clip", "the-ferry", 3, 4, "-o", "a.flac").code == 0
    with av.open("a.flac") as container:
        found = {name.lower(): text for name, text in container.metadata.items()}
    assert found["comment"] == "“The Ferry”, 0:03–0:04. Source: https://pod.example/12"
    assert not found.keys() & {"album", "artist", "date"}
    assert talk.exists()


def test_the_clips_of_an_article_have_tags_too(talk: Path, tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text("“There is more to come,” she said.")
    assert airquote("verify", tmp_path / "article.txt", "--clips", tmp_path / "clips").code == 0
    (clip,) = (tmp_path / "clips").iterdir()
    assert probe_media(clip).tags.title == "The Ferry"
    assert talk.exists()


def test_no_title_breaks_a_clip(talk: Path, library: Path) -> None:
    for number, title in enumerate(("= - ; #", "a\\nb", "—" * 900, "\u202egpj.exe", "👨‍👩‍👧 \x07", "x" * 100_000)):
        with Store.open(library) as store:  # as one in the tags of a stranger's file
            episode = store.episode("the-ferry")
            assert episode is not None
            store.update_episode(replace(episode, title=title))
        for ending in ("mp3", "wav"):
            assert airquote("clip", "the-ferry", 3, 4, "-o", f"{number}.{ending}").code == 0
    assert talk.exists()


FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]|[ .]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)', re.IGNORECASE)


@given(title=st.text(max_size=80), start=st.floats(0, 1e6))
def test_every_file_system_takes_the_name_of_a_clip(title: str, start: float) -> None:
    name = f"{clip_stem(name_episode(title), start)}-99999.mp3"
    assert not FORBIDDEN.search(name)
    assert len(name.encode()) <= 255
    assert unicodedata.normalize("NFC", name) == name


@given(st.lists(st.floats(0, 5e5), min_size=2, max_size=2, unique_by=int))
def test_clips_of_other_seconds_have_other_names(starts: list[float]) -> None:
    assert clip_stem("a", starts[0]) != clip_stem("a", starts[1])


def test_a_link_to_nothing_is_a_name_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a-0m05s.mp3").symlink_to(tmp_path / "none")
    assert choose_target("a", 5.4, tmp_path, overwrite=False) == tmp_path / "a-0m05s-2.mp3"


def test_play_takes_an_end(talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRQUOTE_PLAYER", "true")
    for end in ("+1.5", "4.5"):
        played = airquote("play", "the-ferry", 3, end, "--json").answer
        assert (played["start"], played["end"]) == (3.0, 4.5)
    assert airquote("play", "the-ferry", 3, 2).code == 2
    assert talk.exists()
