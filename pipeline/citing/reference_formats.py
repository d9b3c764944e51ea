"""Citations for reference managers: BibTeX, RIS and CSL-JSON, with the times in a note."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pipeline.citing.citations import Citable, address_of
from pipeline.citing.cited_dates import MONTHS, read_parts, time_range

_LATEX = re.compile(r"[\\{}$&#_%~^]")
_LATEX_NAMES = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def cite_bibtex(cited: Citable) -> str:
    """Return an entry for BibTeX and biblatex, in UTF-8."""
    return f"@misc{{{_key(cited)},\n" + "".join(f"  {name} = {value},\n" for name, value in _bibtex_fields(cited)) + "}"


def _bibtex_fields(cited: Citable) -> Iterator[tuple[str, str]]:
    parts = read_parts(cited.published)
    yield "title", f"{{{{{_escape_latex(cited.title)}}}}}"
    yield (
        "howpublished",
        f"{{{_escape_latex(f'Podcast episode in {cited.show}' if cited.show else 'Podcast episode')}}}",
    )
    if parts:
        yield "date", f"{{{cited.published}}}"
        yield "year", f"{{{parts[0]}}}"
    if len(parts) > 1:
        yield "month", MONTHS[parts[1] - 1][:3].lower()
    yield "note", f"{{{time_range(cited.start, cited.end).replace('–', '--')}}}"
    if address := address_of(cited):
        yield "url", f"{{{address}}}"


def _escape_latex(text: str) -> str:
    return _LATEX.sub(lambda found: _LATEX_NAMES.get(found[0], f"\\{found[0]}"), re.sub(r"\s+", " ", text))


def cite_ris(cited: Citable) -> str:
    """Return a record in the format of Research Information Systems."""
    parts = read_parts(cited.published)
    date = "/".join([*(f"{part:02}" for part in parts), *[""] * (4 - len(parts))]) if parts else None
    rows = (
        ("TY", "SOUND"), ("ID", _key(cited)), ("TI", cited.title), ("T2", cited.show), ("DA", date),
        ("PY", str(parts[0]) if parts else None), ("M3", "Podcast episode"),
        ("N1", time_range(cited.start, cited.end)), ("UR", address_of(cited)),
    )  # fmt: skip
    return "".join(f"{tag}  - {' '.join(value.split())}\n" for tag, value in rows if value) + "ER  - "


def cite_csl(cited: Citable) -> str:
    """Return an item of CSL-JSON, as pandoc and Zotero read it."""
    parts = read_parts(cited.published)
    item = {
        "id": _key(cited),
        "type": "broadcast",
        "genre": "Podcast episode",
        "title": cited.title,
        "container-title": cited.show,
        "issued": {"date-parts": [parts]} if parts else None,
        "note": time_range(cited.start, cited.end),
        "URL": address_of(cited),
    }
    return json.dumps({name: value for name, value in item.items() if value}, ensure_ascii=False)


def _key(cited: Citable) -> str:
    """Return a key that tells the places of an episode apart, by their seconds: the-roof-3753.2."""
    return f"{cited.episode}-{cited.start:.3f}".rstrip("0").rstrip(".")
