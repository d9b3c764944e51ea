"""Several transcripts exported into a folder, and subtitles, through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fake_engine import FakeEngine, airquote, speak, transcribe

from pipeline.library import Library

SRT = """1
00:00:03,000 --> 00:00:04,500
{} never stopped.

2
00:00:07,500 --> 00:00:09,000
There is more to come.
"""
BAD_CUE = "\n3\n00:00:10,500 --> 00:00:10,100\nNobody resigned.\n"


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A library of three imports, two of them of one show; the last with a bad cue. Returns a folder for exports."""
    for name, show in (("ann", "Harbor"), ("bob", "Harbor"), ("cem", "Other")):
        file = tmp_path / f"{name}.srt"
        file.write_text(SRT.format(name.title()) + (BAD_CUE if name == "cem" else ""), encoding="utf-8")
        assert airquote("import", file, "--show", show).code == 0
    return tmp_path / "out"


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_several_episodes_are_exported_into_a_folder_by_their_ids(three: Path) -> None:
    run = airquote("export", "ann", "bob", "-f", "vtt", "-o", three, "--json")
    assert (run.code, run.err) == (0, "")
    assert run.answers == [
        {"episode": name, "format": "vtt", "file": str(three / f"{name}.vtt"), "status": "done", "reason": None}
        for name in ("ann", "bob")
    ]
    assert files(three) == ["ann.vtt", "bob.vtt"]
    assert (three / "bob.vtt").read_text() == airquote("export", "bob", "-f", "vtt").out


def test_all_or_a_show_are_exported_and_what_a_file_lacks_is_told(three: Path) -> None:
    run = airquote("export", "--all", "-o", three)
    assert run.code == 0
    assert "3 done, 0 skipped, 0 failed" in run.err
    assert "cem: line 10: expected an end after the start" in run.err
    assert files(three) == ["ann.txt", "bob.txt", "cem.txt"]
    assert airquote("export", "--show", "harbor", "-f", "md", "-o", three).code == 0
    assert files(three) == ["ann.md", "ann.txt", "bob.md", "bob.txt", "cem.txt"]


def test_one_failure_does_not_stop_the_others_and_nothing_is_replaced_unasked(three: Path) -> None:
    three.mkdir()
    (three / "ann.txt").write_text("mine")
    run = airquote("export", "nobody", "ann", "bob", "b", "-o", three, "--json")
    assert run.code == 3
    assert [(one["episode"], one["status"]) for one in run.answers] == [
        ("nobody", "failed"), ("ann", "failed"), ("bob", "done"), ("bob", "skipped"),
    ]  # fmt: skip
    assert "There is no episode 'nobody'" in run.answers[0]["reason"]
    assert "--overwrite" in run.answers[1]["reason"]
    assert (three / "ann.txt").read_text() == "mine"
    again = airquote("export", "--all", "-o", three, "--overwrite")
    assert (again.code, "3 done, 0 skipped, 0 failed" in again.err) == (0, True)
    assert "Ann never stopped." in (three / "ann.txt").read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("--all",), ("ann", "bob"), ("ann", "--all", "-o", "out"), ("--all", "--show", "Harbor", "-o", "out"),
        ("--show", "Nowhere", "-o", "out"), ("--all", "-o", "ann.srt"), ("--all", "-o", "no/folder"),
        ("--all", "-f", "docx", "-o", "out"), ("--all", "--subtitles", "-f", "csv", "-o", "out"),
        ("ann", "--subtitles"),
    ],
)  # fmt: skip
def test_a_wrong_request_writes_nothing(
    three: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(three.parent)
    before = files(three.parent)
    run = airquote("export", *arguments)
    assert (run.code, run.out) == (2, "")
    assert files(three.parent) == before


def test_what_is_not_transcribed_yet_is_skipped(three: Path, tmp_path: Path, engine: FakeEngine) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    engine.before = stop
    transcribe(speak(tmp_path / "talk.wav", 3))
    run = airquote("export", "--all", "-o", three, "--json")
    assert run.code == 0
    assert [(one["episode"], one["file"]) for one in run.answers if one["status"] == "skipped"] == [("talk", None)]
    assert airquote("export", "talk", "ann", "-o", tmp_path / "named").code == 3


@pytest.mark.usefixtures("engine")
def test_a_recording_is_never_replaced_by_an_export(three: Path, tmp_path: Path) -> None:
    three.mkdir()
    recording = three / "talk.txt"
    speak(tmp_path / "talk.wav", 1).rename(recording)
    transcribe(recording)
    before = recording.read_bytes()
    assert airquote("export", "--all", "-o", three, "--overwrite").code == 3
    assert recording.read_bytes() == before


def test_podcast_json_has_an_ending_that_players_know(three: Path) -> None:
    assert airquote("export", "ann", "bob", "-f", "podcast-json", "-o", three).code == 0
    assert files(three) == ["ann.json", "bob.json"]
    assert json.loads((three / "ann.json").read_text())["version"] == "1.0.0"


def test_subtitles_are_cut_anew_and_misfits_are_told(tmp_path: Path) -> None:
    file = tmp_path / "talk.srt"
    file.write_text(f"1\n00:00:01,000 --> 00:00:09,000\n{'We walked along the river. ' * 4}{'x' * 50}\n")
    airquote("import", file)
    run = airquote("export", "talk", "-f", "srt", "--subtitles")
    assert run.code == 0
    assert "talk: " + "x" * 50 + ": a single word is longer than a line" in run.err
    assert "We walked along the river.\nWe walked along the river.\n" in run.out
    with Library.open() as library:
        assert library.export("talk", "srt", subtitles=True).document == run.out


def test_markdown_links_to_the_moment_where_there_is_a_recording(tmp_path: Path, engine: FakeEngine) -> None:
    engine.answers.extend(["We never stopped.", "There is more to come."])
    recording = speak(tmp_path / "talk.wav", 2)
    transcribe(recording, "--title", "The *Roof*")
    page = airquote("export", "the-roof", "-f", "md").out
    assert page.startswith("# The \\*Roof\\*\n")
    assert f"](<{recording.as_uri()}#t=" in page


@pytest.mark.usefixtures("three")
def test_a_selection_of_one_episode_is_exported_to_stdout() -> None:
    only = airquote("export", "--show", "Other", "-f", "srt")
    assert (only.code, only.out) == (0, airquote("export", "cem", "-f", "srt").out)
    undated = airquote("export", "cem", "--since", "2020")
    assert (undated.code, "folder" in undated.err) == (2, False)
    several = airquote("export", "*", "-f", "srt")
    assert (several.code, "3 episodes need a folder." in several.err) == (2, True)


@pytest.mark.usefixtures("three")
def test_a_single_dash_is_standard_output_for_text_and_no_file_for_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    episode = airquote("list", "--json").answers[0]["episode"]
    assert airquote("export", episode, "-o", "-").out == airquote("export", episode).out != ""
    for command in (("backup", "-"), ("clip", episode, "0", "1", "-o", "-"), ("verify", "a.txt", "--html", "-")):
        run = airquote(*command)
        assert (run.code, "This is written to a file" in run.err) == (2, True)
    assert not Path("-").exists()


@pytest.mark.parametrize(("name", "begins"), [("a.SRT", "1\n"), ("a", "More"), ("Ep. 12", "More"), ("v1.2", "More")])
def test_the_format_is_that_of_the_extension(name: str, begins: str, tmp_path: Path) -> None:
    file = tmp_path / "talk.srt"
    file.write_text("1\n00:00:01,000 --> 00:00:02,000\nMore to come.\n")
    airquote("import", file)
    assert airquote("export", "talk", "-o", tmp_path / name).code == 0
    assert (tmp_path / name).read_text().startswith(begins)


def test_an_extension_of_another_program_is_refused_and_the_formats_are_named(tmp_path: Path) -> None:
    file = tmp_path / "talk.srt"
    file.write_text("1\n00:00:01,000 --> 00:00:02,000\nMore to come.\n")
    airquote("import", file)
    run = airquote("export", "talk", "-o", tmp_path / "talk.docx")
    assert (run.code, "srt, vtt" in run.err.replace("\n", " ")) == (2, True)
    assert not (tmp_path / "talk.docx").exists()
    assert airquote("export", "talk", "-o", tmp_path / "talk.docx", "-f", "txt").code == 0
