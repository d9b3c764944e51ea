"""Keep the marks of repeats up to date with the transcripts of a library.

Every step is one transaction of the store, which records what is left to do: an update that is killed goes on with the
next one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from index.repeats.fingerprints import Fingerprint, find_fingerprints, key_of, tokenize_texts
from index.repeats.marking import Partner, find_partners, find_repeats
from index.repeats.regions import SharedRegion
from index.storage.recurring.fingerprint_lists import MarkableTranscript
from index.storage.recurring.repeat_marks import RepeatedWords, repeat_at
from index.storage.store import Store

Progress = Callable[[int, int], None]
"""Called with the number of steps that are done, and of all that are known."""

_SETTLED = 12
"""A passage of so many episodes is settled: those that are marked are not compared with one that is added."""

_BATCH_FINGERPRINTS = 20_000
"""Fingerprints that are added in one transaction, those of some hours. They lie anywhere in the inverted lists: with a
transaction for each of 300 episodes of 600 words the same pages were written again and again, and an update took 4.9 s
of processor time instead of 2.7."""

_Fingerprinted = tuple[MarkableTranscript, list[Fingerprint]]

_log = logging.getLogger("airquote.repeats")


def update_repeats(store: Store, progress: Progress = lambda _, __: None) -> None:
    """Mark the repeats of transcripts that are new, and of those in which they change what recurs."""
    gone = store.superfluous_fingerprints()
    if gone:
        _remove(store, gone)
    added = store.without_fingerprints()
    batch: list[_Fingerprinted] = []
    for done, one in enumerate(added):
        progress(done, 2 * len(added))
        text = tokenize_texts(store.spoken_texts(one.transcript, 0, one.words - 1))
        batch.append((one, find_fingerprints(text, one.language, one.show)))
        if sum(len(prints) for _, prints in batch) > _BATCH_FINGERPRINTS:
            _add(store, batch)
            batch = []
    _add(store, batch)
    pending = store.pending()
    total = len(added) + len(pending)
    for done, key in enumerate(pending, start=len(added)):
        progress(done, total)
        _mark(store, key)
    if pending:
        progress(total, total)
        _log.info("%d transcripts added, %d removed, %d marked", len(added), len(gone), len(pending))


def rebuild_repeats(store: Store, progress: Progress = lambda _, __: None) -> None:
    """Find all repeats anew."""
    store.forget_fingerprints()
    update_repeats(store, progress)


def _remove(store: Store, keys: Sequence[int]) -> None:
    """Remove transcripts; those in which passages recur that they have are marked anew."""
    with store.transaction():
        for key, prints in store.fingerprints_of(keys).items():
            store.mark_pending([other.key for other in find_partners(store, key, prints)])
        store.remove_fingerprints(keys)


def _add(store: Store, batch: Sequence[_Fingerprinted]) -> None:
    """Add the fingerprints of transcripts; others in which their passages recur unmarked are marked anew."""
    with store.transaction():
        # Another process may have replaced, removed or marked one meanwhile.
        added = [(key_of(prints), one, prints) for one, prints in batch if store.lacks_fingerprints(one)]
        # Before any is added: of a passage that many of them have, the first owners would be these.
        for _, _, prints in added:
            partners = find_partners(store, None, prints)
            store.mark_pending([other.key for other in partners if _may_gain(store, other)])
        store.add_fingerprints(added)


def _may_gain(store: Store, other: Partner) -> bool:
    """Whether a transcript may get other marks by one that shares these regions with it."""
    known = store.repeats(store.transcript_of(other.key))
    return any(_is_open(region, known, store) for region in other.regions)


def _is_open(region: SharedRegion, known: Sequence[RepeatedWords], store: Store) -> bool:
    """Whether two shared fingerprints of a region are not marked, or few episodes have the passage."""
    held = [repeat_at(known, there, there) for _, there in region.seeds]
    families = {family for family in held if family is not None}
    return held.count(None) > 1 or any(store.other_episodes(family) < _SETTLED for family in families)


def _mark(store: Store, key: int) -> None:
    with store.transaction():
        one = store.pending_transcript(key)
        if one is not None:  # else another process marked or removed it meanwhile
            store.save_repeats(key, one.transcript, find_repeats(store, key, one))
