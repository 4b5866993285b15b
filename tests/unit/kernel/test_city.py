"""Point → ward on the full-detail boundaries of the 168 wards of Hồ Chí Minh City (their small made-up sibling is
test_geo.py): every ward, its real gaps and overlaps, and random points against shapely."""
from __future__ import annotations

import json
import math
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from shapely import STRtree
from shapely.geometry import Point, Polygon, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from binhan.commons.places.queries import packaged_boundaries
from binhan.kernel.geo import WardIndex

TAN_UYEN = 25888


class City:
    """The 168 wards as shapes and as an index."""

    def __init__(self, path: Path) -> None:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        self.geometries: dict[int, Any] = {int(f["properties"]["code"]): f["geometry"] for f in features}
        self.shapes: dict[int, BaseGeometry] = {w: shape(g) for w, g in self.geometries.items()}
        self.index = WardIndex(self.geometries)
        self.codes = list(self.shapes)
        self.tree = STRtree(list(self.shapes.values()))

    def claims(self, lat: float, lon: float) -> list[int]:
        """The wards that contain a point, as shapely sees it."""
        return [self.codes[i] for i in self.tree.query(Point(lon, lat), predicate="within")]

    def overlaps(self) -> list[tuple[int, int, Polygon]]:
        """Pairs of wards with the largest piece that both claim."""
        found = []
        for i, j in zip(*self.tree.query(list(self.shapes.values()), predicate="overlaps"), strict=True):
            if i < j:
                both = self.shapes[self.codes[i]].intersection(self.shapes[self.codes[j]])
                pieces = [p for p in getattr(both, "geoms", [both]) if isinstance(p, Polygon) and p.area > 1e-11]
                if pieces:
                    found.append((self.codes[i], self.codes[j], max(pieces, key=lambda p: p.area)))
        return found

    def gaps(self) -> list[Polygon]:
        """Holes between wards that no ward claims."""
        whole = unary_union(list(self.shapes.values()))
        return [Polygon(ring) for part in getattr(whole, "geoms", [whole]) for ring in part.interiors]


@pytest.fixture(scope="module")
def city() -> City:
    from tests.conftest import SHARED
    path = SHARED / "vn_admin" / "hcmc_168_wards.geojson"
    if not path.exists():
        pytest.skip("the full-detail boundaries (../shared/data/vn_admin) are not here; test_geo.py has run on small ones")
    return City(path)


def inside(polygon: BaseGeometry) -> tuple[float, float]:
    """(lat, lon) of a point well inside."""
    point = polygon.representative_point()
    return point.y, point.x


def test_every_ward_has_its_own_middle(city: City) -> None:
    assert len(city.shapes) == 168
    found = {ward: city.index.locate(*inside(polygon)) for ward, polygon in city.shapes.items()}
    assert {ward: at.ward_id for ward, at in found.items() if at} == {ward: ward for ward in city.shapes}


@pytest.mark.parametrize(("lat", "lon", "how"), [
    (11.0914, 106.799, "inside"), (11.13, 106.79, "inside"),
    (11.0589, 106.8068, "gap")])  # beyond the ward's edge, towards Đồng Nai: no ward of the city has it
def test_points_in_and_by_tan_uyen(city: City, lat: float, lon: float, how: str) -> None:
    found = city.index.locate(lat, lon)
    assert found is not None
    assert (found.ward_id, found.how) == (TAN_UYEN, how)
    assert city.claims(lat, lon) == ([TAN_UYEN] if how == "inside" else [])


def test_random_points_agree_with_shapely(city: City) -> None:
    rng = random.Random(3)
    hows: Counter[str] = Counter()
    for _ in range(3000):
        lat, lon = rng.uniform(10.3, 11.5), rng.uniform(106.3, 107.5)
        found, claims = city.index.locate(lat, lon), city.claims(lat, lon)
        hows[found.how if found else "none"] += 1
        if claims:
            assert found is not None
            assert found.ward_id in claims
            assert found.how == ("inside" if len(claims) == 1 else "overlap")
        else:
            assert found is None or found.how == "gap"
    assert min(hows["inside"], hows["gap"], hows["none"]) > 100


def test_points_along_real_boundaries_are_never_lost(city: City) -> None:
    """Every tenth corner of Tân Uyên and the middle of its edge: always one ward, at no distance to speak of."""
    ring = city.geometries[TAN_UYEN]["coordinates"][0][0]
    for (x1, y1), (x2, y2) in list(zip(ring, ring[1:], strict=False))[::10]:
        for lon, lat in ((x1, y1), ((x1 + x2) / 2, (y1 + y2) / 2)):
            found = city.index.locate(lat, lon)
            assert found is not None
            assert found.distance_m < 1
            assert Point(lon, lat).distance(city.shapes[found.ward_id]) * 111_195 < 1


def test_real_overlaps_go_to_the_ward_in_which_the_point_lies_deepest(city: City) -> None:
    overlaps = city.overlaps()
    assert len(overlaps) >= 5
    for one, other, piece in overlaps:
        lat, lon = inside(piece)
        found = city.index.locate(lat, lon)
        depth = {w: city.index.shapes[w].distance_m(lat, lon) for w in (one, other)}
        assert found is not None
        assert (found.ward_id, found.how) == (max(depth, key=lambda w: (depth[w], -w)), "overlap")


def test_real_gaps_fall_to_the_nearest_ward(city: City) -> None:
    gaps = city.gaps()
    assert len(gaps) >= 20
    for gap in gaps:
        lat, lon = inside(gap)
        found = city.index.locate(lat, lon)
        assert found is not None
        assert found.how == "gap"
        near = min(city.shapes.values(), key=lambda s: s.distance(Point(lon, lat))).distance(Point(lon, lat))
        assert city.shapes[found.ward_id].distance(Point(lon, lat)) <= near / math.cos(math.radians(lat)) + 1e-12


def test_the_packaged_sample_ward_is_the_full_detail_one(city: City) -> None:
    assert shape(packaged_boundaries(["25888"], detailed=True)["25888"]).equals(city.shapes[TAN_UYEN])
