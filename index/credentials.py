"""Names and passwords in addresses of the web, which are never shown."""

from __future__ import annotations

import re

_CREDENTIALS = re.compile(
    r"(?:(?<=\Ahttps:/)|(?<=\Ahttp:/)|(?<=://)|(?<=\A//)|\A)[^/?#]*@|"
    r"(?<=://)[^/?#@:\[\s]*:(?![0-9]*(?:[/?#]|\Z))[^@\s]*@"
)
"""Also at the start: of what was typed without http://. And with a "/", "?" or "#" in the password, unless what is
before that can be a port."""


def without_credentials(address: str) -> str:
    """Return an address without the name and password that it may hold, to be shown."""
    return _CREDENTIALS.sub("", address)
