"""The search engines that airquote is compared with: SQLite FTS5, and Whoosh with positions.

Both index the same passages as folded tokens joined by spaces, so that all three tokenize alike. FTS5 is written in C;
both stem with Porter's algorithm and store positions. Neither verifies the unstemmed words of a phrase, nor returns
which words of the passage match, nor their times.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from bench.search_corpus import Corpus
from bench.search_queries import NUMBER_KINDS, Asked
from whoosh.analysis import StemmingAnalyzer
from whoosh.fields import ID, STORED, TEXT, Schema
from whoosh.index import create_in, exists_in, open_dir
from whoosh.query import And, FuzzyTerm, Phrase, Prefix, Term

FTS5, WHOOSH = "SQLite FTS5", "Whoosh with positions"
BEST = 10
_COMMIT_PASSAGES = 10_000


class Competitor(Protocol):
    """A search over passages."""

    def ask(self, asked: Asked) -> int | None:
        """Fetch the best ten results and return their number; None for a query that is not supported."""


class SqliteSearch:
    """SQLite FTS5 with the porter and unicode61 tokenizers, ranked by its bm25."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file)

    def ask(self, asked: Asked) -> int | None:
        """See Competitor. FTS5 has no edit distance."""
        if asked.kind in ("fuzzy", *NUMBER_KINDS):
            return None
        words = [f'"{token}"' for token in asked.tokens]
        match = f'"{" ".join(asked.tokens)}"' if asked.is_phrase else " ".join(words)
        match += "*" if asked.kind == "prefix" else ""
        conditions, values = "passages MATCH ?", [match]
        if asked.show is not None:
            conditions, values = f"{conditions} AND show = ?", [*values, asked.show]
        if asked.year is not None:
            conditions, values = f"{conditions} AND published GLOB ?", [*values, f"{asked.year}-*"]
        statement = f"SELECT rowid, episode, text FROM passages WHERE {conditions} ORDER BY rank LIMIT {BEST}"
        return len(self._database.execute(statement, values).fetchall())


class WhooshSearch:
    """Whoosh as its users set it up for phrases: a stemmed text field with positions, BM25F."""

    def __init__(self, folder: Path) -> None:
        self._searcher = open_dir(str(folder)).searcher()
        self._analyzer = _analyzer()

    def ask(self, asked: Asked) -> int | None:
        """See Competitor."""
        if asked.kind in NUMBER_KINDS:
            return None
        stems = [token.text for token in self._analyzer(" ".join(asked.tokens))]
        query: Any
        if asked.kind == "prefix":
            query = Prefix("text", asked.tokens[0])
        elif asked.kind == "fuzzy":
            query = FuzzyTerm("text", stems[0], maxdist=1, prefixlength=1)
        else:
            query = Phrase("text", stems) if asked.is_phrase else And([Term("text", stem) for stem in stems])
        kept: Any = Term("show", asked.show) if asked.show is not None else None
        if asked.year is not None:
            kept = Prefix("published", f"{asked.year}-")
        results = self._searcher.search(query, limit=BEST, filter=kept)
        return len([hit["place"] for hit in results])


def load_competitors(folder: Path, corpus: Corpus) -> dict[str, Competitor]:
    """Open both, building those that are not in ``folder`` yet."""
    return {
        FTS5: SqliteSearch(_build_sqlite(folder / "fts5.db", corpus)),
        WHOOSH: WhooshSearch(_build_whoosh(folder / "whoosh", corpus)),
    }


def _build_sqlite(file: Path, corpus: Corpus) -> Path:
    if file.exists():
        return file
    partial = file.with_suffix(".new")
    partial.unlink(missing_ok=True)
    with closing(sqlite3.connect(partial)) as database:
        database.execute(
            "CREATE VIRTUAL TABLE passages USING fts5(text, show UNINDEXED, published UNINDEXED, episode UNINDEXED,"
            " tokenize=\"porter unicode61 remove_diacritics 2 tokenchars '''_'\")"
        )
        database.executemany("INSERT INTO passages VALUES (?, ?, ?, ?)", _rows(corpus))
        database.execute("INSERT INTO passages(passages) VALUES ('optimize')")
        database.commit()
    return partial.rename(file)


def _build_whoosh(folder: Path, corpus: Corpus) -> Path:
    """Build in commits of 10,000 passages, so that a stopped build resumes; at the end merge into one segment."""
    if folder.exists():
        return folder
    partial = folder.with_suffix(".new")
    partial.mkdir(parents=True, exist_ok=True)
    text = TEXT(analyzer=_analyzer(), phrase=True)
    schema = Schema(text=text, show=ID, published=ID, place=STORED)
    index = open_dir(str(partial)) if exists_in(str(partial)) else create_in(str(partial), schema)
    rows = enumerate(_rows(corpus))
    next(islice(rows, index.doc_count() - 1, index.doc_count()), None) if index.doc_count() else None
    while batch := list(islice(rows, _COMMIT_PASSAGES)):
        writer = index.writer(limitmb=256)
        for number, (words, show, published, _) in batch:
            writer.add_document(text=words, show=show, published=published, place=number)
        writer.commit(merge=False)
    index.writer(limitmb=256).commit(optimize=True)
    shutil.rmtree(folder, ignore_errors=True)
    return partial.rename(folder)


def _rows(corpus: Corpus) -> Iterator[tuple[str, str, str, str]]:
    for spoken in corpus.episodes:
        about = spoken.episode
        for first, last in spoken.passages():
            words = " ".join(spoken.tokens[first : last + 1])
            yield words, about.show or "", about.published or "", about.id


def _analyzer() -> Any:
    return StemmingAnalyzer(expression=r"\S+", stoplist=None, minsize=1)
