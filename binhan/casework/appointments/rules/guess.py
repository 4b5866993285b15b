"""Guessing codes is slow: who tried too many that do not exist must wait. Mistyped codes, which the check character gives
away, do not count; a whole district may share one address of a mobile network."""
from __future__ import annotations

import ipaddress
from collections import OrderedDict, deque
from threading import Lock

KEPT_MAX = 10_000


class Throttle:
    """Misses per client in a sliding window, kept in this process; the oldest clients are forgotten first."""

    def __init__(self) -> None:
        self.missed: OrderedDict[str, deque[float]] = OrderedDict()
        self.lock = Lock()

    def wait_s(self, address: str, at: float, tries: int, window_s: float) -> int:
        """How many seconds this client must wait before it may try again; 0 when it may now."""
        with self.lock:
            times = self._recent(client_of(address), at, window_s)
            return int(times[-tries] + window_s - at) + 1 if len(times) >= tries else 0

    def miss(self, address: str, at: float, window_s: float) -> None:
        """A code that does not exist."""
        with self.lock:
            key = client_of(address)
            times = self._recent(key, at, window_s)
            times.append(at)
            self.missed[key] = times
            self.missed.move_to_end(key)
            while len(self.missed) > KEPT_MAX:
                self.missed.popitem(last=False)

    def _recent(self, key: str, at: float, window_s: float) -> deque[float]:
        times = self.missed.get(key, deque())
        while times and times[0] <= at - window_s:
            times.popleft()
        return times


def client_of(address: str) -> str:
    """Who is meant by an address: one of IPv6 stands for its /64, of which a client has all."""
    try:
        found = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped) if found.ipv4_mapped else str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
