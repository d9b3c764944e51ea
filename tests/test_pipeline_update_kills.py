"""An update that is killed at any step and run again gives the library of an uninterrupted one."""

from __future__ import annotations

from pathlib import Path

from offered_shows import CUES, OfferedItem, make_sound, offer_shows
from torture.kills import FOLLOW, try_kills

KILLS = 25


def test_a_killed_update_is_completed_by_the_next(tmp_path: Path) -> None:
    with offer_shows() as (show,):
        show.items = [
            OfferedItem(
                "Newest", "2024-05-03", make_sound(11, 3), CUES, notes="About the ferry.", people=("Ann Okafor",)
            ),
            OfferedItem("Words alone", "2024-05-02", None, CUES),
            OfferedItem("Oldest", "2024-05-01", make_sound(12)),
        ]
        trials = list(try_kills(FOLLOW, tmp_path, KILLS, feed=show.offer()))
    assert len(trials) == KILLS
    assert [trial for trial in trials if trial.differing] == []
