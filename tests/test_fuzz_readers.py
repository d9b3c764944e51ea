"""A short, repeatable run of what ``make fuzz`` does for minutes: damaged files of every layout."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from torture.fuzz_readers import READERS, changed_files, read_damaged, seeds


@pytest.mark.parametrize("reader", READERS)
def test_a_damaged_file_is_read_or_refused(reader: str) -> None:
    @settings(max_examples=12, deadline=None, derandomize=True, database=None)
    @given(changed_files(reader))
    def read(data: bytes) -> None:
        read_damaged(data)

    read()


def test_every_reader_has_files_to_damage() -> None:
    assert [reader for reader in READERS if not seeds(reader)] == []


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(st.binary(max_size=200))
def test_bytes_without_structure_are_read_or_refused(data: bytes) -> None:
    read_damaged(data)
