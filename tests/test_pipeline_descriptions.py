"""What a feed says of an episode besides its words: stored, and its people as a glossary."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fake_engine import airquote
from libraries import SECONDS_A_WORD, add_episode, add_text

from audio.recording.chapters import Chapter
from audio.recording.sound_choice import SoundChoice
from index.fulltext.maintenance import open_index
from index.language.tokens import tokenize
from index.notes import EpisodeNotes, Person, Soundbite
from index.search.resolver import is_named
from index.storage.store import Store
from pipeline.answers import Place
from pipeline.descriptions.described_places import mention_descriptions
from pipeline.last_search import save_places
from pipeline.library import Library
from pipeline.shows.describing import LONGEST_NOTES, MOST_PEOPLE, describe, save_description
from pipeline.shows.feeds.values import Feed, FeedItem
from pipeline.shows.named_people import MOST_NAMES_OF_FEED, glossary_of

SHOW = Feed("Fail Better", author="Lemonada", people=(Person("David Duchovny"),))
ITEM = FeedItem(
    "1",
    "The roof",
    page="https://ann:secret@example.com/1",
    notes="On roofs.",
    number="7",
    season="2",
    soundbites=(Soundbite(5.0, 10.0),),
)
INTRO, END = Chapter(0.0, "Intro"), Chapter(60.0, "End")


def glossary(title: str = "", notes: str = "", author: str | None = None) -> list[str]:
    return glossary_of(Feed("Show", author=author), FeedItem("1", title, notes=notes))


def test_all_that_a_feed_says_is_stored(store: Store) -> None:
    talk = add_episode(store, "Talk").id
    save_description(store, talk, SHOW, ITEM, [INTRO, END])
    assert store.notes(talk) == EpisodeNotes(
        "On roofs.", SHOW.people, ITEM.soundbites, (INTRO, END), "https://example.com/1", "2"
    )
    assert store.chapters(talk) == [INTRO, END]
    assert store.numbers() == {talk: "7"}


def test_people_of_the_episode_go_before_those_of_the_show() -> None:
    item = FeedItem("1", "T", people=(Person("Ann Lee", "guest"),))
    assert describe(SHOW, item).people == item.people


def test_what_is_stored_of_one_episode_is_bounded() -> None:
    item = FeedItem("1", "T", notes="x" * (LONGEST_NOTES + 1), people=(Person("Ann"),) * (MOST_PEOPLE + 1))
    described = describe(SHOW, item)
    assert (len(described.notes), len(described.people)) == (LONGEST_NOTES, MOST_PEOPLE)


def test_an_address_that_is_none_is_left_out() -> None:
    assert describe(SHOW, FeedItem("1", "T", page="javascript:alert(1)")).page is None


def test_chapters_of_the_publisher_follow_its_feed(store: Store) -> None:
    talk = add_episode(store, "Talk").id
    save_description(store, talk, SHOW, ITEM, [])
    save_description(store, talk, SHOW, ITEM, [INTRO])
    assert store.chapters(talk) == [INTRO]
    save_description(store, talk, SHOW, ITEM, [INTRO, END])
    assert store.chapters(talk) == [INTRO, END]
    save_description(store, talk, SHOW, ITEM, [])
    assert store.chapters(talk) == [INTRO, END], "a file of chapters that could not be fetched takes none away"


def test_chapters_of_the_recording_stay(store: Store) -> None:
    talk = add_episode(store, "Talk").id
    store.save_chapters(talk, [INTRO])
    save_description(store, talk, SHOW, ITEM, [INTRO, END])
    assert store.chapters(talk) == [INTRO]


def test_chapters_count_from_the_first_sample_as_words_do(store: Store) -> None:
    talk = add_episode(store, "Talk").id
    store.save_sound(talk, SoundChoice(offset=4.0))
    for _ in range(2):
        save_description(store, talk, SHOW, ITEM, [INTRO, END])
        assert store.chapters(talk) == [INTRO, Chapter(56.0, "End")]


@pytest.mark.parametrize(
    ("title", "notes", "names"),
    [
        ("Failure with David Duchovny", "", ["David Duchovny"]),
        ("7: Kal Okafor, guest: Ann Lee", "", ["Ann Lee"]),
        ("Ann Lee and Bob Ray on roofs", "", ["Ann Lee", "Bob Ray"]),
        ("Slugline - Stu Maschwitz and Clint Torres", "", ["Stu Maschwitz", "Clint Torres"]),
        ("Cory Klippsten, Swan Bitcoin", "", ["Cory Klippsten"]),
        ("The Long Way Home", "", []),
        ("Building Better Web Apps", "", []),
        ("", "Today Ann Lee and Obi Okafor talk about roofs.", ["Ann Lee", "Obi Okafor"]),
        ("", "Our host is joined by Kal Kassa.", ["Kal Kassa"]),
        ("", "Guests: Kal Kassa, Obi Okafor & Ann Lee", ["Kal Kassa", "Obi Okafor", "Ann Lee"]),
        ("", "Recorded in New York by the Port Ellery Times.", []),
        ("Mit Frank-Walter Steinmeier", "", ["Frank-Walter Steinmeier"]),
    ],
)
def test_names_of_people_are_found_alone(title: str, notes: str, names: list[str]) -> None:
    assert glossary(title, notes) == names


def test_stated_people_come_first_and_each_once() -> None:
    feed = Feed("Show", author="Ann Lee and Bob Ray", people=(Person("Zoë Marsh"),))
    item = FeedItem("1", "With ANN LEE", people=(Person("Kal Kassa", "guest"),), notes="With Bob Ray.")
    assert glossary_of(feed, item) == ["Kal Kassa", "Zoë Marsh", "Ann Lee", "Bob Ray"]


@pytest.mark.parametrize("author", ["ann@example.com (Ann Lee)", "Ann Lee", "Ann Lee <ann@example.com>"])
def test_an_author_is_a_name_without_its_address(author: str) -> None:
    assert glossary(author=author) == ["Ann Lee"]


def test_titles_of_persons_are_no_part_of_their_names() -> None:
    item = FeedItem("1", "T", people=(Person("Dr. Timothy M. Jurgensen"), Person("Madonna"), Person("DuhLaurien")))
    assert glossary_of(Feed("Show"), item) == ["Timothy M. Jurgensen", "Madonna", "DuhLaurien"]


@pytest.mark.parametrize("author", ["BBC Radio 4", "Lemonada Media", "Deutsche Welle", "Justice for Dumb Women"])
def test_an_organisation_is_no_name(author: str) -> None:
    assert glossary(author=author) == []


def test_a_glossary_is_bounded() -> None:
    people = tuple(Person(f"Ann Lee{chr(97 + number % 26)}{chr(97 + number // 26)}") for number in range(200))
    names = glossary_of(Feed("Show"), FeedItem("1", "T", people=(*people, Person("Ann " + "Lee" * 30))))
    assert len(names) == MOST_NAMES_OF_FEED
    assert all(len(name) < 60 for name in names)


@pytest.fixture
def described(library: Path) -> Iterator[Store]:
    """A library of an episode with words, chapters and notes, one with notes alone, and one without anything."""
    with Store.open(library, create=True) as store:
        talk = add_text(store, "Storm", "The ferry left. " * 12, show="News", published="2024-05-31")
        store.save_chapters(talk.id, [Chapter(0.0, "Intro"), Chapter(5.0, "The <b>ferry</b>")])
        store.save_number(talk.id, "7")
        store.save_notes(talk.id, NOTES)
        store.save_notes(add_episode(store, "Later", show="News", published="2025-01-02").id, EpisodeNotes("With Ann."))
        add_text(store, "Bare", "Nothing is known.")
        yield store


NOTES = EpisodeNotes(
    "On <i>ferries</i>.\nAnd storms. " + "More. " * 100 + "Ferries again.",
    (Person("Ann Lee"), Person("Zoë Ray", "guest")),
    (Soundbite(4.0, 1.5, "The best of it"), Soundbite(2.0, 1.0)),
    page="https://example.com/7",
    season="2",
)


def found(*query: str) -> list[tuple[str, str, str, float, float]]:
    return [
        (one["episode"], one["found_in"], one["text"], one["start"], one["end"])
        for one in airquote("search", *query, "--json").answers
    ]


@pytest.mark.usefixtures("described")
def test_fields_alone_find_titles_chapters_and_notes_with_their_times() -> None:
    end = round(36 * SECONDS_A_WORD, 3)
    assert found("title:storm") == [("storm", "title", "Storm", 0.0, end)]
    assert found("chapter:ferry") == [("storm", "chapter", "<b>ferry</b>", 5.0, end)]
    assert found("chapter:intro") == [("storm", "chapter", "Intro", 0.0, 5.0)]
    assert found("notes:with") == [("later", "notes", "With", 0.0, 0.0)]
    assert found("notes:ray") == [("storm", "notes", "Ray", 0.0, end)]
    assert found("notes:ann", "--sort", "time") == [
        ("storm", "notes", "Ann", 0.0, end),
        ("later", "notes", "Ann.", 0, 0),
    ]
    assert found("notes:ann", "--since", "2025") == [("later", "notes", "Ann.", 0, 0)]
    assert found("notes:ann", "--limit", "1", "--offset", "1") == [("storm", "notes", "Ann", 0.0, end)]
    assert airquote("search", "notes:nobody").code == 1
    assert airquote("search", "show:news").code == 2


@pytest.mark.usefixtures("described")
def test_what_was_not_said_but_written_is_mentioned() -> None:
    run = airquote("search", "Zoë Ray")
    assert run.code == 1
    assert "notes:(zoe ray) finds 1." in run.err
    assert "chapter:intro finds 1." in airquote("search", "intro").err
    assert "is written" not in airquote("search", "zzz").err


@pytest.mark.usefixtures("described")
def test_what_is_found_is_counted_and_grouped() -> None:
    query = "title:storm OR chapter:intro OR chapter:ferry OR notes:ann"
    assert len(found(query)) == 4
    assert airquote("search", query, "--count", "--json").answer == {"hits": 4, "episodes": 2, "exact": True}
    assert [one[:2] for one in found(query, "--group", "episode")] == [("storm", "title"), ("later", "notes")]
    facets = airquote("search", query, "--facets", "show,year,language,speaker", "--json").answers
    assert [(one["facet"], one["value"], one["hits"]) for one in facets] == [
        ("show", "News", 4), ("year", "2024", 3), ("year", "2025", 1), ("language", "en", 3),
    ]  # fmt: skip


@pytest.mark.usefixtures("described")
def test_a_row_says_what_it_is_of_and_marks_the_words() -> None:
    assert "chapter: The **<b>ferry</b>**" in airquote("search", "chapter:ferry").out
    assert "title: **Storm**" in airquote("search", "title:storm").out
    assert "notes: guest: Zoë **Ray**" in airquote("search", "notes:ray").out


@pytest.mark.usefixtures("described")
def test_long_notes_are_cut_around_the_words() -> None:
    (one,) = airquote("search", "notes:again", "--json").answers
    assert one["context"].startswith("… More.")
    assert one["context"].endswith("Ferries again.")
    (one,) = airquote("search", "notes:storms", "--json").answers
    assert one["context"].startswith("On <i>ferries</i>. And storms. More.")
    assert one["context"].endswith(" …")


@pytest.mark.usefixtures("described")
def test_a_hit_in_speech_has_its_chapter() -> None:
    answers = airquote("search", "ferry", "--json", "--limit", "0").answers
    assert {(one["found_in"], one["start"] >= 5.0, one["chapter"]) for one in answers} == {
        ("speech", False, "Intro"), ("speech", True, "The <b>ferry</b>"),
    }  # fmt: skip


@pytest.mark.usefixtures("described")
def test_what_is_found_can_be_named_by_its_number() -> None:
    airquote("search", "chapter:ferry")
    assert airquote("at", "1", "--json").answer["chapter"] == "The <b>ferry</b>"


@pytest.mark.usefixtures("described")
def test_show_tells_notes_people_and_places_that_have_numbers() -> None:
    shown = airquote("show", "storm", "--notes").out.splitlines()
    assert shown[:6] == [
        "storm  Storm", "News, 2024-05-31, season 2, episode 7", "https://example.com/7",
        "With Ann Lee (host), Zoë Ray (guest)", "  | On <i>ferries</i>.",
        f"  | And storms. {'More. ' * 100}Ferries again.",
    ]  # fmt: skip
    assert shown[6:] == [
        "Chapters", "  1     0:00.0  Intro", "  2     0:05.0  The <b>ferry</b>",
        "Soundbites", "  3     0:04.0  The best of it", "  4     0:02.0  (1 s)",
    ]  # fmt: skip
    for number, times in {1: (0.0, 5.0), 3: (4.0, 5.5), 4: (2.0, 3.0)}.items():
        cited = airquote("cite", number, "--json").answer
        assert (cited["episode"], cited["start"], cited["end"]) == ("storm", *times)


@pytest.mark.usefixtures("described")
def test_numbers_go_on_over_several_episodes(described: Store) -> None:
    described.save_chapters("bare", [Chapter(0.0, "All of it")])
    rows = airquote("show", "storm", "bare", "later", "--notes", "--json").answers
    numbers = [[place["n"] for place in (*one["chapter_places"], *one["soundbites"])] for one in rows]
    assert numbers == [[1, 2, 3, 4], [5], []]
    assert [one["text"] for one in rows] == [NOTES.notes, "", "With Ann."]


def test_soundbites_count_from_what_players_show(described: Store) -> None:
    described.save_sound("storm", SoundChoice(offset=3.0))
    (one,) = airquote("show", "storm", "--notes", "--json").answers
    assert [(bite["start"], bite["end"]) for bite in one["soundbites"]] == [(1.0, 2.5), (0.0, 0.0)]


@pytest.mark.usefixtures("described")
def test_an_episode_of_which_nothing_is_known_says_so() -> None:
    run = airquote("show", "bare", "--notes")
    assert "nothing is known" in run.err
    assert airquote("show", "bare", "--notes", "--gaps").code == 2


@pytest.mark.usefixtures("described")
def test_show_and_list_tell_people_and_show_has_chapters_as_headings() -> None:
    lines = airquote("show", "storm").out.splitlines()
    assert lines[:3] == ["With Ann Lee (host), Zoë Ray (guest)", "", "   0:00.0  [chapter: Intro]"]
    heading = lines.index("   0:05.0  [chapter: The <b>ferry</b>]")
    assert lines[heading - 1] == ""
    chapters = [(one["start"], one["chapter"]) for one in airquote("show", "storm", "--json").answers]
    assert chapters == [(0.0, "Intro"), (4.2, "The <b>ferry</b>"), (8.4, "The <b>ferry</b>")], "where most of it is"
    assert "Ann Lee, Zoë Ray" in airquote("list").out
    assert airquote("list", "storm", "--json").answer["people"][1] == {"name": "Zoë Ray", "role": "guest"}
    assert "people" not in airquote("list", "bare").out


def test_chapters_are_exported_as_players_read_them(described: Store, tmp_path: Path) -> None:
    described.save_sound("storm", SoundChoice(offset=1.5))
    written = json.loads(airquote("export", "storm", "-f", "chapters").out)
    assert written == {
        "version": "1.2.0", "title": "Storm", "podcastName": "News",
        "chapters": [{"startTime": 1.5, "title": "Intro"}, {"startTime": 6.5, "title": "The <b>ferry</b>"}],
    }  # fmt: skip
    assert airquote("export", "bare", "-f", "chapters").code == 2
    run = airquote("export", "--all", "-f", "chapters", "-o", tmp_path / "out", "--json")
    assert {one["episode"]: one["status"] for one in run.answers} == {
        "storm": "done",
        "later": "skipped",
        "bare": "skipped",
    }
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["storm.chapters.json"]


def test_chapters_of_an_episode_without_words_are_exported(described: Store) -> None:
    described.save_chapters("later", [Chapter(2.0, "Two")])
    assert json.loads(airquote("export", "later", "-f", "chapters").out)["chapters"][0]["startTime"] == 2.0


@pytest.mark.usefixtures("described")
def test_markdown_has_people_and_chapters_as_headings() -> None:
    blocks = airquote("export", "storm", "-f", "md").out.split("\n\n")
    assert blocks[:4] == ["# Storm", "News, 2024-05-31", "With Ann Lee (host), Zoë Ray (guest)", "## 0:00 Intro"]
    assert blocks[5] == "## 0:05 The \\<b\\>ferry\\</b\\>"
    assert len(blocks) == 7


def test_a_search_without_these_fields_reads_neither_notes_nor_chapters_but_those_of_its_hits(described: Store) -> None:
    add_text(described, "Other", "The harbour.")
    statements: list[str] = []
    with Library.open(described.directory) as opened:
        opened.search("ferry")  # the first search builds the index
        opened._store._connection.set_trace_callback(statements.append)
        opened.search("ferry NOT harbour show:news")
        opened.count("ferry")
    assert statements
    assert not any("episode_notes" in one for one in statements)
    assert sum("FROM chapters" in one for one in statements) == 1, "the chapters of the only episode with hits"


def test_the_evidence_page_names_the_chapter(library: Path, tmp_path: Path) -> None:
    said = "The ferry left the harbour at noon today and came back again."
    with Store.open(library, create=True) as store:
        talk = add_text(store, "Talk", f"Welcome to the show, said she. {said} Nothing else was of interest there.")
        store.save_chapters(talk.id, [Chapter(0.0, "Intro"), Chapter(1.5, "The <b>sea</b>")])
    article = tmp_path / "article.txt"
    article.write_text(f'"{said}"')
    assert airquote("verify", article, "--html", tmp_path / "page.html").code == 0
    assert "chapter <bdi>The &lt;b&gt;sea&lt;/b&gt;</bdi>" in (tmp_path / "page.html").read_text()


@pytest.mark.usefixtures("spoken_talk")
def test_a_place_without_a_known_end_is_played_for_a_while(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRQUOTE_PLAYER", "true")
    save_places(library, [Place("talk", 0.5, 0.5), Place("talk", 0.5, 1.0)])
    unknown, known = (airquote("play", number, "--json").answer for number in (1, 2))
    assert (unknown["start"], known["start"]) == (0.5, 0.5)
    assert unknown["end"] > known["end"] == 2.0


@pytest.mark.parametrize(
    "asked", ["ferry", "the ferry", "café", "cafe", "q and a", "c plus plus", "don't", "и", "3", "漢", "", "zwitterion"]
)
def test_the_titles_that_have_words_in_a_row_are_those_of_all_titles(asked: str, store: Store) -> None:
    titles = (
        "The FERRY left", "Café at noon", "Cafe\u0301 again", "Q&A: the\tferry", "C++ and C#", "Don\u2019t", "И так",
        "Number ３", "漢字", "ferryman", "a\0 ferry", "",
    )  # fmt: skip
    ids = {add_episode(store, title).id: title for title in titles}
    tokens = tokenize(asked)
    assert set(store.titled_episodes(tokens)) == {one for one, title in ids.items() if is_named(title, tokens)}


def test_a_search_for_what_nobody_wrote_reads_no_episode(described: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    listed = described.listed

    def count(*chosen: Any) -> Any:
        rows = listed(*chosen)
        read.append(len(rows))
        return rows

    monkeypatch.setattr(described, "listed", count)
    with closing(open_index(described)) as index:
        assert list(mention_descriptions(["zwitterion"], index)) == []
        assert read == [0]
        assert list(mention_descriptions(["ferry"], index))
