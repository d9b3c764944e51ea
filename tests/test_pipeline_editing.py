"""``airquote edit``: what a person says of episodes, kept whatever is transcribed or imported later."""

from __future__ import annotations

from pathlib import Path

import airquote as package
import pytest
from fake_engine import FakeEngine, airquote, speak, transcribe
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_spoken, add_text

from index.storage.store import Store
from pipeline.batch.locks import lock_source
from pipeline.episodes.episode_changes import EpisodeChanges
from pipeline.episodes.episode_editing import edit_episodes

TURNS = [("SPEAKER_00", "The ferry left."), ("SPEAKER_01", "The ferry came."), (None, "It was late.")]


@pytest.fixture
def talk(store: Store) -> str:
    return add_spoken(store, "Talk", TURNS, show="Harbor", published="2024-05-31").id


def edit(*arguments: object) -> list[dict[str, object]]:
    run = airquote("edit", *arguments, "--json")
    assert run.code == 0, run.err
    return run.answers


def test_every_field_is_changed_told_searched_and_changed_back(talk: str, library: Path) -> None:
    before = airquote("list", "--json").answers
    given = (
        "--title",
        "Bread",
        "--show",
        "News",
        "--date",
        "2023",
        "--address",
        "https://a.example",
        "--id",
        "bread",
    )
    (answer,) = edit(talk, *given, "--speaker", "1=Ann Lee")
    assert answer["changes"] == [
        {"field": "id", "old": "talk", "new": "bread"},
        {"field": "show", "old": "Harbor", "new": "News"},
        {"field": "title", "old": "Talk", "new": "Bread"},
        {"field": "date", "old": "2024-05-31", "new": "2023"},
        {"field": "address", "old": None, "new": "https://a.example"},
        {"field": "speaker", "old": "SPEAKER_00", "new": "Ann Lee"},
    ]
    query = 'ferry title:bread show:news date:2023 speaker:"ann lee" episode:bread'
    assert [hit["episode"] for hit in airquote("search", query, "--json").answers] == ["bread"]
    back = ("--title", "Talk", "--show", "Harbor", "--date", "2024-05-31", "--address", "", "--id", "talk")
    edit("bread", *back, "--speaker", "Ann Lee=")
    assert airquote("list", "--json").answers == before
    assert airquote("search", 'ferry speaker:"speaker_00"', "--json").answer["speaker"] == "SPEAKER_00"
    assert library.exists()


def test_without_a_change_it_shows_what_is_known(talk: str) -> None:
    (answer,) = edit(talk)
    assert (answer["speakers"], answer["changes"]) == (["SPEAKER_00", "SPEAKER_01"], [])
    out = airquote("edit", talk).out
    assert "1 SPEAKER_00, 2 SPEAKER_01" in out
    assert "2024-05-31" in out


def test_a_dry_run_tells_the_same_and_changes_nothing(talk: str) -> None:
    before = airquote("list", "--json").answers
    given = (talk, "--title", "Bread", "--id", "bread", "--language", "de", "--speaker", "SPEAKER_00=Ann")
    tried = edit(*given, "--dry-run")
    assert airquote("list", "--json").answers == before
    assert "would be changed" in airquote("edit", *given, "--dry-run").err
    assert edit(*given) == tried


SPEAKERS = st.dictionaries(st.sampled_from(("1", "2", "SPEAKER_00", "SPEAKER_01")), st.sampled_from("ABC"), max_size=2)


@given(changes=SPEAKERS)
def test_speakers_are_found_by_number_and_name_and_always_given_back(
    changes: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Store.open(tmp_path_factory.mktemp("library"), create=True) as store:
        episode = add_spoken(store, "Talk", TURNS)
        (edited,) = edit_episodes(store, [episode], EpisodeChanges(speakers=changes))
        expected = {"SPEAKER_00": "SPEAKER_00", "SPEAKER_01": "SPEAKER_01"}
        for who, name in changes.items():
            expected[f"SPEAKER_0{int(who) - 1}" if who.isdigit() else who] = name
        assert edited.speakers == tuple(dict.fromkeys(expected.values()))
        back = EpisodeChanges(speakers=dict.fromkeys(("SPEAKER_00", "SPEAKER_01"), ""))
        edit_episodes(store, [episode], back)
        transcript = store.transcript(episode.id)
        assert transcript is not None
        assert [one.speaker for one in transcript.segments] == [speaker for speaker, _ in TURNS]


def test_two_speakers_change_places_at_once(talk: str) -> None:
    edit(talk, "--speaker", "1=Ann", "--speaker", "2=Bo")
    (answer,) = edit(talk, "--speaker", "Ann=Bo", "--speaker", "bo=Ann")
    assert answer["speakers"] == ["Bo", "Ann"]


def test_the_episodes_of_a_show_and_all_episodes_are_changed_together(talk: str, store: Store) -> None:
    add_spoken(store, "Second", TURNS, show="Harbor")
    add_text(store, "Third", "The ferry sank.")
    changed = edit("--of-show", "harbor", "--show", "The Quiet Harbor", "--speaker", "SPEAKER_01=Bo")
    assert sorted(str(one["episode"]) for one in changed) == ["second", talk]
    assert {one["show"] for one in changed} == {"The Quiet Harbor"}
    assert len(edit("--all", "--date", "2024")) == 3
    assert {one["published"] for one in airquote("list", "--json").answers} == {"2024"}
    assert [one["episode"] for one in edit("sec*", "--since", "2024", "--date", "2023")] == ["second"]
    assert airquote("edit", "--all", "--title", "x", talk).code == 2
    assert airquote("edit").code == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--date", "31.5.2024"), "is not a date"),
        (("--title", " "), "title cannot be empty"),
        (("--id", ""), "id cannot be empty"),
        (("--id", "other"), "is that of the episode “Other”"),
        (("--address", "javascript:alert(1)"), "is not an address"),
        (("--address", "https://a b"), "is not an address"),
        (("--speaker", "3=Ann"), "There are: 1 SPEAKER_00, 2 SPEAKER_01."),
        (("--speaker", "Ann Lee"), "names no speaker"),
        (("--speaker", "=Ann"), "names no speaker"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_changed(
    given: tuple[str, str], said: str, talk: str, store: Store
) -> None:
    add_text(store, "Other", "Nothing.")
    before = airquote("list", "--json").answers
    run = airquote("edit", talk, "--show", "News", *given)
    assert (run.code, run.out) == (2, "")
    assert said in run.err
    assert airquote("list", "--json").answers == before


def test_several_episodes_get_no_common_id(talk: str, store: Store) -> None:
    add_text(store, "Other", "Nothing.")
    run = airquote("edit", talk, "other", "--id", "x")
    assert (run.code, "one id" in run.err) == (2, True)


def test_an_id_is_made_typable_and_its_hits_keep_their_numbers(talk: str) -> None:
    assert airquote("search", "ferry").code == 0
    place = airquote("at", "1", "--json").answer
    (answer,) = edit(talk, "--id", "🎙️ Ep. 5: Häfen!")
    assert answer["episode"] == "ep-5-hafen"
    assert airquote("at", "1", "--json").answer == {**place, "episode": "ep-5-hafen"}


def test_an_id_is_not_changed_while_it_is_transcribed(talk: str, library: Path) -> None:
    with lock_source(library, talk):
        run = airquote("edit", talk, "--id", "bread")
    assert (run.code, "being transcribed now" in run.err) == (2, True)
    assert airquote("edit", talk, "--id", "bread").code == 0


def test_what_was_edited_is_not_replaced_by_a_later_run(tmp_path: Path, engine: FakeEngine) -> None:
    file = speak(tmp_path / "2021-06-05 talk.wav", 2)
    assert transcribe(file, "--show", "Harbor").code == 0
    name = airquote("list", "--json").answer["episode"]
    edit(name, "--show", "News", "--title", "Bread", "--date", "")
    again = transcribe(file, "--show", "Harbor", "--title", "Talk").answer
    assert again["reason"] == "already transcribed; show and title edited by hand, so kept"
    assert transcribe(file, "--force", "--show", "Harbor", "--date", "2020-01-01").answer["status"] == "done"
    row = airquote("list", "--json").answer
    assert (row["show"], row["title"], row["published"]) == ("News", "Bread", None)
    assert engine.calls == 2


def test_what_was_edited_is_not_replaced_by_a_later_import(tmp_path: Path) -> None:
    file = tmp_path / "words.srt"
    file.write_text("1\n00:00:01,000 --> 00:00:02,000\nAnn: The ferry left.\n")
    assert airquote("import", file, "--show", "Harbor").code == 0
    edit("words", "--show", "News", "--date", "2024-05")
    again = airquote("import", file, "--show", "Harbor", "--date", "2020-01-01", "--title", "Ferry", "--json").answer
    assert again["reason"] == "already imported; title: words → Ferry; show and date edited by hand, so kept"
    row = airquote("list", "--json").answer
    assert (row["show"], row["title"], row["published"]) == ("News", "Ferry", "2024-05")


def test_another_language_is_searched_in_its_inflections_and_stays(tmp_path: Path, engine: FakeEngine) -> None:
    file = tmp_path / "words.srt"
    file.write_text("1\n00:00:01,000 --> 00:00:02,000\nHäusern.\n", encoding="utf-8")
    sound = speak(tmp_path / "talk.wav", 1)
    engine.answers.extend(["Häusern.", "Häusern."])
    assert airquote("import", file, "--language", "en").code == 0
    assert transcribe(sound, "--language", "en").code == 0
    assert airquote("search", "Haus").code == 1
    exported = airquote("export", "words", "-f", "srt").out
    (answer,) = edit("words", "--language", "German")
    assert answer["changes"] == [{"field": "language", "old": "en", "new": "de"}]
    assert [hit["episode"] for hit in airquote("search", "Haus", "--json").answers] == ["words"]
    assert airquote("export", "words", "-f", "srt").out == exported
    edit("talk", "--language", "de")
    assert airquote("search", "Haus", "--json").answers[-1]["total"] == 2
    assert airquote("import", file, "--offset", "1").code == 0
    assert transcribe(sound, "--force").answer["status"] == "done"
    assert {row["language"] for row in airquote("list", "--json").answers} == {"de"}
    assert airquote("edit", "words", "--language", "Klingonish").code == 2


def test_a_program_edits_with_values(talk: str, library: Path) -> None:
    with package.Library.open(library) as opened:
        edited = opened.edit(talk, package.EpisodeChanges(title="Bread", speakers={"2": "Bo"}))
        assert (edited.title, edited.speakers) == ("Bread", ("SPEAKER_00", "Bo"))
        assert edited.changes[-1] == package.FieldChange("speaker", "SPEAKER_01", "Bo")
        assert [hit.speaker for hit in opened.search("came speaker:bo").statements] == ["Bo"]
        opened.edit_all(package.EpisodeSelection(show="harbor"), package.EpisodeChanges(speakers={"Bo": ""}))
        assert opened.search("came speaker:bo").statements == []


def test_an_edit_that_ends_before_the_index_follows_is_found_by_the_next_search(
    talk: str, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert airquote("search", "ferry").code == 0
    with monkeypatch.context() as patch, package.Library.open(library) as opened:
        patch.setattr("index.fulltext.maintenance.update_index", _be_killed)
        with pytest.raises(KeyboardInterrupt):
            opened.edit(talk, package.EpisodeChanges(title="Bread", id="bread", speakers={"1": "Ann"}))
    hits = airquote("search", "ferry title:bread speaker:ann", "--json").answers
    assert [hit["episode"] for hit in hits] == ["bread"]


def _be_killed(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("control", ["\x1b", "\x07", "\n", "\x85", "\u202e", "\u2066"])
@pytest.mark.parametrize("option", ["--title", "--show", "--speaker"])
def test_a_name_with_a_control_character_is_refused_and_named(option: str, control: str, tmp_path: Path) -> None:
    file = tmp_path / "words.srt"
    file.write_text("1\n00:00:01,000 --> 00:00:02,000\nAnn: The ferry left.\n")
    name = f"Night{control}Boat"
    if option != "--speaker":
        refused = airquote("import", file, option, name)
        assert (refused.code, f"U+{ord(control):04X}" in refused.err) == (2, True)
    assert airquote("import", file).code == 0
    refused = airquote("edit", "words", option, f"Ann={name}" if option == "--speaker" else name)
    assert (refused.code, f"U+{ord(control):04X}" in refused.err) == (2, True)
    assert airquote("edit", "words", "--title", "ספינה\u200f לילה").code == 0, "marks of direction belong to the text"
