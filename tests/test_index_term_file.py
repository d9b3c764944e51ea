"""The file of terms and postings: round trips, damage, files that a stranger made, and its size."""

from __future__ import annotations

import random
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

import index.fulltext.whoosh.term_file
from index.fulltext.whoosh.term_file import TermReader, TermWriter

Lists = Mapping[bytes, Sequence[tuple[int, int]]]
"""Passages and counts, by term."""


class Memory:
    """A file in memory, as the storage of Whoosh gives it."""

    def __init__(self, content: bytes = b"") -> None:
        self.content, self.closed = content, False

    def write(self, data: bytes) -> None:
        self.content += data

    def get(self, position: int, length: int) -> bytes:
        return self.content[position : position + length]

    def close(self) -> None:
        self.closed = True


def write(lists: Lists) -> bytes:
    file = Memory()
    writer = TermWriter(file)
    for term, postings in sorted(lists.items()):
        passages, counts = zip(*postings, strict=True)
        writer.add(term, passages, counts)
    writer.close()
    assert file.closed
    return file.content


def read(content: bytes, passages: int = 2**32) -> dict[bytes, list[tuple[int, int]]]:
    """Everything in a file: each term as it is found by itself."""
    reader = TermReader(Memory(content), len(content), passages)
    found = {}
    for term in reader:
        postings = reader.postings(term)
        assert postings is not None
        assert reader.frequency(term) == len(postings.passages) == len(postings.counts)
        found[term] = list(zip(postings.passages.tolist(), postings.counts.tolist(), strict=True))
    return found


TERMS = st.text(max_size=5).map(lambda text: b"stems\0" + text.encode())
COUNTS = st.sampled_from([1, 1, 1, 2, 255, 256, 2**16, 2**32 - 1])
STEPS = st.sampled_from([1, 1, 2, 255, 256, 70_000])
POSTINGS = st.lists(st.tuples(STEPS, COUNTS), min_size=1, max_size=20).map(
    lambda steps: [(place - 1, count) for place, (_, count) in zip(accumulate(s for s, _ in steps), steps, strict=True)]
)
LISTS = st.dictionaries(TERMS, POSTINGS, max_size=20)


@given(LISTS)
def test_every_list_of_postings_is_read_as_it_was_written(lists: Lists) -> None:
    assert read(write(lists)) == lists


def podcast_like(terms: int, passages: int) -> Lists:
    """Terms of which the second is in half as many passages as the first, the third in a third, and so on."""
    chance = random.Random(0)
    return {
        f"grams\0the {number:05}".encode(): [
            (passage, 1 + (chance.random() < 0.1))
            for passage in sorted(chance.sample(range(passages), max(1, passages // (1 + number))))
        ]
        for number in range(terms)
    }


def test_terms_in_many_blocks_are_read_as_they_were_written() -> None:
    lists = {**podcast_like(2_000, 5_000), b"stems\0" + b"a" * 100_000: [(0, 1)], b"stems\0z": [(7, 2)]}
    assert read(write(lists), 5_000) == lists


@given(LISTS, TERMS)
def test_a_term_that_does_not_occur_has_no_postings(lists: Lists, term: bytes) -> None:
    content = write({other: postings for other, postings in lists.items() if other != term})
    reader = TermReader(Memory(content), len(content), 2**32)
    assert reader.postings(term) is None
    assert reader.frequency(term) == 0


@pytest.mark.parametrize(
    "terms", [[b"b", b"a"], [b"a", b"a"], [b""]], ids=["descending", "twice the same", "without a name"]
)
def test_terms_that_cannot_be_found_again_are_not_written(terms: list[bytes]) -> None:
    writer = TermWriter(Memory())
    with pytest.raises(ValueError, match="is not after"):
        for term in terms:
            writer.add(term, [0], [1])


# Damage


@given(st.data())
def test_a_changed_byte_is_noticed(data: st.DataObject) -> None:
    lists = podcast_like(300, 50)
    content = bytearray(write(lists))
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    found = None
    with suppress(Exception):
        found = read(bytes(content), 50)
    assert found in (None, lists), "a few bits of deflate mean nothing, but no change gives other postings"


@given(st.data())
def test_a_file_that_is_cut_off_is_noticed(data: st.DataObject) -> None:
    content = write(podcast_like(300, 50))
    with pytest.raises(Exception):  # noqa: B017 - of any kind, as it says
        read(content[: data.draw(st.integers(0, len(content) - 1))])


# Files of strangers


def test_postings_of_passages_that_a_segment_does_not_have_are_refused() -> None:
    content = write({b"a": [(3, 1), (9, 1)]})
    assert read(content, 10)
    with pytest.raises(ValueError, match="does not have"):
        read(content, 9)
    with pytest.raises(ValueError, match="more than its segment has"):
        read(content, 1)


@pytest.mark.parametrize(
    ("lists", "limit"),
    [
        ({b"a" * 10**7: [(0, 1)]}, "_COMPRESSED_TERMS"),
        ({b"%d" % term: [(0, 1)] for term in range(9_000)}, "_BLOCK_TERMS"),
    ],
    ids=["a long term", "many terms"],
)
def test_a_block_of_more_than_is_written_is_refused(lists: Lists, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as stranger:
        stranger.setattr(index.fulltext.whoosh.term_file, limit, 10**8)
        stranger.setattr(index.fulltext.whoosh.term_file, "_BLOCK_POSTINGS", 10**8)
        content = write(lists)
    with pytest.raises(ValueError, match=r"larger than|too many"):
        read(content, 1)


@pytest.mark.parametrize(
    ("begin", "directory"),
    [(1, None), (2**63, None), (None, b"\0" * 10), (None, b"\xff" * 40), (None, b"")],
    ids=["elsewhere", "nowhere", "without blocks", "of four thousand million blocks", "empty"],
)
def test_a_directory_that_does_not_have_the_blocks_is_refused(begin: int | None, directory: bytes | None) -> None:
    content = write({b"a": [(3, 1)]})
    packed = index.fulltext.whoosh.term_file._END
    end, _ = packed.unpack(content[-packed.size :])
    directory = content[end : -packed.size] if directory is None else directory
    with pytest.raises(Exception):  # noqa: B017 - of any kind, as it says
        read(content[:end] + directory + packed.pack(end if begin is None else begin, zlib.crc32(directory)))


# Size


def test_a_posting_takes_little_more_than_its_information() -> None:
    lists = podcast_like(2_000, 5_000)
    postings = sum(map(len, lists.values()))
    keys = sum(map(len, lists))
    assert len(write(lists)) < 1.5 * postings + 0.2 * keys
