"""Edit what a person says of episodes: title, show, date, address, id, and the names of the speakers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from audio.errors import UsageError, correct_input, try_again
from index.errors import EpisodeError
from index.language.language_codes import parse_language
from index.storage.episode_names import name_episode
from index.storage.store import Store
from index.storage.untrusted import is_address
from index.transcript import Episode
from pipeline.batch.episode_details import NAMES_OF_FIELDS, check_name, parse_date
from pipeline.batch.locks import Taken, lock_source
from pipeline.batch.removal import lock_name
from pipeline.episodes.episode_changes import EditedEpisode, EpisodeChanges, FieldChange
from pipeline.voices.naming import name_speakers


@dataclass(frozen=True, slots=True)
class _PlannedEdit:
    """An episode before and after, the languages of its transcript, and the names of its speakers by their labels."""

    before: Episode
    after: Episode
    spoken: str | None
    language: str | None
    named: Mapping[str, str]
    names: Mapping[str, str]

    @property
    def result(self) -> EditedEpisode:
        new = self.after
        speakers = tuple(dict.fromkeys(self.names.values()))
        return EditedEpisode(
            new.id, new.title, new.show, new.published, new.address, self.language, speakers, tuple(self._changes())
        )

    def _changes(self) -> Iterator[FieldChange]:
        for field, name in {"id": "id", **NAMES_OF_FIELDS}.items():
            before, after = getattr(self.before, field), getattr(self.after, field)
            if before != after:
                yield FieldChange(name, before, after)  # type: ignore[arg-type]
        if self.spoken != self.language:
            yield FieldChange("language", self.spoken, self.language)
        renamed = dict.fromkeys((self.named[label], name) for label, name in self.names.items())
        yield from (FieldChange("speaker", before, after) for before, after in renamed if before != after)


def edit_episodes(
    store: Store, episodes: Sequence[Episode], changes: EpisodeChanges, *, dry_run: bool = False
) -> list[EditedEpisode]:
    """Change some episodes, all or none of them; with ``dry_run`` only say what would be changed.

    Raises UsageError for a value that a field cannot have, EpisodeError for an id that another episode has, for a
    speaker whom none of the episodes has, and for an id while another process transcribes the episode.
    """
    fields = _read_fields(changes, len(episodes))
    language = parse_language(changes.language) if changes.language is not None else None
    with ExitStack() as opened:
        if fields.keys() & {"id"}:
            _lock(store, episodes[0], opened)
        if not dry_run:
            opened.enter_context(store.transaction())
        plans = [_plan(store, store.episode(one.id) or one, fields, language, changes.speakers) for one in episodes]
        _check_speakers(plans, changes.speakers)
        others = {"language": language, "speakers": changes.speakers}
        for plan in () if dry_run else plans:
            _save(store, plan, [*fields, *(name for name, given in others.items() if given)])
    return [plan.result for plan in plans]


def _read_fields(changes: EpisodeChanges, episodes: int) -> dict[str, str | None]:
    """Return the new values of the fields of an episode. Raises UsageError for one that a field cannot have."""
    readers: dict[str, tuple[str | None, Callable[[str], str | None]]] = {
        "id": (changes.id, _read_id),
        "title": (changes.title, _read_title),
        "show": (changes.show, lambda text: text or None),
        "published": (changes.date, lambda text: parse_date(text) if text else None),
        "address": (changes.address, _read_address),
    }
    for name, (text, _) in readers.items():
        check_name(name, text and text.strip())
    for name in changes.speakers.values():
        check_name("name", name.strip())
    if changes.id is not None and episodes != 1:
        raise UsageError(
            f"{episodes} episodes cannot have one id.", correct_input("Name one episode, or leave the id out.")
        )
    return {name: read(text.strip()) for name, (text, read) in readers.items() if text is not None}


def _read_id(text: str) -> str:
    if not text:
        raise UsageError("An id cannot be empty.", correct_input("Write letters and digits, such as the-roof."))
    return name_episode(text)


def _read_title(text: str) -> str:
    if not text:
        raise UsageError("A title cannot be empty.", correct_input("Write one, or leave the title as it is."))
    return text


def _read_address(text: str) -> str | None:
    if text and not is_address(text):
        raise UsageError(
            f"{text!r} is not an address.", correct_input("Write it as https://example.com/episode."), where=text
        )
    return text or None


def _lock(store: Store, episode: Episode, opened: ExitStack) -> None:
    """Lock an episode whose id is to be changed: who transcribes it knows it by that."""
    try:
        opened.enter_context(lock_source(store.directory, lock_name(episode)))
    except Taken:
        raise EpisodeError(
            f"The episode {episode.id} is being transcribed now.",
            try_again("Give it another id when that is done."),
            where=episode.id,
        ) from None


def _plan(
    store: Store,
    episode: Episode,
    fields: Mapping[str, str | None],
    language: str | None,
    speakers: Mapping[str, str],
) -> _PlannedEdit:
    after = replace(episode, **fields)  # type: ignore[arg-type]
    other = store.episode(after.id) if after.id != episode.id else None
    if other is not None:
        raise EpisodeError(
            f"The id {other.id} is that of the episode “{other.title}”.",
            correct_input("Choose another one."),
            where=other.id,
        )
    named = named_speakers(store, episode.id)
    chosen = {label: new.strip() or label for who, new in speakers.items() for label in _find_speaker(who, named)}
    facts = store.facts(episode.id)
    spoken = facts.language if facts is not None else None
    new = language if language is not None and facts is not None else spoken
    return _PlannedEdit(episode, after, spoken, new, named, {**named, **chosen})


def named_speakers(store: Store, episode_id: str) -> dict[str, str]:
    """Return the names of the speakers of an episode by their labels, in the order in which they first speak."""
    facts = store.facts(episode_id)
    names = store.speaker_names(facts.number) if facts is not None else {}
    return {label: names.get(label, label) for label in store.speaker_labels(episode_id)}


def _find_speaker(who: str, named: Mapping[str, str]) -> list[str]:
    """Return the labels of a speaker: by the present name, by the label, or by the number in the order of speaking."""
    wanted = " ".join(who.split()).casefold()
    by_name = [label for label, name in named.items() if " ".join(name.split()).casefold() == wanted]
    by_label = [label for label in named if label.casefold() == wanted]
    in_order = list(dict.fromkeys(named.values()))
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 10 else 0
    by_number = [label for label, name in named.items() if name in in_order[max(0, number - 1) : number]]
    return by_name or by_label or by_number


def _check_speakers(plans: Sequence[_PlannedEdit], speakers: Mapping[str, str]) -> None:
    """Raise EpisodeError for a speaker whom no episode has."""
    for who in speakers:
        if not any(_find_speaker(who, plan.named) for plan in plans):
            known = list(dict.fromkeys(name for plan in plans for name in plan.named.values()))
            listed = ", ".join(f"{number} {name}" for number, name in enumerate(known, start=1))
            where = plans[0].before.id if len(plans) == 1 else None
            raise EpisodeError(
                f"There is no speaker {who!r} in {where or 'these episodes'}.",
                correct_input(f"There are: {listed}." if known else "Its speakers are not known."),
                where=where,
            )


def _save(store: Store, plan: _PlannedEdit, edited: Sequence[str]) -> None:
    episode = plan.before.id
    store.update_episode(replace(plan.after, id=episode))
    store.save_address(episode, plan.after.address)
    if "speakers" in edited:
        name_speakers(store, episode, plan.names)
    if plan.language is not None and plan.language != plan.spoken:
        store.save_language(episode, plan.language)
    store.record_edits(episode, [field for field in edited if field != "id"])
    if plan.after.id != episode:
        store.rename_episode(episode, plan.after.id)
