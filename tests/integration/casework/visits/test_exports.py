"""Coverage as files: no more than the screen says, no formula, and each export journalled."""
from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from binhan.casework.households.models import Dwelling
from binhan.casework.visits.models import Round
from binhan.commons.access.scope import ward_scope
from binhan.commons.journal.models import Entry
from binhan.commons.places.models import Area
from tests.integration.casework.visits.ground import HOME, NEXT, again, call, client, khu_pho, open_round, send, visit

pytestmark = pytest.mark.django_db
SQUARE = [[[106.79, 11.09], [106.79, 11.10], [106.80, 11.10], [106.80, 11.09], [106.79, 11.09]]]  # clockwise


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


@pytest.fixture
def ground() -> tuple[Round, Client, Client]:
    area, doors = khu_pho("KP Thử 1", 12)
    Area.objects.filter(id=area.id).update(boundary={"type": "Polygon", "coordinates": SQUARE})
    Dwelling.objects.filter(id=doors[0].id).update(address='=HYPERLINK("http://x","1")')
    Dwelling.objects.filter(id=doors[1].id).update(lat=None, lon=None)
    planner = client("leadership")
    row, team = open_round(planner, area), client("team_member", area.id)
    assert set(send(team, *[visit(row, d) for d in doors[:7]], visit(row, doors[7], "refused"),
                    visit(row, doors[8], "not_home"))) == {"stored"}
    return row, planner, team


def fetch(who: Client, path: str, status: int = 200) -> Any:
    answer = who.get(f"/api{path}")
    again()
    assert answer.status_code == status, answer.content[:300]
    return answer


def sheets(who: Client, path: str) -> Any:
    return load_workbook(io.BytesIO(fetch(who, path).content))


def test_the_workbook_says_what_the_screen_says(ground: tuple[Round, Client, Client]) -> None:
    row, planner, team = ground
    book = sheets(planner, f"/rounds/{row.id}/coverage.xlsx")
    assert book.sheetnames == ["Tổng quan", "Khu phố", "Tuyến", "Tổ", "Nơi ưu tiên", "Tuần", "Từng căn"]
    assert [c.value for c in book["Khu phố"][2]][:5] == ["KP Thử 1", 12, 9, 0.75, 7]
    cells = [c for c in book["Từng căn"]["B"] if str(c.value).startswith("=")]
    assert [(c.value, c.data_type) for c in cells] == [('=HYPERLINK("http://x","1")', "s")], "text, and no formula"
    own = sheets(team, f"/rounds/{row.id}/coverage.xlsx")
    assert book["Từng căn"].max_row == own["Từng căn"].max_row == 13
    exports = Entry.objects.filter(subject_id=row.id, verb="export")
    assert [e.facts for e in exports] == [{"what": "coverage", "format": "xlsx", "doors": 12}] * 2


@pytest.mark.parametrize("role", ["petition_desk", "khu_pho_board"])
def test_others_get_no_door_and_no_small_count(ground: tuple[Round, Client, Client], role: str) -> None:
    row, _, _ = ground
    who = client(role)
    book = sheets(who, f"/rounds/{row.id}/coverage.xlsx")
    assert "Từng căn" not in book.sheetnames and "Nơi ưu tiên" not in book.sheetnames
    numbers = [c.value for name in ("Khu phố", "Tuyến", "Tổ") for r in book[name].iter_rows(min_row=2) for c in r]
    assert "ẩn" in numbers and not any(isinstance(n, int) and 0 < n < 5 for n in numbers)
    told, shown = json.loads(fetch(who, f"/rounds/{row.id}/coverage.geojson").content), call(
        who, "get", f"/rounds/{row.id}/coverage")
    assert {f["properties"]["kind"] for f in told["features"]} == {"khu_pho", "way"}
    assert [{k: v for k, v in f["properties"].items() if k != "kind"} for f in told["features"]] == [
        *shown["khu_pho"], *shown["way"]]


def test_geojson_is_rfc_7946(ground: tuple[Round, Client, Client]) -> None:
    row, planner, _ = ground
    answer = fetch(planner, f"/rounds/{row.id}/coverage.geojson")
    assert answer.headers["Content-Type"] == "application/geo+json" and answer.headers["Cache-Control"] == "no-store"
    told = json.loads(answer.content)
    assert told["type"] == "FeatureCollection" and "crs" not in told
    doors = [f for f in told["features"] if f["properties"]["kind"] == "door"]
    assert len(doors) == 12 and len({f["id"] for f in doors}) == 12
    assert [f["geometry"] for f in doors].count(None) == 1
    lon, lat = next(f["geometry"] for f in doors if f["geometry"])["coordinates"]
    assert 106 < lon < 107 and 10 < lat < 12
    ring = next(f for f in told["features"] if f["properties"]["kind"] == "khu_pho")["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in zip(ring, ring[1:], strict=False)) < 0, "anticlockwise"


def test_strangers_get_nothing(ground: tuple[Round, Client, Client]) -> None:
    row, _, _ = ground
    for path in ("coverage.xlsx", "coverage.geojson", "revisits.xlsx"):
        for stranger in (client("leadership", ward=NEXT), client("desk_officer")):
            fetch(stranger, f"/rounds/{row.id}/{path}", 404)
    fetch(client("petition_desk"), f"/rounds/{row.id}/revisits.xlsx", 403)
    assert not Entry.objects.filter(subject_id=row.id, verb="export").exists()


def test_the_doors_to_go_back_to(ground: tuple[Round, Client, Client]) -> None:
    row, planner, team = ground
    rows = [[c.value for c in r] for r in sheets(team, f"/rounds/{row.id}/revisits.xlsx").active.iter_rows(min_row=2)]
    assert [r[3] for r in rows] == ["vắng nhà"]


def test_few_queries(ground: tuple[Round, Client, Client]) -> None:
    row, planner, _ = ground
    for path in ("coverage.xlsx", "coverage.geojson", "revisits.xlsx"):
        with CaptureQueriesContext(connection) as seen:
            fetch(planner, f"/rounds/{row.id}/{path}")
        assert len(seen) < 30, path
