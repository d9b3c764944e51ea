"""A courier fetches: conditional requests, redirects, retries, politeness, and nothing said that is a secret."""

from __future__ import annotations

import gzip
import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email.utils import formatdate
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from misbehaving_server import (
    ENTITY_TAG,
    Answer,
    Behaviour,
    FakeTime,
    Server,
    chunked,
    gzipped,
    redirect,
    serve,
    stated_length,
    status,
    until_closed,
    whole,
)

from index.credentials import without_credentials
from pipeline.errors import AddressError, BusyServerError
from pipeline.network.connections import for_log
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.downloads.host_turns import LONGEST_WAIT
from pipeline.shows.downloads.outcomes import Fetched
from pipeline.shows.downloads.patience import ATTEMPTS, LONGEST_REST, MOST_SECONDS, clock_time, read_retry_after

FEED = b"<rss>" + b"The ferry was late. " * 400 + b"</rss>"


def courier(time: FakeTime) -> Courier:
    return Courier(allow_private=True, network=time.network, clock=time.clock)


def fetch_from(*behaviours: Behaviour, time: FakeTime | None = None, **arguments: Any) -> tuple[Fetched, Server]:
    """Fetch /feed from a server with these behaviours; return what came, and the server."""
    with serve({"/feed": behaviours, "/other": [whole(FEED)]}) as server:
        return courier(time or FakeTime()).fetch(server.address("/feed"), **arguments), server


def refusal(*behaviours: Behaviour, time: FakeTime | None = None, **arguments: Any) -> AddressError:
    with pytest.raises(AddressError) as caught:
        fetch_from(*behaviours, time=time, **arguments)
    assert caught.value.way_out
    return caught.value


# What comes


def test_what_has_not_changed_is_not_sent_again() -> None:
    date = formatdate(0, usegmt=True)
    with serve({"/feed": [whole(FEED, Last_Modified=date, Content_Type="Text/XML; charset=latin-1")]}) as server:
        once = courier(FakeTime())
        first = once.fetch(server.address("/feed"))
        assert (first.status, first.data, first.entity_tag, first.modified) == ("new", FEED, ENTITY_TAG, date)
        assert (first.content_type, first.charset, first.moved) == ("text/xml", "latin-1", None)
        again = once.fetch(server.address("/feed"), entity_tag=first.entity_tag, modified=first.modified)
        assert (again.status, again.data, again.entity_tag, again.modified) == ("unchanged", b"", ENTITY_TAG, date)
        asked = server.headers("/feed")
    assert "If-None-Match" not in asked[0]
    assert (asked[1]["If-None-Match"], asked[1]["If-Modified-Since"]) == (ENTITY_TAG, date)
    assert asked[0]["User-Agent"].startswith("airquote/")


def test_an_unchanged_feed_that_nobody_knew_is_no_answer() -> None:
    assert "(304)" in refusal(status(304)).message


@pytest.mark.parametrize("tag", ['"é"', '"\udc80"', '"a\r\nX: y"', '"\0"'])
def test_an_entity_tag_that_cannot_be_sent_is_left_out(tag: str) -> None:
    fetched, server = fetch_from(whole(FEED), entity_tag=tag, modified=tag)
    assert fetched.data == FEED
    assert "If-None-Match" not in server.headers("/feed")[0]
    if tag == '"é"':
        assert fetch_from(whole(FEED, tag))[0].entity_tag is None


@pytest.mark.parametrize("behaviour", [gzipped(FEED), chunked(FEED), until_closed(FEED), whole(FEED, None)])
def test_a_body_is_whole_however_it_is_sent(behaviour: Behaviour) -> None:
    assert fetch_from(behaviour)[0].data == FEED


@pytest.mark.parametrize(
    "behaviour",
    [
        stated_length(FEED, len(FEED) + 1),
        chunked(FEED, ended=False),
        status(200, gzip.compress(FEED)[:-9], Content_Encoding="gzip"),
    ],
)
def test_a_body_that_is_cut_is_fetched_again_and_never_taken(behaviour: Behaviour) -> None:
    time = FakeTime()
    assert fetch_from(behaviour, whole(FEED), time=time)[0].data == FEED
    assert len(time.sleeps) == 1
    assert "could not be read to its end" in refusal(behaviour).message


def test_a_body_has_a_bound() -> None:
    assert fetch_from(whole(FEED), most=len(FEED))[0].data == FEED
    for behaviour in (whole(FEED), gzipped(FEED), chunked(FEED)):
        error = refusal(behaviour, most=len(FEED) - 1)
        assert "is larger than" in error.message


@pytest.mark.parametrize(
    ("code", "said", "kind"),
    [
        (404, "has nothing", "correct_input"),
        (401, "asks for a name and a password", "correct_input"),
        (403, "refuses access", "choose_other_file"),
        (204, "did not send it", "correct_input"),
        (400, "did not send it", "correct_input"),
        (206, "did not send it", "correct_input"),
        (501, "did not send it", "correct_input"),
    ],
)
def test_a_refusal_says_what_where_and_the_way_out_and_is_not_repeated(code: int, said: str, kind: str) -> None:
    time = FakeTime()
    error = refusal(status(code), time=time)
    assert said in error.message
    assert f"({code})" in error.message
    assert error.where
    assert str(error.where) in error.message
    assert error.way_out
    assert (error.way_out.kind, time.sleeps) == (kind, [])


def test_what_is_gone_is_told_apart_from_what_is_not_found() -> None:
    assert fetch_from(status(410))[0].status == "gone"


# Redirects


@pytest.mark.parametrize(
    ("codes", "moved"),
    [
        ([301], "/1"),
        ([308], "/1"),
        ([302], None),
        ([307], None),
        ([301, 308], "/2"),
        ([301, 302, 301], "/1"),
        ([303, 301], None),
    ],
)
def test_permanent_redirects_name_a_new_address(codes: list[int], moved: str | None) -> None:
    hops = {f"/{hop}": [redirect(f"/{hop + 1}", code)] for hop, code in enumerate(codes)}
    with serve({**hops, f"/{len(codes)}": [whole(FEED)]}) as server:
        fetched = courier(FakeTime()).fetch(server.address("/0"))
        assert fetched.data == FEED
        assert fetched.address == server.address(f"/{len(codes)}")
        assert fetched.moved == (server.address(moved) if moved else None)


def test_an_unchanged_feed_tells_its_new_address_too() -> None:
    with serve({"/feed": [redirect("/other", 301)], "/other": [whole(FEED)]}) as server:
        fetched = courier(FakeTime()).fetch(server.address("/feed"), entity_tag=ENTITY_TAG)
        assert (fetched.status, fetched.moved) == ("unchanged", server.address("/other"))


def test_a_new_address_keeps_the_password_only_at_the_same_place() -> None:
    with serve({"/feed": [redirect("/other", 301)], "/other": [whole(FEED)]}) as server:
        address = server.address("/feed", credentials="ann:secret@")
        assert courier(FakeTime()).fetch(address).moved == server.address("/other", credentials="ann:secret@")
        assert all(headers["Authorization"].startswith("Basic ") for headers in server.headers("/other"))
        elsewhere = server.address("/other", "b.example")
        server.behaviours["/feed"] = [redirect(elsewhere, 301)]
        assert courier(FakeTime()).fetch(address).moved == elsewhere
        assert "Authorization" not in server.headers("/other")[-1]


@pytest.mark.parametrize("code", [301, 302])
def test_redirects_in_a_loop_are_refused_once(code: int) -> None:
    time = FakeTime()
    paths = {"/a": [redirect("/b", code)], "/b": [redirect("/a", code)]}
    with serve(paths) as server, pytest.raises(AddressError, match="redirects without end"):
        courier(time).fetch(server.address("/a"))
    assert time.sleeps == []


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://a.example/", "data:,x", "javascript:x", "//"])
def test_other_schemes_are_refused_in_addresses_and_redirects(target: str) -> None:
    error = refusal(redirect(target, 301))
    assert error.way_out
    assert error.way_out.kind == "correct_input"
    for origin in ("typed", "document"):
        with pytest.raises(AddressError, match="is not an address"):
            courier(FakeTime()).fetch(target, origin=origin)


def test_an_address_of_a_document_needs_leave_to_be_private() -> None:
    with serve({"/feed": [whole(FEED)]}) as server:
        time = FakeTime()
        careful = Courier(network=time.network, clock=time.clock)
        with pytest.raises(AddressError, match="is a loopback address") as caught:
            careful.fetch(server.address("/feed"))
        assert caught.value.way_out
        assert caught.value.way_out.kind == "allow_private"
        assert server.requests == []
        assert careful.fetch(server.address("/feed"), origin="typed").data == FEED


# Patience


@pytest.mark.parametrize("code", [408, 425, 429, 500, 502, 503, 504, 520])
def test_a_fault_that_passes_is_waited_out(code: int) -> None:
    time = FakeTime()
    fetched, server = fetch_from(status(code), status(code), whole(FEED), time=time)
    assert (fetched.data, len(server.requests)) == (FEED, 3)
    assert time.sleeps == [1.0, 2.0]


def test_a_fault_that_stays_is_told_after_some_attempts() -> None:
    time = FakeTime()
    error = refusal(status(503), time=time)
    assert "has a fault (503)" in error.message
    assert time.sleeps == [1.0, 2.0, 4.0, 8.0][: ATTEMPTS - 1]


def test_waits_differ_by_chance() -> None:
    waits = []
    for chance in (0.0, 0.99):
        time = FakeTime()
        clock = replace(time.clock, jitter=partial(float, chance))
        with serve({"/feed": [status(500), whole(FEED)]}) as server:
            Courier(allow_private=True, network=time.network, clock=clock).fetch(server.address("/feed"))
        waits += time.sleeps
    assert waits == [0.5, 1.49]


@pytest.mark.parametrize("said", ["20", "Thu, 01 Jan 2026 00:00:20 GMT"])
def test_a_server_says_when_it_wants_to_be_asked_again(said: str) -> None:
    time = FakeTime()
    fetched, _ = fetch_from(status(429, Retry_After=said), whole(FEED), time=time)
    assert fetched.data == FEED
    assert sum(time.sleeps) == pytest.approx(20, abs=0.1)


def test_a_server_that_wants_a_long_rest_is_left_alone_in_the_whole_run() -> None:
    time = FakeTime()
    paths = {"/feed": [status(503, Retry_After="3600")], "/other": [whole(FEED)]}
    with serve(paths) as server:
        once = courier(time)
        with pytest.raises(BusyServerError, match="asks to be left alone until"):
            once.fetch(server.address("/feed", "a.example"))
        with pytest.raises(BusyServerError, match=r"a\.example"):
            once.fetch(server.address("/other", "a.example"))
        assert once.fetch(server.address("/other", "b.example")).data == FEED
        assert len(server.requests) == 2
        assert sum(time.sleeps) < LONGEST_WAIT
        time.seconds += 3600
        assert once.fetch(server.address("/other", "a.example")).data == FEED


def test_a_server_that_says_that_nothing_changed_unasked_is_told() -> None:
    with serve({"/feed": [status(304)]}) as server, pytest.raises(AddressError, match=r"was not asked \(304\)"):
        courier(FakeTime()).fetch(server.address("/feed", "a.example"))


def test_a_rest_that_ends_another_day_is_told_with_its_day() -> None:
    noon = datetime(2026, 1, 1, 12).astimezone().timestamp()
    assert clock_time(noon + 3600, noon) == "13:00"
    assert clock_time(noon + LONGEST_REST, noon) == "2026-01-02 12:00"


def test_a_retry_after_is_read_or_left_out() -> None:
    now = 1_767_225_600.0  # 2026-01-01
    assert read_retry_after("120", None, now) == 120
    assert read_retry_after("Thu, 01 Jan 2026 00:01:00 GMT", None, now) == 60
    assert read_retry_after("Thu, 01 Jan 2026 00:01:00 GMT", "Thu, 01 Jan 2026 00:00:50 GMT", now - 9e6) == 10
    assert read_retry_after("Wed, 31 Dec 2025 00:00:00 GMT", None, now) == 0
    assert read_retry_after("9" * 400, None, now) == LONGEST_REST
    assert [read_retry_after(text, None, now) for text in (None, "", "soon", "-1", "1.5", "٣")] == [None] * 6


@given(st.text() | st.none(), st.text() | st.none(), st.floats(0, 4e9))
def test_no_retry_after_is_too_strange(text: str | None, date: str | None, now: float) -> None:
    seconds = read_retry_after(text, date, now)
    assert seconds is None or 0 <= seconds <= LONGEST_REST


def test_a_server_that_never_answers_costs_a_bounded_time() -> None:
    time = FakeTime(silent=True)
    began = time.seconds
    assert "did not answer in time" in refusal(whole(FEED), time=time).message
    assert time.seconds - began < MOST_SECONDS + 60


def test_a_feed_that_drips_is_ended() -> None:
    time = FakeTime(bytes_a_second=20)
    assert "took longer than 60 seconds" in refusal(whole(FEED), time=time).message
    assert time.sleeps == [], "the next attempt would take as long"


# Politeness


def run_at_once(*jobs: Callable[[], object]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_host_has_one_request_at_a_time_also_behind_redirects() -> None:
    arrived = threading.Event()

    def wait_for_another(answer: Answer) -> None:
        # A second request at the same time would set it; without one the wait is short.
        if not arrived.wait(0.1):
            arrived.clear()
        answer.send_whole(200, FEED, {})

    def hop(answer: Answer) -> None:
        arrived.set()
        arrived.clear()
        redirect(server.address("/slow", "cdn.example"))(answer)

    with serve({"/slow": [wait_for_another], "/hop": [hop]}) as server:
        shared = courier(FakeTime())
        addresses = [server.address("/slow", "cdn.example")] * 2 + [
            server.address("/hop", f"{name}.example") for name in "abc"
        ]
        run_at_once(*(lambda address=address: shared.fetch(address) for address in addresses))
        assert len(server.requests) == 8
        assert server.busiest["cdn.example"] == 1


def test_several_hosts_are_asked_at_once() -> None:
    together = threading.Barrier(3)

    def wait_for_the_others(answer: Answer) -> None:
        together.wait(30)
        answer.send_whole(200, FEED, {})

    with serve({"/feed": [wait_for_the_others]}) as server:
        shared = courier(FakeTime())
        addresses = [server.address("/feed", f"{name}.example") for name in "abc"]
        run_at_once(*(lambda address=address: shared.fetch(address) for address in addresses))
        assert not together.broken


# Secrets


SECRETS = ["ann", "secret", "t0ken"]


def test_no_log_and_no_error_holds_a_password_and_no_log_a_query(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    paths = {"/feed": [redirect("/other?key=t0ken", 302)], "/other": [whole(FEED)], "/busy": [status(500)]}
    with serve(paths) as server:
        once = courier(FakeTime())
        address = server.address("/feed?key=t0ken", credentials="ann:secret@")
        assert "secret" not in once.fetch(address).address
        for bad in ("/none", "/busy"):
            with pytest.raises(AddressError) as caught:
                once.fetch(server.address(bad, credentials="ann:secret@"))
            assert "secret" not in f"{caught.value} {caught.value.where}"
    assert "connected to" in caplog.text
    assert [secret for secret in SECRETS if secret in caplog.text] == []


def test_requests_of_other_programs_are_logged_as_ever(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("httpx2").info("a line of another program")
    assert "a line of another program" in caplog.text


@pytest.mark.parametrize(
    "written",
    ["http://{}@a.example/x", "https://{}@[::1]:80", "{}@a.example/feed", "http:{}@a/", "//{}@a", "http:\\\\{}@a"],
)
def test_a_password_is_not_shown_however_it_is_written(written: str) -> None:
    for secret in ("ann:secret", "ann:sec:ret@secret", "secret"):
        assert "secret" not in without_credentials(written.format(secret))
        with pytest.raises(AddressError) as caught:
            courier(FakeTime(silent=True)).fetch(written.format(secret))
        assert "secret" not in f"{caught.value} {caught.value.where}"


@pytest.mark.parametrize("mark", "/?#")
def test_a_password_with_a_mark_that_must_be_escaped_is_not_shown(mark: str) -> None:
    address = f"https://ann:secret{mark}secret@a.example/feed"
    assert without_credentials(f"See {address} again") == "See https://a.example/feed again"
    with pytest.raises(AddressError) as caught:
        courier(FakeTime(silent=True)).fetch(address)
    assert "secret" not in f"{caught.value} {caught.value.where}"


@pytest.mark.parametrize(
    "address", ["https://a.example:8080/@ann", "https://[::1]/x?to=ann@b.example", "http://a.example/@ann"]
)
def test_a_mark_of_a_name_in_a_path_stays(address: str) -> None:
    assert without_credentials(address) == address


def test_an_address_in_a_log_has_no_query() -> None:
    assert for_log("http://ann:secret@a.example/feed?key=t0ken#part") == "http://a.example/feed?...#part"
    assert for_log("http://a.example/feed") == "http://a.example/feed"
