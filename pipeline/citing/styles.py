"""Citations of a moment of an episode in prose (plain, Markdown, HTML), and by the rules of APA and Chicago.

APA Style, 7th edition, 10.13 (podcast episode), 8.28 (time stamps), 9.12 (no author: the title moves to the front). The
Chicago Manual of Style, 17th edition, 14.267 (podcasts), as a note. Hosts are not known, and the speaker of a sentence
need not be one; so both begin with the title.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from audio.errors import UsageError, correct_input
from pipeline.citing.citations import Citable, address_of
from pipeline.citing.cited_dates import begin_time, day_first, month_first, read_parts, time_range, year_first
from pipeline.citing.reference_formats import cite_bibtex, cite_csl, cite_ris


def cite_plain(cited: Citable) -> str:
    """Return Show, “Title”, 12 December 2024, 1:02:33–1:02:41, without what is unknown."""
    return _join(_show(cited), _quoted(cited.title), day_first(cited.published), time_range(cited.start, cited.end))


def cite_markdown(cited: Citable) -> str:
    """Return the same in Markdown (CommonMark), with the show in italics and the times as a link."""
    from index.formats.text.markdown import escape_markdown

    times = time_range(cited.start, cited.end)
    linked = f"[{times}](<{_without_angles(cited.link)}>)" if cited.link else times
    show = f"*{escape_markdown(name)}*" if (name := _show(cited)) else None
    date = day_first(cited.published)
    return _join(show, escape_markdown(_quoted(cited.title)), date and escape_markdown(date), linked)


def cite_html(cited: Citable) -> str:
    """Return the same in HTML: the show as a cited work, the date as a time, and the times as a link."""
    times = time_range(cited.start, cited.end)
    linked = f'<a href="{html.escape(cited.link)}">{times}</a>' if cited.link else times
    show = f'<cite dir="auto">{html.escape(name)}</cite>' if (name := _show(cited)) else None
    date = html.escape(day_first(cited.published) or "")
    if read_parts(cited.published):
        date = f'<time datetime="{cited.published}">{date}</time>'
    return _join(show, f'<span dir="auto">{html.escape(_quoted(cited.title), quote=False)}</span>', date, linked)


def cite_apa(cited: Citable) -> str:
    """Return the reference, and on a second line the citation in the text, which has the time."""
    show = f"In {_ended(name)}" if (name := _show(cited)) else None
    sentences = (f"{' '.join(cited.title.split())} [Audio podcast episode].", f"({year_first(cited.published)}).", show)
    reference = " ".join(filter(None, (*sentences, address_of(cited))))
    year = next(map(str, read_parts(cited.published)), "n.d.")
    return f"{reference}\n({_quoted(cited.title, comma=True)} {year}, {begin_time(cited.start)})"


def cite_chicago(cited: Citable) -> str:
    """Return a note."""
    show = f"in {name}" if (name := _show(cited)) else None
    times = time_range(cited.start, cited.end)
    rest = _join(month_first(cited.published), show, "podcast", times, address_of(cited))
    return f"{_quoted(cited.title, comma=True)} {rest}."


STYLES: Mapping[str, Callable[[Citable], str]] = MappingProxyType(
    {
        "plain": cite_plain,
        "markdown": cite_markdown,
        "html": cite_html,
        "apa": cite_apa,
        "chicago": cite_chicago,
        "bibtex": cite_bibtex,
        "ris": cite_ris,
        "csl-json": cite_csl,
    }
)
"""The styles of citations, by name."""


def format_citation(cited: Citable, style: str = "plain") -> str:
    """Return the citation of a hit or another place: plain, markdown, html, apa, chicago, bibtex, ris or csl-json.

    Raises UsageError for an unknown ``style``.
    """
    check_style(style)
    return STYLES[style](cited)


def check_style(style: str) -> None:
    """Raise UsageError for an unknown style of citations."""
    if style not in STYLES:
        raise UsageError(
            f"{style!r} is not a style of citations.", correct_input(f"Choose one of {', '.join(STYLES)}."), where=style
        )


def _join(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _show(cited: Citable) -> str:
    """Return the name of the show on one line, empty if it is not known."""
    return " ".join((cited.show or "").split())


_STRAIGHT_OPENING = re.compile(r'(?<![^\s(\[])"')


def _quoted(title: str, *, comma: bool = False) -> str:
    """Return a title in quotation marks; those inside of it become single ones."""
    inner = _STRAIGHT_OPENING.sub("‘", " ".join(title.split())).translate({ord("“"): "‘", ord("”"): "’", ord('"'): "’"})
    return f"“{inner.rstrip('.,')},”" if comma else f"“{inner}”"


def _ended(name: str) -> str:
    return name if name.endswith((".", "?", "!", "…")) else f"{name}."


def _without_angles(link: str | None) -> str:
    return (link or "").replace("<", "%3C").replace(">", "%3E")
