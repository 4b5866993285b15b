"""The packaged register and boundaries: complete, valid, with both archipelagos, and small."""
from __future__ import annotations

from collections import Counter

import pytest
from shapely.geometry import Point, shape

from binhan.commons.places.queries import PACKAGE, packaged_boundaries, packaged_provinces, packaged_units
from binhan.kernel.geo import in_vietnam, rings_of


def test_every_unit_is_there_once() -> None:
    units, provinces = packaged_units(), packaged_provinces()
    assert (len(units), len(provinces)) == (3321, 34)
    assert Counter(u["unit_type"] for u in units.values()) == {"Xã": 2611, "Phường": 697, "Đặc khu": 13}
    assert all(len(code) == 5 and code.isdigit() for code in units)
    assert {u["province_code"] for u in units.values()} == set(provinces)
    assert all(u["full_name"] == f"{u['unit_type']} {u['name']}" for u in units.values())
    assert sum(u["province_code"] == "79" for u in units.values()) == 168


@pytest.fixture(scope="module")
def boundaries() -> dict[str, dict]:  # type: ignore[type-arg]
    return packaged_boundaries(packaged_units())


def test_every_unit_has_a_valid_boundary_in_viet_nam(boundaries: dict[str, dict]) -> None:  # type: ignore[type-arg]
    assert set(boundaries) == set(packaged_units())
    assert [code for code, geometry in boundaries.items() if not shape(geometry).is_valid] == []
    assert all(in_vietnam(lat, lon) for g in boundaries.values() for ring in rings_of(g) for lon, lat in ring)


@pytest.mark.parametrize(("code", "name", "lat", "lon", "islands"), [
    ("20333", "Đặc khu Hoàng Sa", 16.83, 112.34, 40),     # Phú Lâm
    ("22736", "Đặc khu Trường Sa", 8.645, 111.92, 100)])  # Trường Sa Lớn
def test_the_archipelagos_are_drawn(boundaries: dict[str, dict], code: str, name: str,  # type: ignore[type-arg]
                                    lat: float, lon: float, islands: int) -> None:
    assert packaged_units()[code]["full_name"] == name
    drawn = shape(boundaries[code])
    assert len(drawn.geoms) >= islands
    assert drawn.distance(Point(lon, lat)) < 0.02


def test_the_sample_wards_ship_in_full_detail(boundaries: dict[str, dict]) -> None:  # type: ignore[type-arg]
    codes = ["25888", "25891", "25920"]
    detailed = packaged_boundaries(codes, detailed=True)
    for code in codes:
        points = [sum(map(len, rings_of(kind[code]))) for kind in (boundaries, detailed)]
        assert points[1] > 3 * points[0]
        assert shape(detailed[code]).is_valid


def test_it_stays_small_and_names_its_licence() -> None:
    assert (PACKAGE / "boundaries.geojson.gz").stat().st_size <= 2_000_000
    assert sum(path.stat().st_size for path in PACKAGE.iterdir()) <= 3_000_000
    assert "Copyright (c) 2021 Thang Le Quoc" in (PACKAGE / "LICENSE.upstream-MIT").read_text(encoding="utf-8")
