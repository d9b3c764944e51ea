"""Read the article's part of a page as a browser shows it: with captions, quotations, lists and definitions.

trafilatura finds the article well, but drops captions and definitions and the marks of ``<q>``. So its text only tells
where in the page the article is; that part is then read here, without the menus, related stories, comments and forms
in it. The layout is kept in the marks that index/quotations/unmarked.py reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pipeline.articles.page_shape import BLOCKS, WITHOUT_TEXT
from pipeline.articles.page_styles import hides, read_hidden_names

Lines = list[tuple[int, str]]
"""Paragraphs, each with the line of the page's source where it begins (0 if unknown)."""

_WITHOUT_TEXT = WITHOUT_TEXT | {"form", "button", "input", "menu", "object", "video", "audio", "canvas", "dialog"}
_BLOCKS = (BLOCKS | {"summary", "caption"}) - {"option", "script", "style", "select"}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BOLD, _ITALIC = frozenset({"b", "strong"}), frozenset({"i", "em"})
_SIGNATURES = frozenset({"cite", "footer"})
_NOT_READ_TEXT = """related recommended recommendations recirculation promo promos promotion newsletter signup subscribe
    subscription share sharing social socials comment comments disqus respond replies sidebar menu nav navbar navigation
    breadcrumb breadcrumbs cookie cookies consent gdpr ad ads advert adverts advertisement sponsored sponsor outbrain
    taboola tags taglist pagination pager popup modal paywall toolbar trending popular mostread readmore teaser teasers
    subscriptions support donation donations also tip tooltip speechify
    masthead skip noprint printonly hidden sr screenreader visuallyhidden sronly readnext morestories upnext donate"""
"""Words in the class or id of an element that is no part of an article."""

_NOT_READ = frozenset(_NOT_READ_TEXT.split())
_SIGNING = frozenset({"attribution", "author", "source", "cite", "citation", "credit", "byline", "name", "speaker"})
_QUOTED = frozenset({"pullquote", "quote", "blockquote", "pull"})
_CLASS_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SPACE = re.compile(r"\s+")
_PLAIN = re.compile(r"\W+")
_ELSEWHERE = re.compile(
    r"(?:also (?:in|on|from|read)|more (?:from|on|stories|news|like)|related|read (?:more|next|also)|recommended|"
    r"most (?:read|popular)|you (?:may|might) also|see also|what to read|trending|"
    r"lesen sie auch|mehr zum|à lire|lire aussi|lea también|te puede)",
    re.IGNORECASE,
)
_DASHES = re.compile(r"^[\s—–―-]+")
_NOTE = re.compile(r"\[?[\d*†‡a-z]{1,3}\]?")
_OPEN, _CLOSED = frozenset("“„«‘‚‹\"'"), frozenset("”“»’‘›\"'")
_MARKS_OF = {
    "de": ("„“", "‚‘"), "fr": ("«»", "“”"), "es": ("«»", "“”"), "it": ("«»", "“”"), "pt": ("«»", "“”"),
    "ru": ("«»", "„“"), "nl": ("“”", "‘’"), "pl": ("„”", "«»"), "da": ("»«", "›‹"),
}  # fmt: skip
"""Marks that a browser shows around ``<q>``, and around one in another, by language."""

MOST_LINKED = 0.6
"""Share of the characters of a list or section that are links, from which it is a menu or a list of stories."""

MOST_SIGNATURE_WORDS = 14
MOST_NAME_WORDS = 5
_KEY = 60
"""Characters by which a paragraph of the page is recognised in the text of trafilatura."""

_LEAST_KEY = 20
_MOST_OF_TEXT = 0.8
"""Share of the recognised paragraphs that the article's element must hold."""


def read_part(tree: Any, selected: Sequence[str]) -> Lines:
    """Return the paragraphs of the article that ``selected``, its text as trafilatura reads it, is found in.

    Where none of them is found, as in a short page whose text comes as one, they are those of the whole page.
    """
    keys = {key for key in map(_key, selected) if len(key) >= _LEAST_KEY} or {_key(one) for one in selected}
    counts = _count_paragraphs(tree, keys)
    total = counts.get(tree, 0)
    part = inner = tree
    while total and inner is not None and inner.tag not in ("p", *_HEADINGS):
        part = inner
        inner = next((child for child in part if counts.get(child, 0) >= _MOST_OF_TEXT * total), None)
    around = [part, *part.iterancestors()] if total else [tree, *tree.iter("article", "main")]
    tags = {one.tag: one for one in reversed(around)}
    whole = tags.get("article", tags.get("main", part))
    main = next(whole.iterancestors("main"), None)
    if main is not None and sum(1 for _ in main.iter("article")) == 1:
        whole = main  # with the headline above the article
    whole, outside = _with_headline(tree, whole)
    reader = _Reader(counts, total, _count_letters(tree), outside, read_hidden_names(tree))
    reader.read(whole)
    return reader.finish()


def _with_headline(tree: Any, whole: Any) -> tuple[Any, frozenset[Any]]:
    """Return the element that holds the headline and ``whole`` behind it, and what stands before and after these.

    The headline is the only h1 with the words of the page's title; on some pages the article's text begins in another
    element, as the question does on a site of questions and answers.
    """
    title = _key(tree.findtext(".//title") or "")
    heads = [one for one in tree.iter("h1") if (key := _key("".join(one.itertext()))) and title.startswith(key)]
    around = list(whole.iterancestors())
    if len(heads) != 1 or not around or whole in heads[0].iterancestors():
        return whole, frozenset()
    way = [heads[0], *heads[0].iterancestors()]
    common = next(one for one in way if one in around)
    before = {one for step in way[: way.index(common)] for one in step.itersiblings(preceding=True)}
    after = {one for step in [whole, *around[: around.index(common)]] for one in step.itersiblings()}
    return (whole, frozenset()) if after & set(way) else (common, frozenset(before | after))


def _key(text: str) -> str:
    return _PLAIN.sub("", text).lower()[:_KEY]


def _count_paragraphs(tree: Any, keys: set[str]) -> dict[Any, int]:
    """Count the recognised paragraphs below every element that has any."""
    counts: dict[Any, int] = {}
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag not in _BLOCKS:
            continue
        if any(child.tag in _BLOCKS for child in element):
            continue
        if _key("".join(element.itertext())) in keys:
            for one in (element, *element.iterancestors()):
                counts[one] = counts.get(one, 0) + 1
    return counts


def _count_letters(tree: Any) -> dict[Any, tuple[int, int]]:
    """Count the characters of every element, and those of them that are in links."""
    counts: dict[Any, tuple[int, int]] = {}
    for element in reversed(list(tree.iter())):
        own = len((element.text or "").strip())
        inner = [(counts[child], len((child.tail or "").strip())) for child in element]
        whole = own + sum(count[0] + tail for count, tail in inner)
        counts[element] = whole, whole if element.tag == "a" else sum(count[1] for count, _ in inner)
    return counts


@dataclass(slots=True)
class _StyledText:
    """A piece of a paragraph with one style."""

    text: str
    bold: bool
    italic: bool


@dataclass(slots=True)
class _Reader:
    """Walks an element, and collects its paragraphs."""

    counts: dict[Any, int]
    total: int
    letters: dict[Any, tuple[int, int]]
    outside: frozenset[Any]
    hidden: frozenset[str]
    """Classes and ids that the page's style sheets hide."""
    paragraphs: Lines = field(default_factory=list)
    runs: list[_StyledText] = field(default_factory=list)
    line: int = 0
    quotes: int = 0
    opens: bool = False
    in_figure: bool = False
    term: str = ""
    nested: int = 0

    def finish(self) -> Lines:
        """Return the paragraphs."""
        self._flush()
        return self.paragraphs

    def read(self, element: Any, bold: bool = False, italic: bool = False, kind: str = "") -> None:
        """Read the text of an element and everything in it, without what follows it."""
        tag = element.tag
        bold, italic = bold or tag in _BOLD, italic or tag in _ITALIC
        self._add(element.text, bold, italic, element)
        for child in element:
            if isinstance(child.tag, str) and not self._is_left_out(child):
                self._read_child(child, bold, italic, kind)
            self._add(child.tail, bold, italic, child)

    def _read_child(self, child: Any, bold: bool, italic: bool, kind: str) -> None:
        tag = child.tag
        if tag == "br":
            self._add("\n", bold, italic, child, verbatim=True)
        elif tag == "q":
            self._read_q(child, bold, italic)
        elif self._is_signature(child):
            self._flush(kind)
            self._read_signature(child)
        elif tag == "blockquote" or (tag in ("aside", "div", "figure", "p") and _class_words(child) & _QUOTED):
            self._flush(kind)
            self.opens = self.quotes == 0
            self.quotes += 1
            self.read(child)
            self._flush()
            self.quotes -= 1
        elif tag == "tr" and _names_its_row(child):
            self._flush(kind)
            self._read_row(child)
        elif tag in _BLOCKS:
            self._flush(kind)
            self._read_block(child)
        else:
            self.read(child, bold, italic)

    def _read_block(self, block: Any) -> None:
        tag = block.tag
        was_in_figure = self.in_figure
        self.in_figure = was_in_figure or (tag == "figure" and block.find(".//blockquote") is not None)
        kind = "heading" if tag in _HEADINGS else tag if tag in ("dt", "dd", "summary") else ""
        self.read(block, kind=kind)
        self._flush(kind)
        self.in_figure = was_in_figure

    def _read_row(self, row: Any) -> None:
        """Read a row of a table as what its first cell names: Anna Keller: “We left.” 4 May"""
        first, *others = (" ".join("".join(cell.itertext()).split()) for cell in row if cell.tag in ("td", "th"))
        self.paragraphs.append((row.sourceline or 0, f"{first}: {' '.join(filter(None, others))}"))

    def _read_signature(self, element: Any) -> None:
        text = _DASHES.sub("", _SPACE.sub(" ", "".join(element.itertext())).strip())
        if text:
            self.paragraphs.append((element.sourceline or 0, f"{'> ' * self.quotes}— {text}"))

    def _read_q(self, element: Any, bold: bool, italic: bool) -> None:
        before = next((run.text.rstrip()[-1:] for run in reversed(self.runs) if run.text.strip()), "")
        inner = "".join(element.itertext()).strip()
        marked = (before != "" and before in _OPEN) or inner[:1] in _OPEN
        language = next((one.get("lang") for one in (element, *element.iterancestors()) if one.get("lang")), "en")
        marks = _MARKS_OF.get(language[:2].lower(), ("“”", "‘’"))[min(self.nested, 1)]
        self.nested += 1
        self._add("" if marked else marks[0], bold, italic, element)
        self.read(element, bold, italic)
        self._add("" if marked else marks[1], bold, italic, element)
        self.nested -= 1

    def _is_signature(self, child: Any) -> bool:
        if not (self.quotes or self.in_figure):
            return False
        signs = child.tag in _SIGNATURES or (self.in_figure and not self.quotes and child.tag == "figcaption")
        signs = signs or bool(_class_words(child) & _SIGNING)
        return signs and len("".join(child.itertext()).split()) <= MOST_SIGNATURE_WORDS

    def _is_left_out(self, child: Any) -> bool:
        """Whether an element is none of the article: a form, a menu, a list of stories, something that is not shown."""
        tag = child.tag
        if tag in _WITHOUT_TEXT or child.get("hidden") is not None or hides(child.get("style") or ""):
            return True
        if tag == "pre" and child.find("code") is not None:
            return True
        if tag == "sup":
            return _NOTE.fullmatch("".join(child.itertext()).strip()) is not None
        if self.total and self.counts.get(child, 0) > self.total / 2:
            return False
        if child in self.outside or not self.hidden.isdisjoint(_selectors_of(child)):
            return True
        if tag == "footer" and not (self.quotes or self.in_figure):
            return True
        if tag not in _BLOCKS:
            return tag == "span" and bool(_class_words(child) & {"hidden", "visuallyhidden", "sr", "screenreader"})
        if _class_words(child) & _NOT_READ or child.get("role") in ("navigation", "complementary", "search", "banner"):
            return not _class_words(child) & _QUOTED
        boxed = tag in ("ul", "ol", "div", "section", "aside", "table")
        return boxed and (self._is_linked(child) or _leads_elsewhere(child))

    def _is_linked(self, element: Any) -> bool:
        """Whether most of an element's text is links, and it is not a linked headline."""
        whole, linked = self.letters[element]
        return linked > MOST_LINKED * whole and element.find(".//h1") is None

    def _add(self, text: str | None, bold: bool, italic: bool, element: Any, verbatim: bool = False) -> None:
        if not text:
            return
        text = text if verbatim or _is_preformatted(element) else _SPACE.sub(" ", text)
        if not self.line and text.strip():
            self.line = element.sourceline or 0
        self.runs.append(_StyledText(text, bold, italic))

    def _flush(self, kind: str = "") -> None:
        """End the paragraph."""
        runs, line = self.runs, self.line
        self.runs, self.line = [], 0
        text = _joined(runs)
        if not text:
            return
        if kind == "heading":
            text = f"# {' '.join(text.split())}"
        elif kind in ("dt", "summary"):
            self.term = text
            if kind == "summary" or text.endswith("?") or len(text.split()) > MOST_SIGNATURE_WORDS:
                text, self.term = f"**{text}**", ""
            else:
                return
        elif kind == "dd" and self.term:
            text, self.term = f"**{self.term.rstrip(':')}:** {text}", ""
        else:
            text = _styled(runs, text)
        quoted = "\n".join("> " * self.quotes + part for part in text.split("\n"))
        self.paragraphs.append((line, part_blocks(quoted, self.opens and self.quotes > 0, self.paragraphs)))
        self.opens = False


def part_blocks(text: str, opens: bool, before: Lines) -> str:
    """Put an empty line before the paragraph that ``opens`` a block quote after another one, unless it signs that."""
    parted = opens and bool(before) and before[-1][1].lstrip().startswith(">") and not _DASHES.match(text.lstrip("> "))
    return f"\n{text}" if parted else text


def _leads_elsewhere(element: Any) -> bool:
    """Whether the heading that begins a box says that it leads to other texts."""
    first = next((child for child in element if isinstance(child.tag, str)), None)
    if first is None or first.tag not in (*_HEADINGS, "header", "strong", "b"):
        return False
    return _ELSEWHERE.match(" ".join("".join(first.itertext()).split())) is not None


def _names_its_row(row: Any) -> bool:
    """Whether the first of several cells has a few words, like a name, and another one has quotation marks."""
    cells = [" ".join("".join(cell.itertext()).split()) for cell in row if cell.tag in ("td", "th")]
    if len(cells) < 2 or row.find(".//p/..//p") is not None:
        return False
    named = cells[0][:1].isalpha() and len(cells[0].split()) <= MOST_NAME_WORDS
    return named and any(_OPEN & set(cell) for cell in cells[1:])


def _joined(runs: Sequence[_StyledText]) -> str:
    lines = "".join(run.text for run in runs).split("\n")
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _styled(runs: list[_StyledText], text: str) -> str:
    """Mark a paragraph that is bold or italic as a whole, or that begins with bold words: a name, or a question."""
    written = [run for run in runs if run.text.strip()]
    if all(run.bold for run in written):
        return f"**{text}**"
    if all(run.italic for run in written):
        return f"*{text}*"
    first = next(row for row, run in enumerate(runs) if not run.bold and run.text.strip())
    label = _joined(runs[:first])
    rest = _joined(runs[first:])
    if label and (label.endswith((":", "?")) or rest.startswith(":")):
        return f"**{label}** {rest}" if not rest.startswith(":") else f"**{label}:** {rest[1:].lstrip()}"
    return text


def _class_words(element: Any) -> frozenset[str]:
    """Return the words of an element's class and id, single and in pairs: most-read is mostread too."""
    if element.get("class", "").strip().lower() == "q":
        return _QUOTED
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if not names.strip():
        return frozenset()
    words: set[str] = set()
    for name in names.split()[:20]:
        parts = [part.lower() for part in _CLASS_WORD.findall(name[:60])]
        words.update(parts)
        words.update(first + second for first, second in pairwise(parts))
    return frozenset(words)


def _selectors_of(element: Any) -> Iterator[str]:
    """Yield the selectors of an element's classes and of its id."""
    yield from (f".{name}" for name in (element.get("class") or "").split())
    yield f"#{element.get('id')}"


def _is_preformatted(element: Any) -> bool:
    return bool(element.tag == "pre")
