"""Wrap lines of a terminal at words, and lay out tables and lists of terms in its width.

Widths are counted in cells: a wide character takes two, a combining mark and a directional control none. A line break
ends colours, links and directional isolates, and the next line begins with them again: terminals order each line by
itself (UAX #9), and pagers forget colours at its end.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

FIRST_STRONG_ISOLATE, END_OF_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = "\N{LEFT-TO-RIGHT ISOLATE}", "\N{RIGHT-TO-LEFT ISOLATE}"
RIGHT_TO_LEFT_LETTERS = frozenset(("R", "AL"))

_END_OF_STYLE, _END_OF_LINK = "\x1b[0m", "\x1b]8;;\x1b\\"
_CONTROL = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\|[\u2066-\u2069]")
_WORD = re.compile(f"((?:{_CONTROL.pattern}|[^ \x1b\u2066-\u2069])+)( *)")
"""A word with the controls that touch it, and the spaces behind it."""

_COMMAND = re.compile(r"\bairquote (?:(?![.;)](?: |$)| \().)*")
"""A command in advice: up to the end of its sentence, or to a bracket."""

_LABEL = re.compile(r" *(?:[^ ]{1,14} {2,})?")
"""What a line begins with: its indentation, or a label (a time, a number, a verdict) and the space behind it."""

_LEAST_ROOM = 24
"""Cells that are left for text: lines are indented less, and columns folded, where it would be fewer."""

_NOT_FIRST = frozenset(("Pe", "Pf", "Po", "Lm", "Mn", "Mc"))
_NOT_LAST = frozenset(("Ps", "Pi"))
"""Categories of characters that no line of Chinese or Japanese begins, or ends, with: closing marks, opening marks."""

_GAP, _FOLD_INDENT = "  ", "    "
_HELD_SPACE = "\x00"
"""In place of a space at which a line is not broken: no text that is printed has this character."""


def cells(text: str) -> int:
    """Return how many cells of a terminal a text takes."""
    visible = _CONTROL.sub("", text).replace(_HELD_SPACE, " ")
    if visible.isascii():
        return len(visible)
    from rich.cells import cell_len

    return cell_len(visible)


def hold_together(text: str) -> str:
    """Return a text that ``wrap_line`` does not break, such as a path with spaces."""
    return text.replace(" ", _HELD_SPACE)


def hold_commands(text: str) -> str:
    """Return a text in which commands of airquote are not broken, so that they can be copied."""
    return _COMMAND.sub(lambda found: hold_together(found[0]), text)


def wrap_line(line: str, width: int | None, hang: int | None = None) -> list[str]:
    """Break a line at spaces, or between wide characters, into lines of at most ``width`` cells; None breaks nothing.

    Lines after the first are indented by ``hang`` cells; None is as far as the text behind the line's label. A word
    that is longer than a line, such as a path or an address, stands on a line of its own and is not broken.
    """
    lines = [line]
    if width is not None and cells(line) > width:
        if hang is None:
            label = _LABEL.match(_CONTROL.sub("", line))
            hang = len(label[0]) if label else 0
        hang = max(min(hang, width - _LEAST_ROOM), 0)
        lines = _carry_controls(_fill(line, width, hang), " " * hang)
    return [one.replace(_HELD_SPACE, " ") for one in lines]


def _fill(line: str, width: int, hang: int) -> list[str]:
    lines = [""]
    used = 0
    gap = " " * (len(line) - len(line.lstrip(" ")))
    for word, spaces in _WORD.findall(line):
        for part in _split_at_wide(word):
            size = len(gap) + cells(part)
            if used and used + size > width:
                lines.append(part)
                used = hang + size - len(gap)
            else:
                lines[-1] += gap + part
                used += size
            gap = ""
        gap = spaces
    return lines


def _split_at_wide(word: str) -> list[str]:
    """Split a word before and after each wide character, as Chinese and Japanese are broken into lines."""
    if word.isascii() or not any(map(_is_wide, word)):
        return [word]
    import regex

    parts = [""]
    last = ""
    for letter in regex.findall(rf"{_CONTROL.pattern}|\X", word):
        if _CONTROL.match(letter):
            parts[-1] += letter
            continue
        if last and (_is_wide(last) or _is_wide(letter[0])) and _may_break(last, letter[0]):
            parts.append("")
        parts[-1] += letter
        last = letter[0]
    return parts


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _may_break(before: str, after: str) -> bool:
    return unicodedata.category(before) not in _NOT_LAST and unicodedata.category(after) not in _NOT_FIRST


def _carry_controls(lines: Sequence[str], indent: str) -> list[str]:
    """End at each line break what is in effect there, and begin the next line with it, behind the indentation."""
    carried: list[str] = []
    styles: list[str] = []
    isolates: list[str] = []
    link = ""
    for number, line in enumerate(lines):
        begin = "".join((indent, *styles, link, *isolates)) if number else ""
        for found in _CONTROL.finditer(line):
            control = found[0]
            if control.startswith("\x1b["):
                styles = [] if control == _END_OF_STYLE else [*styles, control]
            elif control.startswith("\x1b]"):
                link = "" if control == _END_OF_LINK else control
            elif control == END_OF_ISOLATE:
                isolates = isolates[:-1]
            else:
                isolates.append(_direction(control, line[found.end() :]))
        end = END_OF_ISOLATE * len(isolates) + (_END_OF_LINK if link else "") + (_END_OF_STYLE if styles else "")
        carried.append(begin + line + end)
    return carried


def _direction(isolate: str, text: str) -> str:
    """Return the isolate whose direction is that of the whole: the rest of it may begin with a word of another one."""
    if isolate != FIRST_STRONG_ISOLATE:
        return isolate
    directions = map(unicodedata.bidirectional, _CONTROL.sub("", text))
    first = next((one for one in directions if one == "L" or one in RIGHT_TO_LEFT_LETTERS), "L")
    return _RIGHT_TO_LEFT if first in RIGHT_TO_LEFT_LETTERS else _LEFT_TO_RIGHT


def lay_out_table(table: Sequence[Sequence[str]], width: int | None) -> Iterator[tuple[int, str]]:
    """Yield the lines of a table, each with the number of its row, in columns as wide as their contents.

    Columns that do not fit in ``width`` are folded, in all rows alike, into lines below the others; the last column is
    wrapped where that leaves it some room. None, for a file or pipe, folds and wraps nothing.
    """
    widths = [max(map(cells, column)) for column in zip(*table, strict=True)]
    needed = [*widths[:-1], _needed_room([row[-1] for row in table])]
    groups = [range(len(widths))] if width is None else _fold(needed, width)
    for number, row in enumerate(table):
        for group in groups:
            indent = _FOLD_INDENT if group.start else ""
            padded = (row[column] + " " * (widths[column] - cells(row[column])) for column in group)
            line = indent + _GAP.join(padded).rstrip()
            hang = len(indent) + sum(widths[column] + len(_GAP) for column in group[:-1])
            if line.strip():
                yield from ((number, one) for one in wrap_line(line, width, hang))


def _needed_room(texts: Sequence[str]) -> int:
    """Return how many cells a column needs in which texts may be wrapped."""
    longest_word = max((cells(word) for text in texts for word in text.split(" ")), default=0)
    return max(longest_word, min(_LEAST_ROOM, max(map(cells, texts), default=0)))


def _fold(widths: Sequence[int], width: int) -> list[range]:
    """Return the columns of each line: as many as fit."""
    starts = [0]
    used = widths[0]
    for column, needed in enumerate(widths[1:], 1):
        used += len(_GAP) + needed
        if used > width:
            starts.append(column)
            used = len(_FOLD_INDENT) + needed
    return [range(start, end) for start, end in zip(starts, [*starts[1:], len(widths)], strict=True)]


_TERM = re.compile(r"  ([^ ](?:[^ ]| (?! ))*)(?: {2,}([^ ].*))?")
_LONGEST_TERM = 28
"""A longer term stands on a line of its own, above its text."""


def lay_out_page(text: str, width: int | None) -> list[str]:
    """Lay out a page of help: headings, paragraphs, and lists of ``  term  text`` whose texts stand in one column.

    None, for a file or pipe, leaves its lines as they are.
    """
    if width is None:
        return text.split("\n")
    lines: list[str] = []
    terms = [found for line in text.split("\n") if (found := _TERM.fullmatch(line)) and found[2]]
    room = min(_LONGEST_TERM, width // 2 - 4)
    column = 4 + max((cells(found[1]) for found in terms if cells(found[1]) <= room), default=0)
    for line in text.split("\n"):
        found = _TERM.fullmatch(line)
        if found is None or found[2] is None:
            lines += wrap_line(line, width)
        elif cells(found[1]) + 4 <= column:
            padded = f"  {found[1]}".ljust(column)
            lines += wrap_line(padded + found[2], width, column)
        else:
            lines += [f"  {found[1]}", *wrap_line(" " * column + found[2], width, column)]
    return lines
