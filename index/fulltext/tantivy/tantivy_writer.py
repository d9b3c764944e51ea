"""Write a Tantivy index: commit passages, purge removed ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from tantivy import Document

from index.fulltext.passages import CutPassage, keys_of, number_grams
from index.fulltext.reader import PassageColumns
from index.fulltext.tantivy.common_postings import (
    ReadTokens,
    count_deleted,
    file_of_block,
    passages_of_block,
    stale_blocks,
    write_block,
)
from index.fulltext.tantivy.stored_words import write_words
from index.fulltext.tantivy.tantivy_files import (
    DELETED,
    count_terms,
    damage_noticed,
    open_files,
    read_columns,
    write_columns,
)
from index.fulltext.tantivy.tantivy_reader import TantivyFullText
from index.language.common_words import common_grams
from index.language.tokens import stem_token

_WRITER_BYTES = 128 * 1024 * 1024
"""Memory for postings while writing; beyond it Tantivy begins another segment."""


def change_passages(
    folder: Path, removed: Iterable[int], added: Iterable[tuple[int, str | None, Iterable[CutPassage]]]
) -> None:
    """Remove transcripts by number and add others (number, language, passages), in one commit to a numbered folder.

    Creates the index if it does not exist. A removed transcript is no longer found; its words are erased with the
    segment that they are in.
    """
    with damage_noticed(folder, writing=True):
        index = open_files(folder)
        before = read_columns(folder)
        writer = index.writer(_WRITER_BYTES, 1)
        gone = list(removed)
        for transcript in gone:
            writer.delete_documents_by_term("transcript", transcript)
        rows: list[tuple[int, int, int, int]] = []
        stems_of: dict[str | None, _Stems] = {}
        for transcript, language, passages in added:
            stems = stems_of.setdefault(language, _Stems(language))
            for passage in passages:
                grams = [*common_grams(passage.tokens, language), *number_grams(passage.tokens, passage.numbers)]
                numbers = [key for reading in passage.numbers for key in sorted(keys_of(reading.number))]
                document = Document()
                document.add_text("stems", count_terms(map(stems.__getitem__, passage.tokens)))
                document.add_text("grams", count_terms(grams))
                document.add_text("numbers", count_terms(numbers))
                document.add_text("language", language or "none")
                document.add_integer("transcript", transcript)
                document.add_unsigned("passage", len(before.transcripts) + len(rows))
                document.add_bytes("words", write_words(passage))
                writer.add_document(document)
                rows.append((transcript, passage.first, passage.last, len(passage.tokens)))
        writer.commit()
        writer.wait_merging_threads()
        columns = _join(before, gone, rows)
        write_columns(folder, columns)
        for lock in folder.glob(".tantivy-*.lock"):
            lock.unlink(missing_ok=True)
        deleted = count_deleted(columns.transcripts)
        missing = [block for block in range(len(deleted)) if not file_of_block(folder, block).exists()]
        _write_blocks(folder, missing, deleted)


class _Stems(dict[str, str]):
    """The stems of tokens of a language, each asked for once: a quarter of the time of ``stem_token``."""

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, token: str) -> str:
        stem = self[token] = stem_token(token, self._language)
        return stem


def erase_postings(folder: Path) -> None:
    """Write the files of common terms again that may hold postings of deleted passages."""
    with damage_noticed(folder, writing=True):
        deleted = count_deleted(read_columns(folder).transcripts)
        _write_blocks(folder, stale_blocks(folder, deleted), deleted)


def _write_blocks(folder: Path, blocks: Sequence[int], deleted: Sequence[int]) -> None:
    if blocks:
        with closing(TantivyFullText(folder)) as fulltext:
            for block in blocks:
                _write_block(folder, block, fulltext, deleted[block])


def _write_block(folder: Path, block: int, fulltext: TantivyFullText, deleted: int) -> None:
    passages = passages_of_block(block)
    languages = fulltext.languages(passages)

    def read(number: int) -> ReadTokens | None:
        if fulltext.passage(number).transcript == DELETED:
            return None
        return fulltext.tokens(number)[0], languages[number - passages.start]

    write_block(folder, block, read, deleted)


def _join(before: PassageColumns, removed: list[int], rows: list[tuple[int, int, int, int]]) -> PassageColumns:
    """Return the columns with some transcripts removed and these rows behind them."""
    kept = np.where(np.isin(before.transcripts, np.array(removed, dtype=np.int64)), DELETED, before.transcripts)
    added = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    pairs = zip((kept, before.firsts, before.lasts, before.tokens), added, strict=True)
    transcripts, *others = (np.concatenate(pair) for pair in pairs)
    firsts, lasts, tokens = (column.astype(np.int32) for column in others)
    return PassageColumns(transcripts, firsts, lasts, tokens)
