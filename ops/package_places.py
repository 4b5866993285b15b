"""Write binhan/commons/places/data and web/public/vn-outline.json again from a folder with the upstream files
(docs/reference/data.md says which).

    .venv/bin/python ops/package_places.py ../shared/data/vn_admin
"""
from __future__ import annotations

import csv
import gzip
import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from shapely.geometry import MultiPolygon, Polygon, mapping, shape
from shapely.ops import unary_union

TOP = Path(__file__).resolve().parents[1]
TARGET = TOP / "binhan" / "commons" / "places" / "data"
OUTLINE = TOP / "web" / "public" / "vn-outline.json"
WARD_COLUMNS = ("code", "province_code", "unit_type", "name", "full_name", "full_name_en", "merged_from", "lon", "lat")
PROVINCE_COLUMNS = ("code", "name", "name_en", "full_name", "unit_type", "merged_from")
DEMO = ("25888", "25891", "25920")
ARCHIPELAGOS = {"20333": "Hoàng Sa", "22736": "Trường Sa"}
# Upstream's machine English for a đặc khu, and its foreign names for our two archipelagos.
ENGLISH = (("Special administrative region", "Special Zone"), ("Paracel", "Hoang Sa"), ("Spratly", "Truong Sa"))


def tidy(text: str) -> str:
    """NFC, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def rows(path: Path, columns: Iterable[str]) -> list[dict[str, str]]:
    """The named columns of a CSV, tidied."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{c: tidy(row[c]) for c in columns} for row in csv.DictReader(file)]


def ward(row: dict[str, str]) -> dict[str, str]:
    """A ward's row with its names put right."""
    row["full_name"] = f"{row['unit_type']} {row['name']}"
    for theirs, ours in ENGLISH:
        row["full_name_en"] = row["full_name_en"].replace(theirs, ours)
    return row


def write_csv(name: str, table: list[dict[str, str]]) -> None:
    """A CSV of ours."""
    with (TARGET / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def write_boundaries(name: str, features: list[dict[str, Any]]) -> None:
    """Geometries with nothing but their code, the same bytes for the same input."""
    kept = [{"type": "Feature", "id": f["properties"]["code"], "properties": {"code": f["properties"]["code"]},
             "geometry": f["geometry"]} for f in features]
    text = json.dumps({"type": "FeatureCollection", "features": kept}, separators=(",", ":"))
    (TARGET / name).write_bytes(gzip.compress(text.encode("ascii"), 9, mtime=0))


def write_outline(features: list[dict[str, Any]]) -> None:
    """Viet Nam as a small drawing for locator maps: the mainland with its larger islands to some 1.5 km, and every
    polygon of both archipelagos. A drawing, not a boundary."""
    shapes = {f["properties"]["code"]: shape(f["geometry"]) for f in features}
    land = unary_union([s.buffer(0.002) for code, s in shapes.items() if code not in ARCHIPELAGOS]).buffer(-0.002)
    coarse = MultiPolygon([Polygon(p.exterior).simplify(0.015) for p in land.geoms if p.area > 2e-4])
    drawn = {"Việt Nam": coarse, **{name: shapes[code].simplify(0.01) for code, name in ARCHIPELAGOS.items()}}
    text = json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": name}, "geometry": rounded(mapping(s))} for name, s in drawn.items()]},
        ensure_ascii=False, separators=(",", ":"))
    OUTLINE.write_text(text + "\n", encoding="utf-8")


def rounded(value: Any) -> Any:
    """The same geometry with two decimals (1 km)."""
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(v) for v in value]
    return round(value, 2) if isinstance(value, float) else value


def main(source: Path) -> None:
    """All files, one after the other."""
    write_csv("provinces.csv", rows(source / "provinces_34.csv", PROVINCE_COLUMNS))
    write_csv("wards.csv", [ward(row) for row in rows(source / "wards_3321.csv", WARD_COLUMNS)])
    with gzip.open(source / "vn_3321_wards_simplified.geojson.gz", "rt", encoding="utf-8") as file:
        country = json.load(file)["features"]
    write_boundaries("boundaries.geojson.gz", country)
    write_outline(country)
    city = json.loads((source / "hcmc_168_wards.geojson").read_text(encoding="utf-8"))["features"]
    write_boundaries("demo_boundaries.geojson.gz", [f for f in city if f["properties"]["code"] in DEMO])
    shutil.copyfile(source / "LICENSE.upstream-MIT", TARGET / "LICENSE.upstream-MIT")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
