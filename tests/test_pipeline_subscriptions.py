"""Subscribing to shows and asking for their feeds, from a server on the loopback."""

from __future__ import annotations

import io
import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import airquote
from feed_server import Answer, FeedServer, feed_of, item, items, serve_feeds
from libraries import add_text

from audio.errors import InputError, UsageError
from index.storage.store import Store
from pipeline.library import Library
from pipeline.progress import FeedRemarked, ProgressEvent
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.downloads.outcomes import Fetched
from pipeline.shows.feed_requests import HOSTS_AT_ONCE, FeedRequest, fetch_feeds, with_credentials_of
from pipeline.shows.show_choices import ShowChoices


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serve_feeds() as served:
        yield served


@pytest.fixture
def opened(library: Path) -> Iterator[Library]:
    with Library.open(library, create=True) as one:
        yield one


def known(library: Library) -> dict[str, int]:
    """How many items each show has."""
    return {one.show: one.items for one in library.shows()}


def page_naming(*feeds: str) -> Answer:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{feed}">' for feed in feeds)
    return Answer(f"<!doctype html><html><head>{links}</head><body>Hello.</body></html>".encode(), type="text/html")


# Subscribing


def test_a_feed_its_page_and_its_file_are_subscribed_to(server: FeedServer, opened: Library, tmp_path: Path) -> None:
    address = server.feed("/a.xml", "Night Boat", items(4))
    server.feed("/b.xml", "Second Boat", items(2))
    server.answers["/"] = page_naming("/gone.xml", "/b.xml", "/c.xml")
    file = tmp_path / "feed#1.xml"
    file.write_bytes(feed_of("Filed", items(3)))
    subscribed = opened.subscribe([address, server.url("/"), file], allow_private=True)
    assert [(one.status, one.show, one.items) for one in subscribed] == [
        ("done", "Night Boat", 4),
        ("done", "Second Boat", 2),
        ("done", "Filed", 3),
    ]
    assert subscribed[1].feed == server.url("/b.xml")
    assert subscribed[1].feed in (subscribed[1].reason or "")
    assert subscribed[1].others == (server.url("/gone.xml"), server.url("/c.xml"))
    assert known(opened) == {"Filed": 3, "Night Boat": 4, "Second Boat": 2}


def test_a_second_subscription_keeps_the_show_and_changes_what_is_chosen(server: FeedServer, opened: Library) -> None:
    address = server.feed("/a.xml", "Night Boat", items(4))
    opened.subscribe([address], ShowChoices(latest=3, match="x"))
    server.feed("/a.xml", "Night Boat", items(6))
    (again,) = opened.subscribe([server.url("/a.xml", "ann:pw@") + "#top"], ShowChoices(latest=0, keep_audio="5"))
    assert (again.status, again.items) == ("known", 6)
    (listed,) = opened.shows()
    assert (listed.latest, listed.match, listed.keep_audio) == (None, "x", "5")


def test_shows_with_one_title_get_names_of_their_own(server: FeedServer, opened: Library, tmp_path: Path) -> None:
    addresses = [server.feed(f"/{number}.xml", "The Show", items(1)) for number in range(3)]
    names = [one.show for one in opened.subscribe(addresses)]
    assert names == ["The Show", f"The Show ({server.address})", "The Show (2)"]
    file = tmp_path / "untitled.xml"
    file.write_bytes(feed_of("", items(1)))
    (untitled,) = opened.subscribe([file])
    assert untitled.show
    assert len(known(opened)) == 4


def test_one_that_fails_does_not_stop_the_others(server: FeedServer, opened: Library) -> None:
    server.answers["/gone"] = Answer(status=410)
    server.answers["/text"] = Answer(b"Hello.", type="text/plain")
    server.answers["/empty"] = Answer()
    fine = server.feed("/a.xml", "Night Boat", items(1))
    asked = [server.url("/none"), server.url("/gone"), server.url("/text"), server.url("/empty"), fine]
    subscribed = opened.subscribe(asked)
    assert [one.status for one in subscribed] == ["failed"] * 4 + ["done"]
    assert all(one.error and one.reason for one in subscribed[:4])
    assert known(opened) == {"Night Boat": 1}


@pytest.mark.parametrize(
    "name", ["file:///etc/passwd", "ftp://a.example/feed", "gopher://x", "http:/a.example", "", " ", "a\0b", "\udcff"]
)
def test_what_cannot_be_a_feed_is_told_before_anything_is_asked_for(
    server: FeedServer, opened: Library, name: str
) -> None:
    with pytest.raises(UsageError):
        opened.subscribe([server.feed("/a.xml", "Night Boat", items(1)), name])
    assert server.requests == []


def test_files_that_are_no_feeds_fail(opened: Library, tmp_path: Path) -> None:
    empty = tmp_path / "empty.xml"
    empty.touch()
    for path in (tmp_path, tmp_path / "none.xml", empty, Path("/dev/zero")):
        (one,) = opened.subscribe([path])
        assert one.status == "failed", path
        assert isinstance(one.error, InputError)


def test_only_a_typed_address_may_be_on_this_machine(server: FeedServer, opened: Library) -> None:
    """In a list, on a page, where a feed moved, and when a library is updated, it is found in a document."""
    address = server.feed("/a.xml", "Night Boat", items(1))
    opml = io.BytesIO(f'<opml version="2.0"><body><outline xmlUrl="{address}"/></body></opml>'.encode())
    server.answers["/page"] = page_naming(address)
    assert [one.status for one in opened.subscribe([server.url("/page")], opml=opml)] == ["failed"] * 2
    assert [one.status for one in opened.subscribe([address])] == ["done"]
    (refused,) = opened.refresh()
    assert refused.status == "failed"
    assert refused.error is not None
    assert refused.error.way_out is not None
    assert refused.error.way_out.kind == "allow_private"
    assert [one.status for one in opened.refresh(allow_private=True)] == ["unchanged"]


def test_a_new_show_is_linked_to_the_episodes_that_the_library_has_of_it(
    server: FeedServer, opened: Library, library: Path
) -> None:
    with Store.open(library, create=True) as store:
        for show, title, day in [
            ("Night Boat", "Episode 2", "03"),
            ("Night Boat", "Episode 1", "09"),
            ("X", "Episode 3", "04"),
        ]:
            add_text(store, title, "Hello there.", show=show, published=f"2000-01-{day}")
    opened.subscribe([server.feed("/a.xml", "Night Boat", items(4))])
    (listed,) = opened.shows()
    assert (listed.items, listed.episodes) == (4, 1)
    (ended,) = opened.unsubscribe(["night"])
    assert (ended.show, ended.episodes) == ("Night Boat", 1)
    assert len(opened.episodes()) == 3
    assert opened.shows() == []


# Refreshing


def test_a_refresh_finds_new_and_changed_items_and_asks_conditionally(server: FeedServer, opened: Library) -> None:
    address = server.feed("/a.xml", "Night Boat", items(3))
    opened.subscribe([address])
    assert [one.status for one in opened.refresh(allow_private=True)] == ["unchanged"]
    server.feed("/a.xml", "Night Boat", [item(4), item(3, title="Changed"), *items(2)])
    (one,) = opened.refresh(["night boat"], allow_private=True)
    assert (one.status, one.new_items, one.changed_items) == ("new", 1, 1)
    server.feed("/a.xml", "Night Boat", [item(4)])
    (one,) = opened.refresh(allow_private=True)
    assert (one.status, one.new_items, one.changed_items) == ("unchanged", 0, 0)
    assert known(opened) == {"Night Boat": 4}


def test_guids_and_enclosures_that_are_all_new_are_told_and_no_new_episodes(
    server: FeedServer, opened: Library
) -> None:
    def nightly(night: int) -> str:
        changes = ({"guid": f"{night}-{n}", "enclosure": f"https://media.example/{night}/{n}.mp3"} for n in range(3))
        return server.feed("/feed", "Night Boat", [item(n, **one) for n, one in enumerate(changes)])

    opened.subscribe([nightly(0)])
    nightly(1)
    (refreshed,) = opened.refresh(allow_private=True)
    assert (refreshed.new_items, refreshed.changed_items) == (0, 3)
    assert "3 episodes other guids" in (refreshed.reason or "")
    (again,) = opened.subscribe([nightly(2)])
    assert again.items == 3
    assert "3 episodes other guids" in (again.reason or "")


def test_a_feed_from_a_file_is_read_from_it_again(opened: Library, tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(feed_of("Filed", items(1), "<itunes:new-feed-url>http://127.0.0.1:9/x</itunes:new-feed-url>"))
    opened.subscribe([file])
    assert [one.status for one in opened.refresh()] == ["unchanged"]
    file.write_bytes(feed_of("Filed", items(2)))
    assert [(one.status, one.new_items) for one in opened.refresh()] == [("new", 1)]
    file.unlink()
    (gone,) = opened.refresh()
    assert gone.status == "failed"
    (listed,) = opened.shows()
    assert (listed.items, listed.reason) == (2, gone.reason)


def test_a_feed_that_fails_keeps_its_items_and_tells_until_it_is_fine(server: FeedServer, opened: Library) -> None:
    opened.subscribe([server.feed("/a.xml", "Night Boat", items(3))])
    fine = server.answers["/a.xml"]
    for bad in (Answer(status=404), Answer(b"<html>Sorry.</html>", type="text/html", tagged=False)):
        server.answers["/a.xml"] = bad
        (one,) = opened.refresh(allow_private=True)
        assert one.status == "failed"
        assert [listed.reason for listed in opened.shows()] == [one.reason]
    server.answers["/a.xml"] = fine
    assert [one.status for one in opened.refresh(allow_private=True)] == ["unchanged"]
    assert [(listed.items, listed.reason) for listed in opened.shows()] == [(3, None)]


def test_a_feed_that_is_gone_is_asked_for_only_when_it_is_subscribed_to_again(
    server: FeedServer, opened: Library
) -> None:
    address = server.feed("/a.xml", "Night Boat", items(3))
    opened.subscribe([address])
    server.answers["/a.xml"] = Answer(status=410)
    assert [one.status for one in opened.refresh(allow_private=True)] == ["gone"]
    asked = len(server.requests)
    assert [one.status for one in opened.refresh(allow_private=True)] == ["gone"]
    assert len(server.requests) == asked
    (listed,) = opened.shows()
    assert "410" in (listed.reason or "")
    server.feed("/a.xml", "Night Boat", items(4))
    assert [one.status for one in opened.subscribe([address])] == ["known"]
    assert [one.status for one in opened.refresh(allow_private=True)] == ["unchanged"]


def test_a_feed_that_says_that_it_moved_is_followed_and_its_address_changed(
    server: FeedServer, opened: Library
) -> None:
    moved = "<itunes:new-feed-url>{}</itunes:new-feed-url>"
    address = server.feed("/a.xml", "Night Boat", items(2))
    opened.subscribe([address])
    server.feed("/a.xml", "Night Boat", items(2), head=moved.format(server.url("/b.xml")))
    server.feed("/b.xml", "Night Boat", items(3), head=moved.format(server.url("/c.xml")))
    server.feed("/c.xml", "Night Boat", items(4), head=moved.format(server.url("/a.xml")))
    told: list[ProgressEvent] = []
    opened.progress = told.append
    (one,) = opened.refresh(allow_private=True)
    assert (one.new_items, one.moved_to) == (2, server.url("/c.xml"))
    assert FeedRemarked("Night Boat", f"its feed moved to {server.url('/c.xml')}") in told
    assert [listed.feed for listed in opened.shows()] == [server.url("/c.xml")]
    assert [one.status for one in opened.refresh(allow_private=True)] == ["unchanged"]


@pytest.mark.parametrize("target", ["/none.xml", "/text", "/gone"])
def test_a_move_to_where_no_feed_is_keeps_the_address_and_is_told(
    server: FeedServer, opened: Library, target: str
) -> None:
    server.answers["/text"] = Answer(b"Hello.", type="text/plain")
    server.answers["/gone"] = Answer(status=410)
    head = f"<itunes:new-feed-url>{server.url(target)}</itunes:new-feed-url>"
    (one,) = opened.subscribe([server.feed("/a.xml", "Night Boat", items(2), head=head)], allow_private=True)
    assert one.items == 2
    assert server.url(target) in (one.reason or "")
    assert [listed.feed for listed in opened.shows()] == [server.url("/a.xml")]
    server.feed(target, "Night Boat", items(3))
    (moved,) = opened.refresh(allow_private=True)
    assert (moved.moved_to, moved.new_items) == (server.url(target), 1)


def test_a_move_to_the_feed_of_another_show_is_told(server: FeedServer, opened: Library) -> None:
    first, second = server.feed("/a.xml", "Night Boat", items(2)), server.feed("/b.xml", "Day Boat", items(2))
    opened.subscribe([first, second])
    server.feed("/a.xml", "Night Boat", items(2), head=f"<itunes:new-feed-url>{second}</itunes:new-feed-url>")
    for _ in range(2):
        one = opened.refresh(["Night Boat"], allow_private=True)[0]
        assert one.status == "failed"
        assert "Day Boat" in (one.reason or "")
    assert {listed.feed for listed in opened.shows()} == {first, second}


def test_older_pages_are_read_and_those_that_failed_the_next_time(server: FeedServer, opened: Library) -> None:
    def page(number: int, count: int) -> None:
        following = server.url(f"/{number + 1}.xml")
        numbers = range(count - 10 * (number - 1), max(0, count - 10 * number), -1)
        head = f'<atom:link rel="next" href="{following}"/>' if number < 4 else ""
        server.feed(f"/{number}.xml", "Night Boat", map(item, numbers), head=head, tagged=number > 1)

    for number in (1, 2, 3, 4):
        page(number, 40)
    fine = server.answers["/3.xml"]
    server.answers["/3.xml"] = Answer(status=404)
    (one,) = opened.subscribe([server.url("/1.xml")], allow_private=True)
    assert (one.items, "older" in (one.reason or "")) == (20, True)
    server.answers["/3.xml"] = fine
    assert [one.new_items for one in opened.refresh(allow_private=True)] == [20]
    server.requests.clear()
    assert [one.status for one in opened.refresh(allow_private=True)] == ["unchanged"]
    assert server.requests == ["/1.xml"], "all of the first page is known"


def test_pages_that_lead_round_are_read_once(server: FeedServer, opened: Library) -> None:
    for path, other in (("/1.xml", "/2.xml"), ("/2.xml", "/1.xml")):
        server.feed(
            path,
            "Night Boat",
            items(3 if path == "/1.xml" else 5),
            head=f'<atom:link rel="next" href="{server.url(other)}"/>',
        )
    (one,) = opened.subscribe([server.url("/1.xml")], allow_private=True)
    assert one.items == 5
    assert sorted(server.requests) == ["/1.xml", "/2.xml"]


# Asking


def test_one_host_is_asked_one_at_a_time_and_all_are_asked(server: FeedServer) -> None:
    addresses = [server.feed(f"/{number}", "Show", items(1), delay=0.01) for number in range(12)]
    answers = list(fetch_feeds([FeedRequest(one, "typed") for one in addresses], Courier()))
    assert sorted(request.address for request, _ in answers) == sorted(addresses)
    assert all(isinstance(fetched, Fetched) for _, fetched in answers)
    assert server.most_at_once == 1


def test_several_hosts_are_asked_at_once() -> None:
    class Waiting(Courier):
        under_way, most = 0, 0

        def fetch(self, address: str, **_: object) -> Fetched:
            Waiting.under_way += 1
            Waiting.most = max(Waiting.most, Waiting.under_way)
            threading_event.wait(0.05)
            Waiting.under_way -= 1
            return Fetched("new", b"", address)

    import threading

    threading_event = threading.Event()
    asked = [FeedRequest(f"https://{host}.example/{path}") for host in "abcdefghijkl" for path in "xy"]
    assert len(list(fetch_feeds(asked, Waiting()))) == 24
    assert 1 < Waiting.most <= HOSTS_AT_ONCE


@pytest.mark.parametrize("tag", ['"\xe9"', '"a\tb"', '"' + "x" * 5000 + '"'], ids=["latin-1", "a tab", "long"])
def test_an_entity_tag_of_any_kind_leaves_the_library_as_it_should_be(
    server: FeedServer, opened: Library, tag: str
) -> None:
    address = server.feed("/a.xml", "Night Boat", items(2), tagged=False, headers={"ETag": tag})
    opened.subscribe([address])
    assert [one.status for one in opened.refresh(allow_private=True)] == ["unchanged"]
    assert known(opened) == {"Night Boat": 2}


# Names and passwords


def test_passwords_work_and_are_shown_nowhere(
    server: FeedServer, library: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "airquote")
    address = server.url("/a.xml", "ann:hidden@")
    following = f'<atom:link rel="next" href="{server.url("/2.xml")}"/>'
    server.feed("/a.xml", "Night Boat", [item(2)], password="ann:hidden", head=following)
    server.feed("/2.xml", "Night Boat", [item(1)], password="ann:hidden")
    private = "--allow-private"
    opml = tmp_path / "shows.opml"
    runs = [
        airquote("subscribe", address, private),
        airquote("subscribe", address.replace("hidden@", "hidden-too@"), private),
        airquote("subscribe", server.url("/none.xml", "ann:hidden@")),
        airquote("shows"),
        airquote("shows", "--json"),
        airquote("shows", "--opml", "-"),
        airquote("shows", "--opml", opml),
        airquote("unsubscribe", "Night Boat", "--dry-run"),
        airquote("unsubscribe", server.url("/b.xml", "ann:hidden@").replace("http", "ftp")),
    ]
    assert [run.code for run in runs] == [0, 3, 3, 0, 0, 0, 0, 0, 2]
    with Library.open(library) as opened:
        assert known(opened) == {"Night Boat": 2}
        assert [one.status for one in opened.refresh(allow_private=True)] == ["unchanged"]
        server.feed(
            "/a.xml",
            "Night Boat",
            items(3),
            head=f"<itunes:new-feed-url>{server.url('/b.xml')}</itunes:new-feed-url>",
            password="ann:hidden",
        )
        server.feed("/b.xml", "Night Boat", items(4), password="ann:hidden")
        assert [one.moved_to for one in opened.refresh(allow_private=True)] == [server.url("/b.xml")]
    shown = "".join(run.out + run.err for run in runs) + caplog.text + opml.read_text()
    assert "hidden" not in shown
    assert "--with-passwords" in runs[5].err
    assert airquote("shows", "--opml", opml, "--with-passwords", "--overwrite").code == 0
    assert server.url("/b.xml", "ann:hidden@") in opml.read_text()
    assert stat.S_IMODE(opml.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("known_address", "address", "expected"),
    [
        ("https://a:b@x.example/1", "https://x.example/2", "https://a:b@x.example/2"),
        ("http://a:b@x.example/1", "https://x.example/2", "https://a:b@x.example/2"),
        ("https://a:b@x.example/1", "http://x.example/2", "http://x.example/2"),
        ("https://a:b@x.example/1", "https://y.example/2", "https://y.example/2"),
        ("https://a:b@x.example/1", "https://x.example:8443/2", "https://x.example:8443/2"),
        ("http://a:b@x.example:8080/1", "https://x.example/2", "https://x.example/2"),
        ("https://a:b@x.example/1", "https://c:d@x.example/2", "https://c:d@x.example/2"),
        ("https://x.example/1", "https://x.example/2", "https://x.example/2"),
        ("https://a:b@x.example/1", "https://x.example:port/2", "https://x.example:port/2"),
    ],
)
def test_credentials_stay_with_their_host(known_address: str, address: str, expected: str) -> None:
    assert with_credentials_of(known_address, address) == expected


# Lists


def test_an_exported_list_subscribes_to_the_same_shows(server: FeedServer, opened: Library, tmp_path: Path) -> None:
    opened.subscribe([server.feed(f"/{number}.xml", f"Boat & {number}", items(number)) for number in (1, 2, 3)])
    shows = known(opened)
    opened.export_feeds(tmp_path / "shows.opml")
    opened.unsubscribe(list(shows))
    assert all(one.status == "done" for one in opened.subscribe(opml=tmp_path / "shows.opml", allow_private=True))
    assert known(opened) == shows


def test_a_list_that_is_not_there_is_not_called_a_feed(opened: Library, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="OPML"):
        opened.subscribe(opml=tmp_path / "none.opml")


def test_what_cannot_be_taken_of_a_list_is_told(server: FeedServer, tmp_path: Path) -> None:
    fine = server.feed("/a.xml", "Night Boat", items(1))
    opml = tmp_path / "list.opml"
    opml.write_text(
        f'<opml version="2.0"><body><outline xmlUrl="file:///etc/passwd"/><outline xmlUrl="{fine}"/></body></opml>'
    )
    run = airquote("subscribe", "--opml", opml, "--allow-private")
    assert run.code == 0
    assert "file:///etc/passwd" in run.err
    assert airquote("subscribe", "--opml", tmp_path / "none.opml").code == 3
    (tmp_path / "page.html").write_text("<html></html>")
    run = airquote("subscribe", "--opml", tmp_path / "page.html")
    assert (run.code, "page.html: This is not a list of feeds" in run.err) == (3, True)


def test_a_feed_that_is_a_file_is_left_out_of_a_list(opened: Library, tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(feed_of("Filed", items(1)))
    opened.subscribe([file])
    exported = opened.export_feeds()
    assert (exported.feeds, exported.left_out) == (0, ("Filed",))


# The command line


def test_unsubscribing_says_that_episodes_stay_and_how_to_remove_them(server: FeedServer, library: Path) -> None:
    with Store.open(library, create=True) as store:
        add_text(store, "Episode 2", "Hello there.", show="Night Boat", published="2000-01-03")
    assert airquote("subscribe", server.feed("/a.xml", "Night Boat", items(4))).code == 0
    run = airquote("unsubscribe", "Night Boat")
    assert "1 episode in the library stay" in run.out
    assert "airquote remove --show 'Night Boat'" in run.err
    assert airquote("shows").code == 1
    assert len(airquote("list", "--json").answers) == 1


def test_episodes_that_another_show_describes_are_not_those_of_one_that_ends(server: FeedServer, library: Path) -> None:
    for title in ("Night Boat", "Day Boat"):
        assert airquote("subscribe", server.feed(f"/{title[0]}", title, items(1))).code == 0
    with Store.open(library) as store:
        episode = add_text(store, "Episode 1", "Hello there.", show="Day Boat").id
        for show in store.shows():
            store.link_item(show.number, "guid-1", episode)
    run = airquote("unsubscribe", "Night Boat")
    assert "remove" not in run.err
    run = airquote("unsubscribe", "Day Boat", "--dry-run")
    assert "Its 1 episode in the library" in run.out
    assert "airquote remove --show 'Day Boat'" in run.err


def test_the_table_says_what_is_wanted_of_a_show(server: FeedServer) -> None:
    address = server.feed("/a.xml", "Night Boat", items(4))
    chosen = ("--latest", 3, "--since", "2024", "--no-audio", "--transcripts", "publisher", "--keep-audio", "never")
    assert airquote("subscribe", address, *chosen).code == 0
    out = airquote("shows").out
    for text in ("Night Boat", address, "newest 3", "since 2024-01-01", "no audio", "transcripts: publisher", "never"):
        assert text in out
    assert airquote("subscribe", address, "--keep-audio", "soon").code == 2
    assert airquote("subscribe", address, "--since", "soon").code == 2
    assert airquote("subscribe").code == 2
    assert airquote("shows", "--opml", "-", "--json").code == 2


@pytest.mark.parametrize("line", [("shows",), ("update",), ("unsubscribe", "x"), ("download", "x")])
def test_without_a_library_subscribing_is_advised(library: Path, line: tuple[str, ...]) -> None:
    run = airquote(*line)
    assert (run.code, run.out) == (2, "")
    assert f"There is no library in {library} yet." in run.err
    assert "First: airquote subscribe FEED" in run.err


@pytest.mark.parametrize("line", [("update",), ("unsubscribe",)])
def test_a_show_that_is_misspelt_is_asked_about(server: FeedServer, line: tuple[str, ...]) -> None:
    for title in ("Night Boat", "Fail Better"):
        assert airquote("subscribe", server.feed(f"/{title[0]}", title, items(1))).code == 0
    run = airquote(*line, "nigth boat")
    assert run.code == 2
    assert "Do you mean Night Boat?" in run.err
    assert "Do you mean" not in airquote(*line, "xyz").err


def test_a_second_subscription_tells_which_choices_changed(server: FeedServer) -> None:
    address = server.feed("/a", "Night Boat", items(3))
    airquote("subscribe", address, "--latest", 5)
    assert "before: newest 5" not in airquote("subscribe", address, "--latest", 5).err
    run = airquote("subscribe", address, "--latest", 0, "--no-audio")
    assert "Wanted from now on: no audio; before: newest 5." in run.err
