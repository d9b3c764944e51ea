"""The addresses of a feed: made absolute, and none but those of the web."""

from __future__ import annotations

import re
from urllib.parse import unquote, urljoin, urlsplit

from index.storage.untrusted import is_address

LONGEST_ADDRESS = 4000
"""Characters: signed addresses of networks for downloads have up to 2,000."""

_WEB = re.compile(r"(https?)(://[^\s/?#\\].*)", re.IGNORECASE | re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_BREAKS = re.compile(r"[\t\r\n]+ *")
_NAMELESS = frozenset({"", "rss", "feed", "feeds", "index", "podcast", "atom", "xml", "default"})
"""What files of feeds are called that say nothing of the show."""


def join_address(base: str, address: str) -> str:
    """Return an address, made absolute by the address that it is relative to; empty if it is none."""
    address = _BREAKS.sub("", address.strip())
    if not address or _SCHEME.match(address):
        return address
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def join_base(base: str, address: str) -> str:
    """Return the base that a part of a document states, made absolute by that around it, which stays if it is none."""
    joined = join_address(base, address[: LONGEST_ADDRESS + 1])
    return joined if 0 < len(joined) <= LONGEST_ADDRESS else base


def web_address(address: str, base: str = "") -> str | None:
    """Return an absolute http or https address; None if it is of another scheme, too long, or none at all.

    Spaces in it are escaped, as browsers do.
    """
    found = _WEB.fullmatch(join_address(base, address[: LONGEST_ADDRESS + 1]))
    if found is None:
        return None
    written = f"{found[1].lower()}{found[2]}".replace(" ", "%20")
    return written if len(written) <= LONGEST_ADDRESS and is_address(written) and _has_host(written) else None


def _has_host(address: str) -> bool:
    try:
        return "[" not in address or bool(urlsplit(address).hostname)  # what is in brackets must be an IPv6 address
    except ValueError:
        return False


def name_in(address: str) -> str:
    """Return the name of the file in an address, without its ending, or else the host: a title where none is stated."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    name = unquote(parts.path.rstrip("/").rpartition("/")[2]).partition(".")[0].strip()
    return (parts.hostname or address) if name.lower() in _NAMELESS else name
