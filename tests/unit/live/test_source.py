"""Whose press it is, as far as counting goes: a network as a keyed hash, and nobody where nobody is named."""
from __future__ import annotations

from typing import Any

import pytest

from binhan.live.source import source_of

KEY = b"k" * 32


def scope(peer: str, forwarded: str = "") -> dict[str, Any]:
    """A request from an address, maybe through a proxy."""
    return {"client": (peer, 1), "headers": [(b"x-forwarded-for", forwarded.encode())] if forwarded else []}


@pytest.mark.parametrize(("one", "other", "same"), [
    ("203.0.113.7", "203.0.113.250", True), ("203.0.113.7", "203.0.114.7", False),
    ("2001:db8:1:2::9", "2001:db8:1:2:ffff::1", True), ("2001:db8:1:2::9", "2001:db8:1:3::9", False),
    ("::ffff:203.0.113.7", "203.0.113.9", True), ("fe80::1%eth0", "fe80::2", True)])
def test_a_source_is_a_network(one: str, other: str, same: bool) -> None:
    assert (source_of(scope(one), KEY) == source_of(scope(other), KEY)) is same


def test_it_is_kept_as_a_keyed_hash_only() -> None:
    found = source_of(scope("203.0.113.7"), KEY)
    assert found is not None and len(bytes.fromhex(found)) == 16 and "203" not in found[:3]
    assert found != source_of(scope("203.0.113.7"), b"x" * 32)


def test_only_a_proxy_on_this_machine_may_name_another_and_only_its_last_word_counts() -> None:
    direct = source_of(scope("203.0.113.7"), KEY)
    assert source_of(scope("127.0.0.1", "203.0.113.7"), KEY) == direct
    assert source_of(scope("127.0.0.1", "198.51.100.1, 203.0.113.7"), KEY) == direct
    assert source_of(scope("203.0.113.7", "198.51.100.1"), KEY) == direct


@pytest.mark.parametrize("nobody", [scope("127.0.0.1"), scope("::1"), scope(""), scope("127.0.0.1", "unknown"),
                                    {"client": None, "headers": []}])
def test_where_nobody_is_named_nobody_is_counted(nobody: dict[str, Any]) -> None:
    assert source_of(nobody, KEY) is None
