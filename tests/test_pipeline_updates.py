"""Updates of shows: what is new becomes episodes, nothing twice, nothing missing, whatever fails."""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_engine import ENGINE, MODEL, FakeEngine, airquote, finish, raise_at, start, write_driver
from feed_server import feed_of, items
from misbehaving_server import Answer, Behaviour, status
from offered_shows import CUES, OfferedItem, OfferedShow, make_sound, offer_shows

from audio.media import hash_file
from index.storage.store import Store
from pipeline.batch.locks import lock_source
from pipeline.engines.choose import EngineSpec
from pipeline.library import Library
from pipeline.shows.feed_reading import ReadFeed
from pipeline.shows.feeds.feed_reader import read_feed
from pipeline.shows.item_merging import Merged
from pipeline.shows.refreshing import save_feed
from pipeline.shows.updates.updated_episodes import UpdatedEpisode
from pipeline.transcription.options import TranscriptionOptions

pytestmark = pytest.mark.usefixtures("engine")

OPTIONS = TranscriptionOptions(EngineSpec("faster-whisper", MODEL, "cpu"))


@pytest.fixture
def offered() -> Iterator[OfferedShow]:
    """A show with three items."""
    with offer_shows() as (show,):
        yield show


def subscribe(show: OfferedShow, *options: object) -> None:
    run = airquote("subscribe", show.offer(), "--allow-private", *options)
    assert run.code == 0, run.err


def update(*options: object, code: int = 0) -> list[dict[str, Any]]:
    run = airquote("update", *ENGINE, "--allow-private", "--json", *options)
    assert run.code == code, run.err
    return run.answers


def statuses(answers: list[dict[str, Any]]) -> dict[str, str]:
    return {answer["title"] or answer["show"]: answer["status"] for answer in answers}


def media_of(library: Path) -> list[Path]:
    return sorted(path for path in (library / "media").rglob("*") if path.is_file())


def test_what_is_new_becomes_episodes_with_what_the_feed_says(offered: OfferedShow, library: Path) -> None:
    offered.items[0].notes = "About the ferry."
    subscribe(offered)
    answers = update()
    assert [(answer["title"], answer["status"], answer["bytes"]) for answer in answers] == [
        (item.title, "done", len(item.sound or b"")) for item in offered.items
    ]
    with Store.open(library) as store:
        for item, answer in zip(offered.items, answers, strict=True):
            episode = store.episode(answer["episode"])
            assert episode is not None
            assert (episode.title, episode.show, episode.published) == (item.title, "Night Boat", item.published)
            assert episode.state == "transcribed"
            assert episode.address == offered.server.address(f"{offered.path}/{item.name}.wav")
            assert Path(answer["media"]).read_bytes() == item.sound
            assert Path(answer["media"]).parent == library / "media" / "night-boat"
        notes = store.notes(answers[0]["episode"])
        assert notes is not None
        assert notes.notes == "About the ferry."


def test_an_update_again_does_nothing_and_takes_what_came_since(offered: OfferedShow, engine: FakeEngine) -> None:
    subscribe(offered)
    update()
    asked, downloaded = len(engine.asked), len(offered.asked("wav"))
    assert update() == []
    assert (len(engine.asked), len(offered.asked("wav"))) == (asked, downloaded)
    offered.items.insert(0, OfferedItem("Episode 4", "2024-06-01", make_sound(9)))
    offered.offer()
    assert statuses(update()) == {"Episode 4": "done"}
    assert offered.asked("wav")[downloaded:] == ["episode-4"]


def test_without_a_terminal_it_says_first_what_it_will_do(offered: OfferedShow) -> None:
    subscribe(offered)
    run = airquote("update", *ENGINE, "--allow-private")
    lines = run.err.splitlines()
    assert any("3 new episodes of 1 show: 0:27, 2 MB, as announced." in line for line in lines), run.err
    assert "3 done." in lines[-1]
    assert "Nothing is new." in airquote("update", *ENGINE, "--allow-private").err


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--latest", 2), ["Episode 3", "Episode 2"]),
        (("--since", "2024-05-02"), ["Episode 3", "Episode 2"]),
        (("--match", "EPISODE 1"), ["Episode 1"]),
        (("--latest", 1, "--since", "2024-05-01", "--match", "episode"), ["Episode 3"]),
        (("--match", "nothing"), []),
    ],
)
def test_choices_narrow_what_is_taken(options: tuple[object, ...], expected: list[str], offered: OfferedShow) -> None:
    subscribe(offered)
    planned = update("--dry-run", *options)
    assert [(one["title"], one["status"]) for one in planned] == [(title, "planned") for title in expected]
    assert offered.asked("wav") == []
    assert [one["title"] for one in update(*options)] == expected
    assert update(*options) == []


def test_remembered_choices_count_and_those_of_the_command_before_them(offered: OfferedShow) -> None:
    subscribe(offered, "--latest", 1)
    assert list(statuses(update())) == ["Episode 3"]
    assert list(statuses(update("--latest", 2))) == ["Episode 2"]
    assert update() == []


def test_the_latest_are_counted_with_those_that_are_there_or_were_removed(offered: OfferedShow) -> None:
    subscribe(offered, "--latest", 2)
    update()
    assert airquote("remove", "episode-3").code == 0
    assert update() == []
    assert statuses(update("--latest", 3)) == {"Episode 1": "done"}


def test_one_that_fails_stops_no_other_and_is_tried_again(offered: OfferedShow) -> None:
    subscribe(offered)
    offered.break_sound(offered.items[1])
    answers = update(code=3)
    assert statuses(answers) == {"Episode 3": "done", "Episode 2": "failed", "Episode 1": "done"}
    assert "404" in next(one["reason"] for one in answers if one["status"] == "failed")
    assert statuses(update(code=3)) == {"Episode 2": "failed"}
    offered.offer()
    assert statuses(update()) == {"Episode 2": "done"}


def test_sound_that_is_none_fails_and_leaves_nothing(offered: OfferedShow, library: Path) -> None:
    offered.items = [OfferedItem("Page", "2024-05-01", b"<html>Please log in.</html>")]
    subscribe(offered)
    assert statuses(update(code=3)) == {"Page": "failed"}
    assert media_of(library) == []
    with Store.open(library) as store:
        assert store.episodes() == []


def test_a_feed_that_fails_stops_no_other() -> None:
    with offer_shows(("Broken", "Night Boat"), 1) as (broken, show):
        subscribe(broken)
        subscribe(show)
        broken.server.behaviours[f"{broken.path}/feed.xml"] = broken.server.behaviours["/nothing"] = []
        del broken.server.behaviours[f"{broken.path}/feed.xml"]
        answers = update(code=3)
        assert [(one["show"], one["title"], one["status"]) for one in answers] == [
            ("Broken", None, "failed"), ("Broken", "Episode 1", "done"), ("Night Boat", "Episode 1", "skipped"),
        ]  # fmt: skip


def test_only_the_named_shows_are_updated() -> None:
    with offer_shows(("Late News", "Night Boat"), 1) as (news, boat):
        boat.items[0].sound = make_sound(7)
        subscribe(news)
        subscribe(boat)
        assert [one["show"] for one in update("night")] == ["Night Boat"]
        unknown = airquote("update", *ENGINE, "Day Boat")
        assert unknown.code == 2
        assert "Night Boat" in unknown.err


def test_a_library_without_shows_says_how_to_subscribe(store: Store) -> None:
    run = airquote("update", *ENGINE)
    assert run.code == 2
    assert "airquote subscribe" in run.err
    assert "Nothing is new" not in run.err
    assert store.shows() == []


@pytest.mark.parametrize("line", [("update", "--model", "tiny.en", "nonsuch"), ("download", "nonsuch")])
def test_nothing_is_called_new_or_not_where_a_name_is_wrong(line: tuple[str, ...], offered: OfferedShow) -> None:
    subscribe(offered)
    run = airquote(*line)
    assert run.code == 2
    assert "nonsuch" in run.err
    assert "Nothing is new" not in run.err


def test_a_feed_that_may_not_be_asked_for_says_what_permits_it(offered: OfferedShow) -> None:
    subscribe(offered)
    run = airquote("update", *ENGINE)
    assert run.code == 3
    assert "add --allow-private" in run.out


def test_publishers_words_are_taken_where_that_is_asked_for(offered: OfferedShow, engine: FakeEngine) -> None:
    offered.items[0].transcript = CUES
    subscribe(offered, "--transcripts", "publisher")
    answers = update("--latest", 2)
    assert statuses(answers) == {"Episode 3": "done", "Episode 2": "done"}
    assert len(engine.asked) == 2, "the words of the second alone are heard"
    listed = {row["title"]: row for row in airquote("list", "--json").answers}
    assert [listed[title]["state"] for title in ("Episode 3", "Episode 2")] == ["imported", "transcribed"]
    assert listed["Episode 3"]["media"] is not None
    assert airquote("search", "ferry").code == 0


def test_publishers_words_are_aligned_with_the_sound_where_that_is_asked_for(
    offered: OfferedShow, library: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.alignment.listening_model.load_named_or_smallest", lambda *_: engine)
    words = "The ferry never came back to the harbour that winter."
    engine.answers.append(words)
    offered.items[0].transcript = f"WEBVTT\n\n01:00.000 --> 01:03.000\n{words}\n"
    subscribe(offered, "--transcripts", "publisher")
    assert statuses(update("--latest", 1, "--align")) == {"Episode 3": "done"}
    with Store.open(library) as store:
        (facts,) = store.all_facts().values()
    assert facts.timing == "aligned"
    assert airquote("search", "ferry", "--json").answer["start"] < 30


def test_both_keeps_the_publishers_words_beside_ones_own(offered: OfferedShow, library: Path) -> None:
    offered.items[0].transcript = CUES
    subscribe(offered, "--transcripts", "both")
    update("--latest", 1)
    with Store.open(library) as store:
        (episode,) = store.episodes()
        kept = store.published(episode.id)
    assert episode.state == "transcribed"
    assert kept is not None
    assert kept.data == CUES.encode()


def test_a_transcript_that_cannot_be_had_is_told_and_stops_nothing(offered: OfferedShow) -> None:
    offered.items[0].transcript = CUES
    subscribe(offered, "--transcripts", "publisher")
    del offered.server.behaviours[f"{offered.path}/{offered.items[0].name}.vtt"]
    (answer,) = update("--latest", 1)
    assert answer["status"] == "done"
    assert "404" in answer["reason"]


def test_words_of_the_publisher_are_there_where_the_sound_is_not(offered: OfferedShow) -> None:
    offered.items[0].transcript = CUES
    subscribe(offered, "--transcripts", "both")
    offered.break_sound(offered.items[0])
    (answer,) = update("--latest", 1, code=3)
    assert answer["status"] == "failed"
    assert "its sound is missing" in answer["reason"]
    assert airquote("search", "ferry").code == 0


def test_without_sound_titles_and_publishers_words_are_taken(offered: OfferedShow, library: Path) -> None:
    offered.items[0].transcript = CUES
    subscribe(offered, "--no-audio", "--transcripts", "publisher")
    assert set(statuses(update()).values()) == {"done"}
    assert offered.asked("wav") == []
    assert [row["state"] for row in airquote("list", "--json", "--sort", "date").answers] == [
        "imported", "registered", "registered",
    ]  # fmt: skip
    assert airquote("doctor").code in (0, 3, 4)
    assert len(airquote("list", "--json").answers) == 3
    assert update() == []
    assert not (library / "media").exists()


def test_a_plan_without_sound_names_no_sizes(offered: OfferedShow) -> None:
    subscribe(offered, "--no-audio")
    assert "3 new episodes of 1 show, without sound." in airquote("update", "--allow-private").err


def test_what_to_type_for_words_of_an_episode_without_sound_gives_it_them(offered: OfferedShow) -> None:
    """No double of it, as transcribing its address as such would make."""
    subscribe(offered, "--no-audio", "--latest", 1)
    update()
    for line in (("show", "episode-3"), ("at", "episode-3", "0:01"), ("locate", "the ferry left")):
        run = airquote(*line)
        assert run.code == 2
        assert "airquote download episode-3 --transcribe" in run.err
    assert airquote("download", "episode-3", "--transcribe", *ENGINE, "--allow-private").code == 0
    assert airquote("show", "episode-3").code == 0


def test_names_in_a_feed_are_its_glossary_unless_told_not_to(offered: OfferedShow, library: Path) -> None:
    for item in offered.items:
        item.people = ("Ann Okafor",)
    subscribe(offered)
    update("--latest", 1)
    update("--latest", 2, "--no-names")
    with Store.open(library) as store:
        asked = [json.loads(facts.settings)["asked"] for facts in map(store.facts, ("episode-3", "episode-2")) if facts]
    assert asked[0]["glossary"] == [["Ann Okafor"]]
    assert "glossary" not in asked[1]


def test_what_else_of_an_item_cannot_be_had_is_told_with_what_to_do(offered: OfferedShow) -> None:
    offered.items[0].chapters = offered.items[1].transcript = CUES
    subscribe(offered, "--transcripts", "publisher")
    for newer, ending in zip(offered.items, ("json", "vtt"), strict=False):
        offered.server.behaviours[f"{offered.path}/{newer.name}.{ending}"] = [status(404)]
    run = airquote("update", *ENGINE, "--allow-private", "--latest", 2)
    assert run.code == 0
    assert "without the file of its chapters" in run.out
    assert run.out.count("Check the address: it may have moved, or be gone.") == 2


def test_remarks_on_a_transcript_are_told_where_it_is_kept_beside(offered: OfferedShow) -> None:
    offered.items[0].transcript, offered.items[0].transcript_language = CUES, "de"
    subscribe(offered, "--transcripts", "both")
    (answer,) = update("--latest", 1)
    assert answer["status"] == "done"
    assert "the publisher's transcript: a translation: it is in de" in answer["reason"]


def test_chapters_come_from_their_file(offered: OfferedShow, library: Path) -> None:
    offered.items[0].chapters = json.dumps({"version": "1.2", "chapters": [{"startTime": 1, "title": "The ferry"}]})
    subscribe(offered)
    update("--latest", 1)
    with Store.open(library) as store:
        assert [(one.start, one.title) for one in store.chapters("episode-3")] == [(1.0, "The ferry")]


@pytest.mark.parametrize(
    "title",
    ["../../../x", "/etc/passwd", "a/b\\c", "CON", "nul.wav", "x" * 300, "..", "", "💥", "-rf", "C:\\x", "a\u202eb"],
)
def test_no_title_leads_out_of_the_folder(title: str, offered: OfferedShow, library: Path) -> None:
    offered.title = title or "Untitled"
    offered.items = [OfferedItem(title, "2024-05-01", make_sound(1), guid=f"{title} 1")]
    offered.items[0].guid = "one"
    subscribe(offered)
    (answer,) = update()
    assert answer["status"] == "done"
    (file,) = media_of(library)
    assert file.resolve().parent.parent == (library / "media").resolve()
    assert len(file.name.encode()) < 200


def test_the_password_of_a_feed_opens_its_sound_and_is_shown_nowhere(offered: OfferedShow, library: Path) -> None:
    address = offered.offer().replace("http://", "http://ann:secret@")
    files = {path: listed[0] for path, listed in offered.server.behaviours.items()}

    def guard(behaviour: Behaviour) -> Behaviour:
        def answer_who_may(answer: Answer) -> None:
            allowed = answer.headers.get("Authorization", "") == f"Basic {b64encode(b'ann:secret').decode()}"
            (behaviour if allowed else status(401))(answer)

        return answer_who_may

    offered.server.behaviours.update({path: [guard(behaviour)] for path, behaviour in files.items()})
    run = airquote("subscribe", address, "--allow-private", "-v")
    assert run.code == 0, run.err
    updated = airquote("update", *ENGINE, "--allow-private", "--latest", 1, "-v")
    assert updated.code == 0, updated.err
    listed = airquote("list", "--json")
    assert "secret" not in run.out + run.err + updated.out + updated.err + listed.out
    with Store.open(library) as store:
        assert "secret" not in repr(store.episodes())


def test_two_items_with_one_title_are_two_episodes(offered: OfferedShow, library: Path) -> None:
    offered.items = [OfferedItem("Same", "2024-05-01", make_sound(n), guid=f"guid{n}") for n in (1, 2)]
    subscribe(offered)
    assert len({answer["episode"] for answer in update()}) == 2
    assert len(media_of(library)) == 2


def test_sound_that_the_library_has_is_not_transcribed_again(
    offered: OfferedShow, engine: FakeEngine, tmp_path: Path
) -> None:
    file = tmp_path / "mine.wav"
    file.write_bytes(offered.items[0].sound or b"")
    run = airquote("transcribe", *ENGINE, file)
    assert run.code == 0, run.err
    asked = len(engine.asked)
    subscribe(offered)
    (answer,) = update("--latest", 1)
    assert (answer["status"], answer["episode"], len(engine.asked)) == ("skipped", "mine", asked)
    assert update("--latest", 1) == []


def test_the_feed_of_another_show_does_not_rename_an_episode(library: Path) -> None:
    with offer_shows(("Night Boat", "Other Words"), 1) as (first, second):
        subscribe(first)
        update()
        (before,) = airquote("list", "--json").answers
        second.items[0].title, second.items[0].notes = "What Ann Lee never said", "Other notes"
        second.items[0].published = "2020-01-01"
        second.items[0].transcript = CUES
        subscribe(second, "--transcripts", "both")
        (answer,) = update()
        assert (answer["status"], answer["episode"]) == ("skipped", before["episode"])
        assert airquote("list", "--json").answers == [before]
        with Store.open(library) as store:
            episode = store.resolve_episode(before["episode"])
            notes = store.notes(episode.id)
            assert (episode.address or "").startswith(first.server.address(first.path))
            assert notes is None or "Other" not in notes.notes
        assert update() == [], "it is known now"


def test_a_second_update_of_a_show_says_that_it_is_being_updated(offered: OfferedShow, library: Path) -> None:
    subscribe(offered)
    with Store.open(library) as store:
        (show,) = store.shows()
    with lock_source(library, f"show-{show.number}"):
        (answer,) = update()
    assert (answer["status"], answer["reason"]) == ("skipped", "another airquote is updating it")
    assert offered.asked("wav") == []
    assert set(statuses(update()).values()) == {"done"}


def test_several_are_transcribed_at_once(offered: OfferedShow, library: Path, tmp_path: Path) -> None:
    subscribe(offered)
    driver = write_driver(tmp_path / "driver.py", tmp_path / "log")
    run = finish(start(driver, "update", *ENGINE, "--allow-private", "--jobs", 2, "--json"))
    assert run.code == 0, run.err
    assert set(statuses(run.answers).values()) == {"done"}
    assert len((tmp_path / "log").read_text().splitlines()) == 6
    assert len(media_of(library)) == 3


def test_a_stopped_update_ends_after_what_it_does_and_the_next_goes_on(offered: OfferedShow, library: Path) -> None:
    subscribe(offered)
    done: list[UpdatedEpisode] = []
    with Library.open(library) as opened:
        first = opened.update(options=OPTIONS, allow_private=True, stopped=lambda: bool(done), told=done.append)
        assert [(one.title, one.status) for one in first] == [("Episode 3", "done")]
        downloaded = len(offered.asked("wav"))
        second = opened.update(options=OPTIONS, allow_private=True)
    assert [(one.title, one.status) for one in second] == [("Episode 2", "done"), ("Episode 1", "done")]
    assert len(offered.asked("wav")) - downloaded <= 2
    assert sorted(set(offered.asked("wav"))) == ["episode-1", "episode-2", "episode-3"]


def test_a_failed_update_is_continued_without_a_second_download(
    offered: OfferedShow, engine: FakeEngine, library: Path
) -> None:
    subscribe(offered)
    engine.before = raise_at(1)
    first = airquote("update", *ENGINE, "--allow-private", "--json")
    assert first.code == 3
    engine.before = lambda _: None
    downloaded = list(offered.asked("wav"))
    update()
    assert sorted(downloaded + offered.asked("wav")[len(downloaded) :]) == sorted(item.name for item in offered.items)
    assert len({hash_file(file) for file in media_of(library)}) == 3
    assert {row["state"] for row in airquote("list", "--json").answers} == {"transcribed"}


def test_an_update_begins_no_episode_of_a_show_that_was_unsubscribed_from_meanwhile(
    engine: FakeEngine, library: Path
) -> None:
    with offer_shows(("Night Boat", "Day Boat"), 4) as (ended, kept):
        for seed, item in enumerate((*ended.items, *kept.items)):
            item.sound = make_sound(seed, 1)
        subscribe(ended)
        subscribe(kept)

        def unsubscribe(_: int) -> None:
            with Store.open(library) as store:
                for show in store.shows():
                    if show.title == "Night Boat":
                        store.remove_show(show.number)

        engine.before = unsubscribe
        answers = update()
    counts = Counter((one["show"], one["status"]) for one in answers)
    assert counts["Day Boat", "done"] == 4
    assert counts["Night Boat", "done"] + counts["Night Boat", "skipped"] == 4
    assert counts["Night Boat", "done"] <= 1, "the one that was transcribed"
    with Store.open(library) as store:
        made = {episode.media for episode in store.episodes()}
    assert {str(file) for file in media_of(library)} == made, "what was fetched ahead is not left"


def test_what_comes_of_a_feed_whose_subscription_ended_meanwhile_is_not_stored(
    offered: OfferedShow, store: Store
) -> None:
    read = ReadFeed(read_feed(feed_of("Night Boat", items(2)), offered.feed), offered.feed, None, None)
    show = store.add_show("Night Boat", offered.feed, "{}", "{}")
    store.remove_show(show.number)
    assert save_feed(store, show.number, read) == Merged()
    assert store.shows() == []
