"""Dates of publication: given for one file or for each, from tags and names, listed and sorted by."""

from __future__ import annotations

from pathlib import Path

import airquote as package
import pytest
from fake_engine import airquote, speak, transcribe
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_text
from made_recordings import bursts, write_tracks

from audio.errors import UsageError
from audio.samples import SAMPLE_RATE
from index.storage.store import Store
from pipeline.batch.episode_details import pair_dates, parse_date

pytestmark = pytest.mark.usefixtures("engine")

SRT = "1\n00:00:01,000 --> 00:00:02,000\nThe ferry left.\n"


def dates() -> dict[str, str | None]:
    return {row["title"]: row["published"] for row in airquote("list", "--json").answers}


def subtitles(folder: Path, *names: str) -> list[Path]:
    files = [folder / f"{name}.srt" for name in names]
    for number, file in enumerate(files):
        file.write_text(SRT.replace("left", f"left {number} times"))
    return files


def test_one_date_is_that_of_all_files_and_several_are_one_for_each(tmp_path: Path) -> None:
    sounds = [speak(tmp_path / f"{name}.wav", 1, seed) for seed, name in enumerate("ab")]
    assert transcribe(*sounds, "--date", "2024-05-31", "--date", "2023-01").code == 0
    texts = subtitles(tmp_path, "c", "d")
    assert airquote("import", *texts, "--date", "2022").code == 0
    assert dates() == {"a": "2024-05-31", "b": "2023-01", "c": "2022", "d": "2022"}
    assert airquote("import", *texts, "--date", "2021-01-01", "--date", "2021-01-02").code == 0
    assert dates() == {"a": "2024-05-31", "b": "2023-01", "c": "2021-01-01", "d": "2021-01-02"}


@pytest.mark.parametrize("command", ["transcribe", "import"])
def test_another_number_of_dates_than_files_is_wrong_usage(command: str, tmp_path: Path, library: Path) -> None:
    files = [speak(tmp_path / f"{n}.wav", 1) for n in "abc"] if command == "transcribe" else subtitles(tmp_path, *"abc")
    run = airquote(command, *files, "--date", "2024", "--date", "2023")
    assert (run.code, "2 dates for 3 files" in run.err) == (2, True)
    assert not library.exists()


def test_a_date_that_is_given_outdoes_those_of_tags_and_names(tmp_path: Path) -> None:
    tagged = write_tracks(
        tmp_path / "2019-01-02 a.flac", [bursts(1)], codec="flac", rate=SAMPLE_RATE, tags={"date": "2021-06-05"}
    )
    assert transcribe(tagged).answer["status"] == "done"
    assert list(dates().values()) == ["2021-06-05"]
    assert transcribe(tagged, "--date", "2024-05-31").answer["status"] == "skipped"
    assert list(dates().values()) == ["2024-05-31"]
    assert transcribe(tagged, "--force").answer["status"] == "done"
    assert list(dates().values()) == ["2024-05-31"]


def test_an_import_has_the_date_of_its_recordings_tags_else_of_a_name(tmp_path: Path) -> None:
    sound = write_tracks(tmp_path / "a.flac", [bursts(1)], codec="flac", rate=SAMPLE_RATE, tags={"date": "2021-06-05"})
    tagged, named, given, none = subtitles(
        tmp_path, "2019-01-02 tagged", "2019-01-02 named", "2019-01-02 given", "none"
    )
    assert airquote("import", tagged, "--audio", sound).code == 0
    assert airquote("import", named, none).code == 0
    assert airquote("import", given, "--date", "2020").code == 0
    assert dates() == {tagged.stem: "2021-06-05", named.stem: "2019-01-02", given.stem: "2020", "none": None}


@given(st.dates().filter(lambda day: 1900 <= day.year < 2100))
def test_a_date_is_read_with_as_much_as_is_known(day: object) -> None:
    text = str(day)
    for known in (text, text[:7], text[:4]):
        assert parse_date(f" {known} ") == known
    assert parse_date(text.replace("-", "")) == text


@given(st.text(max_size=12))
def test_what_is_read_as_a_date_is_one(text: str) -> None:
    try:
        read = parse_date(text)
    except UsageError:
        return
    assert text.strip().replace("-", "") == read.replace("-", "")


def test_dates_are_paired_in_order() -> None:
    files = [Path("b"), Path("a")]
    assert pair_dates(["2024", "2023"], files) == {Path("b"): "2024", Path("a"): "2023"}
    assert pair_dates([], files) == {}


def test_the_list_shows_dates_and_lengths_and_is_sorted_as_asked(store: Store) -> None:
    facts = {"b": ("2023", 60.0), "A": ("2024-05-31", 3753.0), "c": (None, None)}
    for title, (published, duration) in facts.items():
        add_text(store, title, "The ferry left.", published=published, duration=duration)
    for sort in ("date", "length", "title"):
        assert [row["title"] for row in airquote("list", "--sort", sort, "--json").answers] == ["A", "b", "c"]
    ids = [row["episode"] for row in airquote("list", "--sort", "episode", "--json").answers]
    assert ids == sorted(ids)
    printed = airquote("list", "--sort", "date").out.splitlines()
    assert printed[1].split()[1:3] == ["2024-05-31", "1:02:33"]
    assert printed[3].split()[1:3] == ["-", "-"]
    assert airquote("list", "--sort", "size").code == 2
    with package.Library.open(store.directory) as opened:
        assert [one.title for one in opened.episodes(sort="date")] == ["A", "b", "c"]
        with pytest.raises(package.UsageError, match="is not an order"):
            opened.episodes(sort="size")
