"""Links to moments of recordings: at an address where others can hear them, else in the file."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath
from urllib.parse import urlsplit

from index.storage.untrusted import is_address
from index.transcript import Episode

BEGIN_PARAMETERS = {
    "youtube.com": "t", "music.youtube.com": "t", "youtu.be": "t", "open.spotify.com": "t", "podcasts.apple.com": "t",
    "archive.org": "start",
}  # fmt: skip
"""The parameter of an address from which a site begins to play, in whole seconds, by host. Others know no parameter, or
take the time of a media fragment (https://www.w3.org/TR/media-frags/)."""


def link_to_moment(episode: Episode, seconds: float, offset: float = 0.0) -> str | None:
    """Return a link to a moment of an episode: at its address, else in its file; None where neither is known.

    ``offset`` is what players show at the first sample, from which ``seconds`` count.
    """
    address = episode.address or (episode.source if is_address(episode.source) else None)
    if address is not None:
        return link_into_address(address, max(0.0, seconds + offset))
    return link_to(episode.media, seconds, offset)


def link_to(media: str | None, seconds: float, offset: float = 0.0) -> str | None:
    """Return a file URI with the time as a media fragment, None without an absolute path.

    ``offset`` is as for ``link_to_moment``.
    """
    paths = (Path(media or ""), PureWindowsPath(media or ""))  # a library may have been made on another system
    address = next((path.as_uri() for path in paths if path.is_absolute()), None)
    return f"{address}#t={max(0.0, seconds + offset):.1f}" if address is not None else None


def link_into_address(address: str, seconds: float) -> str:
    """Return an address with the time at which to begin, in the place of one that it may have already."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    parameter = BEGIN_PARAMETERS.get(host)
    if parameter is None:
        return parts._replace(fragment=f"t={seconds:.1f}").geturl()
    others = [one for one in parts.query.split("&") if one and one.partition("=")[0] != parameter]
    return parts._replace(query="&".join([*others, f"{parameter}={int(seconds)}"])).geturl()
