"""Roads as bytes for the database: seven decimals of a degree (about a centimetre), compressed."""
from __future__ import annotations

import zlib

import numpy as np

from binhan.casework.visits.roads.osm import Roads

SCALE = 1e7


def pack(roads: Roads) -> tuple[bytes, bytes]:
    """Nodes and stretches, each compressed."""
    nodes = np.rint(roads.nodes * SCALE).astype("<i4")
    return zlib.compress(nodes.tobytes(), 6), zlib.compress(roads.stretches.astype("<i4").tobytes(), 6)


def unpack(nodes: bytes, stretches: bytes) -> Roads:
    """The roads that were packed."""
    places = np.frombuffer(zlib.decompress(nodes), dtype="<i4").reshape(-1, 2) / SCALE
    ends = np.frombuffer(zlib.decompress(stretches), dtype="<i4").reshape(-1, 2).astype(np.int64)
    return Roads(places.astype(np.float64), ends)
