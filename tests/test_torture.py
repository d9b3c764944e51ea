"""Short runs of what ``make torture`` does at length: damage, mutated texts, many processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from torture import crowd, damage, fuzz_texts
from torture.result import Result

PARTS: dict[str, Callable[[Path], Iterator[Result]]] = {
    "damage": lambda workspace: damage.run(workspace, tries=30),
    "texts": lambda workspace: fuzz_texts.run(workspace, tries=150),
    "crowd": lambda workspace: crowd.run(workspace, rounds=1),
}


@pytest.mark.parametrize("part", PARTS)
def test_nothing_goes_wrong(part: str, tmp_path: Path) -> None:
    results = list(PARTS[part](tmp_path / "workspace"))
    assert all(result.tries for result in results)
    assert [result for result in results if result.wrong] == []
