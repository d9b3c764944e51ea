"""Render the pages and feeds of a site, from templates in which every text is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape

from audio.timecode import format_time
from pipeline.links import link_into_address
from pipeline.printable import clean_text
from pipeline.site.public_episodes import DOCUMENT_TYPES, PublicEpisode
from pipeline.site.public_transcripts import PublicGap, PublicParagraph
from pipeline.site.site_names import PAGES, link_file

HERE = Path(__file__).parent
ASSETS = ("site.css", "player.js", "tokens.js", "search.js")
"""The files that pages load, the same for every site."""


class SitePages:
    """The pages of a site with a title, at an address if that is known; ``feeds`` are the places of feeds by show."""

    def __init__(self, title: str, address: str | None, feeds: dict[str, str]) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=lambda value: clean_text(value) if type(value) is str else value,
        )
        self._environment.filters.update(
            time=lambda seconds: format_time(int(seconds), 0),
            file=link_file,
            iso_time=_iso_duration,
            as_html=_as_html,
            mail_date=_mail_date,
        )
        self._environment.tests.update(
            gap=lambda block: isinstance(block, PublicGap), paragraph=lambda block: isinstance(block, PublicParagraph)
        )
        self._environment.globals.update(
            site=title, address=address, feeds=feeds, version=version("airquote"), document_types=DOCUMENT_TYPES,
            pages=PAGES,
        )  # fmt: skip

    def render(self, template: str, **values: object) -> bytes:
        """Render a template of the site."""
        return self._environment.get_template(template).render(values).encode()

    def render_episode(self, episode: PublicEpisode) -> bytes:
        """Render the page of an episode."""

        def link_to(seconds: float) -> str | None:
            sound = episode.sound
            return link_into_address(sound.address, max(0.0, seconds + episode.offset)) if sound else None

        return self.render("episode.html.jinja", episode=episode, link_to=link_to)


def read_asset(name: str) -> bytes:
    """Return a file that pages load."""
    return (HERE / "static" / name).read_bytes()


def _iso_duration(seconds: float) -> str:
    """Return a length as HTML states it to programs: PT3720S."""
    return f"PT{int(seconds)}S"


def _as_html(notes: Sequence[Sequence[str]]) -> str:
    """Return notes as HTML, which the descriptions of RSS are; it is escaped once more as the text of an element."""
    return "".join(f"<p>{'<br>'.join(str(escape(line)) for line in paragraph)}</p>" for paragraph in notes)


def _mail_date(published: str | None) -> str | None:
    """Return a day as RSS states it (RFC 822), None for a year or a month alone."""
    try:
        day = datetime.strptime(published or "", "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    return format_datetime(day)
