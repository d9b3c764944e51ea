"""What a server is started with."""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = "127.0.0.1"
PORT = 8420


@dataclass(frozen=True, slots=True)
class ServedLibrary:
    """A library that is served: the ``address`` of its page, in which the access token is if one is asked for."""

    address: str
    library: str


@dataclass(frozen=True, slots=True)
class ServedAssistants:
    """A library that is served to assistants: where, and the ``token`` that they must send, None for none."""

    address: str
    token: str | None
    library: str


@dataclass(frozen=True, slots=True)
class WebSettings:
    """The library that is served, where, and who may enter.

    ``access_token`` is asked of everyone; None, as on a loopback address, asks it of no one. ``names`` are host names
    by which the server is reached beside its address. ``allow_private`` lets addresses that are given to the server
    lead into private networks. ``change_token`` is in the pages, and must come back with every request that changes
    something: another site cannot read it.
    """

    library: Path
    address: str = LOOPBACK
    port: int = PORT
    access_token: str | None = field(default=None, repr=False)
    names: tuple[str, ...] = ()
    allow_private: bool = False
    change_token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def is_local(self) -> bool:
        """Whether only this machine reaches the server."""
        return is_loopback(self.address)


def is_loopback(address: str) -> bool:
    """Whether an IP address, or the name localhost, is of this machine alone."""
    return address == "localhost" or (is_address(address) and ipaddress.ip_address(address).is_loopback)


def is_address(name: str) -> bool:
    """Whether a name is an IP address."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
