"""Where a batch is transcribed: here, or on a Ray cluster."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from audio.errors import UsageError, correct_input
from pipeline.errors import check_text

HERE = "here"
"""The place that is this process, or processes on this machine."""
HEAD_PORT = 6379
"""The port of ``ray start --head`` where it is given none."""
LOOPBACK = frozenset({"127.0.0.1", "localhost"})


@dataclass(frozen=True, slots=True)
class ClusterPlace:
    """A Ray cluster: the host and port of its head, or no host for one that is started on this machine and ends with
    the call. Files in the folder ``share`` are opened by every machine at the same path; the bytes of others are sent.
    """

    host: str | None = None
    port: int = HEAD_PORT
    share: Path | None = None

    @property
    def is_local(self) -> bool:
        """Whether all traffic stays on this machine."""
        return self.host is None or self.host in LOOPBACK

    @property
    def address(self) -> str | None:
        """The address as Ray writes it, None for a cluster that is yet to be started."""
        return None if self.host is None else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"the Ray cluster at {self.address}" if self.host else "the Ray cluster on this machine"

    def shares(self, media: Path) -> bool:
        """Whether the machines can open a file by its path."""
        return self.share is not None and media.absolute().is_relative_to(self.share)


def parse_place(on: str, share: str | Path | None = None) -> ClusterPlace | None:
    """Return the cluster that ``on`` names: ``ray``, ``ray://HOST`` or ``ray://HOST:PORT``; None for ``here``.

    Raises UsageError for anything else, and for a ``share`` that is no folder, or has no use.
    """
    check_text("place", on)
    folder = _check_share(share, on) if share is not None else None
    if on == HERE:
        return None
    if on == "ray":
        return ClusterPlace(share=folder)
    try:
        parts = urlsplit(on)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not on.startswith("ray://") or not host or ":" in host or on not in (f"ray://{host}", f"ray://{host}:{port}"):
        raise UsageError(
            f"{on!r} is not a place for transcription.",
            correct_input("Give here, ray, ray://HOST or ray://HOST:PORT."),
            where=on,
        )
    return ClusterPlace(host, port or HEAD_PORT, folder)


def _check_share(share: str | Path, on: str) -> Path:
    folder = Path(share).expanduser().absolute()
    if on == HERE:
        raise UsageError(
            "A shared folder is for transcription on a cluster.",
            correct_input("Name a cluster, or leave the folder out."),
            where=folder,
        )
    if not folder.is_dir():
        raise UsageError(
            f"{folder} is not a folder.", correct_input("Name a folder that every machine has."), where=folder
        )
    return folder
