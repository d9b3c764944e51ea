"""Write a Whoosh index: commit passages, merge segments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from whoosh.index import clean_files
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from index.fulltext.merge_policy import IndexSegment, select_commit_merge
from index.fulltext.passages import CutPassage, keys_of, number_grams
from index.fulltext.whoosh.whoosh_codec import PassageCodec
from index.fulltext.whoosh.whoosh_files import (
    PassageIndex,
    WhooshStorage,
    contents_name,
    damage_noticed,
    read_contents,
    write_contents,
)
from index.language.common_words import common_grams
from index.language.tokens import stem_token

WRITER_MEGABYTES = 64
"""Memory for postings while writing; beyond it they are sorted on disk. To index 6,000 passages of random words takes
24 s of processor time and a process of 237 MB with 128 here, 26 s and 151 MB with 64, 26 s and 108 MB with 32."""


def change_index(
    folder: Path, removed: Iterable[int], added: Iterable[tuple[int, str | None, Iterable[CutPassage]]]
) -> None:
    """Remove transcripts by number and add others (number, language, passages), in one commit.

    Creates the index if it does not exist. A removed transcript is no longer found; its words are erased at once where
    that rewrites little, else with the next merge (index/fulltext/merging.py).
    """
    with damage_noticed(folder, writing=True), WhooshStorage(folder) as storage:
        folder.mkdir(parents=True, exist_ok=True)
        writer = _open_writer(storage)
        try:
            for transcript in removed:
                writer.delete_by_term("number", str(transcript))
            pending = 0
            for transcript, language, passages in added:
                for passage in passages:
                    writer.add_document(
                        number=str(transcript),
                        language=language or "none",
                        transcript=transcript,
                        first=passage.first,
                        last=passage.last,
                        tokens=len(passage.tokens),
                        stems=[stem_token(token, language) for token in passage.tokens],
                        grams=common_grams(passage.tokens, language) + number_grams(passage.tokens, passage.numbers),
                        numbers=[key for reading in passage.numbers for key in keys_of(reading.number)],
                    )
                    pending += 1
            writer.commit(mergetype=_merge_policy(pending))
        except BaseException:
            _abandon(writer)
            raise


class _Writer(SegmentWriter):  # type: ignore[misc]
    def _commit_toc(self, segments: list[Any]) -> None:
        write_contents(self.storage, segments, self.generation)
        clean_files(self.storage, self.indexname, self.generation, segments)


def _open_writer(storage: WhooshStorage) -> _Writer:
    """Open the index for writing; it is created if it does not exist."""
    index = PassageIndex(storage)
    if index.latest_generation() < 0:
        write_contents(storage, [], 0)
    return _Writer(index, limitmb=WRITER_MEGABYTES, codec=PassageCodec())


def _abandon(writer: Any) -> None:
    """Cancel a failed writer; if its files cannot be written, closing them fails too, so release the lock."""
    with suppress(Exception):
        writer.cancel()
        return
    writer.writelock.release()


def _merge_policy(pending: int) -> Callable[[Any, list[Any]], list[Any]]:
    def merge(writer: Any, segments: list[Any]) -> list[Any]:
        merged = select_commit_merge(map(_describe, segments), pending)
        for segment in segments:
            if _describe(segment) in merged:
                _copy_segment(writer, writer.storage, segment)
        return [segment for segment in segments if _describe(segment) not in merged]

    return merge


def _describe(segment: Any) -> IndexSegment:
    return IndexSegment(segment.segment_id(), segment.doc_count(), segment.deleted_count())


def _copy_segment(writer: Any, storage: WhooshStorage, segment: Any) -> None:
    with closing(SegmentReader(storage, writer.schema, segment)) as reader:
        writer.add_reader(reader)


def list_segments(folder: Path) -> list[IndexSegment]:
    """Return the segments of an index. Raises IndexDamagedError."""
    with damage_noticed(folder), WhooshStorage(folder) as storage:
        return list(map(_describe, read_contents(storage).segments))


def merge_segments(folder: Path, segments: Collection[IndexSegment], side: Path) -> None:
    """Merge the live passages of these segments into one, the only segment of a new index in the folder ``side``.

    ``folder`` is unchanged, and may be written meanwhile. Raises IndexDamagedError, also if a segment is missing.
    """
    with damage_noticed(folder, writing=True), WhooshStorage(folder) as storage, WhooshStorage(side) as target:
        names = {segment.name for segment in segments}
        writer = _open_writer(target)
        try:
            for segment in read_contents(storage).segments:
                if segment.segment_id() in names:
                    _copy_segment(writer, storage, segment)
            writer.commit()
        except BaseException:
            _abandon(writer)
            raise


def replace_segments(folder: Path, segments: Collection[IndexSegment], side: Path) -> list[Path] | None:
    """Replace these segments by the one that ``merge_segments`` wrote; None if one of them has changed since.

    Returns the files that the index no longer needs, for the caller to remove. Raises IndexDamagedError.
    """
    if not set(segments) <= set(list_segments(folder)):
        return None
    with damage_noticed(folder, writing=True), WhooshStorage(folder) as storage, WhooshStorage(side) as target:
        toc = read_contents(storage)
        names = {segment.name for segment in segments}
        kept = [one for one in toc.segments if one.segment_id() not in names]
        merged = [one for one in read_contents(target).segments if one.doc_count()]
        for one in merged:
            file = one.make_filename(".seg")
            (side / file).replace(folder / file)
        write_contents(storage, [*kept, *merged], toc.generation + 1)
        gone = [one.make_filename(".seg") for one in toc.segments if one.segment_id() in names]
        return [folder / name for name in (*gone, contents_name(toc.generation))]
