"""Publishers' transcripts: which is chosen, what is done where one cannot be read, and what is imported and kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from libraries import add_episode, add_text, make_transcript

from audio.errors import OutputError
from index.errors import LibraryError
from index.storage.published_files import MOST_PUBLISHED_BYTES, PublishedFile
from index.storage.store import Store
from pipeline.batch.episode_details import EpisodeDetails
from pipeline.batch.repair import remove_copies
from pipeline.errors import AddressError, TranscriptUnavailableError
from pipeline.imported.word_origin import find_origin, publisher_of, spread_over
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.downloads.outcomes import Fetched
from pipeline.shows.feeds.values import FeedItem, OfferedSound, OfferedTranscript
from pipeline.shows.published.offered_transcripts import rank_transcripts
from pipeline.shows.published.published_fetching import Published, fetch_published
from pipeline.shows.published.published_import import import_published

HOST = "https://example.com/"
SRT = """1
00:00:03,000 --> 00:00:04,500
Ann: We never stopped.

2
00:00:07,500 --> 00:00:09,000
Ben: There is more to come.
"""
VTT = "WEBVTT\n\n00:03.000 --> 00:04.500\nWe never stopped.\n\n00:07.500 --> 00:09.000\nThere is more to come.\n"
JSON = json.dumps(
    {
        "version": "1.0.0",
        "segments": [
            {"startTime": 3.0 + number, "endTime": 3.5 + number, "body": word, "speaker": "Ann"}
            for number, word in enumerate(["We", "never", "stopped,", "there", "is", "more."])
        ],
    }
)
HTML = "<cite>Ann:</cite>\n<time>0:03</time>\n<p>We never stopped.</p>\n<cite>Ben:</cite><time>0:07</time><p>More.</p>"
SPOKEN = "We never stopped, and there is more to come this winter, when the harbor is quiet again. "
PROSE = f"Ann: {SPOKEN * 3}\n\nBen: {SPOKEN * 2}\n\nAnn: {SPOKEN}"
UNTIMED_HTML = (
    "<!DOCTYPE html><html><head><title>Episode 5</title></head><body><nav><ul><li>Home</li><li>About us</li></ul></nav>"
    f"<cite>Ann:</cite><p>{SPOKEN * 3}</p><cite>Ben:</cite><p>{SPOKEN * 2}</p><cite>Ann:</cite><p>{SPOKEN}</p>"
    "<footer>All rights reserved</footer></body></html>"
)
ERROR_PAGE = "<!DOCTYPE html><html><body><h1>404</h1><p>The page that you look for is not here.</p></body></html>"
TYPES = {
    "json": "application/json", "vtt": "text/vtt", "srt": "application/x-subrip", "html": "text/html",
    "txt": "text/plain",
}  # fmt: skip


class FakeCourier(Courier):
    """Has some addresses; all others do not exist."""

    def __init__(self, pages: Mapping[str, str | bytes | Exception]) -> None:
        self.pages = pages

    def fetch(self, address: str, *, most: int = 0, **_: object) -> Fetched:
        assert most == MOST_PUBLISHED_BYTES
        page = self.pages.get(address, AddressError(f"{address} is not there (404).", where=address))
        if isinstance(page, Exception):
            raise page
        return Fetched("new", page.encode() if isinstance(page, str) else page, address)


def offer(*endings: str, language: str | None = None) -> tuple[OfferedTranscript, ...]:
    return tuple(OfferedTranscript(f"{HOST}5.{ending}", TYPES[ending], language) for ending in endings)


def make_item(*transcripts: OfferedTranscript, **fields: object) -> FeedItem:
    sound = OfferedSound("https://me:secret@example.com/5.mp3", "audio/mpeg", 1000)
    item = FeedItem("guid-5", "The Quiet Harbor", "2026-05-06", number="5", language="en", sounds=(sound,))
    return replace(item, transcripts=transcripts, **fields)  # type: ignore[arg-type]


def fetch(item: FeedItem, **pages: str | bytes | Exception) -> Published:
    published = fetch_published(FakeCourier({f"{HOST}5.{ending}": page for ending, page in pages.items()}), item)
    assert published is not None
    return published


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "library", create=True) as opened:
        yield opened


SHOW = EpisodeDetails("Fail Better")

# Choosing


def test_the_transcript_with_most_times_is_tried_first() -> None:
    offered = offer("txt", "html", "srt", "vtt", "json")
    assert rank_transcripts(offered, "en") == list(reversed(offered))


def test_one_in_the_language_of_the_episode_goes_before_a_better_one_in_another() -> None:
    german, english, unstated = offer("json", language="de-DE"), offer("srt", language="en-GB"), offer("html")
    assert rank_transcripts([*german, *unstated, *english], "en") == [*english, *unstated, *german]
    assert rank_transcripts([*german, *unstated, *english], "de") == [*german, *unstated, *english]


def test_a_type_that_is_not_known_is_told_by_the_ending_of_its_address() -> None:
    odd, text = OfferedTranscript(f"{HOST}5.vtt?x=1", "application/octet-stream"), offer("txt")
    assert rank_transcripts([*text, odd], None) == [odd, *text]


def test_the_same_address_is_tried_once() -> None:
    assert rank_transcripts([*offer("srt"), *offer("srt")], "en") == list(offer("srt"))


# Fetching


@pytest.mark.parametrize(("ending", "page", "words"), [
    ("json", JSON, 6), ("vtt", VTT, 8), ("srt", SRT, 8), ("html", HTML, 4),
    ("txt", PROSE, 102), ("html", UNTIMED_HTML, 102),
])  # fmt: skip
@pytest.mark.parametrize("announced", TYPES)
def test_every_type_is_read_by_its_content_whatever_is_announced(
    store: Store, announced: str, ending: str, page: str, words: int
) -> None:
    item = make_item(*offer(announced), duration=60.0)
    outcome = import_published(store, item, fetch(item, **{announced: page}), SHOW)
    assert outcome.status == "done"
    transcript = store.transcript(outcome.episode or "")
    assert transcript is not None
    assert len(transcript.words) == words
    if ending != "vtt":
        assert {segment.speaker for segment in transcript.segments} <= {"Ann", "Ben"}


@pytest.mark.parametrize("bad", [
    b"", b"  \n", ERROR_PAGE, AddressError("The address is not there (404).", where=HOST), "{", b"%PDF-1.4",
    "<html><body></body></html>", "Not found.",
])  # fmt: skip
def test_the_next_one_is_taken_and_it_is_told_where_one_cannot_be_read(bad: str | bytes | Exception) -> None:
    item = make_item(*offer("srt", "vtt"))
    published = fetch(item, vtt=bad, srt=SRT)
    assert published.file.address == f"{HOST}5.srt"
    assert len(published.remarks) == 1
    assert published.remarks[0].startswith("not taken: ")


def test_an_episode_without_a_readable_transcript_is_an_error_that_names_all_that_failed() -> None:
    item = make_item(*offer("srt", "vtt"))
    with pytest.raises(TranscriptUnavailableError, match=r"The Quiet Harbor: .*5\.vtt.*; .*5\.srt"):
        fetch(item, vtt=ERROR_PAGE)
    assert fetch_published(FakeCourier({}), make_item()) is None


def test_what_would_meet_all_of_them_ends_it_at_once() -> None:
    full = OutputError("The disk is full.")
    with pytest.raises(OutputError):
        fetch(make_item(*offer("vtt", "srt")), vtt=full, srt=SRT)


def test_a_start_page_in_the_place_of_the_text_of_an_hour_is_no_transcript() -> None:
    page = f"<html><body>{''.join(f'<p>{SPOKEN}</p>' for _ in range(30))}</body></html>"
    assert fetch(make_item(*offer("html"), duration=240.0), html=page).untimed
    with pytest.raises(TranscriptUnavailableError, match="no times"):
        fetch(make_item(*offer("html"), duration=3600.0), html=page)


def test_a_translation_is_told(store: Store) -> None:
    item = make_item(*offer("srt", language="de"))
    assert "translation" in "".join(fetch(item, srt=SRT).remarks)
    episode = import_published(store, item, fetch(item, srt=SRT), SHOW).episode or ""
    assert "a translation from en" in find_origin(store.all_facts()[episode]).description
    assert fetch(make_item(*offer("srt", language="en-US")), srt=SRT).remarks == ()


# Importing


def test_an_import_has_the_details_of_its_episode_and_is_marked_as_the_publishers(store: Store) -> None:
    item = make_item(*offer("srt"))
    outcome = import_published(store, item, fetch(item, srt=SRT), SHOW)
    (episode,) = store.episodes()
    assert (outcome.status, outcome.episode, outcome.reason) == ("done", "the-quiet-harbor", None)
    assert (episode.show, episode.title, episode.published) == ("Fail Better", "The Quiet Harbor", "2026-05-06")
    assert (episode.address, episode.media, episode.state) == ("https://example.com/5.mp3", None, "imported")
    assert store.numbers() == {episode.id: "5"}
    facts = store.facts(episode.id)
    assert facts is not None
    assert (facts.language, publisher_of(facts.settings)) == ("en", "Fail Better")
    origin = find_origin(facts)
    assert origin.kind == "publisher"
    assert origin.description == "the publisher's transcript (Fail Better), not checked against the sound"


def test_the_file_is_kept_as_it_was_fetched(store: Store) -> None:
    data = b"\xef\xbb\xbf" + SRT.replace("\n", "\r\n").encode()
    item = make_item(*offer("srt", language="en-US"))
    outcome = import_published(store, item, fetch(item, srt=data), SHOW)
    kept = store.published(outcome.episode or "")
    assert kept == PublishedFile(f"{HOST}5.srt", "application/x-subrip", "en", data)


def test_text_without_times_is_spread_over_the_announced_duration_and_marked_so(store: Store) -> None:
    item = make_item(*offer("txt"), duration=60.0)
    outcome = import_published(store, item, fetch(item, txt=PROSE), SHOW)
    transcript = store.transcript(outcome.episode or "")
    facts = store.facts(outcome.episode or "")
    assert transcript is not None
    assert facts is not None
    assert "spread evenly over the announced duration" in (outcome.reason or "")
    assert transcript.timing == "interpolated"
    assert spread_over(facts.settings) == 60.0
    assert "guessed over" in find_origin(facts).description
    assert transcript.words[0].start == 0.0
    assert transcript.words[-1].end == pytest.approx(60.0, abs=0.01)
    starts = [word.start for word in transcript.words]
    assert starts == sorted(starts)


def test_the_same_transcript_is_imported_once(store: Store) -> None:
    item = make_item(*offer("srt"))
    first = import_published(store, item, fetch(item, srt=SRT), SHOW)
    again = import_published(store, item, fetch(item, srt=SRT), SHOW, episode=first.episode)
    assert (again.status, again.reason) == ("skipped", "already imported")
    assert len(store.episodes()) == 1


def test_two_episodes_may_have_the_same_transcript(store: Store) -> None:
    one, other = make_item(*offer("srt")), make_item(*offer("srt"), identity="guid-6")
    ids = [import_published(store, item, fetch(item, srt=SRT), SHOW).episode for item in (one, other)]
    assert len(set(ids)) == 2
    assert remove_copies(store) == []


def test_a_check_of_the_library_reads_the_kept_files(store: Store) -> None:
    item = make_item(*offer("srt"))
    import_published(store, item, fetch(item, srt=SRT), SHOW)
    assert store.check() == []
    store._connection.execute("UPDATE published_transcripts SET content = x'00'")
    (fault,) = store.check()
    assert "publisher's transcript" in fault


def test_a_changed_transcript_replaces_its_own_words_alone(store: Store) -> None:
    item, changed = make_item(*offer("srt")), SRT.replace("more", "much more")
    episode = import_published(store, item, fetch(item, srt=SRT), SHOW).episode or ""
    outcome = import_published(store, item, fetch(item, srt=changed), SHOW, episode=episode)
    transcript = store.transcript(episode)
    assert transcript is not None
    assert "much more" in transcript.text
    assert "changed" in (outcome.reason or "")
    store.save_transcript(episode, make_transcript("We never stopped there is more to come"))
    outcome = import_published(store, item, fetch(item, srt=SRT), SHOW, episode=episode)
    assert store.transcript(episode) == make_transcript("We never stopped there is more to come")
    assert "kept beside the words of Whisper fake" in (outcome.reason or "")
    kept = store.published(episode)
    assert kept is not None
    assert kept.data == SRT.encode()


def test_a_changed_transcript_does_not_replace_words_that_were_edited(store: Store) -> None:
    item, changed = make_item(*offer("srt")), SRT.replace("more", "much more")
    episode = import_published(store, item, fetch(item, srt=SRT), SHOW).episode or ""
    store.name_speakers(episode, {"Ann": "Ann Lee"})
    store.record_edits(episode, ["speakers"])
    before = store.transcript(episode)
    outcome = import_published(store, item, fetch(item, srt=changed), SHOW, episode=episode)
    assert outcome.status == "skipped"
    assert "edited by hand" in (outcome.reason or "")
    assert store.transcript(episode) == before
    kept = store.published(episode)
    assert kept is not None
    assert kept.data == SRT.encode()


def test_a_transcription_in_progress_is_not_lost(store: Store) -> None:
    talk = add_episode(store, "Talk")
    store.start_draft(talk.id, "recipe", "plan")
    item = make_item(*offer("srt"))
    outcome = import_published(store, item, fetch(item, srt=SRT), SHOW, episode=talk.id)
    assert store.draft(talk.id, "recipe") is not None
    assert store.published(talk.id) is not None
    assert "being transcribed" in (outcome.reason or "")


def test_a_kept_file_that_is_no_such_file_is_damage_that_is_told(store: Store) -> None:
    episode = add_text(store, "Talk", "words").id
    store.save_published(episode, PublishedFile(f"{HOST}5.srt", None, None, b"x"))
    store._connection.execute("UPDATE published_transcripts SET address = 'javascript:alert(1)'")
    with pytest.raises(LibraryError, match="damaged"):
        store.published(episode)
    with pytest.raises(ValueError, match="at most"):
        store.save_published(episode, PublishedFile(f"{HOST}5.srt", None, None, bytes(MOST_PUBLISHED_BYTES + 1)))
