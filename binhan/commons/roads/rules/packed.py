"""The road graph as bytes for the database: seven decimals of a degree (about a centimetre), compressed."""
from __future__ import annotations

import zlib

import numpy as np

from binhan.commons.roads.rules.graph import RoadGraph

SCALE = 1e7


def pack(graph: RoadGraph) -> tuple[bytes, bytes]:
    """Nodes and stretches, each compressed."""
    nodes = np.rint(graph.nodes * SCALE).astype("<i4")
    return zlib.compress(nodes.tobytes(), 6), zlib.compress(graph.stretches.astype("<i4").tobytes(), 6)


def unpack(nodes: bytes, stretches: bytes) -> RoadGraph:
    """The graph that was packed."""
    places = np.frombuffer(zlib.decompress(nodes), dtype="<i4").reshape(-1, 2) / SCALE
    ends = np.frombuffer(zlib.decompress(stretches), dtype="<i4").reshape(-1, 2).astype(np.int64)
    return RoadGraph(places.astype(np.float64), ends)
