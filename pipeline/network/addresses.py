"""The rule for addresses on the network: which may be connected to, by who named them and where they lead.

docs/addresses.md states it in full. It applies to IP addresses, after a name was resolved, never to how an address is
written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal

Origin = Literal["typed", "document", "server"]
"""Where an address comes from: typed by the user of this machine, a document or a redirect, a client of a server."""

AddressKind = Literal["public", "loopback", "private", "link-local", "special", "behind a proxy"]
"""The network that an address is in. One behind a proxy may be in any: the proxy connects to it, unseen."""

_PERMITTED_IF_TYPED: tuple[AddressKind, ...] = ("loopback", "private", "behind a proxy")

# Everything in the registries https://www.iana.org/assignments/iana-ipv4-special-registry and
# https://www.iana.org/assignments/iana-ipv6-special-registry, multicast and reserved addresses; no web page is in any.
# Not from the ipaddress module, whose is_global differs between patch releases of Python.
_NETWORKS: dict[AddressKind, tuple[str, ...]] = {
    "loopback": ("127.0.0.0/8", "::1/128"),
    "private": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
    "link-local": ("169.254.0.0/16", "fe80::/10"),
    "special": (
        "0.0.0.0/8",  # this host: a connection to 0.0.0.0 reaches loopback
        "100.64.0.0/10",  # shared by the customers of a provider
        "168.63.129.16/32",  # not in a registry: the host of each virtual machine of Azure
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",  # documentation
        "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24",  # AS112, AMT, 6to4 relays
        "198.18.0.0/15",  # benchmarks
        "224.0.0.0/4", "240.0.0.0/4",  # multicast; reserved, with broadcast
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32", "3fff::/20",  # documentation
        "2002::/16",  # 6to4, which leads to an IPv4 address, through a relay
        "2620:4f:8000::/48",  # AS112
    ),
}  # fmt: skip
_KINDS = [(ip_network(network), kind) for kind, networks in _NETWORKS.items() for network in networks]
_GLOBAL_UNICAST = ip_network("2000::/3")
"""All public IPv6 addresses. Outside, and not listed above, are ``::``, IPv4-compatible, site-local, multicast, ..."""

_WITH_IPV4 = (ip_network("::ffff:0:0/96"), ip_network("64:ff9b::/96"))
"""IPv4-mapped and NAT64 addresses, which are connected to as the IPv4 address in their last 32 bits."""


def classify_address(address: str) -> AddressKind:
    """Return the kind of network that an IP address is in; an IPv6 address may have a zone."""
    ip = ip_address(address)
    if any(ip in network for network in _WITH_IPV4):
        ip = IPv4Address(int(ip) & 0xFFFF_FFFF)
    unlisted: AddressKind = "special" if isinstance(ip, IPv6Address) and ip not in _GLOBAL_UNICAST else "public"
    return next((kind for network, kind in _KINDS if ip in network), unlisted)


@dataclass(frozen=True, slots=True)
class AddressRule:
    """Which addresses may be connected to: of which ``origin``, and whether non-public ones are allowed anyway."""

    origin: Origin = "typed"
    allow_private: bool = False

    def permits(self, kind: AddressKind) -> bool:
        """Whether a connection to an address of this kind may be made."""
        return kind == "public" or self.allow_private or (self.origin == "typed" and kind in _PERMITTED_IF_TYPED)

    def for_redirect(self, kind: AddressKind, same_place: bool) -> AddressRule | None:
        """Return the rule for the target of a redirect by an address of this kind; None if it may not be followed.

        ``same_place`` is whether the target has the same host and port. A public address is a document like others,
        while one that was typed and is not public may only redirect to itself.
        """
        if self.allow_private or self.origin != "typed":
            return self
        if kind == "public":
            return replace(self, origin="document")
        return self if same_place else None
