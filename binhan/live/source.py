"""Where a request comes from: the client's address, and the source that presses are counted by."""
from __future__ import annotations

import hashlib
import hmac
import ipaddress

from binhan.live.http import Scope, header

# A proxy of the ward's own on another machine: it must not make one source of everybody. (A carrier's shared addresses,
# 100.64.0.0/10, are not among them.)
LOCAL = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7",
                                         "fe80::/10")))
SOURCE_BITS = {4: 24, 6: 64}  # a household has one /64, and may be given a new one of a carrier's /24 at any time


def client_of(scope: Scope) -> str:
    """The address of the client. Only a proxy on this machine may say that it speaks for another."""
    peer = str((scope.get("client") or ("", 0))[0])
    given = header(scope, b"x-forwarded-for")
    return given if given and peer in ("127.0.0.1", "::1", "") else peer


def source_of(scope: Scope, key: bytes) -> str | None:
    """The source of a request as a keyed hash: an address is personal data. None for this machine and its
    neighbours – a proxy that names nobody must not make one source of everybody – and for what is no address."""
    named = client_of(scope).rpartition(",")[2].strip()  # what the nearest proxy says; those before may be made up
    try:
        address = ipaddress.ip_address(named.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    if address.is_loopback or any(address in network for network in LOCAL if network.version == address.version):
        return None
    network = ipaddress.ip_network((address, SOURCE_BITS[address.version]), strict=False)
    return hmac.new(key, f"source:{network}".encode(), hashlib.sha256).hexdigest()[:32]
