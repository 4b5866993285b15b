"""What the measurements of point → ward share: the city's boundaries in full detail, and random points."""
from __future__ import annotations

import json
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

from binhan.kernel.geo import WardIndex
from binhan.site.setup import setup

SHARED = Path(os.environ.get("BINHAN_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
CITY = SHARED / "vn_admin" / "hcmc_168_wards.geojson"


def city() -> dict[int, Any]:
    """The 168 full-detail boundaries of Hồ Chí Minh City, by ward."""
    if not CITY.exists():
        sys.exit(f"{CITY} is not here: this measurement needs the full-detail boundaries (docs/reference/data.md).")
    features = json.loads(CITY.read_text(encoding="utf-8"))["features"]
    return {int(f["properties"]["code"]): f["geometry"] for f in features}


def packaged(wards: list[int], detailed: bool = False) -> dict[int, Any]:
    """The boundaries that ship with the product, by ward."""
    with tempfile.TemporaryDirectory(prefix="binhan-bench-") as folder:
        setup(Path(folder))
        from binhan.commons.places.queries import packaged_boundaries  # noqa: PLC0415 - Django is set up only now
        found = packaged_boundaries([f"{ward:05d}" for ward in wards], detailed=detailed)
    return {int(code): geometry for code, geometry in found.items()}


def points_in(index: WardIndex, ward: int, count: int, rng: random.Random) -> list[tuple[float, float]]:
    """Points (lat, lon) spread evenly over a ward."""
    shape = index.shapes[ward]
    south, west, north, east = shape.box
    found: list[tuple[float, float]] = []
    while len(found) < count:
        lat, lon = rng.uniform(south, north), rng.uniform(west, east)
        if shape.contains(lat, lon):
            found.append((lat, lon))
    return found
