"""Keeping the roads of a ward."""
from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from binhan.commons.journal.actions import JournalRow, append
from binhan.commons.roads.models import RoadNet
from binhan.commons.roads.rules.graph import RoadGraph
from binhan.commons.roads.rules.packed import pack


def keep_roads(ward_id: int, actor: str, graph: RoadGraph, source: str) -> None:
    """This walkable graph from now on, instead of any that was there. What was measured along the old one stays as it
    is; whoever measures again does so along the new one."""
    nodes, stretches = pack(graph)
    with transaction.atomic():
        RoadNet.objects.update_or_create(ward_id=ward_id, defaults={
            "nodes": nodes, "stretches": stretches, "count": len(graph.stretches), "source": source,
            "imported_at": timezone.now()})
        append(JournalRow(ward_id, actor, "import_roads", "ward", None, {"stretches": len(graph.stretches)}))
