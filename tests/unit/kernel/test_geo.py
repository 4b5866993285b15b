"""Point → ward, against shapely's geometry on made-up ground: every rule, and every awkward point."""
from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import scale
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from binhan.kernel.geo import M_PER_DEGREE, Located, WardIndex, haversine_m, in_vietnam, rings_of

Rings = list[list[tuple[float, float]]]


def polygon(*rings: list[tuple[float, float]]) -> dict[str, Any]:
    """A GeoJSON Polygon of open rings of (lon, lat): the outer one and its holes."""
    return {"type": "Polygon", "coordinates": [[*map(list, ring), list(ring[0])] for ring in rings]}


def square(west: float, south: float, size: float) -> list[tuple[float, float]]:
    """The corners of a square."""
    return [(west, south), (west + size, south), (west + size, south + size), (west, south + size)]


# Two neighbours that share a jagged edge with horizontal pieces; 1 also has a hole, and 3 overlaps 2.
SEAM = [(106.02, 11.0), (106.025, 11.005), (106.015, 11.005), (106.015, 11.01), (106.03, 11.015), (106.02, 11.02)]
HOLE = square(106.004, 11.004, 0.004)
GROUND = {
    1: polygon([(106.0, 11.0), *SEAM, (106.0, 11.02)], HOLE),
    2: polygon([*SEAM, (106.04, 11.02), (106.04, 11.0)]),
    3: polygon(square(106.036, 11.0, 0.02)),
}


@pytest.fixture(scope="module")
def ground() -> WardIndex:
    return WardIndex(GROUND)


def test_a_point_in_one_ward(ground: WardIndex) -> None:
    assert ground.locate(11.01, 106.001) == Located(1, "inside")
    assert ground.locate(11.01, 106.034) == Located(2, "inside")


def test_a_hole_belongs_to_nobody_and_falls_to_the_nearest(ground: WardIndex) -> None:
    found = ground.locate(11.006, 106.006)
    assert found is not None
    assert (found.ward_id, found.how) == (1, "gap")
    assert found.distance_m == pytest.approx(0.002 * M_PER_DEGREE * math.cos(math.radians(11.006)), rel=1e-3)


def test_an_overlap_goes_to_the_ward_in_which_the_point_lies_deepest(ground: WardIndex) -> None:
    assert ground.locate(11.01, 106.0365) == Located(2, "overlap")
    assert ground.locate(11.01, 106.0395) == Located(3, "overlap")


def test_equal_claims_go_to_the_lower_code() -> None:
    twins = WardIndex({9: polygon(square(106, 11, 0.02)), 7: polygon(square(106, 11, 0.02))})
    assert twins.locate(11.01, 106.01) == Located(7, "overlap")
    apart = WardIndex({9: polygon(square(106, 11, 0.25)), 7: polygon(square(106.5, 11, 0.25))}, gap_m=1e6)
    assert apart.locate(11.125, 106.375).ward_id == 7  # type: ignore[union-attr]


def test_a_gap_is_bridged_up_to_gap_m_and_no_further() -> None:
    off = 1000 / M_PER_DEGREE
    assert WardIndex(GROUND).locate(11.0 - off, 106.001) == Located(1, "gap", pytest.approx(1000, abs=1))
    assert WardIndex(GROUND).locate(11.0 - 2.1 * off, 106.001) is None
    assert WardIndex(GROUND, gap_m=900).locate(11.0 - off, 106.001) is None


def test_a_point_is_taken_in_any_case_and_it_is_said_how(ground: WardIndex) -> None:
    assert ground.take(11.01, 106.001) == ground.locate(11.01, 106.001) == Located(1, "inside")
    far = ground.take(21.03, 105.85)
    assert far is not None
    assert (far.ward_id, far.how, far.distance_m) == (1, "outside", ground.nearest(21.03, 105.85)[1])  # type: ignore[index]
    assert WardIndex({}).take(11.01, 106.001) is None


def test_the_nearest_ward_of_a_far_point_is_known_with_its_distance(ground: WardIndex) -> None:
    ward, distance_m = ground.nearest(21.03, 105.85) or (0, 0.0)
    assert ward == 1
    assert distance_m == pytest.approx(haversine_m(21.03, 105.85, 11.02, 106.0), rel=0.01)


@pytest.mark.parametrize("lon_lat", [*SEAM[1:-1], (106.02, 11.005), (106.015, 11.007), (106.0225, 11.0125)])
def test_a_point_on_the_shared_edge_or_its_corners_belongs_to_exactly_one(
        ground: WardIndex, lon_lat: tuple[float, float]) -> None:
    found = ground.locate(lon_lat[1], lon_lat[0])
    assert found is not None
    assert found.how == "inside"
    assert sum(shape.contains(lon_lat[1], lon_lat[0]) for shape in ground.shapes.values()) == 1


@given(st.integers(0, 10_000), st.floats(0, 1), st.integers(0, len(SEAM) - 2))
def test_no_point_along_the_seam_is_claimed_twice_or_lost(seed: int, part: float, piece: int) -> None:
    (x1, y1), (x2, y2) = SEAM[piece], SEAM[piece + 1]
    lat, lon = y1 + part * (y2 - y1), x1 + part * (x2 - x1)
    if 11.0 <= lat < 11.02:
        ground = WardIndex({w: GROUND[w] for w in (1, 2)}, cell=0.001 + seed * 1e-6)
        assert ground.locate(lat, lon).how == "inside"  # type: ignore[union-attr]


# Coordinates on a coarse lattice make shared corners, horizontal and vertical edges and cell borders common.
LATTICE = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda p: (106 + p[0] / 400, 11 + p[1] / 400))
ANYWHERE = st.tuples(st.floats(105.98, 106.05), st.floats(10.98, 11.05))


@st.composite
def wards(draw: st.DrawFn) -> dict[int, Polygon]:
    """One to four valid polygons that may overlap, some with a hole."""
    made: dict[int, Polygon] = {}
    for ward in range(1, draw(st.integers(1, 4)) + 1):
        hull = draw(st.lists(LATTICE, min_size=3, max_size=9, unique=True))
        middle = (sum(x for x, _ in hull) / len(hull), sum(y for _, y in hull) / len(hull))
        ring = sorted(hull, key=lambda p: (math.atan2(p[1] - middle[1], p[0] - middle[0]), p))
        shape = Polygon(ring)
        if shape.is_valid and shape.area > 0:
            hole = shape.buffer(-0.001)
            drilled = shape.difference(hole) if draw(st.booleans()) else shape
            made[ward] = drilled if isinstance(drilled, Polygon) and drilled.area > 0 else shape
    return made


def metric(shape: BaseGeometry, lat: float) -> BaseGeometry:
    """The shape with degrees of longitude shrunk as they are at that latitude."""
    return scale(shape, math.cos(math.radians(lat)), 1, origin=(0, 0))


def edge_m(shape: Polygon, lat: float, lon: float) -> float:
    """shapely's distance from a point to a shape's boundary."""
    return float(metric(Point(lon, lat), lat).distance(metric(shape.boundary, lat))) * M_PER_DEGREE


@settings(max_examples=400, deadline=None)
@given(wards(), st.one_of(ANYWHERE, LATTICE))
def test_the_answer_is_the_one_that_shapely_gives(shapes: dict[int, Polygon], lon_lat: tuple[float, float]) -> None:
    lon, lat = lon_lat
    if not shapes or any(edge_m(s, lat, lon) < 1e-6 for s in shapes.values()):
        return  # on an edge the half-open rule decides; the tests of the seam hold it
    found = WardIndex({w: s.__geo_interface__ for w, s in shapes.items()}).locate(lat, lon)
    claims = {w: edge_m(s, lat, lon) for w, s in shapes.items() if s.contains(Point(lon, lat))}
    away = {w: edge_m(s, lat, lon) for w, s in shapes.items()}
    if claims:
        assert found is not None
        assert found.how == ("inside" if len(claims) == 1 else "overlap")
        assert claims[found.ward_id] == pytest.approx(max(claims.values()), abs=1e-3)
    elif min(away.values()) <= 2000:
        assert found is not None
        assert found.how == "gap"
        assert away[found.ward_id] == pytest.approx(min(away.values()), abs=1e-3)
        assert found.distance_m == pytest.approx(min(away.values()), abs=1e-3)
    else:
        assert found is None


# A coast of 600 corners, so that most of its runs of edges are passed over when the nearest is looked for.
COAST = [(106 + (0.02 + 0.006 * math.sin(n * 0.9) + 0.002 * math.cos(n * 3.7)) * math.cos(n * math.tau / 600),
          11 + (0.02 + 0.006 * math.sin(n * 0.9) + 0.002 * math.cos(n * 3.7)) * math.sin(n * math.tau / 600))
         for n in range(600)]


@settings(max_examples=300, deadline=None)
@given(st.tuples(st.floats(105.95, 106.05), st.floats(10.95, 11.05)))
def test_the_distance_to_a_long_boundary_is_the_one_to_its_nearest_edge(lon_lat: tuple[float, float]) -> None:
    lon, lat = lon_lat
    shape = WardIndex({1: polygon(COAST)}).shapes[1]
    assert len(shape.runs) > 20
    assert shape.distance_m(lat, lon) == pytest.approx(edge_m(Polygon(COAST), lat, lon), abs=1e-3)


@settings(max_examples=100, deadline=None)
@given(wards(), st.lists(ANYWHERE, min_size=2, max_size=8))
def test_earlier_questions_never_change_an_answer(shapes: dict[int, Polygon], asked: list[tuple[float, float]]) -> None:
    boundaries = {w: s.__geo_interface__ for w, s in shapes.items()}
    used = WardIndex(boundaries)
    for lon, lat in [*asked, *asked]:
        assert used.locate(lat, lon) == WardIndex(boundaries).locate(lat, lon)


def test_questions_about_the_rest_of_the_world_are_not_remembered(ground: WardIndex) -> None:
    before = len(ground._whole)
    for i in range(500):
        assert ground.locate(8 + i * 0.005, 104) is None
    assert len(ground._whole) == before


@pytest.mark.parametrize(("lat", "lon", "inside"), [
    (11.09, 106.79, True), (16.5, 112.0, True), (8.64, 111.92, True), (7.2, 117.8, True),  # Hoàng Sa, Trường Sa
    (8.56, 104.83, True), (23.39, 105.32, True),  # Đất Mũi, Lũng Cú
    (9.3, 103.48, True), (20.13, 107.73, True), (22.4, 102.15, True),  # Thổ Chu, Bạch Long Vĩ, A Pa Chải
    (11.55, 104.92, False), (17.97, 102.6, False), (20.03, 110.33, False), (22.82, 108.32, False),  # neighbours' cities
    (0.0, 0.0, False), (13.75, 100.5, False), (14.6, 120.98, False), (106.79, 11.09, False), (-11.09, 106.79, False),
    (math.nan, 106.79, False), (11.09, math.nan, False), (math.inf, 106.79, False), (11.09, -math.inf, False)])
def test_coordinates_of_viet_nam(lat: float, lon: float, inside: bool) -> None:
    assert in_vietnam(lat, lon) is inside


def test_distances_on_the_globe() -> None:
    assert haversine_m(11.0, 106.0, 11.0, 106.0) == 0
    assert haversine_m(21.0285, 105.8542, 10.7769, 106.7009) == pytest.approx(1_144_000, rel=0.01)
    assert haversine_m(11.0, 106.0, 11.0001, 106.0) == pytest.approx(11.12, rel=0.01)
    assert haversine_m(0, 0, 0, 180) == pytest.approx(math.pi * 6_371_008.8)


@pytest.mark.parametrize("geometry", [
    {"type": "Point", "coordinates": [106, 11]}, {"type": "GeometryCollection", "geometries": []},
    {"type": "MultiPolygon", "coordinates": []}])
def test_what_is_no_boundary_is_refused(geometry: dict[str, Any]) -> None:
    with pytest.raises((ValueError, KeyError)):
        WardIndex({1: geometry})


def test_rings_of_a_multipolygon_have_no_height() -> None:
    one = [[[106.0, 11.0, 5.0], [106.1, 11.0, 5.0], [106.0, 11.1, 5.0], [106.0, 11.0, 5.0]]]
    assert list(rings_of({"type": "MultiPolygon", "coordinates": [one, one]})) == [
        [(106.0, 11.0), (106.1, 11.0), (106.0, 11.1), (106.0, 11.0)]] * 2
