"""Delete what voices sound like for good: of one person, or of all."""

from __future__ import annotations

from audio.errors import UsageError, correct_input
from index.storage.store import Store
from pipeline.voices.spoken_voices import ProfileState


def describe_profiles(store: Store, forgotten: int | None = None, *, erased: bool = True) -> ProfileState:
    """Say whether a library keeps what voices sound like, and whose."""
    people = tuple(dict.fromkeys(one.name for one in store.profiles()))
    return ProfileState(store.keeps_vectors, store.stored_vectors(), people, forgotten, erased)


def forget_person(store: Store, name: str) -> ProfileState:
    """Delete the profile of a person and what the voices sound like that are or were named so; their names stay.

    Raises UsageError if nothing is stored under this name.
    """
    wanted = " ".join(name.split()).casefold()
    known = store.known_names()
    meant = [one for one in known if " ".join(one.split()).casefold() == wanted]
    if not meant:
        listed = f"There are profiles of {', '.join(known)}." if known else "There are none."
        raise UsageError(f"There is no profile of {name!r}.", correct_input(listed), where=name)
    with store.transaction():
        forgotten = sum(map(store.forget_profile, meant))
    return describe_profiles(store, forgotten, erased=store.erase_deleted())


def forget_everybody(store: Store) -> ProfileState:
    """Delete what all voices sound like, and all profiles; who speaks when and all names stay."""
    forgotten = store.stored_vectors()
    store.drop_vectors()
    return describe_profiles(store, forgotten, erased=store.erase_deleted())


def keep_profiles(store: Store, keep: bool) -> ProfileState:
    """Choose whether a library may keep what voices sound like; if not, delete what there is."""
    forgotten = None if keep else store.stored_vectors()
    with store.transaction():
        store.save_keeping(keep)
        if not keep:
            store.drop_vectors()
    return describe_profiles(store, forgotten, erased=keep or store.erase_deleted())
