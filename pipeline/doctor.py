"""Check this machine and a library: engine, weights, tools, store, index and recordings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from audio.errors import AirquoteError, MediaError, UsageError, WayOut, reinstall
from index.errors import LibraryError, restore
from index.fulltext.maintenance import check_index, index_folder, present_kind
from index.storage.store import Store
from index.transcript import Episode
from pipeline.answers import Finding
from pipeline.errors import (
    INSTALL_PLAYER,
    REINDEX_OR_SEARCH,
    ModelError,
    SoundNotHereError,
    choose_or_get_model,
    get_model,
    import_again,
    resume_transcription,
    show_gaps,
)
from pipeline.hearing.recordings import find_recording


def examine(directory: Path, *, repair: bool = True) -> Iterator[Finding]:
    """Yield the findings on engine, weights, models, tools, settings, cache, library, index, recordings and gaps.

    With ``repair`` also on what it removed from the library: what interrupted removals and earlier versions left.
    """
    made_with = _model_of(directory)
    yield _engine(made_with)
    yield from _weights(made_with)
    yield _voices()
    yield _decoder()
    yield _encoder()
    yield _player()
    yield _settings()
    yield _cache()
    try:
        store = Store.open(directory)
    except UsageError as error:
        yield Finding("library", True, f"none in {directory} yet", error.way_out)
        return
    except AirquoteError as error:
        yield Finding("library", False, error.message, error.way_out)
        return
    with store:
        stored = _store(store)
        yield stored
        if stored.ok and repair:
            yield from _repair(store)
        yield _index(store)
        yield from _media(store)
        yield from _gaps(store)


def _model_of(directory: Path) -> str | None:
    """Return the model that a library is made with, None if that is not known."""
    with suppress(AirquoteError), Store.open(directory) as store:
        return store.default_model()
    return None


def _engine(made_with: str | None) -> Finding:
    from pipeline.engines.choose import choose_engine, default_model

    engine, device = choose_engine()
    model = f"the library is made with {made_with}" if made_with else f"default model {default_model(device)}"
    return Finding("engine", True, f"{engine} on {device}; {model}", None)


def _weights(made_with: str | None) -> Iterator[Finding]:
    from pipeline.engines.choose import choose_engine, default_model
    from pipeline.models.weights import list_models

    default = made_with or default_model(choose_engine()[1])
    models = list_models()
    here = [listing for listing in models if listing.place]
    for listing in here:
        yield Finding("weights", True, f"{listing.name}, {listing.megabytes} MB: {listing.place}", None)
    wanted = next((listing for listing in models if listing.name == default and not listing.place), None)
    if wanted is None:
        return  # here, or weights at a path
    if here:
        missing = f"{'that of the library' if made_with else 'the default'}, {default}, is not on this machine"
        yield Finding("weights", True, missing, choose_or_get_model(here[-1].name, default, wanted.install))
    else:
        yield Finding("weights", False, "no Whisper weights on this machine", get_model(default, wanted.install))


def _voices() -> Finding:
    from pipeline.models.voice_weights import check_voice_weights, has_voice_models

    try:
        return Finding("voices", True, f"models for telling voices apart: {check_voice_weights()}", None)
    except ModelError as error:
        return Finding("voices", not has_voice_models(), error.message, error.way_out)


def _decoder() -> Finding:
    import av

    return Finding("decoder", True, f"PyAV {av.__version__}", None)


def _encoder() -> Finding:
    import imageio_ffmpeg

    try:
        return Finding("encoder", True, imageio_ffmpeg.get_ffmpeg_exe(), None)
    except RuntimeError as error:
        return Finding("encoder", False, str(error), reinstall("imageio-ffmpeg"))


def _player() -> Finding:
    from audio.player import find_player

    player = find_player()
    if player is None:
        return Finding("player", True, "none found; clip works without one", INSTALL_PLAYER)
    return Finding("player", True, player.name, None)


def _settings() -> Finding:
    from pipeline.settings import settings_path

    path = settings_path()
    return Finding("settings", True, f"{path}" if path.exists() else f"{path} (no such file: the defaults)", None)


def _cache() -> Finding:
    from pipeline.models.weights import cache_folder

    folder = cache_folder()
    size = f"{_megabytes(folder)}; anything in it may be deleted" if folder.exists() else "nothing in it"
    return Finding("cache", True, f"{folder}: {size}", None)


def _megabytes(*places: Path) -> str:
    """Return the size of files and folders; what cannot be read counts nothing."""
    size = 0
    for place in places:
        for file in (place, *place.rglob("*")):
            with suppress(OSError):
                size += file.stat().st_size if file.is_file() else 0
    return f"{size / 1e6:.1f} MB"


def _store(store: Store) -> Finding:
    faults = store.check()
    if faults:
        return Finding("library", False, f"{store.path}: {'; '.join(faults[:3])}", restore())
    size = _megabytes(store.path, store.path.with_name(f"{store.path.name}-wal"))
    return Finding("library", True, f"{store.path}: intact, episodes: {len(store.episodes())}, {size}", None)


def _repair(store: Store) -> Iterator[Finding]:
    from pipeline.batch.removal import finish_removals
    from pipeline.batch.repair import remove_copies, remove_empty_episodes

    try:
        for episode in finish_removals(store):
            yield Finding("library", True, f"finished the interrupted removal of {episode.id}", None)
        for copy, kept in remove_copies(store):
            yield Finding("library", True, f"removed {copy.id}: the same words as {kept.id}, from the same file", None)
        empty = remove_empty_episodes(store)
        present = {episode.source for episode in store.episodes()}
        for episode in empty:
            again = None if episode.source in present else _bring_again(episode, store.directory)
            yield Finding("library", True, f"removed {episode.id}, which had no words", again)
    except LibraryError as error:
        yield Finding("library", False, error.message, error.way_out)


def _bring_again(episode: Episode, library: Path) -> WayOut:
    """Return how to get the words of an episode that has none: as it was transcribed or imported."""
    if episode.media is not None and Path(episode.media).name == Path(episode.source).name:
        return resume_transcription(episode.media, library)
    return import_again(episode.source, library, episode.media or "")


def _index(store: Store) -> Finding:
    faults = check_index(store)
    if faults:
        return Finding("index", False, "; ".join(faults[:3]), REINDEX_OR_SEARCH)
    folder = index_folder(store)
    kind = "Tantivy" if present_kind(folder) == "tantivy" else "Whoosh"
    detail = f"{folder}: {kind}, holds all {len(store.transcripts())} transcripts, {_megabytes(folder)}"
    return Finding("index", True, detail, None)


def _media(store: Store) -> Iterator[Finding]:
    for episode in store.episodes():
        if episode.media is not None:
            try:
                find_recording(episode, store.directory)
            except SoundNotHereError:
                continue  # it was removed to save room, and is downloaded when it is wanted
            except MediaError as error:
                yield Finding("media", False, error.message, error.way_out)
        if episode.state == "transcribing":
            way_out = resume_transcription(episode.media or episode.source, store.directory)
            yield Finding("media", True, f"{episode.id} is partly transcribed", way_out)


def _gaps(store: Store) -> Iterator[Finding]:
    for episode, facts in store.all_facts().items():
        if facts.gaps:
            seconds = sum(gap.duration for gap in facts.gaps)
            gaps = "1 gap" if len(facts.gaps) == 1 else f"{len(facts.gaps)} gaps"
            detail = f"{episode}: {gaps} without text, {seconds:.1f} s"
            yield Finding("gaps", True, detail, show_gaps(episode))
