"""Where the bytes of an index go."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from whoosh.reading import SegmentReader

from index.fulltext.manifest import LEXICON, WHOOSH
from index.fulltext.whoosh.whoosh_files import WhooshStorage, make_schema, read_contents


def measure_parts(folder: Path) -> dict[str, int]:
    """Return the bytes of each part of the index in a folder, the largest first."""
    with WhooshStorage(folder / WHOOSH) as storage:
        segments = [SegmentReader(storage, make_schema(), segment) for segment in read_contents(storage).segments]
        places = [reader._terms._terms._places for reader in segments]
    parts = {
        "terms": sum(sum(end - begin for begin, end in zip(one[::2], one[1::2], strict=False)) for one in places),
        "postings": sum(sum(end - begin for begin, end in zip(one[1::2], one[2::2], strict=True)) for one in places),
    }
    with closing(sqlite3.connect(folder / LEXICON)) as lexicon:
        tables = lexicon.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name")
        parts |= {f"lexicon: {name}": size for name, size in tables}
    whole = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    parts["columns, directories and the rest"] = whole - sum(parts.values())
    return dict(sorted(parts.items(), key=lambda part: -part[1]))
