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
    """Delete the profile of a person and what the voices sound like that were named so; their names stay.

    Raises UsageError if there is no profile of this name.
    """
    wanted = " ".join(name.split()).casefold()
    known = dict.fromkeys(one.name for one in store.profiles())
    forgotten = [one for one in store.profiles() if " ".join(one.name.split()).casefold() == wanted]
    if not forgotten:
        listed = f"There are profiles of {', '.join(known)}." if known else "There are none."
        raise UsageError(f"There is no profile of {name!r}.", correct_input(listed), where=name)
    with store.transaction():
        for name_as_given in {one.name for one in forgotten}:
            store.forget_profile(name_as_given)
    return describe_profiles(store, len(forgotten), erased=store.erase_deleted())


def forget_everybody(store: Store) -> ProfileState:
    """Delete what all voices sound like, and all profiles; who speaks when and all names stay."""
    forgotten = store.stored_vectors()
    store.drop_vectors()
    return describe_profiles(store, forgotten, erased=store.erase_deleted())


def keep_profiles(store: Store, keep: bool) -> ProfileState:
    """Choose whether a library may keep what voices sound like; if not, delete what there is."""
    store.save_keeping(keep)
    return describe_profiles(store) if keep else forget_everybody(store)
