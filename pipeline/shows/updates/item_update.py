"""Make episodes of items of feeds: fetched ahead, transcribed one after the other, each stored with its item."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from audio.media import hash_file, probe_media
from audio.recording.tags import Tags
from index.fulltext.maintenance import update_index
from index.storage.episode_names import name_episode
from index.storage.store import Store
from index.transcript import Episode
from pipeline.answers import Outcome
from pipeline.batch.batch import Batch
from pipeline.batch.batch_request import FileRequest, Request
from pipeline.batch.chosen_executor import choose_executor, resolve_options
from pipeline.batch.cluster.place import ClusterPlace
from pipeline.batch.episode_details import EpisodeDetails
from pipeline.batch.library_model import name_model
from pipeline.batch.remembered_files import remembered_hash
from pipeline.engines.choose import AUTO
from pipeline.errors import as_failure
from pipeline.imported.import_times import TimingOptions
from pipeline.progress import BatchStarted, FileArrived, FileClosed, ProgressCallback, ProgressEvent
from pipeline.shows.describing import save_description
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.named_people import glossary_of
from pipeline.shows.published.published_import import address_of, import_published, save_published
from pipeline.shows.updates.downloads_ahead import DownloadsAhead
from pipeline.shows.updates.fetched_items import FetchedItem, ItemFetcher
from pipeline.shows.updates.keeping import drop_copy, prune_show
from pipeline.shows.updates.sound_files import drop_empty_folders, tell_of_link
from pipeline.shows.updates.updated_episodes import UpdatedEpisode, UpdateStatus, describe_item
from pipeline.shows.updates.wanted_items import WantedItem
from pipeline.transcription.options import TranscriptionOptions

UNSUBSCRIBED = "its subscription ended meanwhile"
"""Why an item is skipped whose show was unsubscribed from while an earlier one was transcribed."""


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """How items become episodes: options of transcription, processes, and whether names of people are its glossary.

    With ``aligns`` the words of publishers' transcripts get the times at which the sound has them. With ``replaces``
    the words of other sound, and those of publishers, are replaced. ``place`` is the cluster that transcribes, if any.
    """

    options: TranscriptionOptions
    jobs: int = 1
    with_names: bool = True
    aligns: bool = False
    replaces: bool = False
    place: ClusterPlace | None = None


class ItemUpdate:
    """One run over items of feeds."""

    def __init__(
        self,
        store: Store,
        courier: Courier,
        request: UpdateRequest,
        progress: ProgressCallback,
        stopped: Callable[[], bool],
        told: Callable[[UpdatedEpisode], None],
    ) -> None:
        """``stopped`` returns whether to begin nothing more; ``told`` is called with what came of each item."""
        self._store = store
        self._request = request
        self._progress = progress
        self._stopped = stopped
        self._told = told
        self._downloads = DownloadsAhead(progress, stopped)
        self._fetcher = ItemFetcher(store.directory, courier, self._downloads.report)
        self._fetched: dict[str, FetchedItem] = {}
        self._files: dict[Path, FileRequest] = {}
        self.outcomes: list[Outcome] = []
        """What came of the items so far, in the order of completion, as of files of a batch."""

    def run(self, wanted: Sequence[WantedItem]) -> None:
        """Make an episode of each item, in order. One that fails does not stop the others.

        Raises MachineError (ModelError) if nothing more can be downloaded or transcribed; what was finished is saved.
        """
        options = self._request.options
        if any(one.with_sound for one in wanted):
            tell_of_link(self._store.directory, self._progress)
            options = resolve_options(name_model(options, self._store.default_model()), self._request.place)
        durations = {self._name_of(one): one.item.duration or 0.0 for one in wanted if one.with_sound}
        self._progress(BatchStarted(len(wanted), durations))
        request = Request(options, model_named=self._request.options.engine.model != AUTO, files=self._files)
        jobs = min(self._request.jobs, len(wanted))
        device = self._request.options.engine.device
        executor = choose_executor(jobs, self._request.place, options.engine, device, self._stopped, self._note)
        with closing(self._files_of(wanted)) as files:
            Batch(self._store, executor, request, self._note, self._stopped).run_as_they_come(files)
        update_index(self._store)
        drop_empty_folders(self._store.directory)

    def _files_of(self, wanted: Sequence[WantedItem]) -> Generator[Path, None, None]:
        """Yield the sound that is to be transcribed, as it arrives; do here what else is to be done with the items."""
        with closing(self._downloads.each(self._keep_followed(wanted), self._fetcher.fetch)) as arriving:
            for fetched in arriving:
                try:
                    file = self._settle(fetched)
                except Exception as error:  # noqa: BLE001 - one item never stops the others
                    failure = as_failure(error, fetched.wanted.item.title)
                    self._close(fetched, Outcome(fetched.wanted.item.title, None, "failed", str(failure), failure))
                    continue
                if file is not None:
                    yield file

    def _keep_followed(self, wanted: Sequence[WantedItem]) -> Iterator[WantedItem]:
        """Yield the items whose shows are still followed when their turn comes, and close the others."""
        for one in wanted:
            if self._is_followed(one):
                yield one
            else:
                self._close(FetchedItem(one), Outcome(one.item.title, one.episode, "skipped", UNSUBSCRIBED))

    def _is_followed(self, wanted: WantedItem) -> bool:
        return wanted.number is None or self._store.follows(wanted.number)

    # What is done with an item

    def _settle(self, fetched: FetchedItem) -> Path | None:
        """Return the sound of an item if that is to be transcribed; else do what is to be done with it."""
        wanted, sound = fetched.wanted, fetched.sound
        if not self._is_followed(wanted):
            if sound is not None and not self._is_known(wanted, sound):
                sound.unlink(missing_ok=True)
                fetched = replace(fetched, sound=None)
            self._close(fetched, Outcome(wanted.item.title, wanted.episode, "skipped", UNSUBSCRIBED))
            return None
        takes_words = fetched.published is not None and (wanted.choices.transcripts == "publisher" or sound is None)
        if takes_words:
            self._close(fetched, self._import(fetched))
        elif sound is not None:
            known = not wanted.named and self._is_known(wanted, sound)  # better than by an address
            self._files[sound] = FileRequest(
                wanted.given if known else _details_of(wanted, sound),
                tuple(glossary_of(wanted.feed, wanted.item)) if self._request.with_names else (),
                wanted.episode,
                self._request.replaces,
                partial(self._store_address, wanted) if known else partial(self._store_item, fetched),
                partial(self._is_of_other_show, wanted),
            )
            kept = fetched.published.remarks if fetched.published is not None else ()
            told = (f"the publisher's transcript: {remark}" for remark in kept)
            self._fetched[str(sound)] = replace(fetched, remarks=(*fetched.remarks, *told))
            self._progress(FileArrived(self._name_of(wanted), str(sound)))
            return sound
        elif fetched.failure is not None:
            failure = fetched.failure
            self._close(fetched, Outcome(wanted.item.title, wanted.episode, "failed", str(failure), failure))
        else:
            self._close(fetched, Outcome(wanted.item.title, self._register(fetched), "done", "without sound and words"))
        return None

    def _import(self, fetched: FetchedItem) -> Outcome:
        """Make the publisher's transcript the words of an item's episode."""
        wanted = fetched.wanted
        assert fetched.published is not None
        return import_published(
            self._store, wanted.item, fetched.published, _details_of(wanted, fetched.sound),
            TimingOptions(align=self._request.aligns and fetched.sound is not None), episode=wanted.episode,
            audio=fetched.sound, progress=self._progress, stored=partial(self._store_item, fetched),
        )  # fmt: skip

    def _register(self, fetched: FetchedItem) -> str:
        """Add an episode without sound and words; return its id."""
        wanted, item = fetched.wanted, fetched.wanted.item
        source = address_of(item) or item.identity
        digest = hashlib.sha256(wanted.identity.encode()).hexdigest()
        with self._store.transaction():
            episode = self._store.add_episode(
                Episode(name_episode(item.title), wanted.show, item.title, item.published, source, "registered"), digest
            )
            self._store_item(fetched, episode.id)
        return episode.id

    def _store_item(self, fetched: FetchedItem, episode: str) -> None:
        """Store what else is known of an item with its episode: by that an interrupted run is continued."""
        wanted = fetched.wanted
        with self._store.transaction():
            is_of_other = self._is_of_other_show(wanted, episode)
            if wanted.number is not None:
                self._store.link_item(wanted.number, wanted.identity, episode)
            if is_of_other:
                return
            save_description(self._store, episode, wanted.feed, wanted.item, fetched.chapters)
            if "address" not in self._store.edited_fields(episode):
                self._store.save_address(episode, address_of(wanted.item))
            if fetched.published is not None:
                save_published(self._store, episode, fetched.published)

    def _is_of_other_show(self, wanted: WantedItem, episode: str) -> bool:
        """Whether another show has an episode already: it describes it, not whoever publishes the same sound later."""
        if wanted.number is None:
            return False
        return any(item.show != wanted.number for item in self._store.items_of_episode(episode))

    def _is_known(self, wanted: WantedItem, sound: Path) -> bool:
        """Whether the library has an episode with this sound, or for it."""
        sha256 = remembered_hash(self._store, sound) or hash_file(sound)
        return wanted.episode is not None or self._store.episode_by_hash(sha256) is not None

    def _store_address(self, wanted: WantedItem, episode: str) -> None:
        """Store the address of an item with an episode that has none."""
        stored = self._store.episode(episode)
        if stored is not None and stored.address is None and "address" not in self._store.edited_fields(episode):
            self._store.save_address(episode, address_of(wanted.item))

    # Outcomes

    def _note(self, event: ProgressEvent) -> None:
        """Take the events of the batch: the outcome of a file is that of its item."""
        if isinstance(event, FileClosed) and event.outcome.source in self._fetched:
            self._close(self._fetched.pop(event.outcome.source), event.outcome)
        else:
            self._progress(event)

    def _close(self, fetched: FetchedItem, outcome: Outcome) -> None:
        wanted, lost = fetched.wanted, fetched.failure
        remarks = list(filter(None, (outcome.reason, *fetched.remarks)))
        status: UpdateStatus = outcome.status
        if lost is not None and outcome.error is not lost:  # its words are there nevertheless
            status, remarks = "failed", [*remarks, f"its sound is missing: {lost.message}"]
            fetched = replace(fetched, advice=lost.way_out)
        sound = fetched.sound
        if sound is not None and outcome.episode is not None and status != "failed":
            sound = drop_copy(self._store, outcome.episode, sound)
        media = str(sound) if sound is not None else None
        reason = "; ".join(remarks) or None
        updated = describe_item(wanted, status, outcome.episode, media, reason, outcome.error, fetched.advice)
        self.outcomes.append(outcome)
        self._progress(FileClosed(outcome))
        self._told(updated)
        if wanted.number is not None and status == "done":
            prune_show(self._store, wanted.number, wanted.choices)

    def _name_of(self, wanted: WantedItem) -> str:
        """Return under what name progress tells of an item before its sound has arrived."""
        return str(self._fetcher.place(wanted))


def _details_of(wanted: WantedItem, sound: Path | None) -> EpisodeDetails:
    """Return title, show and date of an item's episode: what the user says, else its page or feed, or its tags."""
    given, told, item = wanted.given, wanted.told, wanted.item
    tags = Tags() if wanted.named or sound is None else probe_media(sound).tags
    return EpisodeDetails(
        given.show or told.show or tags.show or (wanted.show if wanted.named else None),
        given.title or told.title or tags.title or item.title,
        given.published or told.published or item.published,
    )
