"""Drafts in the store: what is finished of transcriptions that go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from index.storage.database import Database

VOICES_PART = -1
"""The number of the part that says who speaks when; it has what voices sound like, until the draft is finished."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A transcription in progress: the ``plan`` that the pipeline saved last, and the finished ``parts``."""

    number: int
    plan: str
    parts: dict[int, str]


class Drafts(Database):
    """The part of a store that keeps unfinished transcriptions."""

    def start_draft(self, episode_id: str, recipe: str, plan: str) -> Draft:
        """Return the draft of this recipe with its finished parts, or a new one; delete a draft of another recipe.

        ``recipe`` is everything that affects the words; ``plan`` is stored with a new draft only.
        """
        with self.transaction():
            self._connection.execute("DELETE FROM drafts WHERE episode = ? AND recipe != ?", (episode_id, recipe))
            self._connection.execute(
                "INSERT INTO drafts (episode, recipe, plan) VALUES (?, ?, ?) ON CONFLICT (episode) DO NOTHING",
                (episode_id, recipe, plan),
            )
            draft = self.draft(episode_id, recipe)
        assert draft is not None
        return draft

    def draft(self, episode_id: str, recipe: str) -> Draft | None:
        """Return an episode's draft of this recipe, None if there is none."""
        row = next(
            self._rows("SELECT number, plan FROM drafts WHERE episode = ? AND recipe = ?", episode_id, recipe),
            None,
        )
        if row is None:
            return None
        return Draft(
            row[0], row[1], dict(self._rows("SELECT number, content FROM draft_parts WHERE draft = ?", row[0]))
        )

    def replace_draft_plan(self, draft: int, plan: str) -> None:
        """Save another plan for a draft, whose parts stay."""
        with self.transaction():
            self._connection.execute("UPDATE drafts SET plan = ? WHERE number = ?", (plan, draft))

    def discard_draft(self, episode_id: str) -> None:
        """Delete the draft of an episode."""
        with self.transaction():
            self._connection.execute("DELETE FROM drafts WHERE episode = ?", (episode_id,))

    def save_draft_parts(self, draft: int, parts: Iterable[tuple[int, str]]) -> None:
        """Save finished windows, in one transaction."""
        with self.transaction():
            self._connection.executemany(
                "INSERT OR REPLACE INTO draft_parts VALUES (?, ?, ?)",
                ((draft, number, content) for number, content in parts),
            )
