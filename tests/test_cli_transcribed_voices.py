"""Voices of transcribed sound in what each command answers: by number within an episode, by name across episodes."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import pytest
from fake_engine import airquote
from libraries import add_episode, add_spoken, make_transcript

from index.storage.store import Store
from index.transcript import OVERLAP, Segment

ANN = "we sold cakes every friday and the ferry paid for the crane in the harbour"
BOB = "my neighbour takes the ferry to plant tomatoes between the rows of lavender"
BOTH = "the ferry was late again"


@pytest.fixture
def voices(library: Path) -> None:
    """Three episodes of two voices each; of the third, one is nobody's and one Ann Lee's, and they speak at once."""
    with Store.open(library, create=True) as store:
        for title in ("one", "two"):
            add_spoken(store, title, [("Voice 1", ANN), ("Voice 2", BOB)])
        turns = [("Voice 1", ANN), ("Voice 2", BOTH)]
        episode = add_spoken(store, "three", turns)
        ends = [0, *accumulate(len(text.split()) for _, text in turns)]
        segments = (Segment(0, ends[1] - 1, "Voice 1"), Segment(ends[1], ends[2] - 1, "Voice 2", (OVERLAP,)))
        made = make_transcript(f"{ANN} {BOTH}")
        store.save_transcript(episode.id, replace(made, segments=segments))
        name_voice(store, "three", "Voice 1", "Ann Lee")


def name_voice(store: Store, episode: str, label: str, name: str) -> None:
    store.name_speakers(episode, {label: name})
    store.record_edits(episode, ["speakers"])


@pytest.mark.usefixtures("voices")
def test_a_number_of_a_voice_is_searched_within_an_episode() -> None:
    run = airquote("search", "ferry", "--speaker", "Voice 2", "--episode", "one", "--json")
    assert [(hit["episode"], hit["speaker"]) for hit in run.answers] == [("one", "Voice 2")]
    assert "no name" not in run.err


@pytest.mark.usefixtures("voices")
@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("search", "ferry", "--speaker", "Voice 2"), 3),
        (("search", 'ferry speaker:"voice 2"'), 3),
        (("search", "ferry", "--speaker", "Voice 2", "--count"), 1),
        (("trend", "ferry", "--speaker", "Voice 2", "--by", "year"), 1),
        (("locate", "the ferry to plant tomatoes", "--speaker", "Voice 2"), 2),
    ],
)
def test_in_several_episodes_it_is_told_that_the_number_is_somebody_else_in_each(
    arguments: tuple[str, ...], found: int
) -> None:
    run = airquote(*arguments, "--json")
    assert len(run.answers) == found
    assert "Voice 2 has no name and is somebody else in each of 3 episodes" in run.err


@pytest.mark.usefixtures("voices")
def test_verify_tells_it_too(tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_text('"My neighbour takes the ferry to plant tomatoes," said Ann Lee.', encoding="utf-8")
    assert "somebody else in each of 3 episodes" in airquote("verify", file, "--speaker", "Voice 2").err
    assert "somebody else" not in airquote("verify", file).err


@pytest.mark.usefixtures("voices")
def test_the_way_out_of_a_voice_without_a_name_is_to_name_it(tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_text('"My neighbour takes the ferry to plant tomatoes," said Bob Ray.', encoding="utf-8")
    run = airquote("verify", file)
    assert "Voice 2 speaks there, a voice that has no name; whether that is Bob Ray cannot be told." in run.out
    assert "Name a voice with: airquote voices name" in run.err
    file.write_text('"We sold cakes every Friday and the ferry paid," said Ann Lee.', encoding="utf-8")
    assert "Name a voice" not in airquote("verify", file).err


@pytest.mark.usefixtures("voices")
def test_no_such_note_for_a_name_or_where_only_one_episode_is_asked_for(library: Path) -> None:
    for asked in ("ferry speaker:ann", 'ferry speaker:"voice 2" episode:one', 'ferry (episode:two speaker:"voice 2")'):
        assert "somebody else" not in airquote("search", asked).err
    with Store.open(library) as store:
        name_voice(store, "one", "Voice 2", "Voice 2 of Bob")  # a name that has the number
    assert "somebody else" not in airquote("search", 'ferry speaker:"2 of bob"').err


@pytest.mark.usefixtures("voices")
def test_a_name_is_searched_in_all_episodes_as_soon_as_it_is_given(library: Path) -> None:
    asked = ("search", "ferry", "--speaker", "Ann Lee", "--json")
    assert [hit["episode"] for hit in airquote(*asked).answers] == ["three"]
    with Store.open(library) as store:
        name_voice(store, "one", "Voice 1", "Ann Lee")
        name_voice(store, "two", "Voice 2", "Ann Lee")
    assert sorted(hit["episode"] for hit in airquote(*asked).answers) == ["one", "three", "two"]
    with Store.open(library) as store:
        name_voice(store, "two", "Voice 2", "Voice 2")
    assert sorted(hit["episode"] for hit in airquote(*asked).answers) == ["one", "three"]


@pytest.mark.usefixtures("voices")
def test_facets_do_not_add_up_voices_of_different_episodes(library: Path) -> None:
    run = airquote("search", "ferry", "--facets", "speaker", "--json")
    assert run.answers == [{"facet": "speaker", "value": "Ann Lee", "hits": 1}]
    assert "By voices that have no name: 5 of 6 hits, by 5 voices of 3 episodes." in run.err
    alone = airquote("search", "ferry", "--facets", "speaker", "--episode", "one", "--json")
    assert {one["value"]: one["hits"] for one in alone.answers} == {"Voice 1": 1, "Voice 2": 1}
    assert "no name" not in alone.err
    with Store.open(library) as store:
        name_voice(store, "one", "Voice 1", "Ann Lee")
        name_voice(store, "one", "Voice 2", "Bob Ray")
    named = airquote("search", "ferry", "--facets", "speaker", "--json")
    assert {one["value"]: one["hits"] for one in named.answers} == {"Ann Lee": 2, "Bob Ray": 1}


@pytest.mark.usefixtures("voices")
def test_a_hit_that_runs_over_a_change_names_both_voices() -> None:
    (hit,) = airquote("search", '"the harbour my neighbour takes"', "--episode", "one", "--json").answers
    assert (hit["speaker"], hit["speakers"]) == ("Voice 2", ["Voice 1", "Voice 2"])
    assert "Voice 1, Voice 2" in airquote("search", '"the harbour my neighbour"', "--episode", "one").out
    (alone,) = airquote("search", "harbour", "--episode", "one", "--json").answers
    assert (alone["speaker"], alone["speakers"]) == ("Voice 1", ["Voice 1"])


@pytest.mark.usefixtures("voices")
def test_a_hit_among_several_who_speak_at_once_says_so() -> None:
    at_once, alone = ("ferry was late", "crane")
    assert "several speak at once there" in airquote("search", at_once, "--episode", "three").out
    assert "at once" not in airquote("search", alone, "--episode", "three").out
    (hit,) = airquote("search", at_once, "--episode", "three", "--json").answers
    assert hit["overlap"] is True


@pytest.mark.usefixtures("voices")
def test_who_is_not_there_is_told_with_the_names_and_how_to_name_voices() -> None:
    run = airquote("search", "ferry", "--speaker", "Carl")
    assert run.code == 2
    assert "There is Ann Lee. Other voices have no name. Name a voice with: airquote voices name" in run.err
    nobody = airquote("search", "ferry", "--speaker", "Carl", "--episode", "one")
    assert "The voices there have no name. Name a voice with: airquote voices name" in nobody.err
    ninth = airquote("search", "ferry", "--speaker", "Voice 9", "--episode", "one")
    assert "There are Voice 1 and Voice 2." in ninth.err


@pytest.mark.usefixtures("voices")
def test_at_names_the_voice_and_tells_that_several_speak_at_once() -> None:
    (moment,) = airquote("at", "three", "6", "--json").answers
    assert (moment["speaker"], moment["overlap"], moment["before"][0]["speaker"]) == ("Voice 2", True, "Ann Lee")
    run = airquote("at", "three", "6")
    assert "Voice 2: the ferry **was** late again  [several speak at once there]" in run.out
    assert "at once" not in airquote("at", "one", "1").out
    assert airquote("at", "one", "1", "--json").answer["overlap"] is False


@pytest.mark.usefixtures("voices")
def test_show_and_words_name_voices_and_show_marks_the_overlap() -> None:
    lines = airquote("show", "three").out.splitlines()
    assert lines[0].endswith(f"Ann Lee: {ANN}")
    assert lines[1].endswith(f"Voice 2: {BOTH}  [overlap]")
    assert {word["speaker"] for word in airquote("words", "three", "0", "7", "--json").answers} == {
        "Ann Lee",
        "Voice 2",
    }


@pytest.mark.usefixtures("voices")
def test_list_names_those_whom_a_person_named() -> None:
    named = {one["episode"]: one["named_speakers"] for one in airquote("list", "--json").answers}
    assert named == {"one": [], "two": [], "three": ["Ann Lee"]}
    assert "Ann Lee" in airquote("list").out
    assert "people" not in airquote("list", "one").out


@pytest.mark.usefixtures("voices")
def test_a_voice_without_a_name_is_nobody_to_cite() -> None:
    named, unnamed = (airquote("cite", "three", time, "--json").answer for time in ("1", "6"))
    assert (named["speaker"], unnamed["speaker"]) == ("Ann Lee", None)
    for style in ("plain", "markdown", "html", "apa", "chicago", "bibtex", "ris", "csl-json"):
        run = airquote("cite", "one", "1", "--format", style)
        assert run.out and "Voice" not in run.out
        assert "Voice" not in airquote("search", "cakes", "--format", style).out


@pytest.mark.usefixtures("voices")
def test_the_evidence_page_names_the_voice_and_says_what_that_rests_on(tmp_path: Path) -> None:
    article, page_file = tmp_path / "article.txt", tmp_path / "page.html"
    article.write_text('"The ferry was late again," said Carl Dunn. "We sold cakes every Friday and," said Ann Lee.')
    assert airquote("verify", article, "--html", page_file, "--episode", "three").code == 0
    page = page_file.read_text(encoding="utf-8")
    assert "<h5>Said by <bdi>Voice 2</bdi></h5>" in page
    assert page.count("Several speak at once there, so who says it is less sure.</p>") == 1
    assert "told apart by their sound, which can err; named by a person: Ann Lee" in page
    judged = airquote("verify", article, "--episode", "three", "--json").answers
    assert [(one["speaker"], one["overlap"]) for one in judged] == [("Voice 2", True), ("Ann Lee", False)]


@pytest.mark.parametrize(
    ("label", "engine", "told"),
    [
        (None, "fake", "not known"),
        ("Ann Lee", "import", "as the transcript labels them"),
        ("Channel 1", "fake", "each channel of the recording is a speaker"),
        ("Voice 1", "fake", "told apart by their sound, which can err"),
    ],
)
def test_the_page_says_how_speakers_are_known(
    library: Path, tmp_path: Path, label: str | None, engine: str, told: str
) -> None:
    with Store.open(library, create=True) as store:
        episode = add_episode(store, "talk")
        made = make_transcript(ANN, words_a_segment=100)
        segments = tuple(replace(one, speaker=label) for one in made.segments)
        store.save_transcript(episode.id, replace(made, engine=engine, segments=segments))
    article, page_file = tmp_path / "article.txt", tmp_path / "page.html"
    article.write_text('"We sold cakes every Friday and the ferry paid for the crane," said Ann Lee.')
    assert airquote("verify", article, "--html", page_file).code == 0
    assert f"<dt>Speakers</dt><dd><bdi>{told}</bdi></dd>" in page_file.read_text(encoding="utf-8")
