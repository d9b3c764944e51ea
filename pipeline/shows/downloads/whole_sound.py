"""Whether a downloaded file is sound, and whole; and the extension for what it really is."""

from __future__ import annotations

from pathlib import Path

from audio.decode import DecodeReport, check_length, decode_audio
from audio.errors import MediaError, TruncatedMediaError, choose_other_file
from audio.headers import lacks_end, stated_duration
from audio.media import MediaInfo, open_media, probe_media
from audio.packets import read_packets
from audio.recording.ogg_links import find_links
from audio.recording.sniffing import HEAD, may_be_sound

_EXTENSIONS = {
    "aac": ".aac", "aiff": ".aiff", "amr": ".amr", "ape": ".ape", "asf": ".wma", "au": ".au", "avi": ".avi",
    "caf": ".caf", "flac": ".flac", "flv": ".flv", "loas": ".aac", "matroska,webm": ".mka",
    "mov,mp4,m4a,3gp,3g2,mj2": ".m4a", "mp3": ".mp3", "mpeg": ".mpg", "mpegts": ".ts", "ogg": ".ogg", "w64": ".w64",
    "wav": ".wav", "wv": ".wv",
}  # fmt: skip
"""By FFmpeg's name of the container."""

SOUND_EXTENSIONS = {*_EXTENSIONS.values(), ".mp4", ".m4b", ".m4v", ".mov", ".opus", ".oga", ".webm", ".mkv", ".wma"}
"""Endings of names that say what a file is; one of these in a name is replaced by the right one."""


def check_head(head: bytes, address: str) -> None:
    """Raise MediaError if what begins with these bytes, the first HEAD of them, cannot be sound."""
    if may_be_sound(head):
        return
    text = head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    page = text.startswith((b"<!doctype html", b"<html")) or b"<html" in text
    what = "a web page" if page else "something else" if head else "nothing"
    raise MediaError(
        f"{address} is not sound: the server sent {what}.",
        choose_other_file("Open it in a browser: it may ask for a login, or the episode may be gone."),
        where=address,
    )


def check_sound(path: Path, address: str, partial: bool = False) -> MediaInfo:
    """Return what is known of the sound at ``path``, which was downloaded from ``address``.

    Raises MediaError if none can be decoded, TruncatedMediaError if its end is missing, unless ``partial``.
    """
    with path.open("rb") as file:
        check_head(file.read(HEAD), address)
    try:
        info = probe_media(path)
        if not partial:
            _check_end(path)
    except MediaError as error:
        message = error.message.replace(str(path), address)
        raise type(error)(message, error.way_out, where=address) from error
    return info


def _check_end(path: Path) -> None:
    """Raise TruncatedMediaError if the sound is shorter than the file states.

    It is decoded, which takes its time, only if its packets are too few: a hole in the middle may explain that.
    """
    report = DecodeReport()
    for link in find_links(path):
        with open_media(path, None, link) as (container, stream):
            report.end_missing = lacks_end(path, container.format.name)
            start: float | None = None
            for packet in read_packets(container, stream):
                unit = packet.time_base or 0
                if start is None:
                    start = float((packet.pts or 0) * unit)
                    report.stated = stated_duration(path, container, stream, start)
                report.duration += float((packet.duration or 0) * unit)
    try:
        check_length(path, report)
    except TruncatedMediaError:
        for _ in decode_audio(path):
            pass


def name_with_extension(target: Path, info: MediaInfo) -> Path:
    """Return ``target`` with the extension of what the file really is, in place of another of sound if it has one."""
    right = ".opus" if (info.container, info.codec) == ("ogg", "opus") else _EXTENSIONS.get(info.container, ".audio")
    is_sound = target.suffix.lower() in SOUND_EXTENSIONS
    return target.with_name(f"{target.stem if is_sound else target.name}{right}")
