"""Keeping the walkable roads of a ward."""
from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from binhan.casework.visits.models import RoadNet
from binhan.casework.visits.roads.osm import Roads
from binhan.casework.visits.roads.packed import pack
from binhan.commons.journal.actions import append


def keep_roads(ward_id: int, actor: str, roads: Roads, source: str) -> None:
    """These roads from now on, instead of any that were there. Turfs that exist keep their walks; planning again
    measures along the new ones."""
    nodes, stretches = pack(roads)
    with transaction.atomic():
        RoadNet.objects.update_or_create(ward_id=ward_id, defaults={
            "nodes": nodes, "stretches": stretches, "count": len(roads.stretches), "source": source,
            "imported_at": timezone.now()})
        append(ward_id, actor, "import_roads", "ward", None, {"stretches": len(roads.stretches)})
