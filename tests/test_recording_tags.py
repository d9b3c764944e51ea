"""Tags of recordings: title, show, date, number and chapters in every container, and dates in names of files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from fake_engine import airquote, make_speech, transcribe
from hypothesis import given
from hypothesis import strategies as st
from made_recordings import bursts, write_tracks
from torture.fuzz_media import make_file, with_checksums

from audio.media import probe_media
from audio.recording.chapters import Chapter
from audio.recording.tag_dates import find_date, read_date
from audio.samples import SAMPLE_RATE

TAGS = {"title": "Ep 12: The Bread", "album": "The Quiet Harbor", "date": "2021-06-05"}
CHAPTERS = (Chapter(0.0, "Opening"), Chapter(1.5, "The café"), Chapter(3.25, "Letters"))
# ending, codec, rate
CONTAINERS = {
    "mp3": (".mp3", "libmp3lame", 16000), "m4a": (".m4a", "aac", 16000), "mp4": (".mp4", "aac", 16000),
    "opus": (".opus", "libopus", 48000), "ogg": (".ogg", "flac", 16000), "flac": (".flac", "flac", 16000),
    "mka": (".mka", "libopus", 48000), "mkv": (".mkv", "aac", 16000),
}  # fmt: skip


def make(
    name: str, folder: Path, tags: Mapping[str, str], chapters: Sequence[Chapter] = (), stem: str = "file"
) -> Path:
    """A recording with these tags. Vorbis comments have chapters as tags, and Ogg has them on its track."""
    ending, codec, rate = CONTAINERS[name]
    path, sound = folder / f"{stem}{ending}", [bursts(len(stem), rate=rate)]
    if name not in ("opus", "ogg", "flac"):
        return write_tracks(path, sound, codec=codec, rate=rate, tags=tags, chapters=chapters)
    comments = dict(tags)
    for number, chapter in enumerate(chapters, start=1):
        comments |= {f"CHAPTER{number:03}": f"00:00:0{chapter.start:.3f}", f"CHAPTER{number:03}NAME": chapter.title}
    where = "tags" if name == "flac" else "track_tags"
    return write_tracks(path, sound, codec=codec, rate=rate, **{where: comments})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", CONTAINERS)
def test_tags_are_read_from_every_container(name: str, tmp_path: Path) -> None:
    tags = probe_media(make(name, tmp_path, {**TAGS, "track": "12/200"})).tags
    assert (tags.title, tags.show, tags.published, tags.number) == (
        "Ep 12: The Bread",
        "The Quiet Harbor",
        "2021-06-05",
        "12",
    )


@pytest.mark.parametrize("name", CONTAINERS)
def test_chapters_are_read_from_every_container(name: str, tmp_path: Path) -> None:
    chapters = probe_media(make(name, tmp_path, TAGS, CHAPTERS)).tags.chapters
    assert [one.title for one in chapters] == [one.title for one in CHAPTERS]
    assert [one.start for one in chapters] == pytest.approx([one.start for one in CHAPTERS], abs=0.07)  # a frame


@pytest.mark.parametrize(
    ("ending", "codec"), [(".mkv", "aac"), (".mka", "flac"), (".webm", "libopus"), (".mov", "aac")]
)
def test_the_title_of_a_track_is_not_that_of_the_file(ending: str, codec: str, tmp_path: Path) -> None:
    rate = 48000 if codec == "libopus" else SAMPLE_RATE
    sound = [bursts(1, rate=rate)]
    named = {"title": "simple_aac_recording", "album": "OBS", "date": "1999-01-01"}
    path = write_tracks(tmp_path / f"a{ending}", sound, codec=codec, rate=rate, track_tags=named)
    tags = probe_media(path).tags
    assert (tags.title, tags.show, tags.published) == (None, None, None)
    path = write_tracks(
        tmp_path / f"b{ending}", sound, codec=codec, rate=rate, track_tags=named, tags={"title": "Bread"}
    )
    assert probe_media(path).tags.title == "Bread"


@pytest.mark.parametrize("name", ["mp3", "mkv", "flac", "ogg flac", "wav", "aiff", "m4a"])
@pytest.mark.usefixtures("engine")
def test_a_tag_that_is_not_utf8_ends_no_batch(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "batch"
    folder.mkdir()
    data = make_file(name).replace(b"The Roof", b"The R\xf6\xffof"[:8])
    (folder / "a.mp3").write_bytes(with_checksums(data))
    write_tracks(folder / "b.flac", [make_speech(2)], codec="flac")
    run = transcribe(folder)
    assert run.code == 0
    assert [answer["status"] for answer in run.answers] == ["done", "done"]


@pytest.mark.usefixtures("engine")
def test_dates_of_transcribed_episodes_narrow_searches(tmp_path: Path) -> None:
    for number, date in enumerate(("2021-06-05", "2022", "2023-04")):
        write_tracks(
            tmp_path / f"part{number}.flac",
            [make_speech(3, number)],
            codec="flac",
            tags={"title": f"Part {number}", "date": date},
        )
    assert transcribe(tmp_path).code == 0
    assert {one["published"] for one in airquote("list", "--json").answers} == {"2021-06-05", "2022", "2023-04"}
    query = " OR ".join(
        one["text"].strip(".")
        for part in range(3)
        for one in airquote("words", f"part-{part}", "0", "20", "--json").answers
    )
    found = {
        narrowed: {hit["episode"] for hit in airquote("search", query, "--limit", 100, "--json", *narrowed).answers}
        for narrowed in ((), ("--since", "2022"), ("--since", "2021-06-06", "--until", "2022-03"), ("--until", "2021"))
    }
    assert list(found.values()) == [
        {"part-0", "part-1", "part-2"}, {"part-1", "part-2"}, {"part-1"}, {"part-0"},
    ]  # fmt: skip
    years = airquote("search", query, "--facets", "year", "--json").answers
    assert {one["value"] for one in years} == {"2021", "2022", "2023"}
    dated = airquote("search", f"({query}) date:2021-06-05", "--json").answers
    assert {hit["episode"] for hit in dated} == {"part-0"}


@pytest.mark.usefixtures("engine")
def test_chapters_and_numbers_are_shown(tmp_path: Path) -> None:
    path = make("mkv", tmp_path, {**TAGS, "track": "7"}, CHAPTERS)
    assert transcribe(path).code == 0
    (episode,) = airquote("list", "--json").answers
    assert episode["number"] == "7"
    assert [one["title"] for one in episode["chapters"]] == ["Opening", "The café", "Letters"]
    moments = airquote("at", "ep-12-the-bread", "1", "2", "4", "--json").answers
    assert [moment["chapter"] for moment in moments] == ["Opening", "The café", "Letters"]
    assert "chapter: The café" in airquote("at", "ep-12-the-bread", "2").out
    shown = airquote("show", "ep-12-the-bread").out
    assert shown.index("[chapter: Opening]") < shown.index("[chapter: The café]") < shown.index("[chapter: Letters]")


@pytest.mark.usefixtures("engine")
def test_chapters_of_a_video_lie_on_the_time_line_of_samples(tmp_path: Path) -> None:
    shifted = [chapter.moved(2.0) for chapter in CHAPTERS]
    late = write_tracks(tmp_path / "late.mkv", [bursts(1)], codec="flac", starts=[2.0], video=True, chapters=shifted)
    assert transcribe(late).code == 0
    (episode,) = airquote("list", "--json").answers
    starts = [one["start"] for one in episode["chapters"]]
    assert starts == pytest.approx([one.start for one in CHAPTERS], abs=0.1)


@pytest.mark.usefixtures("engine")
def test_the_name_of_a_file_gives_the_date_where_tags_say_nothing(tmp_path: Path) -> None:
    for stem, tags in (("2021-06-05 Title", {}), ("20200304_news", {}), ("2019-01-02 other", {"date": "2018-05-06"})):
        make("flac", tmp_path, tags, stem=stem)
    assert transcribe(tmp_path).code == 0
    published = {one["title"]: one["published"] for one in airquote("list", "--json").answers}
    assert published == {
        "2021-06-05 Title": "2021-06-05", "20200304_news": "2020-03-04", "2019-01-02 other": "2018-05-06",
    }  # fmt: skip


DATES = {
    "2021-06-05": "2021-06-05",
    "2021-06-05T07:00:00Z": "2021-06-05",
    "2021/6/5": "2021-06-05",
    "2021 06 05": "2021-06-05",
    "20210605": "2021-06-05",
    "2021": "2021",
    "2021-06": "2021-06",
    "25.06.2021": "2021-06-25",
    "06/25/2021": "2021-06-25",
    "05.06.2021": None,
    "06/06/2021": "2021-06-06",
    "Sat, 05 Jun 2021 07:00:00 +0000": "2021-06-05",
    "": None,
    "soon": None,
    "2021-13-05": None,
    "0000-00-00": None,
    "1": None,
    "99999999": None,
    "2021-02-30": None,
    "12/200": None,
    "2021-06-05 07:00:00": "2021-06-05",
    "1623000000": None,
}
NAMES = {
    "2021-06-05 Title": "2021-06-05",
    "Title 2021-06-05": "2021-06-05",
    "20210605": "2021-06-05",
    "ep_20210605_x": "2021-06-05",
    "2021_06_05-show": "2021-06-05",
    "2021.06.05": "2021-06-05",
    "05.06.2021 Titel": None,
    "25.06.2021 Titel": "2021-06-25",
    "2021": None,
    "Ep 12345678": None,
    "120210605": None,
    "202106051230": None,
    "20210605-20210606": None,
    "20210605 and 2021-06-05": "2021-06-05",
    "Title": None,
    "1984-85 season": None,
    "v2.10.2021": None,
}


@pytest.mark.parametrize(("text", "date"), DATES.items())
def test_a_date_in_a_tag_is_read_if_it_can_be_read_in_one_way(text: str, date: str | None) -> None:
    assert read_date(text) == date


@pytest.mark.parametrize(("name", "date"), NAMES.items())
def test_a_date_in_a_name_is_read_if_it_can_be_read_in_one_way(name: str, date: str | None) -> None:
    assert find_date(name) == date


@given(st.text(max_size=60) | st.from_regex(r"\A[0-9 ./:_-]{0,30}\Z"))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    for found in (read_date(text), find_date(text)):
        assert found is None or (found[:4].isdecimal() and len(found) in (4, 7, 10))


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2099, 12, 31)))
def test_every_day_is_read_as_it_is_written(day: dt.date) -> None:
    for text in (day.isoformat(), day.strftime("%Y%m%d"), day.strftime("%Y.%m.%d")):
        assert read_date(text) == find_date(f"{text} Title") == day.isoformat()
