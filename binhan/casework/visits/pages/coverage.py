"""How far a round has come: by dwelling on the map for those whom single doors concern; by khu phố, way, priority place,
team and week."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from binhan.casework.visits.api.coverage import get_coverage
from binhan.casework.visits.lifecycle import ROUND
from binhan.casework.visits.queries.coverage import Coverage
from binhan.casework.visits.queries.office import outlines_json
from binhan.casework.visits.queries.reach import round_for, sees_doors
from binhan.commons.access.api import rights
from binhan.commons.access.pages import refused
from binhan.commons.language import state_name
from binhan.kernel.errors import Problem
from binhan.kernel.text import natural

PARTS = {"reached": "Đã gặp", "refused": "Không tiếp", "come_back": "Hẹn lại", "not_home_1": "Vắng 1 lần",
         "not_home_2": "Vắng nhiều lần", "vacant": "Nhà trống", "not_yet": "Chưa tới"}


@login_required
def coverage(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """The page. The map asks for the single doors by itself, and that journals that they were opened."""
    try:
        mine = rights(request)
        row = round_for(mine, round_id)
        seen = get_coverage(request, round_id)
    except Problem as problem:
        return refused(request, problem)
    teams = sees_doors(mine, row)
    given = {"ground": outlines_json(row.ward_id), "doors": []} if teams is None or teams else None
    return render(request, "visits/coverage.html", {
        "tab": "rounds", "round": row, "state_name": state_name(ROUND, row.state), "seen": seen, "given": given,
        "parts": PARTS, "tables": _tables(seen), "pace": _pace(seen)})


def _tables(seen: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The tables in the order of their use; ways are named with their khu phố."""
    found = [("Theo khu phố", "khu_pho", "Khu phố"), ("Theo nơi ưu tiên", "priority", "Nơi ưu tiên (lý do)"),
             ("Theo tổ", "team", "Tổ"), ("Theo tuyến, hẻm", "way", "Tuyến, hẻm")]
    return [{"title": title, "head": head, "key": key, "lines": sorted((
        {**line, "name": line.get("name") or line.get("reason") or "–", "cells": [line[p] for p in PARTS]}
        for line in seen[key]), key=lambda line: (natural(line.get("khu_pho", "")), natural(line["name"])))}
            for title, key, head in found if seen[key] is not None]


def _pace(seen: Coverage) -> dict[str, Any] | None:
    """The pace with whether it is in time, and by how many days not."""
    pace = seen["pace"]
    if pace is None:
        return None
    done, target = pace["done_on"], pace["target_on"]
    return {**pace, "late": bool(done and done > target), "days": abs((done - target).days) if done else 0}
