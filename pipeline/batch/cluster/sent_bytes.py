"""Files as chunks of bytes, for workers that cannot open them: recordings, and the weights of a model."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from audio.atomic_write import write_atomically
from pipeline.models.weights import cache_folder

CHUNK_BYTES = 64 * 2**20
"""Bytes of a chunk: what is in memory twice while a file is read, and more than most episodes have."""


@dataclass(frozen=True, slots=True)
class SentWeights:
    """The weights of a model that are sent: the names and sizes of the files, in order, and a digest of all."""

    digest: str
    files: tuple[tuple[str, int], ...]
    is_folder: bool

    @property
    def place(self) -> Path:
        """Where a machine keeps them: the folder, or the file in it."""
        folder = cache_folder() / f"sent-{self.digest[:16]}"
        return folder if self.is_folder else folder / self.files[0][0]

    @property
    def are_here(self) -> bool:
        """Whether this machine has them from before."""
        folder = self.place if self.is_folder else self.place.parent
        return all((folder / name).is_file() and (folder / name).stat().st_size == size for name, size in self.files)


def read_chunks(file: Path) -> Iterator[bytes]:
    """Yield the bytes of a file in order."""
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


def list_weights(path: Path) -> tuple[SentWeights, list[Path]]:
    """Return what is to be sent of the weights at a path, a folder or a file, and its files in order."""
    files = sorted(file for file in path.iterdir() if file.is_file()) if path.is_dir() else [path]
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name} {file.stat().st_size} ".encode())
        for chunk in read_chunks(file):
            digest.update(chunk)
    sizes = tuple((file.name, file.stat().st_size) for file in files)
    return SentWeights(digest.hexdigest(), sizes, path.is_dir()), files


def write_weights(weights: SentWeights, chunks: Iterable[bytes]) -> None:
    """Write the files of a model where this machine keeps them; several workers may do so at once. Raises OSError."""
    folder = weights.place if weights.is_folder else weights.place.parent
    folder.mkdir(parents=True, exist_ok=True)
    stream = _ByteStream(chunks)
    for name, size in weights.files:
        with write_atomically(folder / name) as unfinished, unfinished.open("wb") as file:
            stream.copy(size, file)


class _ByteStream:
    """Reads so many bytes after the other from chunks."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def copy(self, size: int, target: IO[bytes]) -> None:
        """Write the next ``size`` bytes."""
        while size:
            if not self._rest:
                self._rest = memoryview(next(self._chunks))
            taken = self._rest[:size]
            target.write(taken)
            size -= len(taken)
            self._rest = self._rest[len(taken) :]
