"""Kill a command at any of its steps, run it again, and compare the library with that of an uninterrupted run.

A step is an SQL statement, or a file that is opened for writing, made, renamed or removed. The process that runs the
command kills itself right before one of them.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from audio_samples import write_wav
from fake_cluster import load_fake
from fake_engine import MODEL, FakeEngine, install, make_speech
from fake_voices import FakeVoices, install_voices
from index_truth import SECRET
from libraries import everything_in, search
from processes import kill_this_process, run_apart

from audio.media import hash_file
from audio.samples import SAMPLE_RATE
from index.errors import EpisodeError
from index.fulltext.maintenance import check_index, update_index
from index.storage.store import Store
from pipeline.engines.choose import EngineSpec
from pipeline.episodes.chosen_episodes import EpisodeSelection
from pipeline.library import Library
from pipeline.shows.show_choices import ShowChoices
from pipeline.transcription.options import TranscriptionOptions

WRITES = frozenset({"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate", "os.link", "os.symlink"})
"""The audit events that change the file system, besides ``open`` for writing."""
LEFT_OVER = ("index.new", "index.old", "index.merge", "*.part", "*.tmp")
BACKUP = "backup.db"
"""The backup of the library before its last episode was added."""
OPTIONS = TranscriptionOptions(EngineSpec("faster-whisper", MODEL, "cpu"))


@dataclass(frozen=True, slots=True)
class Command:
    """A command on a library, and the files that it gets."""

    name: str
    run: Callable[[Library, Path], object]


def _sound(inputs: Path, name: str) -> Path:
    return inputs / f"{name}.wav"


def _import(library: Library, inputs: Path) -> None:
    library.import_transcripts(sorted(inputs.glob("new*.srt")), show="Fail Better")
    library.import_transcripts([inputs / "heard.srt"], audio=_sound(inputs, "heard"))


def _remove(library: Library, _: Path) -> None:
    with suppress(EpisodeError):  # killed when it was done
        library.remove("secret")


def _edit(library: Library, inputs: Path) -> None:
    library.transcribe([_sound(inputs, "talk")], OPTIONS, title="Another title", show="Late news")
    library.transcribe([_sound(inputs, "talk")], replace(OPTIONS, force=True, prompt="Ann Lee"))


def _voices(library: Library, inputs: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        install_voices(patch, FakeVoices())
        library.transcribe([_sound(inputs, "late")], OPTIONS)
        library.find_voices(EpisodeSelection(("talk",)))
        library.name_voice("talk", 1, "Ann Lee")
        library.find_voices(EpisodeSelection(("talk",)), speakers=3)


COMMANDS = {
    command.name: command
    for command in (
        Command("import", _import),
        Command("transcribe", lambda library, inputs: library.transcribe([_sound(inputs, "late")], OPTIONS)),
        Command("reindex", lambda library, _: library.reindex()),
        Command("remove", _remove),
        Command(
            "update",
            lambda library, inputs: library.import_transcripts(
                [inputs / "old.srt"], audio=_sound(inputs, "heard"), title="The storm", date="2024-05-31"
            ),
        ),
        Command("edit", _edit),
        Command("voices", _voices),
        Command("backup", lambda library, inputs: library.backup(inputs / BACKUP, overwrite=True)),
        Command("restore", lambda library, inputs: library.restore(inputs / BACKUP, replace=True)),
    )
}


FEED = "feed"
"""The file with the address of the feed that ``FOLLOW`` subscribes to."""


def _follow(library: Library, inputs: Path) -> None:
    choices = ShowChoices(transcripts="both", keep_audio="2")
    library.subscribe([(inputs / FEED).read_text()], choices, allow_private=True)
    library.update(options=OPTIONS, allow_private=True)
    with suppress(EpisodeError):  # killed when it was done
        library.remove("unwanted")


CLUSTER_ADDRESS = "cluster"
"""The file with the address of the cluster that ``ON_CLUSTER`` uses."""


def _transcribe_on_cluster(library: Library, inputs: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.batch.cluster.on_cluster.load_on_worker", load_fake)
        place = (inputs / CLUSTER_ADDRESS).read_text()
        library.transcribe([_sound(inputs, "late"), _sound(inputs, "heard")], OPTIONS, on=place)


ON_CLUSTER = Command("cluster", _transcribe_on_cluster)
"""Transcribe on a cluster whose workers have the fake engine."""
FOLLOW = Command("follow", _follow)
"""Subscribe to a show, update it, and remove an episode with its sound: in need of a server of the feed."""


def make_inputs(folder: Path) -> Path:
    """Write transcript files and recordings for the commands, and return their folder."""
    folder.mkdir(parents=True)
    for name, words in {
        "old": "the old ferry left the harbour",
        "secret": f"{SECRET} said the ferry",
        "new one": "the storm came at night",
        "new two": "nobody said that it would",
        "heard": "there is more to come",
        "later": "after the backup the ferry left again",
    }.items():
        cues = [f"{n + 1}\n00:00:{n:02},000 --> 00:00:{n + 1:02},000\n{words}.\n" for n in range(8)]
        (folder / f"{name}.srt").write_text("\n".join(cues), encoding="utf-8")
    for seed, name in enumerate(("talk", "late", "heard")):
        write_wav(_sound(folder, name), make_speech(4, seed), SAMPLE_RATE)
    for file in folder.iterdir():
        os.utime(file, (1.7e9, 1.7e9))  # long ago, so that it is remembered
    return folder


def make_library(folder: Path, inputs: Path) -> Path:
    """Make the library that the commands change, and return its folder."""
    with open_with_fake_engine(folder, create=True) as library:
        library.import_transcripts([inputs / "old.srt", inputs / "secret.srt"])
        library.transcribe([_sound(inputs, "talk")], replace(OPTIONS, speakers="off"))
        library.backup(inputs / BACKUP)
        library.import_transcripts([inputs / "later.srt"])
    return folder


@contextmanager
def open_with_fake_engine(folder: Path, *, create: bool = False) -> Iterator[Library]:
    """Open a library with the fake engine; its index keeps removed words until it is purged, as a large one does."""
    with pytest.MonkeyPatch.context() as monkeypatch, Library.open(folder, create=create) as library:
        install(monkeypatch, FakeEngine())
        monkeypatch.setattr("index.fulltext.merge_policy.REWRITTEN_PASSAGES", 0)
        yield library


def run_command(name: str, folder: Path, inputs: Path, die_at: int, count_into: Path | None = None) -> None:
    """Run a command in this process, and kill it before step ``die_at``; write the number of its steps to a file."""
    steps = 0

    def count(*_: object) -> None:
        nonlocal steps
        if steps == die_at:
            kill_this_process()
        steps += 1

    def connect(*arguments: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = original(*arguments, **named)
        connection.set_trace_callback(count)
        return connection

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event in WRITES or (event == "open" and _writes(arguments)):
            count()

    original = sqlite3.connect
    sys.addaudithook(audit)
    with patch("sqlite3.connect", connect), open_with_fake_engine(folder) as library:
        (COMMANDS | {one.name: one for one in (FOLLOW, ON_CLUSTER)})[name].run(library, inputs)
    if count_into is not None:
        count_into.write_text(str(steps))


def _writes(arguments: tuple[Any, ...]) -> bool:
    return isinstance(arguments[2], int) and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR))


def describe_library(folder: Path) -> dict[str, object]:
    """Return everything in a library that must not depend on interruptions: all but numbers drawn at random."""
    with Store.open(folder) as store:
        update_index(store)
        return {
            "episodes": [repr(episode).replace(str(folder), "LIBRARY") for episode in store.episodes()],
            "voices": [
                (
                    repr(store.voices_of(episode.id)),
                    store.voice_settings(episode.id),
                    store.undoable_changes(episode.id),
                    [(one.name, one.number, one.vector.tolist()) for one in store.profiles()],
                )
                for episode in store.episodes()
            ],
            "items": [
                (item, store.notes(item.episode or "")) for one in store.shows() for item in store.items(one.number)
            ],
            "published": {episode.id: store.published(episode.id) for episode in store.episodes()},
            "media": {
                str(path.relative_to(folder)): hash_file(path) for path in folder.glob("media/**/*") if path.is_file()
            },
            "transcripts": [store.transcript(episode.id) for episode in store.episodes()],
            "removals": store.removals(),
            "drafts": list(store._rows("SELECT episode, recipe FROM drafts")),
            "faults": [*store.check(), *check_index(store)],
            "twice": [title for title, times in Counter(one.title for one in store.episodes()).items() if times > 1],
            "hits": [
                [(hit.episode.id, hit.first, hit.last, round(hit.score, 9)) for hit in search(store, query)]
                for query in ("ferry", '"the old ferry"', "storm OR night", "said", "zwitterion")
            ],
            "left over": [path.name for pattern in LEFT_OVER for path in folder.glob(f"**/{pattern}")],
            "locks": sorted(path.name for path in folder.glob("locks/*")),
            "secret": set(re.findall(rb"zwitt\w*|xylo\w*", everything_in(folder))),
        }


@dataclass(frozen=True, slots=True)
class Trial:
    """A command killed before a step, and the parts of the library that differ after it ran again."""

    command: str
    step: int
    steps: int
    differing: tuple[str, ...]


def try_kills(
    command: Command,
    workspace: Path,
    each: int | None,
    seed: int = 0,
    feed: str | None = None,
    cluster: str | None = None,
) -> Iterator[Trial]:
    """Yield ``each`` trials of a command at steps drawn at random, or one at every step (None).

    ``feed`` is the address of the feed that the command asks for, and ``cluster`` that of the cluster: there the number
    of steps depends on the order of events, so that a last one may not be reached.
    """
    inputs = make_inputs(workspace / "inputs")
    for name, address in ((FEED, feed), (CLUSTER_ADDRESS, cluster)):
        if address is not None:
            (inputs / name).write_text(address)
    base = make_library(workspace / "base", inputs)
    whole = shutil.copytree(base, workspace / "whole")
    counted = workspace / "steps"
    assert run_apart(run_command, command.name, whole, inputs, -1, counted) == 0
    steps, expected = int(counted.read_text()), describe_library(whole)
    chosen = range(steps) if each is None else sorted(random.Random(seed).sample(range(steps), min(each, steps)))
    for step in chosen:
        folder = shutil.copytree(base, workspace / f"killed at {step}")
        code = run_apart(run_command, command.name, folder, inputs, step)
        assert code == -signal.SIGKILL or (code == 0 and cluster is not None)
        assert run_apart(run_command, command.name, folder, inputs, -1) == 0
        found = describe_library(folder)
        yield Trial(command.name, step, steps, tuple(name for name in expected if found[name] != expected[name]))
        shutil.rmtree(folder)
