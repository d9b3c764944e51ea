"""Publishers' transcripts that change at the same address, of episodes that are in the library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_engine import ENGINE, FakeEngine, airquote
from libraries import add_text
from offered_shows import CUES, OfferedShow, offer_shows
from test_pipeline_published import HOST, SHOW, SRT, FakeCourier, fetch, make_item, offer

from audio.errors import try_again
from index.storage.published_files import PublishedCheck, PublishedFile
from index.storage.store import Store
from pipeline.errors import AddressError
from pipeline.shows.downloads.outcomes import Fetched
from pipeline.shows.published.changed_transcripts import MOST_ASKED_AGAIN, MOST_FETCHED_AGAIN
from pipeline.shows.published.later_transcripts import take_later_transcripts
from pipeline.shows.published.published_import import import_published

ALLOW = "--allow-private"
UPDATE = ("update", *ENGINE, ALLOW, "--json")
CORRECTED = CUES.replace("the ferry left", "the ferry never left")
AGAIN = CUES.replace("the ferry left", "the last ferry never left")

# With a server


@pytest.fixture
def show(engine: FakeEngine) -> Iterator[OfferedShow]:
    """A show whose newest episode is in the library with the publisher's words."""
    assert engine is not None
    with offer_shows() as (offered,):
        offered.items[0].transcript = CUES
        assert airquote("subscribe", offered.offer(), "--transcripts", "publisher", "--latest", 1, ALLOW).code == 0
        assert [row["status"] for row in airquote(*UPDATE).answers] == ["done"]
        yield offered


def change(show: OfferedShow, transcript: str) -> None:
    show.items[0].transcript = transcript
    show.offer()


def asked_with(show: OfferedShow) -> list[str | None]:
    """The entity tags with which the transcript was asked for, in order."""
    return [headers.get("If-None-Match") for path, headers in show.server.requests if path.endswith(".vtt")]


def find(text: str) -> int:
    return len(airquote("search", f'"{text}"', "--json").answers)


def test_a_corrected_transcript_is_taken_and_told_once(show: OfferedShow) -> None:
    change(show, CORRECTED)
    (row,) = airquote(*UPDATE).answers
    assert (row["title"], row["status"]) == (show.items[0].title, "done")
    assert "the publisher changed it" in row["reason"]
    assert find("the ferry never left") == 1
    assert find("the ferry left") == 0
    assert airquote(*UPDATE).answers == []


def test_one_that_did_not_change_is_asked_for_conditionally(show: OfferedShow) -> None:
    assert airquote(*UPDATE).answers == []
    first, again = asked_with(show)
    assert first is None
    assert again == f'"{hash(CUES.encode())}"'


def test_words_that_were_edited_by_hand_stay_and_each_change_is_told_once(show: OfferedShow) -> None:
    (listed,) = airquote("list", "--json").answers
    assert airquote("edit", listed["episode"], "--speaker", "Ann Lee=Ann Smith").code == 0
    for text in (CORRECTED, AGAIN):
        change(show, text)
        (row,) = airquote(*UPDATE).answers
        assert row["status"] == "skipped"
        assert "edited by hand" in row["reason"]
        assert airquote(*UPDATE).answers == []
    assert find("the ferry left") == 1
    assert find("never left") == 0


def test_edited_words_of_a_transcript_that_moved_stay_and_that_is_told_once(show: OfferedShow) -> None:
    (listed,) = airquote("list", "--json").answers
    assert airquote("edit", listed["episode"], "--speaker", "Ann Lee=Ann Smith").code == 0
    show.items[0].guid, show.items[0].title = show.items[0].title, "Episode 3, corrected"
    show.path = "/moved"
    change(show, CORRECTED)
    show.server.behaviours["/show0/feed.xml"] = show.server.behaviours["/moved/feed.xml"]
    (row,) = airquote(*UPDATE).answers
    assert "edited by hand" in row["reason"]
    assert airquote(*UPDATE).answers == []


def test_a_file_that_is_no_transcript_any_more_is_told_once_and_words_stay(show: OfferedShow) -> None:
    page = "<!DOCTYPE html><html><body><h1>404</h1><p>The page that you look for is not here.</p></body></html>"
    change(show, page)
    (row,) = airquote(*UPDATE).answers
    assert row["status"] == "skipped"
    assert "stays" in row["reason"]
    assert find("the ferry left") == 1
    assert airquote(*UPDATE).answers == []
    change(show, CORRECTED)
    (row,) = airquote(*UPDATE).answers
    assert row["status"] == "done"


# Of many episodes


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "library", create=True) as opened:
        yield opened


class AskedCourier(FakeCourier):
    """Says of everything that it is as before, or fails; keeps what it is asked for."""

    failure: Exception | None = None

    def __init__(self) -> None:
        super().__init__({})
        self.asked: list[tuple[str, object, object]] = []

    def fetch(self, address: str, **given: Any) -> Fetched:
        self.asked.append((address, given["entity_tag"], given["modified"]))
        if self.failure is not None:
            raise self.failure
        return Fetched("unchanged", b"", address, None, given["entity_tag"], given["modified"])


def made_with(store: Store, count: int, **said: str) -> list[tuple[str, Any]]:
    """So many episodes with a kept transcript, of which its server said this."""
    made = []
    for number in range(count):
        episode = add_text(store, f"Talk {number}", "words").id
        store.save_published(episode, PublishedFile(f"{HOST}5.srt", None, None, SRT.encode()))
        store.save_published_check(episode, PublishedCheck(f"{HOST}5.srt", "0" * 64, **said))
        made.append((episode, make_item(*offer("srt"))))
    return made


def test_few_of_many_are_asked_for_again_with_what_their_server_said(store: Store) -> None:
    made, courier = made_with(store, MOST_ASKED_AGAIN + 5, entity_tag='"1"', modified="yesterday"), AskedCourier()
    assert take_later_transcripts(store, courier, "Fail Better", made) == []
    assert courier.asked == [(f"{HOST}5.srt", '"1"', "yesterday")] * MOST_ASKED_AGAIN


def test_fewer_are_fetched_again_where_changes_cannot_be_asked_for(store: Store) -> None:
    courier = AskedCourier()
    take_later_transcripts(store, courier, "Fail Better", made_with(store, MOST_ASKED_AGAIN))
    assert len(courier.asked) == MOST_FETCHED_AGAIN


@pytest.mark.parametrize(("passes", "asked"), [(True, 1), (False, MOST_ASKED_AGAIN)])
def test_a_server_that_is_down_is_left_alone(store: Store, passes: bool, asked: int) -> None:
    made, courier = made_with(store, MOST_ASKED_AGAIN, entity_tag='"1"'), AskedCourier()
    courier.failure = AddressError("It fails.", try_again("Try again later.") if passes else None)
    outcomes = take_later_transcripts(store, courier, "Fail Better", made)
    assert len(courier.asked) == len(outcomes) == asked
    assert {one.status for _, one in outcomes} == {"skipped"}
    assert take_later_transcripts(store, courier, "Fail Better", made) == []


def test_the_file_kept_by_an_earlier_version_is_held_against_what_is_there_now(store: Store) -> None:
    item = make_item(*offer("srt"))
    episode = import_published(store, item, fetch(item, srt=SRT), SHOW).episode or ""
    store._connection.execute("DELETE FROM published_checks")
    same, changed = (FakeCourier({f"{HOST}5.srt": text}) for text in (SRT, SRT.replace("more", "much more")))
    assert take_later_transcripts(store, same, "Fail Better", [(episode, item)]) == []
    ((_, outcome),) = take_later_transcripts(store, changed, "Fail Better", [(episode, item)])
    assert outcome.status == "done"
    transcript = store.transcript(episode)
    assert transcript is not None
    assert "much more" in transcript.text


def test_what_is_known_of_a_file_is_checked_when_it_is_read(store: Store) -> None:
    made_with(store, 1)
    store._connection.execute("UPDATE published_checks SET digest = 'x'")
    (fault,) = store.check()
    assert "publisher's transcript" in fault


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("is_here", [True, False])
def test_corrected_words_are_aligned_again_where_the_sound_is_here(
    is_here: bool, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.alignment.listening_model.load_named_or_smallest", lambda *_: engine)
    words = "The ferry never came back to the harbour that winter."
    engine.answers.append(words)
    with offer_shows() as (show,):
        change(show, f"WEBVTT\n\n01:00.000 --> 01:03.000\n{words}\n")
        assert airquote("subscribe", show.feed, "--transcripts", "publisher", "--latest", 1, ALLOW).code == 0
        media = airquote(*UPDATE, "--align").answer["media"]
        engine.answers.append(words)
        if not is_here:
            Path(media).unlink()
        change(show, f"WEBVTT\n\n01:00.000 --> 01:03.000\n{words.replace('winter', 'summer')}\n")
        (row,) = airquote(*UPDATE).answers
    (hit,) = airquote("search", "summer", "--json").answers
    assert (hit["start"] < 30) == is_here
    assert ("sound to align them with is not here" in row["reason"]) == (not is_here)
