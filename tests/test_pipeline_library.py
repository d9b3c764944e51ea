"""Search, lookup and playback, through the command line."""

from __future__ import annotations

import io
import json
import os
import stat
from pathlib import Path
from typing import Any

import av
import pytest
from fake_engine import SPOKEN, FakeEngine, Run, airquote, finish, raise_at, speak, start, transcribe
from libraries import make_library

pytestmark = pytest.mark.usefixtures("engine")

# Each is spoken in one window: from 3.0 to 4.5 s, 7.5 to 9.0 s, 12.0 to 13.5 s.
LENGTH = 16.5


def test_a_search_tells_episode_time_words_and_sentence(spoken_talk: Path) -> None:
    found = airquote("search", '"MORE to come"', "--json")
    assert found.code == 0
    assert found.err == ""
    score = found.answer["score"]
    assert found.answer == {
        "n": 1, "episode": "talk", "title": "talk", "show": "Fail Better", "start": 8.1, "end": 9.0,
        "text": "more to come.", "context": "There is more to come.", "score": score,
        "published": None, "speaker": None, "link": f"{spoken_talk.as_uri()}#t=8.1", "total": 1,
        "total_exact": True, "total_error": 0.0, "citation": "Fail Better, “talk”, 0:08–0:09", "found_in": "speech",
        "chapter": None, "repeat": None, "origin": "model", "speakers": [], "overlap": False,
    }  # fmt: skip
    assert spoken_talk.exists()


@pytest.mark.usefixtures("spoken_talk")
def test_a_phrase_is_found_across_a_sentence_border_with_both_sentences() -> None:
    found = airquote("search", '"to come it begins"', "--json").answer
    assert (found["text"], found["start"]) == ("to come. It begins", 8.4)
    assert found["context"] == "There is more to come. It begins this winter."


@pytest.mark.usefixtures("spoken_talk")
def test_context_adds_sentences_on_both_sides() -> None:
    assert airquote("search", "winter", "--json").answer["context"] == SPOKEN[2]
    assert airquote("search", "winter", "--context", 1, "--json").answer["context"] == " ".join(SPOKEN[1:])
    assert airquote("search", "winter", "--context", 9, "--json").answer["context"] == " ".join(SPOKEN)


@pytest.mark.usefixtures("spoken_talk")
def test_the_match_is_marked_where_it_stands() -> None:
    assert "There is **more to come.**" in airquote("search", '"more to come"').out
    assert "We **never** stopped. There is more to come." in airquote("search", "never", "--context", "1").out


def test_the_limit_is_ten_hits_unless_another_is_asked_for(library: Path) -> None:
    make_library(library, [f"the ferry number{n}" for n in range(12)]).close()
    assert [answer["n"] for answer in airquote("search", "ferry", "--json").answers] == list(range(1, 11))
    assert len(airquote("search", "ferry", "--json", "--limit", 0).answers) == 12
    assert len(airquote("search", "ferry", "--json", "--limit", 3).answers) == 3


def test_nothing_found_is_told_beside_the_empty_answer(library: Path) -> None:
    make_library(library, ["the harbour is quiet"]).close()
    run = airquote("search", "harbuor")
    assert (run.code, run.out) == (1, "")
    assert "did you mean" in run.err
    assert "harbour" in run.err
    assert airquote("search", "harbuor", "--json").out == ""


@pytest.mark.parametrize(
    ("time", "word", "text"),
    [
        ("7.6", "There", SPOKEN[1]),
        ("0:8.2", "more", SPOKEN[1]),
        ("8.1", "more", SPOKEN[1]),
        ("4.4", "stopped.", SPOKEN[0]),
    ],
)
@pytest.mark.usefixtures("spoken_talk")
def test_at_tells_the_word_the_sentence_and_the_neighbours(time: str, word: str, text: str) -> None:
    moment = airquote("at", "talk", time, "--json").answer
    place = SPOKEN.index(text)
    assert (moment["word"], moment["text"]) == (word, text)
    assert [word["text"] for word in moment["words"]] == text.split()
    assert [before["text"] for before in moment["before"]] == list(SPOKEN[max(0, place - 1) : place])
    assert [after["text"] for after in moment["after"]] == list(SPOKEN[place + 1 : place + 2])
    assert f"**{word}**" in airquote("at", "talk", time).out


@pytest.mark.parametrize(("time", "before", "after"), [("1", None, 0), ("6", 0, 1), ("15", 2, None), (LENGTH, 2, None)])
@pytest.mark.usefixtures("spoken_talk")
def test_at_between_sentences_tells_only_the_neighbours(time: str, before: int | None, after: int | None) -> None:
    run = airquote("at", "talk", time, "--json")
    assert run.code == 0
    moment = run.answer
    for key in ("text", "word", "start", "end"):
        assert moment[key] is None
    assert moment["words"] == []
    assert [one["text"] for one in moment["before"]] == ([SPOKEN[before]] if before is not None else [])
    assert [one["text"] for one in moment["after"]] == ([SPOKEN[after]] if after is not None else [])


@pytest.mark.parametrize("command", [("at", "talk", "16.6"), ("play", "talk", "17"), ("clip", "talk", "17", "18")])
@pytest.mark.usefixtures("spoken_talk")
def test_a_time_past_the_end_is_wrong_usage(command: tuple[str, ...], tmp_path: Path) -> None:
    target = ("-o", tmp_path / "clip.wav") if command[0] == "clip" else ()
    run = airquote(*command, *target)
    assert (run.code, run.out) == (2, "")
    assert "past the end" in run.err
    assert not (tmp_path / "clip.wav").exists()


@pytest.mark.usefixtures("spoken_talk")
def test_hits_of_the_last_search_are_looked_up_cut_and_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hits = airquote("search", "winter OR never", "--json").answers
    for hit in hits:
        assert airquote("at", hit["n"], "--json").answer["word"] == hit["text"]
        clip = airquote("clip", hit["n"], "-o", tmp_path / f"{hit['n']}.wav", "--pad", 0, "--json").answer
        assert (clip["start"], clip["end"]) == (hit["start"], hit["end"])
        assert seconds(tmp_path / f"{hit['n']}.wav") == pytest.approx(hit["end"] - hit["start"], abs=1e-3)
    player = fake_player(tmp_path)
    monkeypatch.setenv("AIRQUOTE_PLAYER", str(player))
    played = airquote("play", 1, "--lead", 0.5, "--json")
    assert played.code == 0, played.err
    assert played.answer["start"] == pytest.approx(hits[0]["start"] - 0.5)
    assert seconds(tmp_path / "played.wav") == pytest.approx(played.answer["end"] - played.answer["start"], abs=1e-3)
    whole = airquote("play", "talk", "3", "--for", "2", "--json").answer
    assert (whole["start"], whole["end"]) == (3.0, 5.0)


def fake_player(folder: Path) -> Path:
    """A player that copies what it is given to ``played.wav``."""
    program = folder / "player"
    program.write_text(f'#!/bin/sh\ncp "$1" "{folder}/played.wav"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def seconds(file: Path) -> float:
    with av.open(str(file)) as container:
        return sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))


@pytest.mark.parametrize("command", ["at", "play", "clip"])
@pytest.mark.usefixtures("spoken_talk")
def test_a_hit_that_is_none_is_wrong_usage(command: str, tmp_path: Path) -> None:
    target = ("-o", tmp_path / "clip.wav") if command == "clip" else ()
    assert "search" in airquote(command, 1, *target).err, "before any search"
    airquote("search", "winter")
    for number in (0, 2, 99):
        run = airquote(command, number, *target)
        assert (run.code, run.out) == (2, "")
        assert f"no hit {number}" in run.err
    airquote("search", "nowhere")
    assert airquote(command, 1, *target).code == 2
    assert airquote(command, "talk", *target).code == 2


@pytest.mark.usefixtures("spoken_talk")
def test_without_a_player_the_command_that_would_play_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    run = airquote("play", "talk", "3")
    assert (run.code, run.out) == (4, "")
    assert "mpv" in run.err
    assert "talk.wav" in run.err


@pytest.mark.usefixtures("spoken_talk")
def test_a_clip_never_replaces_a_file_unasked(tmp_path: Path) -> None:
    target = tmp_path / "clip.wav"
    target.write_text("mine")
    assert airquote("clip", "talk", 1, 2, "-o", target).code == 2
    assert target.read_text() == "mine"
    assert airquote("clip", "talk", 1, 2, "-o", target, "--overwrite").code == 0
    assert airquote("clip", "talk", 1, 2, "-o", tmp_path / "clip.xyz").code == 2
    assert airquote("clip", "talk", 2, 1, "-o", tmp_path / "turned.wav").code == 2
    assert airquote("clip", "talk", 1, "-o", tmp_path / "endless.wav").code == 2


def test_a_clip_holds_the_samples_of_its_span(spoken_talk: Path, tmp_path: Path) -> None:
    airquote("clip", "talk", "3.2", "4.1", "-o", tmp_path / "clip.wav")
    said = samples(spoken_talk)[round(3.2 * 16000) : round(4.1 * 16000)]
    assert samples(tmp_path / "clip.wav")[200:-200] == said[200:-200]


def samples(file: Path) -> list[float]:
    with av.open(str(file)) as container:
        return [value for frame in container.decode(audio=0) for value in frame.to_ndarray().ravel().tolist()]


def test_the_list_tells_all_that_is_known(spoken_talk: Path) -> None:
    assert airquote("list", "--json").answer == {
        "episode": "talk", "title": "talk", "show": "Fail Better", "published": None, "media": str(spoken_talk),
        "duration": LENGTH, "language": "en", "engine": "faster-whisper", "model": "tiny.en", "state": "transcribed",
        "number": None, "chapters": [], "people": [], "origin": "model",
        "publisher_kept": False, "named_speakers": [],
    }  # fmt: skip


@pytest.mark.usefixtures("spoken_talk")
def test_show_prints_a_line_a_sentence() -> None:
    shown = airquote("show", "TALK", "--json").answers
    assert [(line["start"], line["end"], line["text"]) for line in shown] == [
        (3.0, 4.5, SPOKEN[0]), (7.5, 9.0, SPOKEN[1]), (12.0, 13.5, SPOKEN[2]),
    ]  # fmt: skip
    assert airquote("show", "ta").out.splitlines()[1].split(maxsplit=1) == ["0:07.5", SPOKEN[1]]


def test_what_is_half_transcribed_is_listed_and_not_shown(tmp_path: Path, engine: FakeEngine) -> None:
    engine.before = raise_at(1)
    transcribe(speak(tmp_path / "half.wav", 5))
    assert airquote("list", "--json").answer["state"] == "transcribing"
    for command in (("show", "half"), ("at", "half", "1"), ("export", "half")):
        run = airquote(*command)
        assert (run.code, run.out) == (2, "")
        assert "not transcribed yet" in run.err


@pytest.mark.parametrize("segment", ["small", "large"])
def test_remove_leaves_nothing_of_the_episode_and_all_of_the_users_file(
    tmp_path: Path, library: Path, engine: FakeEngine, segment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("kept", "gone"):
        engine.answers.extend([f"{name}word {name}phrase {number}." for number in range(3)])
        transcribe(speak(tmp_path / f"{name}.wav", 3, seed=len(name) + ord(name[0])))
    engine.before = raise_at(engine.calls + 1)
    engine.answers.extend(["gonedraft"] * 9)
    transcribe(tmp_path / "gone.wav", "--force")
    before = (tmp_path / "gone.wav").read_bytes()
    assert airquote("search", "goneword").code == 0
    airquote("play", 1)
    traces = (b"goneword", b"gonephrase", b"gonedraft", b"gone.wav")
    assert all(contains(library, trace) for trace in traces)
    if segment == "large":
        airquote("reindex")  # one segment of both, too large for a commit to write it again
        monkeypatch.setattr("index.fulltext.merge_policy.REWRITTEN_PASSAGES", 0)
    removed = airquote("remove", "gone", "--json")
    file = str(tmp_path / "gone.wav")
    assert removed.answer == {"episode": "gone", "title": "gone", "media": file, "sound_removed": False}
    assert (tmp_path / "gone.wav").read_bytes() == before
    for trace in traces:
        assert contains(library, trace) == [], trace
    assert len(list((library / "locks").iterdir())) <= 1
    assert airquote("search", "goneword").code == 1
    assert airquote("search", "keptword").code == 0
    assert [row["episode"] for row in airquote("list", "--json").answers] == ["kept"]
    assert airquote("remove", "gone").code == 2


def contains(folder: Path, trace: bytes) -> list[Path]:
    """The files below a folder that contain these bytes, or have them in their name."""
    files = [Path(parent, name) for parent, _, names in os.walk(folder) for name in names]
    return [file for file in files if trace in file.read_bytes() or trace in os.fsencode(file.name)]


def test_a_removed_file_can_be_transcribed_again(spoken_talk: Path, engine: FakeEngine) -> None:
    airquote("remove", "talk")
    engine.answers.extend(SPOKEN)
    assert transcribe(spoken_talk).answer["status"] == "done"
    assert airquote("search", "winter").code == 0


@pytest.mark.usefixtures("spoken_talk")
def test_one_hit_and_one_transcript_are_named_in_the_singular() -> None:
    assert airquote("reindex").out.strip() == "The index holds 1 transcript."
    assert "There is only 1 hit." in airquote("search", "winter", "--offset", "5").err


@pytest.mark.usefixtures("spoken_talk")
def test_an_article_from_standard_input_is_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    for text, code in ((f"“{SPOKEN[2]}” she said.", 0), ("\0", 3)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        run = airquote("verify", "-", "--json")
        assert run.code == code, run.err
        assert [one["kind"] for one in run.answers] == ["verbatim"][code:]
    assert run.err.startswith("standard input is not a text.")
    assert "- for stdin" in airquote("verify", "none.txt").err


@pytest.mark.usefixtures("spoken_talk")
@pytest.mark.parametrize("option", [(), ("--count",), ("--facets", "show")])
def test_nothing_found_is_one_call_with_suggestions(option: tuple[str, ...]) -> None:
    run = airquote("search", "wintre", "--json", *option)
    assert (run.code, run.out) == (1, "")
    assert "did you mean winter" in run.err


@pytest.mark.usefixtures("spoken_talk")
def test_a_count_as_json_has_hits_and_episodes_alone() -> None:
    assert airquote("search", "winter", "--count", "--json").answer == {"hits": 1, "episodes": 1, "exact": True}


@pytest.mark.usefixtures("spoken_talk")
def test_search_is_the_same_before_and_after_reindex() -> None:
    before = airquote("search", "there OR winter", "--json")
    assert airquote("reindex", "--json").answer == {"transcripts": 1}
    assert airquote("search", "there OR winter", "--json").out == before.out


@pytest.mark.usefixtures("spoken_talk")
def test_an_answer_reads_the_same_from_another_process() -> None:
    here = airquote("search", "winter", "--json")
    there: Run = finish(start(None, "search", "winter", "--json"))
    assert (there.code, there.out) == (here.code, here.out)
    answers: list[dict[str, Any]] = [json.loads(line) for line in there.out.splitlines()]
    assert answers[0]["text"] == "winter."
