"""Coverage as GeoJSON (RFC 7946): longitude first, WGS 84, outer rings anticlockwise, no geometry where none is known."""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

KIND = "application/geo+json"


def coverage_geojson(told: Mapping[str, Any], outlines: Mapping[str, Any], doors: Sequence[Mapping[str, Any]] | None,
                     about: Mapping[str, Any]) -> bytes:
    """A feature for each khu phố and way with its counts (null: not shown), and each door for who may see single ones."""
    features = [_feature(_outline(outlines.get(line["name"])), {"kind": "khu_pho", **line}) for line in told["khu_pho"]]
    features += [_feature(None, {"kind": "way", **line}) for line in told["way"]]
    for door in doors or ():
        known = door["lat"] is not None and door["lon"] is not None
        spot = {"type": "Point", "coordinates": [round(door["lon"], 7), round(door["lat"], 7)]} if known else None
        features.append(_feature(spot, {"kind": "door", **{k: v for k, v in door.items() if k not in ("lat", "lon", "id")}},
                                 door["id"]))
    made = {"type": "FeatureCollection", "features": features, "round": {**about, "all": told["all"], "pace": told["pace"],
            "suppressed_below": told["suppressed_below"]}}
    return json.dumps(made, ensure_ascii=False, default=str).encode()


def _feature(geometry: Any, properties: Mapping[str, Any], key: str | None = None) -> dict[str, Any]:
    made = {"type": "Feature", "geometry": geometry, "properties": properties}
    return {**made, "id": key} if key else made


def _outline(geometry: Any) -> Any:
    """A boundary with its rings turned the way that RFC 7946 wants them."""
    if not geometry:
        return None
    from shapely.geometry import mapping, shape  # noqa: PLC0415 - takes its time to load
    from shapely.geometry.polygon import orient  # noqa: PLC0415 - as above
    found = shape(geometry)
    if found.geom_type == "Polygon":
        return _plain(mapping(orient(found)))
    parts = [mapping(orient(part))["coordinates"] for part in found.geoms]
    return _plain({"type": "MultiPolygon", "coordinates": parts})


def _plain(geometry: Any) -> Any:
    return json.loads(json.dumps(geometry))
