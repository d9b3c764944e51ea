"""An update that is killed at any step and run again gives the library of an uninterrupted one."""

from __future__ import annotations

from pathlib import Path

from offered_shows import offer_all_kinds
from torture.kills import FOLLOW, try_kills

KILLS = 25


def test_a_killed_update_is_completed_by_the_next(tmp_path: Path) -> None:
    with offer_all_kinds() as show:
        trials = list(try_kills(FOLLOW, tmp_path, KILLS, feed=show.feed))
    assert len(trials) == KILLS
    assert [trial for trial in trials if trial.differing] == []
