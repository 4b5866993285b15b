"""Reading road files: only what the mode may use, and only what is a road file."""
from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from binhan.commons.roads.imports import UnreadableRoads, read_roads
from binhan.commons.roads.rules.modes import Mode

SMALL = Path(__file__).parents[3] / "fixtures" / "alleys.osm"


def test_only_what_may_be_walked_is_read(tmp_path: Path) -> None:
    roads = read_roads(SMALL, Mode.FOOT)
    assert (len(roads.nodes), len(roads.stretches)) == (8, 6), "no motorway, no private way, no half-known stretch"
    packed = tmp_path / "alleys.osm.gz"
    packed.write_bytes(gzip.compress(SMALL.read_bytes()))
    assert read_roads(packed, Mode.FOOT).stretches.tolist() == roads.stretches.tolist()
    assert roads.box == (10.98, 106.67, 10.9901, 106.6722)
    assert len(read_roads(SMALL, Mode.FOOT, (10.9899, 106.67, 10.9902, 106.68)).stretches) == 1
    assert read_roads(SMALL, Mode.FOOT, (1.0, 1.0, 2.0, 2.0)).box is None


@pytest.mark.parametrize("body", [b"", b"not a map", b"<osm version='0.6'><node id='1'"])
def test_a_broken_file_is_refused(tmp_path: Path, body: bytes) -> None:
    broken = tmp_path / "roads.osm"
    broken.write_bytes(body)
    with pytest.raises(UnreadableRoads):
        read_roads(broken, Mode.FOOT)
