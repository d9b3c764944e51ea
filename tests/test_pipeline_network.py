"""Addresses on the network: the rule on every connection and redirect, the limits, and no other way out."""

from __future__ import annotations

import ast
import gzip
import itertools
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fake_engine import ENGINE, ROOT, airquote
from hypothesis import example, given
from hypothesis import strategies as st
from network_fakes import LIMITS, OTHER_PUBLIC, PUBLIC, FakeNetwork, FakeTLS, fetch, fuzz_addresses, redirect, reply

from pipeline.answers import ArticleAddress
from pipeline.articles.article import read_article
from pipeline.errors import AddressError, ArticleError
from pipeline.network.addresses import AddressKind, AddressRule, Origin, classify_address
from pipeline.network.connections import Network, TimeLimits
from pipeline.network.fetching import MOST_REDIRECTS, open_address

Address = IPv4Address | IPv6Address

LOOPBACK = ["127.0.0.0/8", "::1/128"]
PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]
# The registries of IANA for special purposes, IPv4 and IPv6, with multicast, reserved and site-local addresses.
SPECIAL = [
    "0.0.0.0/8", "0.0.0.0/32", "100.64.0.0/10", "169.254.0.0/16", "192.0.0.0/24", "192.0.0.0/29", "192.0.0.8/32",
    "192.0.0.9/32", "192.0.0.10/32", "192.0.0.170/32", "192.0.0.171/32", "192.0.2.0/24", "192.31.196.0/24",
    "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32", "::/128", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64",
    "2001::/23", "2001::/32", "2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:2::/48", "2001:3::/32",
    "2001:4:112::/48", "2001:10::/28", "2001:20::/28", "2001:30::/28", "2001:db8::/32", "2002::/16",
    "2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fe80::/10", "fec0::/10", "ff00::/8", "::/96",
]  # fmt: skip
PUBLIC_ADDRESSES = [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
    "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0",
    "198.17.255.255", "198.20.0.0", "223.255.255.255", "2001:200::", "2001:db7:ffff::", "2003::", "2606:4700::1111",
    "2a00:1450::1", "3ffe:ffff::", "::ffff:8.8.8.8", "64:ff9b::808:808",
]  # fmt: skip
METADATA = ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16"]
"""Where the machines of Amazon and others, Alibaba, Oracle and Microsoft are told their secrets."""


def first_middle_last(network: str) -> list[Address]:
    whole: IPv4Network | IPv6Network = ip_network(network)
    return [whole[0], whole[whole.num_addresses // 2], whole[-1]]


def addresses_in(networks: list[str]) -> list[Address]:
    return list(dict.fromkeys(one for network in networks for one in first_middle_last(network)))


NOT_PUBLIC = [*addresses_in(LOOPBACK + PRIVATE + SPECIAL), *map(ip_address, METADATA)]


def test_an_ipv4_address_in_octal_with_four_parts_is_none() -> None:
    # Some programs take 0177.0.0.1 for 127.0.0.1, others for 177.0.0.1.
    assert "is not an address" in refusal("http://0177.0.0.1/", FakeNetwork({}, {})).message


def writings(address: Address) -> list[str]:
    """The ways in which an IP address can be written as a host."""
    if isinstance(address, IPv6Address):
        zone = ["%1"] if address in IPv6Network("fe80::/10") else []
        return [f"[{text}]" for text in (str(address), address.exploded.upper(), *(f"{address}{one}" for one in zone))]
    number, octets = int(address), address.packed
    mapped = f"{number >> 16:x}:{number & 0xFFFF:x}"
    return [
        str(address),
        str(number),
        hex(number),
        f"0{number:o}",
        ".".join(map(hex, octets)),
        f"0{octets[0]:o}.0{number & 0xFFFFFF:o}",
        f"{octets[0]}.{number & 0xFFFFFF}",
        f"{octets[0]}.{octets[1]}.{number & 0xFFFF}",
        str(address).replace(".", "。"),
        f"user:secret@{address}",
        f"example.org@{address}",
        f"example.org\\@{address}",
        f"[::ffff:{address}]",
        f"[::ffff:{mapped}]",
        f"[64:ff9b::{mapped}]",
    ]


def refusal(address: str, fake: FakeNetwork, *rest: Any, **more: Any) -> AddressError:
    with pytest.raises(AddressError) as caught:
        fetch(address, fake, *rest, **more)
    assert caught.value.way_out
    return caught.value


def forbidden(*arguments: Any) -> bool:
    """Whether an address is refused by the rule, with the way out that says so."""
    with pytest.raises(AddressError) as caught:
        fetch(*arguments)
    assert caught.value.way_out
    return caught.value.way_out.kind == "allow_private"


# The rule


@pytest.mark.parametrize("address", NOT_PUBLIC, ids=str)
def test_a_special_address_is_refused_however_it_is_written(address: Address) -> None:
    looked_up = 0

    def look_up(host: str, port: int) -> Any:  # the system's: it reads numbers in all writings, and asks nobody
        nonlocal looked_up
        looked_up += 1
        return Network().look_up(host, port)

    def connect(*_: object) -> Any:
        raise AssertionError("a connection")

    origins: list[Origin] = ["document", "server"]
    for host, origin in itertools.product(writings(address), origins):
        with (
            pytest.raises(AddressError) as caught,
            open_address(f"http://{host}/", AddressRule(origin), LIMITS, {}, Network(look_up, connect)),
        ):
            pass
        assert caught.value.way_out
        assert caught.value.way_out.kind == "allow_private", (host, caught.value)
    assert looked_up == 2 * len(writings(address))


@pytest.mark.parametrize("address", NOT_PUBLIC, ids=str)
def test_what_was_typed_may_be_loopback_or_private_and_all_may_be_allowed(address: Address) -> None:
    kind = classify_address(str(address))
    assert AddressRule("typed").permits(kind) == any(address in ip_network(one) for one in LOOPBACK + PRIVATE)
    origins: list[Origin] = ["typed", "document", "server"]
    assert all(AddressRule(origin, allow_private=True).permits(kind) for origin in origins)


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_a_public_address_is_permitted_to_all(address: str) -> None:
    assert classify_address(address) == "public"
    origins: list[Origin] = ["typed", "document", "server"]
    assert all(AddressRule(origin).permits("public") for origin in origins)


@given(st.ip_addresses())
def test_no_address_is_public_that_python_knows_to_be_special(address: Address) -> None:
    embedded = IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in IPv6Network("64:ff9b::/96") or address in IPv6Network("::ffff:0:0/96"):
        assert classify_address(str(address)) == classify_address(str(embedded))
    elif not address.is_global or address.is_multicast or address.is_reserved:
        assert classify_address(str(address)) != "public"


@given(st.ip_addresses(v=4))
@example(IPv4Address("127.0.0.1"))
@example(IPv4Address("169.254.169.254"))
def test_an_embedded_address_is_no_way_around_the_rule(address: IPv4Address) -> None:
    number, kind = int(address), classify_address(str(address))
    for prefix in ("::ffff:0:0", "64:ff9b::"):
        assert classify_address(str(IPv6Address(int(IPv6Address(prefix)) | number))) == kind
    six_to_four, teredo = (0x2002 << 112) | (number << 80), (0x20010000 << 96) | (number ^ 0xFFFF_FFFF)
    for other in (number, six_to_four, teredo):  # IPv4-compatible, 6to4, Teredo
        assert classify_address(str(IPv6Address(other))) in ("special", "loopback")


def test_a_redirect_is_another_document_and_what_is_private_redirects_to_itself() -> None:
    kinds: list[AddressKind] = ["loopback", "private", "behind a proxy"]
    typed = AddressRule("typed")
    for same_place in (True, False):
        assert typed.for_redirect("public", same_place) == AddressRule("document")
        for rule in (AddressRule("document"), AddressRule("server"), AddressRule("typed", allow_private=True)):
            assert {rule.for_redirect(kind, same_place) for kind in kinds} == {rule}
    assert {typed.for_redirect(kind, True) for kind in kinds} == {typed}
    assert {typed.for_redirect(kind, False) for kind in kinds} == {None}


# The connections


def test_a_name_is_connected_to_at_the_address_that_was_checked() -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    fake = FakeNetwork(
        {"a.example": lambda: next(answers)}, {(PUBLIC, 80): [[redirect("/again")], [reply(b"the article")]]}
    )
    assert fetch("http://a.example/", fake, AddressRule("document")) == ("http://a.example/again", b"the article")
    assert fake.looked_up == ["a.example"], "a second lookup would lead to loopback"
    assert fake.connected == [(PUBLIC, 80), (PUBLIC, 80)]
    assert [request.split("\r\n")[1] for request in fake.requests] == ["Host: a.example", "Host: a.example"]


@pytest.mark.parametrize("private", ["127.0.0.1", "10.0.0.1", "::1", "fe80::1", "::ffff:127.0.0.1", "0.0.0.0"])
def test_of_the_addresses_of_a_name_only_public_ones_are_connected_to(private: str) -> None:
    servers = {(private, 80): [[reply(b"secret")]], (OTHER_PUBLIC, 80): [[reply(b"public")]]}
    fake = FakeNetwork({"a.example": [private, PUBLIC, OTHER_PUBLIC]}, servers)
    assert fetch("http://a.example/", fake, AddressRule("document"))[1] == b"public"
    assert fake.connected == [(PUBLIC, 80), (OTHER_PUBLIC, 80)], "one that does not answer is passed over"
    alone = FakeNetwork({"a.example": [private, PUBLIC]}, servers)
    assert "cannot be reached" in refusal("http://a.example/", alone, AddressRule("document")).message
    assert alone.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize("origin", ["document", "server"])
def test_a_name_of_a_private_address_needs_leave(origin: Origin) -> None:
    fake = FakeNetwork({"intranet": ["10.1.2.3"]}, {("10.1.2.3", 80): [[reply(b"the article")]]})
    error = refusal("http://intranet/x", fake, AddressRule(origin))
    assert error.message == "http://intranet/x is not fetched: 10.1.2.3 is a private address."
    assert (error.where, fake.connected) == ("http://intranet/x", [])
    assert fetch("http://intranet/x", fake, AddressRule(origin, allow_private=True))[1] == b"the article"


def test_a_certificate_must_be_of_the_name_not_of_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httpx2, "create_ssl_context", FakeTLS)
    fake = FakeNetwork({"a.example": [PUBLIC]}, {(PUBLIC, 443): [[reply()]]})
    fetch("https://a.example/", fake)
    assert fake.connected == [(PUBLIC, 443)]
    assert [connection.server_hostname for connection in fake.connections] == ["a.example"]


# Redirects


@pytest.mark.parametrize(
    "target", [f"http://{host}/" for host in ("127.0.0.1", "[::1]", "169.254.169.254", "in.example")]
)
@pytest.mark.parametrize("origin", ["typed", "document", "server"])
@pytest.mark.parametrize("before", [0, 1, MOST_REDIRECTS - 1])
def test_a_redirect_into_a_private_network_is_refused_on_every_hop(target: str, origin: Origin, before: int) -> None:
    def network() -> FakeNetwork:
        hops = [[redirect(f"http://a.example/{hop}")] for hop in range(before)] + [[redirect(target)]]
        inside = ("127.0.0.1", "::1", "169.254.169.254", "10.0.0.1")
        servers: dict[tuple[str, int], Any] = {(PUBLIC, 80): hops, **{(one, 80): [[reply(b"x")]] for one in inside}}
        return FakeNetwork({"a.example": [PUBLIC], "in.example": ["10.0.0.1"]}, servers)

    fake = network()
    error = refusal("http://a.example/", fake, AddressRule(origin))
    assert error.message.startswith(f"http://a.example/ (redirected to {target}) is not fetched: ")
    assert error.way_out
    assert error.way_out.kind == "allow_private"
    assert {place[0] for place in fake.connected} == {PUBLIC}
    assert fetch("http://a.example/", network(), AddressRule(origin, allow_private=True)) == (target, b"x")


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "192.168.1.9", "nas.local"])
@pytest.mark.parametrize(
    "target",
    [
        "http://{}:81/",
        "https://{}/",
        "http://{}/",
        "http://a.example/",
        "http://127.0.0.2:8080/",
        "//{}:8081/",
    ],
)
def test_what_was_typed_and_is_private_redirects_to_its_own_host_and_port_only(host: str, target: str) -> None:
    inside = {"nas.local": "192.168.1.9"}.get(host, host.strip("[]"))
    elsewhere: dict[tuple[str, int], Any] = {(inside, port): [[reply()]] for port in (80, 81, 443, 8081)}
    own = [[redirect("/moved")], [redirect(f"HTTP://{host.upper()}:8080/again")], [redirect(target.format(host))]]
    fake = FakeNetwork({"nas.local": [inside], "a.example": [PUBLIC]}, {(inside, 8080): own, **elsewhere})
    error = refusal(f"http://{host}:8080/", fake)
    assert error.message.endswith(" address may only redirect to the same host and port.")
    assert fake.connected == [(inside, 8080)] * 3


def test_a_public_address_redirects_to_others_as_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httpx2, "create_ssl_context", FakeTLS)
    servers: dict[tuple[str, int], Any] = {
        (PUBLIC, 80): [[redirect("https://a.example/")]],
        (PUBLIC, 443): [[redirect("https://www.a.example/")]],
        (OTHER_PUBLIC, 443): [[redirect("http://www.a.example:8080/")]],
        (OTHER_PUBLIC, 8080): [[reply(b"the article")]],
    }
    fake = FakeNetwork({"a.example": [PUBLIC], "www.a.example": [OTHER_PUBLIC]}, servers)
    assert fetch("http://a.example/", fake) == ("http://www.a.example:8080/", b"the article")


def test_redirects_are_counted_and_their_bodies_are_not_read() -> None:
    hops = [[redirect(f"/{hop}")] for hop in range(MOST_REDIRECTS)] + [[reply(b"the article")]]
    assert fetch("http://a.example/", FakeNetwork({"a.example": [PUBLIC]}, {(PUBLIC, 80): hops}))[1] == b"the article"
    endless = FakeNetwork({"a.example": [PUBLIC]}, {(PUBLIC, 80): [[redirect("/a")] for _ in range(99)]})
    assert "redirects without end" in refusal("http://a.example/", endless).message
    assert len(endless.connected) == MOST_REDIRECTS + 1
    large = [reply(b"", "302 Found", 10**12, Location="/b"), *[b"x" * 65536] * 99]
    fake = FakeNetwork({"a.example": [PUBLIC]}, {(PUBLIC, 80): [large, [reply(b"the article")]]})
    assert fetch("http://a.example/", fake)[1] == b"the article"
    assert fake.reads < 10


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://a.example/", "ws://a.example/", "gopher://a/"])
def test_only_http_is_followed(target: str) -> None:
    fake = FakeNetwork({"a.example": [PUBLIC]}, {(PUBLIC, 80): [[redirect(target)], [reply()]]})
    assert "is not an address" in refusal("http://a.example/", fake, AddressRule(allow_private=True)).message
    assert len(fake.connected) == 1


def test_name_and_password_are_sent_to_their_own_place_only_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httpx2, "create_ssl_context", FakeTLS)
    servers: dict[tuple[str, int], Any] = {
        (PUBLIC, 443): [[redirect("/own")], [redirect("http://a.example/downgraded")]],
        (PUBLIC, 80): [[redirect("http://b.example/other")]],
        (OTHER_PUBLIC, 80): [[reply(b"no", "403 Forbidden")]],
    }
    fake = FakeNetwork({"a.example": [PUBLIC], "b.example": [OTHER_PUBLIC]}, servers)
    assert fetch("https://ann:secret@a.example/", fake)[0] == "http://b.example/other"
    assert ["Authorization: Basic" in request for request in fake.requests] == [True, True, False, False]
    upgraded = FakeNetwork(
        {"a.example": [PUBLIC]}, {(PUBLIC, 80): [[redirect("https://a.example/")]], (PUBLIC, 443): [[reply()]]}
    )
    fetch("http://ann:secret@a.example/", upgraded)
    assert ["Authorization: Basic" in request for request in upgraded.requests] == [True, True]
    shown = FakeNetwork({"a.example": [PUBLIC]}, {(PUBLIC, 443): [[reply()]]})
    assert fetch("https://ann:secret@a.example/", shown)[0] == "https://a.example/"
    for address in ("http://ann:secret@b.example/", "http://ann:secret@b.example:eighty/", "http://a:secret@b@c/"):
        error = refusal(address, FakeNetwork({}, {}))
        assert "secret" not in f"{error} {error.where}"


def test_a_cookie_goes_back_to_the_host_that_set_it_only() -> None:
    first = reply(b"", "302 Found", Location="/own", Set_Cookie="seen=yes")
    servers: dict[tuple[str, int], Any] = {
        (PUBLIC, 80): [[first], [redirect("http://b.example/")]],
        (OTHER_PUBLIC, 80): [[reply()]],
    }
    fake = FakeNetwork({"a.example": [PUBLIC], "b.example": [OTHER_PUBLIC]}, servers)
    fetch("http://a.example/", fake)
    assert ["Cookie: seen=yes" in request for request in fake.requests] == [False, True, False]


# Proxies


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def set_proxy(address: str) -> None:
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, address)

    return set_proxy


@pytest.mark.parametrize("origin", ["typed", "document", "server"])
def test_what_a_proxy_connects_to_is_not_seen_and_so_not_public(
    origin: Origin, proxied: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxied("http://ann:secret@proxy.example:3128")
    monkeypatch.setenv("no_proxy", "direct.example")

    def network(*replies: bytes) -> FakeNetwork:
        names: dict[str, Any] = {"proxy.example": ["10.0.0.1"], "a.example": [PUBLIC], "direct.example": [PUBLIC]}
        own: dict[tuple[str, int], Any] = {("10.0.0.1", 3128): [[one] for one in replies], (PUBLIC, 80): [[reply()]]}
        return FakeNetwork(names, own)

    fake = network(redirect("/own"), reply(b"the article"))
    if origin == "typed":
        assert fetch("http://a.example/", fake)[1] == b"the article"
        assert fake.connected == [("10.0.0.1", 3128)] * 2
        assert fake.requests[1].startswith("GET http://a.example/own HTTP/1.1\r\n")
        assert "Proxy-Authorization: Basic " in fake.requests[1]
        assert "a.example" not in fake.looked_up
    else:
        error = refusal("http://a.example/", fake, AddressRule(origin))
        assert error.message == "http://a.example/ is not fetched: this is an address behind a proxy."
        assert fake.connected == []
    away = network(redirect("http://127.0.0.1/"), reply(b"the article"))
    assert forbidden("http://a.example/", away, AddressRule(origin))
    assert len(away.connected) == (origin == "typed")
    allowed = network(redirect("http://127.0.0.1/"), reply(b"the article"))
    assert fetch("http://a.example/", allowed, AddressRule(origin, allow_private=True))[1] == b"the article"
    direct = network()
    assert fetch("http://direct.example/", direct, AddressRule(origin))[1] == b"ok"
    assert direct.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize("proxy", ["socks5://p:1080", "https://p:1", "ftp://p", "http://p:x", "p:x"])
def test_a_proxy_that_cannot_be_used_is_named(proxy: str, proxied: Callable[[str], None]) -> None:
    proxied(proxy)
    assert "cannot be reached: its proxy" in refusal("http://a.example/", FakeNetwork({}, {})).message


# The limits


def test_headers_that_trickle_end_at_the_limit() -> None:
    fake = FakeNetwork({"a.example": [PUBLIC]}, {})

    def trickle() -> Iterator[bytes]:
        for byte in itertools.chain(b"HTTP/1.1 200 OK\r\nX: ", itertools.repeat(ord("x"), 1000)):
            fake.clock += 1
            yield bytes([byte])

    fake.servers = {(PUBLIC, 80): iter([trickle()])}
    assert refusal("http://a.example/", fake).message == "http://a.example/ took longer than 60 seconds."
    assert fake.reads == LIMITS.whole


@pytest.mark.parametrize(
    ("beginning", "block"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"),
    ],
)
def test_a_body_that_trickles_ends_at_the_limit(beginning: bytes, block: bytes) -> None:
    fake = FakeNetwork({"a.example": [PUBLIC]}, {})

    def trickle() -> Iterator[bytes]:
        yield beginning or block
        for _ in range(1000):
            fake.clock += 1
            yield block

    fake.servers = {(PUBLIC, 80): iter([trickle()])}
    assert "took longer than 60 seconds" in refusal("http://a.example/", fake).message
    assert fake.reads == LIMITS.whole + 1


def test_slow_redirects_share_one_limit() -> None:
    fake = FakeNetwork({"a.example": [PUBLIC]}, {})

    def slow() -> Iterator[bytes]:
        fake.clock += 18
        yield redirect("/next")

    fake.servers = {(PUBLIC, 80): iter([slow() for _ in range(10)])}
    error = refusal("http://a.example/", fake)
    assert error.message.endswith("(redirected to http://a.example/next) took longer than 60 seconds.")
    assert len(fake.connected) == 4


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("late", [59, 60])
def test_slow_connections_count_too(scheme: str, late: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httpx2, "create_ssl_context", FakeTLS)
    fake = FakeNetwork({"a.example": [PUBLIC]}, {(PUBLIC, port): [[reply()]] for port in (80, 443)})
    system = fake.network

    def connect_slowly(endpoint: Any, seconds: float) -> Any:
        assert seconds == LIMITS.connect
        fake.clock += late
        return system.connect(endpoint, seconds)

    slow = Network(system.look_up, connect_slowly, system.now)
    with suppress(AddressError), open_address(f"{scheme}://a.example/", AddressRule(), LIMITS, {}, slow) as answer:
        assert late == 59
        assert answer.read(1000) == b"ok"
    assert fake.reads == (late == 59)
    assert len(fake.connected) == 1


def test_addresses_that_do_not_answer_share_one_limit() -> None:
    fake = FakeNetwork({"a.example": [f"93.184.215.{number}" for number in range(1, 30)]}, {})
    system = fake.network

    def connect_slowly(endpoint: Any, seconds: float) -> Any:
        assert seconds == LIMITS.connect
        fake.clock += seconds
        return system.connect(endpoint, seconds)

    with (
        pytest.raises(AddressError, match="took longer than 60 seconds"),
        open_address(
            "http://a.example/", AddressRule(), LIMITS, {}, Network(system.look_up, connect_slowly, system.now)
        ),
    ):
        pass
    assert len(fake.connected) == 6


def test_a_lookup_that_hangs_is_left() -> None:
    released = threading.Event()

    def hang(_host: str, port: int) -> Any:
        released.wait()
        return Network().look_up("127.0.0.1", port)

    try:
        for limits, said in ((TimeLimits(1, 1, 0.05), "longer than 0.05"), (TimeLimits(0.05, 1, 9), "did not answer")):
            with (
                pytest.raises(AddressError, match=said),
                open_address("http://a.example/", AddressRule(), limits, {}, Network(hang)),
            ):
                pass
    finally:
        released.set()


@pytest.mark.parametrize("beginning", [b"", b"\x16\x03\x03\x40\x00"])
def test_a_handshake_that_trickles_ends_at_the_limit(beginning: bytes) -> None:
    def trickle(server: socket.socket) -> None:
        connection = server.accept()[0]
        with connection, suppress(OSError):
            connection.sendall(beginning)
            connection.settimeout(0.02)
            while True:
                try:
                    if not connection.recv(65536):
                        return
                except TimeoutError:
                    connection.sendall(beginning[:1])

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=trickle, args=(server,))
        thread.start()
        address = f"https://127.0.0.1:{server.getsockname()[1]}/"
        with (
            pytest.raises(AddressError, match="longer than 0"),
            open_address(address, AddressRule(), TimeLimits(9, 9, 0.3), {}),
        ):
            pass
        thread.join()


@pytest.mark.parametrize(
    "blocks",
    [
        [b"HTTP/1.1 200 OK\r\n", *[b"X: " + b"y" * 1000 + b"\r\n"] * 10_000],
        [b"HTTP/1.1 200 OK\r\nX: ", *[b"y" * 65536] * 10_000],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", *[b"y" * 65536] * 10_000],
        [b"\0" * 65536] * 10_000,
        [b"SSH-2.0-OpenSSH_9.6\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\nok"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffffff\r\nok"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"],
        [],
    ],
)
def test_what_breaks_the_protocol_is_refused_soon(blocks: list[bytes]) -> None:
    fake = FakeNetwork({"a.example": [PUBLIC]}, {(PUBLIC, 80): [blocks]})
    assert "could not be read to its end" in refusal("http://a.example/", fake).message
    assert fake.reads <= 200


@pytest.mark.parametrize(
    ("coding", "body", "said"),
    [
        ("gzip", gzip.compress(b"word " * 1000, mtime=0), "is larger than"),
        ("identity", b"x" * 1001, "is larger than"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"ok", mtime=0), mtime=0), "not asked for"),
        ("br", b"ok", "not asked for"),
        ("gzip", gzip.compress(b"ok", mtime=0)[:-1], "to its end"),
        ("gzip", gzip.compress(b"one", mtime=0) + gzip.compress(b"two", mtime=0), "to its end"),
        ("gzip", b"not packed", "to its end"),
    ],
)
def test_a_packed_body_is_within_its_size_whole_and_as_it_was_asked_for(coding: str, body: bytes, said: str) -> None:
    fake = FakeNetwork({"a.example": [PUBLIC]}, {(PUBLIC, 80): [[reply(body, Content_Encoding=coding)]]})
    assert said in refusal("http://a.example/", fake, most=1000).message
    assert "Accept-Encoding: gzip\r\n" in fake.requests[0]


def test_a_body_that_swells_is_unpacked_to_the_limit_only() -> None:
    bomb = reply(gzip.compress(bytes(20_000_000)), Content_Encoding="gzip")
    fake = FakeNetwork({"a.example": [PUBLIC]}, {(PUBLIC, 80): [[bomb]]})
    tracemalloc.start()
    try:
        assert "is larger than" in refusal("http://a.example/", fake, most=100_000).message
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=300), st.sampled_from(["", "identity", "gzip", "GZIP", "x-gzip"]))
def test_a_body_up_to_the_limit_is_returned_as_it_was_packed(body: bytes, coding: str) -> None:
    packed = gzip.compress(body) if "gzip" in coding.lower() else body
    fake = FakeNetwork({"a.example": [PUBLIC]}, {(PUBLIC, 80): [[reply(packed, Content_Encoding=coding)]]})
    assert fetch("http://a.example/", fake, most=max(len(body), len(packed)))[1] == body


@given(st.integers(0, 2**32))
def test_no_address_and_no_redirect_is_too_strange(seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx2, "create_ssl_context", FakeTLS)
        assert sum(fuzz_addresses(10, seed).values()) == 10


# Articles


@pytest.fixture
def site() -> Iterator[tuple[str, str]]:
    """Two servers on this machine: the first redirects /own to itself and /other to the second."""
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
        one, two = (f"http://127.0.0.1:{server.getsockname()[1]}" for server in (first, second))
        said = "“The harbour was closed for the whole winter,” she said."
        pages = {"/own": redirect(f"{one}/"), "/other": redirect(f"{two}/")}

        def serve(server: socket.socket) -> None:
            while True:
                connection = server.accept()[0]
                with connection:
                    path = connection.recv(65536).decode().split(" ")[1:2]
                    if not path:
                        return
                    connection.sendall(pages.get(path[0]) or reply(said.encode(), Content_Type="text/plain"))

        threads = [threading.Thread(target=serve, args=(server,)) for server in (first, second)]
        for thread in threads:
            thread.start()
        yield one, two
        for server in (first, second):
            socket.create_connection(server.getsockname()).close()
        for thread in threads:
            thread.join()


@pytest.mark.usefixtures("recorded_talk")
def test_verify_follows_the_rule_and_names_the_option(site: tuple[str, str]) -> None:
    one, two = site
    assert airquote("verify", f"{one}/own", "--json").answer["kind"] == "not found"
    refused = airquote("verify", f"{one}/other")
    assert (refused.code, refused.out) == (3, "")
    assert f"{one}/other (redirected to {two}/) is not fetched" in refused.err
    assert "If it can be trusted, add --allow-private." in refused.err
    assert airquote("verify", f"{one}/other", "--allow-private", "--json").answer["kind"] == "not found"


def test_an_article_that_nobody_typed_needs_leave_and_is_never_a_file(site: tuple[str, str], tmp_path: Path) -> None:
    for origin in ("document", "server"):
        with pytest.raises(ArticleError, match="is a loopback address") as caught:
            read_article(ArticleAddress(site[0], origin))
        assert caught.value.way_out
        assert caught.value.way_out.kind == "allow_private"
        assert "harbour" in read_article(ArticleAddress(f"{site[0]}/other", origin), allow_private=True).text
    file = tmp_path / "secret.txt"
    file.write_text("“The harbour was closed.”")
    for address in (str(file), file.as_uri(), "-", ""):
        with pytest.raises(ArticleError, match="is not an address"):
            read_article(ArticleAddress(address), allow_private=True)


# No other way out

NETWORK_MODULES = {
    "aiohttp", "asyncio", "ftplib", "http", "httpcore", "httpcore2", "httpx", "httpx2", "huggingface_hub", "imaplib",
    "nntplib", "poplib", "requests", "smtplib", "socket", "socketserver", "ssl", "telnetlib", "urllib.request",
    "urllib3", "xmlrpc", "yt_dlp",
}  # fmt: skip
WAITS_IN_A_LOOP = [
    f"pipeline/web/{module}.py"
    for module in (
        "answer_cache",
        "api/articles",
        "assistants/asking",
        "jobs/news",
        "library_pool",
        "safety/idle_connections",
    )
]
MAY_IMPORT = {
    "pipeline/network/connections.py": {"httpcore2", "httpx2", "socket", "ssl"},
    "pipeline/network/fetching.py": {"http", "httpcore2", "httpx2", "urllib.request"},  # http: the type of a cookie jar
    "pipeline/shows/downloads/page_sound.py": {"yt_dlp"},  # all of its requests go through pipeline.network
    "pipeline/models/weights.py": {"huggingface_hub", "urllib.request"},  # addresses that the libraries themselves name
    "pipeline/batch/cluster/ray_cluster.py": {"socket"},  # whether the cluster that the user names answers
    "pipeline/cli/interrupts.py": {"socket"},  # a pair of sockets inside this process
    "pipeline/web/serving.py": {"socket"},  # it listens; those who ask come from outside
    **{name: {"asyncio"} for name in WAITS_IN_A_LOOP},
}
FETCHING_CALLS = {"fetch_url", "fetch_response", "urlopen", "urlretrieve", "create_connection", "open_connection"}
"""Functions that go to the network, of trafilatura, urllib, socket and asyncio."""


def test_nothing_but_the_network_room_goes_to_the_network() -> None:
    imported: dict[str, set[str]] = {}
    calls = set()
    for file in sorted(file for layer in ("audio", "index", "pipeline") for file in (ROOT / layer).rglob("*.py")):
        name = file.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            modules: list[str] = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Attribute | ast.Name):
                called = node.attr if isinstance(node, ast.Attribute) else node.id
                calls |= {(name, called)} if called in FETCHING_CALLS else set()
            for module in modules:
                found = {module, module.split(".")[0]} & NETWORK_MODULES
                imported[name] = imported.get(name, set()) | found
    assert {name: modules for name, modules in imported.items() if modules} == MAY_IMPORT
    assert calls == {
        ("pipeline/models/weights.py", "urlopen"), ("pipeline/batch/cluster/ray_cluster.py", "create_connection"),
    }  # fmt: skip


def test_a_media_file_is_opened_without_the_protocols_of_ffmpeg() -> None:
    opened = {}
    for file in (file for layer in ("audio", "index", "pipeline") for file in (ROOT / layer).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "av.open":
                opened[file.relative_to(ROOT).as_posix()] = ast.unparse(node)
    call = "av.open(_Nameless(part), 'r', options=OPEN_OPTIONS, metadata_errors='replace')"
    assert opened == {"audio/media.py": call}


@pytest.mark.parametrize(
    "scheme", ["http://", "HTTP://", "http:", "tcp://", "rtmp://", "cache:http://", "concat:http://"]
)
def test_no_command_that_takes_files_opens_an_address(scheme: str, tmp_path: Path) -> None:
    words = tmp_path / "words.srt"
    words.write_text("1\n00:00:01,000 --> 00:00:03,000\nThe ferry left.\n")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"{scheme}127.0.0.1:{server.getsockname()[1]}/a.wav"
        for arguments in (
            *[("transcribe", *ENGINE, address)] * (scheme.lower() != "http://"),  # these are downloaded
            ("import", address),
            ("import", words, "--audio", address),
            ("transcribe", *ENGINE, words, "--glossary", address),
        ):
            run = airquote(*arguments)
            assert run.code in (2, 3), run.err
            assert "127.0.0.1" in run.err + run.out
        with pytest.raises(BlockingIOError):
            server.accept()
