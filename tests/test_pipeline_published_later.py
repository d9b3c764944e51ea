"""Transcripts that a publisher offers, or moves, after the episode is in the library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import ENGINE, airquote
from libraries import add_text
from offered_shows import CUES, offer_shows
from test_pipeline_published import HOST, SHOW, SRT, VTT, FakeCourier, fetch, make_item, offer

from index.storage.store import Store
from pipeline.shows.published.later_transcripts import MOST_LOOKED_FOR, take_later_transcripts
from pipeline.shows.published.published_import import import_published


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "library", create=True) as opened:
        yield opened


class CountingCourier(FakeCourier):
    """Counts what it is asked for."""

    asked = 0

    def fetch(self, address: str, **given: object) -> object:  # type: ignore[override]
        self.asked += 1
        return super().fetch(address, **given)  # type: ignore[arg-type]


def test_a_transcript_that_is_offered_later_is_kept_beside_the_words_that_are_there(store: Store) -> None:
    episode = add_text(store, "Talk", "we never stopped").id
    courier = CountingCourier({f"{HOST}5.srt": SRT})
    ((_, outcome),) = take_later_transcripts(store, courier, "Fail Better", [(episode, make_item(*offer("srt")))])
    assert (outcome.status, outcome.episode) == ("done", episode)
    assert store.published(episode) is not None
    transcript = store.transcript(episode)
    assert transcript is not None
    assert transcript.engine == "fake"


def test_of_what_is_kept_already_only_the_same_file_is_asked_for_again(store: Store) -> None:
    item = make_item(*offer("vtt", "srt"))
    episode = import_published(store, item, fetch(item, srt=SRT), SHOW).episode or ""
    courier = CountingCourier({f"{HOST}5.srt": SRT, f"{HOST}5.vtt": VTT})
    assert take_later_transcripts(store, courier, "Fail Better", [(episode, item), (episode, make_item())]) == []
    assert courier.asked == 1


def test_one_that_moved_replaces_its_own_words(store: Store) -> None:
    item = make_item(*offer("srt"))
    episode = import_published(store, item, fetch(item, srt=SRT), SHOW).episode or ""
    moved = make_item(*offer("vtt"))
    courier = CountingCourier({f"{HOST}5.vtt": VTT.replace("more", "much more")})
    ((_, outcome),) = take_later_transcripts(store, courier, "Fail Better", [(episode, moved)])
    assert "changed" in (outcome.reason or "")
    transcript = store.transcript(episode)
    assert transcript is not None
    assert "much more" in transcript.text


def test_of_many_that_cannot_be_had_only_some_are_asked_for_at_once(store: Store) -> None:
    made = [(add_text(store, f"Talk {n}", "words").id, make_item(*offer("srt"))) for n in range(MOST_LOOKED_FOR + 5)]
    courier = CountingCourier({})
    outcomes = take_later_transcripts(store, courier, "Fail Better", made)
    assert {one.status for _, one in outcomes} == {"failed"}
    assert courier.asked == len(outcomes) == MOST_LOOKED_FOR


@pytest.mark.usefixtures("engine")
def test_an_update_takes_a_transcript_that_came_after_the_sound() -> None:
    with offer_shows() as (show,):
        choose = ("--transcripts", "both", "--allow-private")
        assert airquote("subscribe", show.offer(), *choose, "--latest", 1).code == 0
        update = ("update", *ENGINE, "--allow-private", "--json")
        assert [row["status"] for row in airquote(*update).answers] == ["done"]
        assert airquote(*update).answers == []
        show.items[0].transcript = CUES
        show.offer()
        (row,) = airquote(*update).answers
        assert (row["title"], row["status"]) == (show.items[0].title, "done")
        assert "kept beside" in row["reason"]
        (listed,) = airquote("list", "--json").answers
        assert (listed["origin"], listed["publisher_kept"]) == ("model", True)
        assert airquote(*update).answers == []
        assert airquote("compare", listed["episode"]).code == 0
