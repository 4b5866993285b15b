"""The load: N connections, each sending its pre-rendered requests one after another. Cheap, so that it measures the
server and not itself. Prints JSON: seconds, requests, statuses, latencies in milliseconds (p50, p99, max)."""
from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import cast

import uvloop


class Lane(asyncio.Protocol):
    """One connection."""

    def __init__(self, requests: list[bytes], done: asyncio.Future[None], statuses: Counter[str],
                 latencies: list[float]) -> None:
        self.requests: Iterator[bytes] = iter(requests)
        self.done, self.statuses, self.latencies = done, statuses, latencies
        self.buffer = b""
        self.sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start with the first request."""
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own class, not asyncio's
        self.next()

    def next(self) -> None:
        """The next request, or the end."""
        request = next(self.requests, None)
        if request is None:
            self.transport.close()
            return
        self.sent = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Count a whole answer and go on."""
        self.buffer += data
        head, mark, body = self.buffer.partition(b"\r\n\r\n")
        if not mark:
            return
        lower = head.lower()
        at = lower.find(b"content-length:")
        length = int(lower[at + 15:].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(body) < length:
            return
        self.latencies.append(time.perf_counter() - self.sent)
        self.statuses[head[9:12].decode()] += 1
        self.buffer = b""
        self.next()

    def connection_lost(self, error: Exception | None) -> None:
        """The lane is over."""
        if error is not None:
            self.statuses["lost"] += 1
        if not self.done.done():
            self.done.set_result(None)


def read_lanes(path: str) -> list[list[bytes]]:
    """The requests of every connection."""
    lanes: list[list[bytes]] = []
    with open(path, "rb") as file:
        while head := file.read(4):
            lanes.append([file.read(int.from_bytes(file.read(4), "big")) for _ in range(int.from_bytes(head, "big"))])
    return lanes


async def main(port: int, path: str, host: str) -> None:
    """Run every lane."""
    loop = asyncio.get_running_loop()
    lanes = read_lanes(path)
    statuses: Counter[str] = Counter()
    latencies: list[float] = []
    ends = [loop.create_future() for _ in lanes]
    began = time.perf_counter()
    await asyncio.gather(*[loop.create_connection(partial(Lane, lane, end, statuses, latencies), host, port)
        for lane, end in zip(lanes, ends, strict=True)])
    await asyncio.gather(*ends)
    seconds = time.perf_counter() - began
    latencies.sort()
    p50, p99, worst = (round(latencies[min(len(latencies) - 1, int(len(latencies) * share))] * 1000, 2)
                       for share in (0.5, 0.99, 1.0))
    print(json.dumps({"seconds": seconds, "requests": len(latencies), "statuses": statuses,
                      "p50_ms": p50, "p99_ms": p99, "max_ms": worst}))


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
