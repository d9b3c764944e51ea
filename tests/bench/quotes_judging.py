"""Judge quotations in several processes, each with the library open; answers are saved, so that a run can resume."""

from __future__ import annotations

import hashlib
import inspect
import json
import multiprocessing
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench.kept_results import RESULTS
from bench.materials import ROOT

from index.fulltext.maintenance import OpenIndex, open_index
from index.quotations.extraction import Quotation
from index.storage.store import Store
from index.verification import judging
from index.verification.confidence import MatchFacts, confidence_of, read_facts
from pipeline.articles.article import Article
from pipeline.articles.selection import Selection
from pipeline.verification.checks import locate_statement, verify_articles
from pipeline.verification.results import CheckedQuotation, FoundPlace
from pipeline.verification.scope import Scope

PROCESSES = 2
EVERYWHERE = Scope(None, ())
JUDGING_CODE = ("index/*.py", "index/**/*.py", "pipeline/verification/*.py", "tests/bench/quotes_damage.py")
_SECONDS_A_REPORT = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """The quotations of one article, each with the person it is attributed to."""

    quotations: tuple[tuple[str, str | None], ...]

    @property
    def key(self) -> str:
        """The same for the same article alone."""
        return hashlib.sha256(json.dumps(self.quotations).encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Place:
    """The words ``first`` to ``last`` of an episode, both included."""

    episode: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer for one quotation; ``closest`` is where it would be looked for."""

    kind: str
    reason: str
    confidence: float
    places: tuple[Place, ...]
    closest: Place | None = None
    misattributed: bool | None = None
    facts: dict[str, Any] | None = None

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Judged:
        """Read what ``asdict`` made of it."""
        closest = Place(**row["closest"]) if row["closest"] else None
        return cls(**{**row, "places": tuple(Place(**place) for place in row["places"]), "closest": closest})


def ask(*texts: str) -> Asked:
    """Return an article of these quotations, attributed to nobody."""
    return Asked(tuple((text, None) for text in texts))


def verify(asked: Asked, opened: OpenIndex) -> list[Judged]:
    """Judge the quotations of an article as ``airquote verify`` does."""
    offset, quotations = 0, []
    for text, speaker in asked.quotations:
        quotations.append(Quotation(text, (text,), offset, offset + len(text), speaker))
        offset += len(text) + 2
    article = Article("\n\n".join(text for text, _ in asked.quotations), None, "bench")
    (checked,) = verify_articles([Selection(article, tuple(quotations), ())], opened, EVERYWHERE, 0)
    return [_to_judged(one) for one in checked.quotations]


def locate(asked: Asked, opened: OpenIndex) -> list[Judged]:
    """Locate each quotation as ``airquote locate`` does; the likeliest place, however little is alike."""
    answers = []
    for text, _ in asked.quotations:
        found = locate_statement(text, opened, EVERYWHERE, 1, least=0.0)
        answers.append(_to_judged(found[0]) if found else Judged("not found", "", 0.0, ()))
    return answers


def verify_with_facts(asked: Asked, opened: OpenIndex) -> list[Judged]:
    """Judge one quotation, and note the facts that the confidence of its verdict follows from."""
    rated: list[MatchFacts] = []

    def note(kind: str, facts: MatchFacts) -> float:
        rated.append(facts)
        return confidence_of(kind, facts)

    with patch.object(judging, "confidence_of", note):
        (judged,) = verify(asked, opened)
    return [replace(judged, facts=asdict(rated[-1]) if rated else None)]


WAYS = {"verify": verify, "locate": locate, "facts": verify_with_facts}


def judge_all(
    part: str, library: Path, articles: Sequence[Asked], way: str = "verify", processes: int = PROCESSES
) -> list[list[Judged]]:
    """Return the answers for each article, in order; those of an earlier run with the same code are read from disk."""
    file = RESULTS / _judging_version(way) / f"{library.name}-{way}.jsonl"
    known = dict(_read_saved(file))
    missing = [one for one in {asked.key: asked for asked in articles}.values() if one.key not in known]
    if missing:
        file.parent.mkdir(parents=True, exist_ok=True)
        began = reported = time.monotonic()
        context = multiprocessing.get_context("spawn")
        with (
            context.Pool(processes, _open_library, (library, way)) as pool,
            file.open("a", encoding="utf-8") as saved,
        ):
            for number, (key, rows) in enumerate(pool.imap_unordered(_judge, missing, chunksize=4), 1):
                saved.write(json.dumps({"key": key, "judged": rows}) + "\n")
                saved.flush()
                known[key] = rows
                if time.monotonic() - reported > _SECONDS_A_REPORT:
                    reported = time.monotonic()
                    left = (len(missing) - number) * (reported - began) / number / 60
                    print(f"{part}: {number} of {len(missing)}, {left:.0f} min left", file=sys.stderr, flush=True)
    return [[Judged.from_json(row) for row in known[asked.key]] for asked in articles]


@cache
def _judging_version(way: str) -> str:
    """Return a digest of the code that answers; of the confidence, facts alone stay valid when it is fitted again."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in JUDGING_CODE for path in ROOT.glob(pattern)):
        if way != "facts" or path.name != "confidence.py":
            digest.update(path.read_bytes())
    digest.update(inspect.getsource(read_facts).encode())
    return digest.hexdigest()[:10]


def _read_saved(file: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the saved answers; the last line may be cut off where a run was killed."""
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                continue
            yield row["key"], row["judged"]


_process = ExitStack()
_opened: OpenIndex | None = None
_way = verify


def _open_library(library: Path, way: str) -> None:
    """Open the library once in each process, for as long as it lives."""
    global _opened, _way
    _opened = _process.enter_context(open_index(_process.enter_context(Store.open(library))))
    _way = WAYS[way]


def _judge(asked: Asked) -> tuple[str, list[dict[str, Any]]]:
    assert _opened is not None
    return asked.key, [asdict(judged) for judged in _way(asked, _opened)]


def _to_judged(one: CheckedQuotation) -> Judged:
    closest = _to_place(one.closest) if one.closest else None
    places = tuple(map(_to_place, one.places))
    return Judged(one.kind, one.reason, one.confidence, places, closest, one.misattributed)


def _to_place(found: FoundPlace) -> Place:
    numbers = [
        number for spoken in found.edits for number in (spoken.edit.first, spoken.edit.last) if number is not None
    ]
    return Place(found.episode.id, min(numbers, default=-1), max(numbers, default=-1))
