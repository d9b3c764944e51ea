"""Names from feeds never leave their folder, and are names on every system."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.shows.downloads.safe_names import MOST_BYTES, safe_file_name

RESERVED = ["CON", "prn", "Aux", "NUL", "COM1", "com9", "LPT1", "lpt9", "COM¹", "LPT³", "CONIN$", "conout$", "CLOCK$"]
EVIL = [
    "../../etc/passwd", "..", ".", "...", "/etc/passwd", "\\\\server\\share", "C:\\Windows", "c:x", "a\0b", "a\nb",
    "\r\n", "x" * 300, "é" * 300, "👩‍👩‍👧‍👦" * 100, "x." * 200, "trailing...", "trailing. . ", " ", "", "\t", "-rf",
    "--help", "~root", ".hidden", "..\u2215..\u2215x", "．．／．．／etc", "‥/‥", "…", "a\u202egpj.exe", "a\u200bb",
    "\ufeff", "\udc80", "a:stream", "a|b<c>d?e*f\"g", "．", "con\u200b", "ＣＯＮ", "nul .txt", "nul.tar.gz", "\u0301",
    "ℂ℺", "½", "http://x/../y", "%2e%2e%2f", "a\u2028b",
]  # fmt: skip


def check(name: str) -> None:
    assert 0 < len(name.encode()) <= MOST_BYTES
    for paths in (PurePosixPath, PureWindowsPath):
        assert (paths(name).name, len(paths(name).parts)) == (name, 1)
        assert (paths("folder") / name).parent == paths("folder")
    for ending in ("", ".mp3"):
        stem = f"{name}{ending}".partition(".")[0].rstrip().upper()
        assert stem not in {unicodedata.normalize("NFKC", one).upper() for one in RESERVED}
    assert not name.startswith((".", "-", " ", "~"))
    assert not name.endswith((".", " "))
    assert not any(unicodedata.category(letter)[0] == "C" for letter in name)
    assert not set(name) & set('/\\:*?"<>|')
    assert ".." not in PurePosixPath(unicodedata.normalize("NFKC", name)).parts
    assert "/" not in unicodedata.normalize("NFKC", name)


@pytest.mark.parametrize("text", [*EVIL, *RESERVED, *(f"{one}.mp3" for one in RESERVED)])
def test_a_hostile_title_becomes_a_harmless_name(text: str, tmp_path: Path) -> None:
    name = safe_file_name(text)
    check(name)
    (tmp_path / f"{name}.mp3").write_text("x")
    assert [os.fsdecode(path.name) for path in tmp_path.iterdir()] == [f"{name}.mp3"]


@given(st.text())
@example("a" * (MOST_BYTES - 1) + ". .")
@example("con" + "\u200b")
@example("A\u200b\u0301")
@example("a \u00b4")
@example("a" * (MOST_BYTES - 3) + "...b")
def test_any_text_becomes_a_name_which_is_its_own(text: str) -> None:
    name = safe_file_name(text)
    check(name)
    assert safe_file_name(name) == name


@given(st.lists(st.sampled_from([*"./\\:con nul.~-_\u202e\u200b．／", "com1", "..", "\0", "é", "…"])))
def test_pieces_of_paths_become_names(pieces: list[str]) -> None:
    check(safe_file_name("".join(pieces)))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Vol. 3: The Harbour", "Vol. 3- The Harbour"),
        ("  Two   spaces\t", "Two spaces"),
        ("Überfahrt nach Föhr", "Überfahrt nach Föhr"),
        ("日本語の題名", "日本語の題名"),
        ("../../x", "x"),
        ("NUL", "_NUL"),
        ("", "episode"),
        ("///", "episode"),
    ],
)
def test_an_ordinary_title_stays_readable(text: str, name: str) -> None:
    assert safe_file_name(text) == name


def test_what_is_said_where_nothing_is_left_is_the_callers() -> None:
    assert safe_file_name("...", "2026-01-05") == "2026-01-05"
