"""The evidence page: judged quotations with their speech and sound as one self-contained HTML file.

The page runs no script and loads nothing: its Content-Security-Policy allows only its own style, by its hash, and
embedded sound. Sound players are the browser's own, so they work with the keyboard.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from audio.atomic_write import write_output
from audio.errors import OutputError
from audio.timecode import format_time
from index.storage.store import Store
from pipeline.printable import BIDI_CONTROLS
from pipeline.verification.page_content import LONGEST_CLIP, PageContent
from pipeline.verification.results import FINDINGS, MEANINGS, CheckedArticle
from pipeline.verification.targets import check_report

TEMPLATE, STYLE = "report.html.jinja", "report.css"

_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160)), "\N{REPLACEMENT CHARACTER}")
_FORBIDDEN: dict[int, str | None] = {
    **_CONTROLS,
    **dict.fromkeys(map(ord, BIDI_CONTROLS)),
    **dict.fromkeys(map(ord, "\u2028\u2029"), " "),
}
"""Control characters, which HTML does not allow, and those by which a title could reorder the words of a verdict."""


def write_report(store: Store, articles: Sequence[CheckedArticle], target: Path, *, overwrite: bool = False) -> None:
    """Write the evidence page for these articles, with an atomic rename.

    Raises UsageError as ``check_report`` does, OutputError if it cannot be written.
    """
    check_report(store, target, [article.source for article in articles], overwrite)
    with write_output(target) as unfinished:
        try:
            page = render_report(store, articles)
        except OutputError as error:
            # Its sound is encoded in the temporary folder, which may be on the disk that is full.
            raise OutputError(f"{target} was not written: {error.message}", error.way_out, where=target) from error
        unfinished.write_bytes(page.encode("utf-8", "replace"))


def render_report(store: Store, articles: Sequence[CheckedArticle]) -> str:
    """Render the evidence page as HTML."""
    folder = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: value.translate(_FORBIDDEN) if type(value) is str else value,
    )
    environment.filters.update(time=format_time, shown_time=_shown_time)
    style = (folder / STYLE).read_text(encoding="utf-8")
    shown = PageContent(store)
    groups = [shown.show_article(article) for article in articles]
    answers = [answer for article in articles for answer in article.answers]
    counts = Counter(finding for answer in answers for finding in answer.findings)
    return environment.get_template(TEMPLATE).render(
        title=", ".join(article.title or article.source for article in articles),
        articles=groups,
        checked=sum(len(article.quotations) for article in articles),
        counts=[(finding, counts[finding]) for finding in FINDINGS if counts[finding]],
        recordings=list(shown.recordings.values()),
        style=Markup(style),  # the project's own file
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        version=version("airquote"),
        made=datetime.now(UTC),
        meanings=MEANINGS,
        longest=LONGEST_CLIP,
    )


def _shown_time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")
