"""The lexicon: frequencies stay right through additions and removals; expansion by stem, pattern, edits and sound."""

from __future__ import annotations

import sqlite3
import tempfile
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import IndexDamagedError, LibraryError
from index.fulltext.lexicon import CountedWords, Lexicon, count_words
from index.language.phonetics import sound_of
from index.language.tokens import stem_token
from index.query.tree import EXPANSION_LIMIT, Wildcard

TOKENS = st.lists(st.sampled_from(["ferry", "ferries", "harbour", "run", "running", "a", "häuser", "haus", "東"]))
LANGUAGES = st.sampled_from(["en", "de", None])


@pytest.fixture
def lexicon(tmp_path: Path) -> Iterator[Lexicon]:
    with closing(Lexicon(tmp_path / "lexicon.db", writable=True)) as lexicon:
        yield lexicon


@settings(max_examples=40)
@given(
    changes=st.lists(
        st.tuples(st.sets(st.integers(1, 4)), st.dictionaries(st.integers(1, 4), st.tuples(LANGUAGES, TOKENS))),
        max_size=6,
    )
)
def test_counts_and_forms_are_those_of_the_transcripts_that_are_in(
    changes: list[tuple[set[int], dict[int, tuple[str | None, list[str]]]]],
) -> None:
    inside: dict[int, tuple[str | None, list[str]]] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Lexicon(Path(folder, "lexicon.db"), writable=True)) as lexicon,
    ):
        for removed, wanted in changes:
            inside = {number: text for number, text in inside.items() if number not in removed}
            added = {number: text for number, text in wanted.items() if number not in inside}
            lexicon.change(removed, [count_words(number, *text) for number, text in added.items()])
            inside |= added
        counts = Counter(token for _, tokens in inside.values() for token in tokens)
        for token in ["ferry", "ferries", "harbour", "run", "running", "a", "häuser", "haus", "東", "never"]:
            assert lexicon.count(token) == counts[token]
            for language in ("en", "de", None):
                said = {word for spoken, tokens in inside.values() if spoken == language for word in tokens}
                stem = stem_token(token, language)
                assert lexicon.forms(token, language) == {w for w in said if stem_token(w, language) == stem}
        assert set(lexicon.languages()) == {language for language, _ in inside.values()}


def test_a_pattern_that_fits_a_million_words_stands_for_the_thousand_most_frequent(lexicon: Lexicon) -> None:
    with closing(sqlite3.connect(lexicon.path)) as connection, connection:
        # The seventh, the fourteenth, the twenty-first ... are the most frequent.
        connection.execute(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000000)"
            " INSERT INTO words"
            " SELECT printf('w%07d', n), 'en', printf('w%07d', n), '', '', 1 + (n % 7 = 0) FROM numbers"
        )
    expanded = lexicon.matching(Wildcard("w*"))
    assert (expanded.found, expanded.cut) == (1_000_000, True)
    assert set(expanded.words) == {f"w{number:07}" for number in range(7, 7 * EXPANSION_LIMIT + 1, 7)}


def test_suggestions_are_close_or_sound_alike_and_the_commonest_come_first(
    lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ["smith", "smyth", "harbour", "harbor", "harbor", "ferry", "fairy", "night", "knight", "catalogue"]
    lexicon.change([], [count_words(1, "en", said)])
    assert lexicon.suggest("harbur")[:2] == ["harbor", "harbour"]
    assert set(lexicon.suggest("nite")[:2]) == {"knight", "night"}
    assert set(lexicon.suggest("smithe")) == {"smith", "smyth"}
    assert lexicon.suggest("ferrry")[0] == "ferry"
    assert "ferry" not in lexicon.suggest("ferry")
    assert lexicon.suggest("zzzzzzzz") == []
    assert lexicon.suggest("東") == []
    monkeypatch.setattr("index.fulltext.lexicon.SUGGESTED_WORDS", 1)
    assert lexicon.suggest("harbur") == ["harbor"]


@pytest.mark.parametrize(("one", "other"), [("night", "knight"), ("smith", "smyth"), ("phone", "fone")])
def test_words_that_sound_alike_have_one_code(one: str, other: str) -> None:
    assert sound_of(one) == sound_of(other) != ""


@pytest.mark.parametrize("token", ["", "2024", "東", "ελλαδα", "_", "a1"])
def test_what_has_no_latin_letters_alone_has_no_sound(token: str) -> None:
    assert sound_of(token) == ""


def test_a_change_that_fails_changes_nothing_and_the_next_one_works(lexicon: Lexicon) -> None:
    lexicon.change([], [count_words(1, "en", ["ferry"])])

    def failing() -> Iterator[CountedWords]:
        yield count_words(2, "en", ["harbour"])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lexicon.change([1], failing())
    assert (lexicon.count("ferry"), lexicon.count("harbour")) == (1, 0)
    lexicon.change([1], [count_words(2, "en", ["harbour"])])
    assert (lexicon.count("ferry"), lexicon.count("harbour")) == (0, 1)


def test_a_lexicon_that_is_missing_or_none_is_noticed_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.db"
    with pytest.raises(IndexDamagedError):
        Lexicon(path)
    assert not path.exists()
    for content in (b"", b"this is no database" * 300):
        path.write_bytes(content)
        with pytest.raises(IndexDamagedError):
            Lexicon(path)
    with pytest.raises(IndexDamagedError):
        Lexicon(path, writable=True)


def test_damage_that_is_met_only_while_reading_or_changing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.db"
    with closing(Lexicon(path, writable=True)) as lexicon:
        lexicon.change([], [count_words(1, "en", [f"word{number}" for number in range(5000)])])
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xaa" * (len(content) - 8192)
    path.write_bytes(content)
    with pytest.raises(IndexDamagedError), closing(Lexicon(path)) as lexicon:
        lexicon.suggest("word77")
    with pytest.raises(IndexDamagedError), closing(Lexicon(path, writable=True)) as lexicon:
        lexicon.change([1], [])


def test_counts_that_do_not_unpack_are_damage(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.db"
    with closing(Lexicon(path, writable=True)) as lexicon:
        lexicon.change([], [count_words(1, "en", ["ferry"])])
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE counts SET words = x'00'")
        with pytest.raises(IndexDamagedError):
            lexicon.change([1], [])
        assert lexicon.count("ferry") == 1


def test_a_full_disk_is_no_damage(lexicon: Lexicon) -> None:
    lexicon.change([], [count_words(1, "en", ["ferry"])])
    lexicon._connection.execute("PRAGMA max_page_count = 10")
    with pytest.raises(LibraryError, match="full") as caught:
        lexicon.change([], [count_words(2, "en", [f"word{number}" for number in range(5000)])])
    assert not isinstance(caught.value, IndexDamagedError)
    assert lexicon.count("ferry") == 1


def test_names_that_stay_take_no_memory(lexicon: Lexicon) -> None:
    titles = {number: f"Talk number {number} of many" for number in range(4_000)}
    lexicon.change([], [count_words(number, "en", ["ferry"]) for number in titles])
    lexicon.change_names(titles, lambda _: ["Ann"])
    tracemalloc.start()
    try:
        lexicon.change_names(titles, lambda _: ["Ann"])
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 4_000 * 8, "less than a list of them"
    assert len(lexicon.speakers()) == 4_000
