"""Exports carry the voices of transcribed sound, and bring them back when they are imported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fake_engine import airquote
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_episode, add_spoken, make_transcript

from audio.voices.voice_turns import Diarization, Voice, VoiceTurn
from index.formats.import_assembly import assemble_import
from index.formats.reading import parse_file
from index.formats.writing import write_transcript
from index.storage.store import Store
from index.transcript import Segment

SENTENCES = ("We sold cakes every Friday.", "My neighbour plants tomatoes.", "The ferry left at noon.", "Nobody came.")
LABELS = st.sampled_from(["Voice 1", "Voice 2", "Channel 1", "Ann Lee"])


@given(said=st.lists(st.tuples(LABELS, st.sampled_from(SENTENCES)), min_size=4, max_size=8))
@pytest.mark.parametrize("format", ["json", "vtt", "podcast-json", "ttml", "csv"])
def test_each_word_has_its_voice_again(format: str, said: list[tuple[str, str]]) -> None:
    made = make_transcript(" ".join(text for _, text in said))
    segments: list[Segment] = []
    speakers: list[str] = []
    for label, text in said:
        first = len(speakers)
        speakers += [label] * len(text.split())
        segments.append(Segment(first, len(speakers) - 1, label))
    written = write_transcript(replace(made, segments=tuple(segments)), format)
    ending = {"podcast-json": "json"}.get(format, format)
    again = assemble_import(parse_file(written.encode(), Path(f"talk.{ending}")))
    assert [segment.speaker for segment in again.segments for _ in range(segment.first, segment.last + 1)] == speakers


@pytest.fixture
def found(library: Path) -> None:
    """An episode whose voices were found, with an overlap, and one named; one with channels, and one of nobody."""
    with Store.open(library, create=True) as store:
        episode = add_spoken(store, "talk", [("Voice 1", "we sold cakes every friday"), ("Voice 2", "so did I")])
        turns = (VoiceTurn(0.1, 1.9, 1), VoiceTurn(1.5, 2.75, 2))
        vector = np.full(192, 192**-0.5, np.float32)
        store.save_voices(episode.id, Diarization((Voice(1, 1.8, vector), Voice(2, 1.25, None)), turns), "{}")
        store.name_speakers("talk", {"Voice 1": "Ann Lee"})
        add_spoken(store, "channels", [("Channel 1", "good morning everybody"), ("Channel 2", "good morning")])
        add_spoken(store, "nobody", [(None, "good morning everybody")])
        add_episode(store, "silent")


@pytest.mark.usefixtures("found")
def test_the_turns_that_were_found_are_exported_with_their_overlaps_and_names() -> None:
    run = airquote("export", "talk", "-f", "rttm")
    assert run.out.splitlines() == [
        "SPEAKER talk 1 0.100 1.800 <NA> <NA> Ann_Lee <NA> <NA>",
        "SPEAKER talk 1 1.500 1.250 <NA> <NA> Voice_2 <NA> <NA>",
    ]


@pytest.mark.usefixtures("found")
def test_without_turns_they_are_those_of_the_sentences(tmp_path: Path) -> None:
    target = tmp_path / "talk.rttm"
    assert airquote("export", "channels", "-o", target).code == 0
    assert target.read_text().splitlines() == [
        "SPEAKER channels 1 0.000 1.050 <NA> <NA> Channel_1 <NA> <NA>",
        "SPEAKER channels 1 1.050 0.700 <NA> <NA> Channel_2 <NA> <NA>",
    ]


@pytest.mark.usefixtures("found")
def test_an_episode_of_which_nobody_is_known_says_how_to_find_voices(tmp_path: Path) -> None:
    run = airquote("export", "nobody", "-f", "rttm")
    assert (run.code, run.out) == (2, "")
    assert "nobody: who speaks in it is not known. Tell them apart with: airquote voices find" in run.err
    out = tmp_path / "out"
    every = airquote("export", "--all", "-f", "rttm", "-o", out, "--json")
    assert every.code == 0
    assert {one["episode"]: one["status"] for one in every.answers} == {
        "talk": "done", "channels": "done", "nobody": "skipped", "silent": "skipped",
    }  # fmt: skip
    assert sorted(path.name for path in out.iterdir()) == ["channels.rttm", "talk.rttm"]


@pytest.mark.usefixtures("found")
def test_rttm_has_no_subtitles() -> None:
    assert airquote("export", "talk", "-f", "rttm", "--subtitles").code == 2
