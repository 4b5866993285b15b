"""Small made-up boundaries, and ways to spoil them."""
from __future__ import annotations

import json
from typing import Any

# A square well inside Tân Uyên: no real boundary, but one that its ward could have.
SQUARE = [[106.78, 11.08], [106.82, 11.08], [106.82, 11.12], [106.78, 11.12], [106.78, 11.08]]


def feature(code: Any = "25888", *rings: list[Any], kind: str = "Polygon", **more: Any) -> dict[str, Any]:
    """A GeoJSON feature for a ward."""
    return {"type": "Feature", "properties": {"code": code},
            "geometry": {"type": kind, "coordinates": list(rings) or [SQUARE]}, **more}


def collection(*features: Any, **more: Any) -> bytes:
    """A FeatureCollection as a file's bytes."""
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()
