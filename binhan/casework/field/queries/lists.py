"""What every phone of a ward is handed alike: notices, code lists, the ground's outline."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from binhan.casework.field.models import Notice
from binhan.casework.field.rules.codes import NEEDS
from binhan.casework.households.rules import BEST_TIMES, DOOR_KINDS
from binhan.casework.listening.queries.codes import desk_json
from binhan.casework.listening.rules import CHANNELS, DESKS, KINDS, ROUTED, URGENCIES
from binhan.casework.visits.rules.codes import OUTCOMES, PARTS
from binhan.commons.dated import holds
from binhan.commons.places.models import Area, Ward
from binhan.kernel.geo import rings_of
from binhan.kernel.words import Words

OUTLINE_DEG = 0.0001  # about ten metres: enough to find one's way on a phone


def one_of_ward(kind: str, ward_id: int) -> UUID:
    """The id of the one document of that kind in a ward."""
    return uuid5(NAMESPACE_OID, f"{kind}:{ward_id}")


def notices_on(ward_id: int, day: date) -> list[Notice]:
    """The notice that holds on that day in each language; the ward's own before the one for all (1 query)."""
    rows = Notice.objects.filter(holds(day), ward_id__in=(0, ward_id))
    return list({n.lang: n for n in rows.order_by("ward_id", "valid_from")}.values())


def notice_body(row: Notice) -> dict[str, Any]:
    """A notice as it is read aloud."""
    return {"version": row.version, "lang": row.lang, "title": row.title, "paragraphs": row.paragraphs,
            "purposes": row.purposes}


def _named(codes: Mapping[str, Words]) -> list[dict[str, str]]:
    return [{"code": code, "vi": words.vi, "en": words.en} for code, words in codes.items()]


def codes_body() -> dict[str, Any]:
    """Every code list that the screens show, and where to go with what is not written down."""
    return {"outcomes": _named(OUTCOMES), "kinds": _named(KINDS), "urgencies": _named(URGENCIES),
            "channels": _named(CHANNELS), "parts": _named(PARTS), "door_kinds": _named(DOOR_KINDS),
            "best_times": _named(BEST_TIMES), "needs": _named(NEEDS),
            "routed": [{"code": kind, "vi": ROUTED[kind].vi, "go_to": desk_json(kind)} for kind in DESKS]}


def ground_body(ward: Ward, areas: Iterable[Area]) -> dict[str, Any]:
    """The outline of the ward and of these khu phố, as [lat, lon]."""
    return {"ward_name": ward.full_name, "outline": _rings(ward.boundary),
            "areas": [{"name": a.name, "outline": _rings(a.boundary)} for a in areas]}


def _rings(geometry: Mapping[str, Any] | None) -> list[list[list[float]]]:
    if not geometry:
        return []
    from shapely.geometry import mapping, shape  # noqa: PLC0415 - takes its time to load
    plain = mapping(shape(geometry).simplify(OUTLINE_DEG))
    return [[[round(lat, 5), round(lon, 5)] for lon, lat in ring] for ring in rings_of(plain)]
