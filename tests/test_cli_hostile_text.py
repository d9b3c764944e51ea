"""No text of a library, article, file name or command line controls a terminal, whichever command prints it."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import typer
from fake_engine import ENGINE, FakeEngine, Run, airquote, speak
from feed_server import feed_of, items
from hypothesis import given
from hypothesis import strategies as st
from libraries import make_transcript

from audio.errors import MachineError, MediaError, UsageError
from audio.media import hash_file
from audio.recording.chapters import Chapter
from audio.timecode import Span
from index.notes import EpisodeNotes, Person, Soundbite
from index.storage.published_files import PublishedFile
from index.storage.store import Store
from index.transcript import Episode, Segment
from pipeline.answers import Place, Removed
from pipeline.cli.main import app
from pipeline.cli.printing import Printable, faint, isolate, link, mark, print_line, printable, style
from pipeline.library import Library
from pipeline.printable import BIDI_CONTROLS, clean_text, escape_json
from pipeline.result_json import to_json

COMMAND: Any = typer.main.get_command(app)
NAMES = sorted(COMMAND.commands)

# A colour that airquote never uses; the clipboard, the window's title and a reset; C1 forms of CSI, OSC and NEL.
ESCAPES = "\x1b[95m\x1b]52;c;cm0gLXJm\x07\x1b]0;x\x1b\\\x1bc\x9b95m\x9d0;x\x9c\x85\x84"
DIRECTIONS = "\u202a\u202b\u202d\u202e\u202c\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
BREAKS = "\nFORGED \r\nFORGED \rFORGED \x0b\x0cFORGED\tx\u2028FORGED\u2029FORGED"
HIDDEN = "\x00\x08\x7f\ufeff\ufff9\U000e0041"
ENGLAND = "\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
WRITTEN = "Zoë e\u0301 سلام می‌خواهم שלום क्‍ष हिन्दी ไทย 你好 👩‍🚀 ❤️ 🏴" + ENGLAND
"""What people write, with joiners, marks and the tags of England's flag."""
CALM = "The weather was calm. " * 4000
"""So much text that an article with some controls is still taken for a text."""
HOSTILE = f"Ann {ESCAPES}{DIRECTIONS}{BREAKS}{HIDDEN}[bold red] {WRITTEN} end"

FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066\u2067\u206a-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
OUR_STYLES = re.compile(r"\x1b\[(?:0|1|2|3[0-7])(?:;(?:1|2|3[0-7]))*m")
OUR_LINKS = re.compile(r"\x1b\]8;;(?:file://[!-~]*)?\x1b\\")
CURSOR = re.compile(r"\x1b\[(?!95m)[0-9;]*m|\x1b\[\?25[lh]|\x1b\[[12]?[AK]|\r")
"""What Rich sends to draw its bars and boxes, on stderr only."""


def assert_harmless(text: str, name: str, bars: bool = False, tabs: bool = False, boxed: bool = False) -> None:
    """Nothing but our own styles, links, isolates and line breaks controls a terminal; a box breaks long lines."""
    text = OUR_LINKS.sub("", OUR_STYLES.sub("", text)).replace(ENGLAND, "")
    text = CURSOR.sub("", text) if bars else text
    found = FORBIDDEN.search(text.replace("\t", "") if tabs else text)
    assert found is None, (name, found, text[max(0, found.start() - 60) : found.end() + 20])
    for line in text.split("\n"):
        assert boxed or not line.lstrip(" \u2068").startswith("FORGED"), (name, line)
        depth = 0
        for letter in line:
            depth += (letter == "\u2068") - (letter == "\u2069")
            assert depth in (0, 1), (name, line)
        assert depth == 0, (name, line)


@pytest.fixture
def hostile(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[tuple[object, ...]]]:
    """A library full of hostile text, and command lines for every command, good and bad ones."""
    folder = tmp_path / HOSTILE.replace("\x00", "").replace("/", "")[:60]
    folder.mkdir()
    talk = speak(folder / "talk\x1b]0;x\x07\u202e\nFORGED.wav", 2)
    transcript = make_transcript("The ferry left the harbor at noon today and came back again. " * 3)
    words = [replace(word, text=f"{word.text}{HOSTILE[:40]}", heard=HOSTILE) for word in transcript.words[:3]]
    words += [*transcript.words[3:30], replace(transcript.words[30], text=f" {HOSTILE}")]
    segments = (Segment(0, 11, HOSTILE, (HOSTILE,)), Segment(12, 30, f"Bea {HOSTILE}"))
    with Store.open(library, create=True) as store:
        for number, episode in enumerate(("talk", "مقابلة", "odd .. con")):
            added = store.add_episode(
                Episode(
                    episode, HOSTILE, f"{HOSTILE} {number}", None, str(talk), "registered",
                    str(talk) if number == 0 else None, hash_file(talk) if number == 0 else None, 12.0,
                )
            )  # fmt: skip
            store.save_transcript(
                added.id,
                replace(
                    transcript, words=tuple(words), segments=segments, engine=HOSTILE, model=HOSTILE, settings=HOSTILE,
                    gaps=(Span(1.0, 2.0),),
                ),
            )  # fmt: skip
            store.save_chapters(added.id, [Chapter(0.0, HOSTILE), Chapter(1.5, f"Ferry {HOSTILE}")])
            people = (Person(HOSTILE, HOSTILE), Person(f"Ferry {HOSTILE}"))
            bites = (Soundbite(0.5, 1.0, HOSTILE), Soundbite(1.0, 1.0))
            store.save_notes(added.id, EpisodeNotes(f"Ferry {HOSTILE}\n{HOSTILE}", people, bites, (), None, HOSTILE))
        place = HOSTILE.replace("\x00", "")
        said = f"The ferry {HOSTILE.replace(chr(0), '')} left no harbor at noon."
        written = f"1\n00:00:01,000 --> 00:00:02,000\n{said}\n".encode()
        for kept, language in (("talk", HOSTILE), ("مقابلة", None)):
            store.save_published(kept, PublishedFile(f"https://example.com/{kept}.srt", HOSTILE, language, written))
        store.add_episode(Episode("unfinished", HOSTILE, HOSTILE, None, place, "registered", place))
        store.add_show(HOSTILE, f"https://a.example/{place}", '{"title": ""}', '{"match": "\\u202e\\nFORGED"}')
    feed = folder / "feed\x1b[95m\nFORGED.xml"
    feed.write_bytes(feed_of(f"Boat {DIRECTIONS} {WRITTEN}", items(2)))
    article = folder / "article\x1b[95m\u202e.txt"
    quoted = "The ferry left the harbor at noon today and came back again."
    article.write_text(
        f"“{quoted}” said {HOSTILE.replace(chr(0), '')}.\n\n“{HOSTILE.replace(chr(0), '')} was never said,” said Bea.\n"
        f"\n“short {ESCAPES}” it was.\n\n" + CALM,
        encoding="utf-8",
    )
    cues = folder / "cues\x9b\u2028.srt"
    cues.write_text(f"1\n00:00:01,000 --> 00:00:02,000\nAnn: {place}\n", encoding="utf-8")
    broken = folder / "broken\x1b[95m\nFORGED.srt"
    broken.write_text("no cues")
    no_sound = folder / "none\x1b[95m\nFORGED.mp3"
    no_sound.write_text("no sound")
    monkeypatch.setenv("AIRQUOTE_PLAYER", "true")
    monkeypatch.setattr("pipeline.engines.choose.choose_engine", lambda *_: ("faster-whisper", "cpu"))
    out = folder / "out\x1b[95m"
    out.mkdir()
    return {
        "transcribe": [
            (*ENGINE, talk, no_sound, HOSTILE, "--show", HOSTILE),
            (*ENGINE, speak(folder / f"x{HOSTILE[:20]}.wav", 1, 3), "--title", HOSTILE),
            (*ENGINE, out),
            (*ENGINE, talk, "--language", HOSTILE),
            ("--engine", HOSTILE, talk),
            ("--model", HOSTILE, talk),
            (*ENGINE, talk, "--glossary", no_sound),
            (*ENGINE, talk, "--jobs", HOSTILE),
            (*ENGINE, talk, "--on", HOSTILE), (*ENGINE, talk, "--on", "ray", "--share", HOSTILE),
        ],
        "import": [
            (cues, "--show", WRITTEN), (cues, "--show", HOSTILE), (cues, broken, no_sound, folder),
            (cues, "--date", HOSTILE), (cues, "--audio", no_sound),
        ],
        "list": [(), ("--library", out), (f"*{HOSTILE}*",), ("--show", HOSTILE)],
        "show": [
            ("talk",), ("talk", "--gaps"), ("talk", "--notes"), ("*", "--notes"), ("unfinished", "--notes"),
            ("مقابلة",), (HOSTILE,), ("unfinished",), ("odd",), ("*",),
        ],
        "search": [
            ("ferry", "--context", 3), ("left",), (f"speaker:bea {HOSTILE}",), (f'"{HOSTILE}',), ("ferry", "--count"),
            ("ferry", "--facets", "show,speaker,year"), ("ferry", "--show", HOSTILE), ("ferry", "--episode", HOSTILE),
            ("nothing", HOSTILE), ("ferry", "--since", HOSTILE), ("ferry", "--lang", HOSTILE), ("--syntax",),
            ("chapter:ferry OR notes:ferry",), ("title:bea",), (f"notes:{HOSTILE}",), ("left chapter:ferry",),
            ("ferry", "--sort", HOSTILE), ("ferry", "--facets", HOSTILE), (f"({HOSTILE})",),
        ],
        "trend": [
            ("ferry", "--per", "show"), ("ferry", HOSTILE), ("ferry", "--by", HOSTILE), ("ferry", "--show", HOSTILE),
            ("ferry", "left", "--per", "show"), (f"ferry OR {HOSTILE}", "left"),
        ],
        "at": [("talk", "1", "3"), ("مقابلة", "1"), ("talk", HOSTILE), ("1",), (HOSTILE, "1"), (HOSTILE,)],
        "words": [("talk", "0", "4"), ("talk", "9", "11"), (HOSTILE, "1", "2"), ("talk",), ("odd", "0", "1")],
        "locate": [(quoted,), (HOSTILE,), (quoted, "--show", HOSTILE), (quoted, "--episode", HOSTILE), ("zzz xxx",)],
        "verify": [
            (article,), (article, "--fragments", "--context", 2), (no_sound, folder, HOSTILE),
            (article, "--html", out / "page.html", "--clips", out / "clips", "--overwrite"),
            (article, "--html", folder),
        ],
        "quotations": [(article,), (article, "--fragments"), (no_sound, folder, HOSTILE)],
        "play": [("talk", "1"), ("talk", HOSTILE), ("odd", "1"), ("unfinished", "1")],
        "clip": [
            ("talk", "1", "2", "-o", out / "c\x1b[95m.wav", "--overwrite"), ("talk", "1", "2", "-o", HOSTILE),
            ("talk", "1", "2", "-o", folder / "gone" / HOSTILE), ("odd", "1", "2", "-o", out / "d.wav"),
        ],
        "cite": [
            *(("talk", "1", "2", "-f", style) for style in ("plain", "markdown", "html", "bibtex", "ris", "csl-json")),
            ("talk", HOSTILE), ("unfinished", "1"), (HOSTILE, "1"), ("talk", "1", "2", "-f", HOSTILE),
        ],
        "compare": [("talk",), ("مقابلة",), ("odd",), (HOSTILE,)],
        "edit": [
            (), ("talk",), ("*", "--show", HOSTILE.replace("\x00", "")), ("talk", "--title", HOSTILE, "--dry-run"),
            ("talk", "--speaker", f"{HOSTILE}=x"), ("talk", "--id", HOSTILE), ("talk", "--date", HOSTILE),
            ("talk", "--address", HOSTILE), ("talk", "--language", HOSTILE), ("--of-show", HOSTILE, "--title", "x"),
        ],
        "correct": [
            ("talk",), ("talk", "1", HOSTILE), ("talk", "1", "mended", "--to", "+1"), ("talk", HOSTILE, "x"),
            ("odd", "1", "x"), ("talk", "--undo", "1"), ("talk", "--undo", HOSTILE), (HOSTILE, "1", "x"), (HOSTILE,),
            ("talk", "1"), ("talk", "1", "x", "--to", HOSTILE), ("unfinished", "1", "x"),
        ],
        "voices": [
            (), ("talk",), ("name", "odd", "1", HOSTILE), ("name", "odd", "1", WRITTEN), ("undo", "odd"),
            ("undo", "odd"), ("name", "talk", HOSTILE, "x"), ("merge", "talk", "1", "2"),
            ("split", "talk", "1", "--from", "1"), ("accept", "odd", "--all"), ("accept", HOSTILE, "1"),
            ("forget", HOSTILE), ("forget", "--all"), ("profiles",), ("profiles", HOSTILE),
            ("split", "talk", "1", "--from", HOSTILE), (HOSTILE,), ("unfinished",), ("list", "talk"),
            ("find",), ("find", "*", "--again"), ("find", HOSTILE), ("find", "--speakers", HOSTILE),
        ],
        "relink": [(), (folder,), (folder, "--dry-run"), (HOSTILE,)],
        "export": [
            *(("talk", "-f", kind) for kind in ("txt", "srt", "vtt", "tsv", "json", "md", "chapters")),
            ("odd", "-o", out, "--overwrite"),
            ("talk", "--publisher", "-o", out, "--overwrite"), ("talk", "--publisher"),
            ("odd", "--publisher", "-o", out),
            ("talk", "-f", HOSTILE), ("talk", "-o", folder / "gone" / "x.txt"),
        ],
        "site": [
            (out / "site\x1b[95m", "talk", "odd"), (out / "dry", "*", "--dry-run"), (out / "x", HOSTILE), (out, "talk"),
            (out / "site\x1b[95m", "talk", "--address", f"https://example.com/{HOSTILE}"), (HOSTILE, "talk"),
            (out / "y", "--show", HOSTILE, "--title", HOSTILE.replace("\x00", "")),
        ],
        "subscribe": [
            (feed, "--match", HOSTILE.replace("\x00", "")), (no_sound, HOSTILE), (f"ftp://{HOSTILE}",), (out,),
            ("--opml", feed), (feed, "--since", HOSTILE), (feed, "--keep-audio", HOSTILE),
            (feed, "--transcripts", HOSTILE),
        ],
        "update": [("Boat", "--dry-run"), (HOSTILE,), ("Boat", "--dry-run", "--keep-audio", HOSTILE)],
        "download": [("talk",), ("odd",), (HOSTILE,), (f"boat/{HOSTILE}",), ("*", "--show", HOSTILE)],
        "shows": [
            (), ("--opml", "-"), ("--opml", out / "s\x1b[95m.opml"), ("--opml", HOSTILE), ("Boat",), (HOSTILE,),
            ("--match", HOSTILE), ("--since", HOSTILE),
        ],
        "unsubscribe": [(HOSTILE,), ("Boat", "--dry-run"), (HOSTILE, "--dry-run")],
        "reindex": [(), ("--index", "tantivy"), ("--index", HOSTILE), ("--library", HOSTILE.replace("\x00", ""))],
        "backup": [
            (out / "b\x1b[95m.db", "--overwrite"), (HOSTILE,), (folder / "gone" / HOSTILE,), (out,), (talk,),
        ],
        "restore": [
            (out / "b\x1b[95m.db", "--library", out / "new\x1b[95m", "--force"), (HOSTILE,), (no_sound,),
            (out / "b\x1b[95m.db",),
        ],
        "doctor": [(), ("--library", out)],
        "models": [()],
        "help": [(), ("search",), ("syntax",), (HOSTILE,)],
        "completion": [("bash",), (HOSTILE,)],
        "serve": [("--host", HOSTILE), ("--host", HOSTILE.replace("\x00", ""), "--name", HOSTILE), ("--port", HOSTILE)],
        "mcp": [
            ("--http", "--host", HOSTILE), ("--http", "--host", HOSTILE.replace("\x00", "")), ("--port", HOSTILE),
            ("--library", HOSTILE.replace("\x00", "")),
        ],
        "remove": [("*", "--dry-run"), ("*",), ("odd",), (HOSTILE,), ("unfinished",)],
    }  # fmt: skip


def run_all(hostile: dict[str, list[tuple[object, ...]]], *options: str, terminal: bool) -> Iterator[tuple[str, Run]]:
    """Run every command line; ``options`` go before its own arguments."""
    assert set(hostile) == set(NAMES), "a new command prints too"
    for name, lines in hostile.items():
        for number, line in enumerate(lines):
            yield f"{name} {number} {' '.join(options)}", airquote(name, *options, *line, terminal=terminal)


@pytest.fixture(autouse=True)
def logger_as_it_was() -> Iterator[None]:
    """``-v`` adds a handler to the logger: take it off again."""
    logger = logging.getLogger("airquote")
    handlers, level = list(logger.handlers), logger.level
    yield
    logger.handlers[:] = handlers
    logger.setLevel(level)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(("terminal", "verbose"), [(True, False), (False, True)])
def test_no_command_lets_data_control_a_terminal(
    terminal: bool, verbose: bool, hostile: dict[str, list[tuple[object, ...]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    codes, succeeded = set(), set()
    for name, run in run_all(hostile, *["-v"] * verbose, terminal=terminal):
        assert "Traceback" not in run.err, (name, run.err)
        assert_harmless(run.out, name, tabs=name.startswith("export 3"))
        assert_harmless(run.err, name, bars=terminal)
        assert terminal or "\x1b" not in run.out + run.err, name
        codes.add(run.code)
        succeeded |= {name.split()[0]} if run.code == 0 else set()
    assert codes >= {0, 1, 2, 3}
    assert succeeded >= set(NAMES) - {"doctor", "transcribe", "serve", "mcp"}, "what is refused prints little"


def test_what_people_write_is_printed_as_they_wrote_it(
    hostile: dict[str, list[tuple[object, ...]]], engine: FakeEngine
) -> None:
    assert engine.calls == 0
    for line in (
        ("show", "talk"),
        ("list",),
        ("search", "ferry"),
        ("search", "chapter:ferry"),
        ("search", "notes:ferry"),
        ("show", "talk", "--notes"),
        ("at", "talk", "1"),
        ("locate", *hostile["locate"][0]),
    ):
        assert WRITTEN in airquote(*line).out, line
    assert WRITTEN in airquote("export", "talk", "-f", "srt").out


@pytest.mark.usefixtures("engine")
def test_json_escapes_it_and_parses_to_what_is_stored(
    hostile: dict[str, list[tuple[object, ...]]], library: Path
) -> None:
    with Library.open(library) as opened:
        stored: dict[tuple[str, ...], list[Any]] = {
            ("list",): opened.episodes(),
            ("show", "talk"): opened.sentences("talk").sentences,
            ("show", "*", "--notes"): list(opened.descriptions().episodes),
            ("words", "talk", "0", "100"): opened.words(Place("talk", 0, 100)),
            ("at", "talk", "1"): opened.at("talk", [1.0]),
        }
        text = opened.export("talk", "txt").document
    for line, values in stored.items():
        assert airquote(*line, "--json").answers == [json.loads(json.dumps(asdict(one))) for one in values], line
    assert HOSTILE in [one["show"] for one in airquote("list", "--json").answers]
    assert airquote("export", "talk", "--json").answer["document"] == text
    (exported,) = airquote("export", "talk", "-f", "json", "--json").answers
    assert json.loads(exported["document"]) == json.loads(airquote("export", "talk", "-f", "json").out)
    for name, run in run_all(hostile, "--json", terminal=False):
        assert_harmless(run.out, name)
        for answer in run.out.split("\n")[:-1]:
            assert "search" in name or isinstance(json.loads(answer), dict), name


@pytest.mark.usefixtures("engine")
def test_tables_let_no_data_control_a_terminal(hostile: dict[str, list[tuple[object, ...]]]) -> None:
    for name in ("list", "show", "search", "at", "words", "locate", "verify", "quotations"):
        tabbed, comma = (airquote(name, option, *hostile[name][0]) for option in ("--tsv", "--csv"))
        assert (tabbed.code, comma.code) == (0, 0), name
        assert_harmless(tabbed.out, name, tabs=True)
        assert_harmless(comma.out.replace("\r\n", "\n"), name)
        assert WRITTEN in comma.out, name


def test_a_file_that_is_exported_or_cut_is_named_by_letters_alone(
    hostile: dict[str, list[tuple[object, ...]]], tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    assert hostile
    assert airquote("export", "odd", "-o", tmp_path / "out", "-f", "srt").code == 0
    (file,) = (tmp_path / "out").iterdir()
    assert re.fullmatch(r"[\w.\u200c\u0300-\u036f-]+", file.name)
    assert len(file.name.encode()) < 255


def test_the_evidence_page_shows_words_and_no_controls(
    hostile: dict[str, list[tuple[object, ...]]], tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    assert airquote("verify", *hostile["verify"][0], "--html", page).code == 0
    text = page.read_text(encoding="utf-8")
    assert WRITTEN in text
    assert not set(BIDI_CONTROLS) & set(text)
    assert re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]", text) is None
    assert '<p class="reason"><bdi>' in text


@pytest.mark.parametrize(
    "arguments",
    [
        (HOSTILE,),
        ("list", f"--{HOSTILE}"),
        ("search", "a", "--limit", HOSTILE),
        ("search", "a", "--sort", HOSTILE),
        ("at",),
    ],
)
@pytest.mark.parametrize("terminal", [False, True])
def test_a_line_that_is_no_command_is_quoted_harmlessly(arguments: tuple[str, ...], terminal: bool) -> None:
    run = airquote(*arguments, terminal=terminal)
    assert (run.code, run.out) == (2, "")
    assert_harmless(run.err, str(arguments), boxed=True)
    assert "\nFORGED" not in run.err
    assert "Usage" in run.err


@pytest.mark.parametrize("error", [MediaError, UsageError, MachineError, OSError, RuntimeError, UnicodeError])
def test_an_error_of_any_kind_is_printed_harmlessly(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error(HOSTILE)

    monkeypatch.setattr("pipeline.library.Library.open", fail)
    for terminal in (False, True):
        run = airquote("list", terminal=terminal)
        assert run.code in (2, 3, 4)
        assert "Ann" in run.err
        assert_harmless(run.err, str(error))


# The one place


def test_a_record_of_a_library_or_of_the_log_is_cleaned(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    added: list[logging.Handler] = []
    monkeypatch.setattr(logging.getLogger("airquote"), "addHandler", added.append)
    airquote("-v", "models")
    for one in (*added, logging.lastResort):
        assert one is not None
        try:
            raise ValueError(HOSTILE)
        except ValueError:
            record = logging.getLogger("airquote.x").makeRecord(
                "airquote.x", logging.ERROR, "f", 1, "%s", (HOSTILE,), sys.exc_info()
            )
        text = one.format(record)
        assert_harmless(text.replace("\n", "\n "), "log")
        assert "ValueError: Ann" in text
    assert len(added) == 1
    assert capsys.readouterr().out == ""


@given(st.text(st.characters() | st.sampled_from(HOSTILE)))
def test_clean_text_is_one_harmless_line_and_stays_as_it_is(text: str) -> None:
    cleaned = clean_text(text)
    assert_harmless(
        cleaned.replace("\U000e0067", "").replace("FORGED", ""), "clean"
    ) if "\U000e0067" not in text else None
    assert "\n" not in cleaned
    assert clean_text(cleaned) == cleaned
    kept = [letter for letter in text if not FORBIDDEN.match(letter) and letter not in "\n\u2068\u2069"]
    assert [letter for letter in cleaned if letter in kept] or not kept
    printable(text).encode()


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_escaped_json_means_the_same(value: Any) -> None:
    escaped = escape_json(json.dumps(value, ensure_ascii=False))
    assert json.loads(escaped) == value
    assert FORBIDDEN.search(escaped) is None


def test_halves_of_surrogate_pairs_survive_json() -> None:
    name = os.fsdecode(b"caf\xe9.mp3")
    line = to_json(Removed("a", HOSTILE, name))
    line.encode()
    assert json.loads(line) == {"episode": "a", "title": HOSTILE, "media": name, "sound_removed": False}


def test_pieces_are_cleaned_and_our_own_styles_stay(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        printable("a\x1b[1m", faint("b\x1b[1m"))
        == "a\N{REPLACEMENT CHARACTER}[1m\x1b[2mb\N{REPLACEMENT CHARACTER}[1m\x1b[0m"
    )
    assert style("a\n", fg="red") == "\x1b[31ma \x1b[0m"
    assert mark("a\u202eb c", [(1, 3)]) == "a**b** c"
    assert isolate("\u2069\u202eשלום") == "\u2068שלום\u2069"
    assert isolate("\u2069plain") == "plain"
    print_line(f"{faint('an f-string')}")
    assert "\x1b" not in capsys.readouterr().out, "an f-string of styled text is text: it loses its style"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert link("a\x1b", "file:///a") == "\x1b]8;;file:///a\x1b\\a\N{REPLACEMENT CHARACTER}\x1b]8;;\x1b\\"
    assert link("a", "file:///a\x1b\\\x1b]52;c;x\x07") == "a"
    assert isinstance(link("a", None), Printable)
