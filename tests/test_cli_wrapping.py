"""Lines are wrapped at words to the terminal's width, tables keep their columns, and colours follow the environment."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fake_engine import ROOT, Terminal
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_text
from real_terminal import run_in_terminal, visible
from rich.cells import cell_len

from index.storage.store import Store
from pipeline.cli.printing import faint, isolate, link, mark, printable, style, whole
from pipeline.cli.terminal import moves_cursor, shows_colours, width_of
from pipeline.cli.wrapping import cells, hold_commands, lay_out_page, lay_out_table, wrap_line

WIDTHS = (60, 80, 120)
WORDS = (
    "ferry", "harbor", "a", "the", "e\u0301te\u0301", "שלום", "مرحبا", "我们从来没有停止过。", "「今年」", "👩‍🚀",
    "naïve",
    "https://example.com/a/very/long/address/that/is/longer/than/some/lines/are/wide.html",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=60).map(" ".join)
LONGEST = max(map(len, WORDS))
OPENERS, CLOSER = "\u2066\u2067\u2068", "\u2069"


def without_controls(text: str) -> str:
    return re.sub(f"[{OPENERS}{CLOSER}]", "", visible(text))


@given(TEXTS, st.integers(20, 130), st.none() | st.integers(0, 40))
def test_a_line_is_wrapped_at_words_and_loses_none(text: str, width: int, hang: int | None) -> None:
    lines = wrap_line(printable("  1:23  ", style("Ann", bold=True), ": ", isolate(text)), width, hang)
    shown = [without_controls(line) for line in lines]
    squeezed = re.sub(r"\s", "", f"1:23Ann:{text}")
    assert re.sub(r"\s", "", "".join(shown)) == squeezed, "nothing is lost or moved"
    indents = {len(line) - len(line.lstrip()) for line in shown[1:]}
    assert len(indents) <= 1
    for line in shown:
        assert cell_len(line) <= width or (len(line.split()) == 1 and width < LONGEST + 24) or "https" in line
        assert not line.strip() or line.split()[-1] in squeezed


@given(TEXTS, st.integers(30, 130))
def test_every_line_ends_the_colours_and_isolates_that_it_begins(text: str, width: int) -> None:
    line = printable("     ", faint(isolate(text)), "  ", style(isolate(f"שלום {text}"), fg="red"))
    lines = wrap_line(line, width)
    for one in lines:
        depth = 0
        for letter in one:
            depth += (letter in OPENERS) - (letter == CLOSER)
            assert depth in (0, 1)
        assert depth == 0
        styles = re.findall(r"\x1b\[[0-9;]*m", one)
        assert not styles or styles[-1] == "\x1b[0m"
        assert not one.startswith(("\x1b", *OPENERS)), "the indentation has no colour and no direction"


def test_the_rest_of_a_right_to_left_text_keeps_its_direction() -> None:
    first, second, *_ = wrap_line(printable("     ", isolate("שלום " * 6 + "hello world " * 6)), 40)
    assert "\u2068שלום" in first
    assert second.startswith("     \u2067"), "it begins with an English word or not"
    marked = isolate(printable(style("שלום", fg="yellow"), " עולם" * 12))
    assert wrap_line(printable("     ", marked), 40)[1].startswith("     \u2067"), "a colour has no direction"
    assert all("\u2067" not in line for line in wrap_line(printable(isolate("hello " * 20 + "שלום")), 40))


def test_lines_below_begin_where_the_text_behind_a_label_begins() -> None:
    text = "the ferry left the harbor at noon"
    for label in ("  1:23  ", "  1  ", "altered  ", "     "):
        below = wrap_line(label + text, 30)[1:]
        assert below
        assert all(len(line) - len(line.lstrip()) == min(len(label), 30 - 24) for line in below)


def test_chinese_is_broken_between_characters_but_never_before_a_closing_mark() -> None:
    lines = wrap_line("     " + "我们从来没有停止过，「今年冬天开始」他说。" * 4, 40)
    assert all(30 < cells(line) <= 40 for line in lines[:-1])
    assert all(line.strip()[0] not in "，」。" and line[-1] not in "「" for line in lines)


def test_a_path_with_spaces_is_never_broken() -> None:
    path = "/srv/podcasts/The Quiet Harbor/Episode 12, the roof and the stars.mp3"
    assert wrap_line(printable("Removed. The file ", whole(path), " stays."), 60) == [
        "Removed. The file", path, "stays.",
    ]  # fmt: skip
    assert wrap_line(printable(whole(path)), None) == [path]


def test_a_command_in_advice_is_never_broken() -> None:
    advice = (
        "There is no library. Create one with: airquote transcribe --library '/srv/my shows' FILE_OR_FOLDER. Or else."
    )
    lines = wrap_line(hold_commands(advice), 40)
    assert lines[-2:] == ["airquote transcribe --library '/srv/my shows' FILE_OR_FOLDER.", "Or else."]
    assert wrap_line(hold_commands("Hear one: airquote play N. Keep its sound: airquote clip N."), 40) == [
        "Hear one: airquote play N. Keep its",
        "sound: airquote clip N.",
    ]


@given(st.lists(st.tuples(*[st.sampled_from(("x", "en", "transcribed", "the-roof-and-the-stars", "我们", "-"))] * 5,
                          TEXTS), min_size=1, max_size=6), st.integers(30, 140))  # fmt: skip
def test_a_table_keeps_every_cell_and_row_in_every_width(rows: list[tuple[str, ...]], width: int) -> None:
    titles = ("one", "two", "three", "four", "five", "six")
    whole_table = list(lay_out_table([titles, *rows], None))
    assert [number for number, _ in whole_table] == list(range(len(rows) + 1)), "a line a row in a pipe"
    lines = list(lay_out_table([titles, *rows], width))
    for number, row in enumerate((titles, *rows)):
        text = " ".join(line for place, line in lines if place == number)
        assert re.sub(r"\s", "", text) == re.sub(r"\s", "", "".join(row))
    assert all(cells(line) <= width for _, line in lines if "https" not in line and "roof" not in line)


def test_columns_that_do_not_fit_are_folded_in_all_rows_alike() -> None:
    table = [
        ("episode", "length", "state", "show", "title"),
        ("the-roof-and-the-stars", "1:02:33", "transcribed", "The Quiet Harbor", "The Roof and the Stars"),
        ("x", "0:33", "registered", "-", "x"),
    ]
    assert [line for _, line in lay_out_table(table, 60)] == [
        "episode                 length   state",
        "    show              title",
        "the-roof-and-the-stars  1:02:33  transcribed",
        "    The Quiet Harbor  The Roof and the Stars",
        "x                       0:33     registered",
        "    -                 x",
    ]


def test_the_last_column_is_wrapped_in_place_where_there_is_room() -> None:
    table = [("model", "how"), ("tiny", "airquote transcribe --model tiny downloads it, or pip install something")]
    assert [line for _, line in lay_out_table(table, 40)] == [
        "model  how",
        "tiny   airquote transcribe --model tiny",
        "       downloads it, or pip install",
        "       something",
    ]


def test_the_texts_of_a_page_stand_in_one_column_on_a_terminal() -> None:
    page = "Heading\n  -o, --output PATH  the file to write, with a name that ends in .mp3\n  --all  everything"
    assert lay_out_page(page, 50) == [
        "Heading",
        "  -o, --output PATH  the file to write, with a",
        "                     name that ends in .mp3",
        "  --all              everything",
    ]
    assert lay_out_page(page, None) == page.split("\n")


# The environment


class _Plain(io.StringIO):
    pass


@pytest.mark.parametrize(
    ("environment", "on_terminal", "in_pipe"),
    [
        ({"TERM": "xterm"}, True, False),
        ({"TERM": "dumb"}, False, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True, False),
        ({"TERM": "xterm", "CLICOLOR": "0"}, False, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True, True),
        ({"TERM": "xterm", "CLICOLOR_FORCE": "1"}, True, True),
        ({"TERM": "xterm", "CLICOLOR_FORCE": "0"}, True, False),
        ({"TERM": "xterm", "FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_colours_follow_the_environment(
    environment: dict[str, str], on_terminal: bool, in_pipe: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", environment["TERM"])
    assert shows_colours(Terminal(), environment) == on_terminal
    assert shows_colours(_Plain(), environment) == in_pipe


def test_a_dumb_terminal_and_a_pipe_have_no_links_and_no_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", Terminal())
    monkeypatch.setenv("TERM", "dumb")
    assert not moves_cursor(Terminal())
    assert link("hit", "file:///x.mp3") == "hit"
    assert mark("the ferry left", [(4, 9)]) == "the **ferry** left"
    monkeypatch.setenv("TERM", "xterm")
    assert moves_cursor(Terminal())
    assert "file:///x.mp3" in link("hit", "file:///x.mp3")
    assert not moves_cursor(_Plain())


def test_the_width_is_that_of_the_terminal_or_of_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    assert width_of(Terminal()) == 72
    assert width_of(_Plain()) is None
    monkeypatch.setenv("COLUMNS", "many")
    assert width_of(Terminal()) is None, "a terminal of unknown size wraps by itself"
    monkeypatch.setenv("COLUMNS", "8")
    assert width_of(Terminal()) is None


# Real terminals

pty_only = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")


@pytest.fixture
def mixed(library: Path) -> Path:
    """A library with long titles and texts in several scripts."""
    with Store.open(library, create=True) as store:
        add_text(store, "The roof, the stars and the long way home", "the ferry left the harbor at noon today " * 8,
                 show="The Quiet Harbor")  # fmt: skip
        add_text(store, "ראיון", "the ferry שלום לכולם אנחנו כאן " * 8, show="שיחות")
        add_text(store, "采访", "the ferry 我们从来没有停止过，我们还会继续。 " * 6)
    return library


@pty_only
@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.usefixtures("mixed")
def test_no_line_is_wider_than_a_real_terminal(columns: int) -> None:
    for command in (("search", "ferry"), ("list",), ("show", "the"), ("--help",), ("search", "--limit", "x")):
        lines = [without_controls(line) for line in run_in_terminal(*command, columns=columns).splitlines()]
        assert len(lines) > 2
        assert max(map(cell_len, lines)) <= columns, command
        assert max(map(cell_len, lines)) > columns - 25 or "x" in command or columns == 120, "the width is used"


@pty_only
@pytest.mark.usefixtures("mixed")
def test_a_dumb_terminal_gets_no_escape_sequences() -> None:
    shown = run_in_terminal("search", "ferry", columns=80, environment={"TERM": "dumb"})
    assert "\x1b" not in shown
    assert "**ferry**" in shown
    plain = run_in_terminal("search", "ferry", columns=80, environment={"NO_COLOR": "1"})
    assert not re.search(r"\x1b\[[0-9;]*m", plain)


@pytest.mark.usefixtures("mixed")
def test_hints_stand_behind_the_answers_where_both_go_to_one_pipe() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pipeline.cli.main", "search", "ferry"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True,
        env={**os.environ, "COLUMNS": "60"},
    )  # fmt: skip
    lines = run.stdout.splitlines()
    assert "Read around one" in lines[-1]
    assert all("\x1b" not in line for line in lines)
    assert max(map(len, lines)) > 100, "nothing is wrapped in a pipe"
