"""The road graph as bytes: what comes out is what went in, to about a centimetre."""
from __future__ import annotations

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhan.commons.roads.rules.graph import RoadGraph
from binhan.commons.roads.rules.packed import pack, unpack

NODES = st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=2, max_size=20)


@given(NODES, st.data())
def test_there_and_back(nodes: list[tuple[float, float]], data: st.DataObject) -> None:
    number = st.integers(0, len(nodes) - 1)
    stretches = data.draw(st.lists(st.tuples(number, number), min_size=1))
    graph = RoadGraph(np.array(nodes), np.array(stretches, dtype=np.int64))
    again = unpack(*pack(graph))
    assert np.abs(again.nodes - graph.nodes).max() <= 5.1e-8
    assert again.stretches.tolist() == graph.stretches.tolist()
    assert again.box == pytest.approx(graph.box, abs=1e-7)


def test_no_roads_lie_nowhere() -> None:
    empty = RoadGraph(np.zeros((0, 2)), np.zeros((0, 2), dtype=np.int64))
    assert empty.box is None
    assert len(unpack(*pack(empty)).nodes) == 0


def test_broken_bytes_are_not_taken_for_roads() -> None:
    with pytest.raises(zlib.error):
        unpack(b"rubbish", b"rubbish")
