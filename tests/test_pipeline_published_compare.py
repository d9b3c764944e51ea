"""Where the publisher's words differ from those that were heard, and the publisher's file as it was fetched."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from fake_engine import airquote
from libraries import SECONDS_A_WORD, add_spoken, add_text

from index.errors import EpisodeError
from index.storage.published_files import PublishedFile
from index.storage.store import Store
from pipeline.library import Library

SPOKEN = (
    "Good evening and welcome to the harbor show. Tonight we talk to Maria Lopez, who has lived at the harbor for"
    " twenty-five years. Um, she did not want to leave when the mill closed in 1987, and I think she never will."
    " There were fifteen hundred people in the town in those days, and most of them worked at the mill."
)
ADDRESS = "https://example.com/5.vtt"


def cues(text: str, seconds: float = 30.0) -> bytes:
    """A WebVTT file of one cue for every ten words."""
    words = text.split()
    step = seconds / len(words)
    lines = ["WEBVTT", ""]
    for first in range(0, len(words), 10):
        times = [f"00:{second:06.3f}" for second in (first * step, min(seconds, (first + 10) * step))]
        lines += [" --> ".join(times), " ".join(words[first : first + 10]), ""]
    return "\n".join(lines).encode()


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.setenv("AIRQUOTE_LIBRARY", str(tmp_path / "library"))
    return Library.open(tmp_path / "library", create=True)


def keep(library: Library, published: str | bytes, heard: str = SPOKEN) -> str:
    with Store.open(library.directory, create=True) as store:
        episode = add_text(store, "Talk", heard).id
        data = cues(published) if isinstance(published, str) else published
        store.save_published(episode, PublishedFile(ADDRESS, "text/vtt", "en", data))
    return episode


def test_the_same_words_in_another_spelling_and_without_fillers_are_no_difference(library: Library) -> None:
    other = SPOKEN.replace("twenty-five", "25").replace("Um, she", "She").replace("fifteen hundred", "1,500")
    compared = library.compare(keep(library, other.replace("harbor", "harbour").upper().replace(".", "!")))
    assert compared.differences == ()
    assert compared.equal == 1.0


@pytest.mark.parametrize(("heard", "published", "kind"), [
    ("1987", "1978", "number"), ("twenty-five", "thirty-five", "number"), ("Maria Lopez", "Maria Gomez", "name"),
    ("did not want", "did want", "negation"), ("never will", "ever will", "negation"),
    ("closed", "opened", "other words"), ("to the harbor", "the harbor", "small words"),
])  # fmt: skip
def test_a_difference_has_its_kind_and_both_readings_at_the_time_at_which_it_was_heard(
    library: Library, heard: str, published: str, kind: str
) -> None:
    (found,) = library.compare(keep(library, SPOKEN.replace(heard, published))).differences
    assert found.difference == kind
    said, read = found.said.rstrip(",."), found.publisher.rstrip(",.")
    assert said in heard
    assert read in published
    words = SPOKEN.split()
    if said:
        position = len(SPOKEN[: SPOKEN.index(heard)].split()) + len(heard[: heard.index(said)].split())
        assert words[position].startswith(found.said.split()[0])
        assert found.start == pytest.approx(position * SECONDS_A_WORD, abs=0.001)
        end = (position + len(found.said.split())) * SECONDS_A_WORD
        assert found.end == pytest.approx(end, abs=0.001)


def test_numbers_and_names_come_first_and_their_numbers_can_be_played(library: Library) -> None:
    other = SPOKEN.replace("evening", "morning").replace("Lopez", "Gomez").replace("1987", "1978")
    compared = library.compare(keep(library, other))
    assert [one.difference for one in compared.differences] == ["number", "name", "other words"]
    assert [one.n for one in compared.differences] == [1, 2, 3]
    place = library.hit(2)
    assert (place.start, place.end) == (compared.differences[1].start, compared.differences[1].end)


def test_a_difference_names_who_says_what_was_heard(library: Library) -> None:
    first, second = SPOKEN.split(", who has lived")
    published = SPOKEN.replace("evening", "morning").replace("closed", "opened").replace("she did", "then she did")
    with Store.open(library.directory, create=True) as store:
        episode = add_spoken(store, "Talk", [("Ann Lee", f"{first},"), ("Voice 2", f"who has lived{second}")]).id
        store.save_published(episode, PublishedFile(ADDRESS, "text/vtt", "en", cues(published)))
    differences = library.compare(episode).differences
    assert {one.said.strip(): one.speaker for one in differences} == {
        "evening": "Ann Lee", "closed": "Voice 2", "": None,
    }  # fmt: skip
    assert "Voice 2: " in airquote("compare", episode).out


def test_words_that_only_one_of_the_two_has_are_told(library: Library) -> None:
    advertisement = " This show is brought to you by the finest mattress that money can buy, which is sold online." * 4
    inserted = SPOKEN.replace("harbor show.", f"harbor show.{advertisement}")
    (found,) = library.compare(keep(library, SPOKEN, heard=inserted)).differences
    assert (found.difference, found.said, found.publisher) == ("passage", advertisement.strip(), "")


def test_the_share_of_equal_words_is_that_of_both(library: Library) -> None:
    rng = random.Random(5)
    words = SPOKEN.split()
    changed = ["zebra" if rng.random() < 0.2 else word for word in words]
    compared = library.compare(keep(library, " ".join(changed)))
    alike = sum(one == other for one, other in zip(words, changed, strict=True)) / len(words)
    assert compared.equal == pytest.approx(alike, abs=0.03)


def test_times_of_the_publisher_do_not_matter(library: Library) -> None:
    episode = keep(library, cues(SPOKEN.replace("1987", "1978"), seconds=59.0))
    (found,) = library.compare(episode).differences
    assert found.said.rstrip(",") == "1987"


def test_an_episode_without_two_transcripts_says_what_to_do(library: Library) -> None:
    with Store.open(library.directory, create=True) as store:
        add_text(store, "Alone", SPOKEN)
    with pytest.raises(EpisodeError, match="No transcript of the publisher"):
        library.compare("alone")
    refused = airquote("compare", "alone")
    assert refused.code == 2
    assert "airquote update" in refused.err


def test_the_command_prints_rows_and_a_summary(library: Library) -> None:
    keep(library, SPOKEN.replace("1987", "1978").replace("evening", "morning"))
    shown = airquote("compare", "talk")
    assert shown.code == 0
    assert "[-1987,-] {+1978,+}" in shown.out
    assert "1 number, 1 other words" in shown.err
    assert "% of the words are equal" in shown.err
    rows = airquote("compare", "talk", "--json").answers
    assert [row["difference"] for row in rows] == ["number", "other words"]
    assert airquote("compare", "talk", "--csv").out.startswith("n,episode,start,end,difference,said,publisher,")


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbfWEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\nHello\x1b[31m.\r\n", cues(SPOKEN)]
)
def test_the_publishers_file_is_given_back_byte_for_byte(library: Library, tmp_path: Path, data: bytes) -> None:
    keep(library, data)
    assert airquote("export", "talk", "--publisher", "-o", tmp_path / "own.vtt").code == 0
    assert (tmp_path / "own.vtt").read_bytes() == data
    (tmp_path / "folder").mkdir()
    written = airquote("export", "talk", "--publisher", "-o", tmp_path / "folder", "--json")
    assert written.answer["file"] == str(tmp_path / "folder" / "talk.vtt")
    assert written.answer["format"] == "vtt"
    assert (tmp_path / "folder" / "talk.vtt").read_bytes() == data


@pytest.mark.parametrize("arguments", [
    ("talk", "--publisher"), ("talk", "--publisher", "-o", "x", "-f", "srt"), ("--all", "--publisher", "-o", "x"),
    ("talk", "--publisher", "-o", "x", "--subtitles"),
])  # fmt: skip
def test_the_publishers_file_is_exported_alone_and_to_a_file(
    library: Library, arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    keep(library, SPOKEN)
    assert airquote("export", *arguments).code == 2
    assert not (tmp_path / "x").exists()
