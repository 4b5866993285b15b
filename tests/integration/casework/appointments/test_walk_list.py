"""The walk list on paper: for the turf's team and for who plans, with a slip for every door, journalled as an export."""
from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from binhan.casework.appointments.paper import walk
from binhan.casework.appointments.rules.slips import readable, slip_code
from binhan.casework.visits.models import Round, Turf
from binhan.commons.access.scope import ward_scope
from binhan.commons.journal.models import Entry
from tests.integration.casework.visits.ground import HOME, NEXT, again, client, khu_pho, open_round, send, visit

pytestmark = pytest.mark.django_db
Ground = tuple[Round, Turf, Client, Client]


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


@pytest.fixture
def ground() -> Ground:
    area, doors = khu_pho("KP Thử Ẵng Ộc", 24)
    planner = client("leadership")
    row, team = open_round(planner, area), client("team_member", area.id)
    assert send(team, visit(row, doors[0], "not_home"), visit(row, doors[1], "come_back")) == ["stored", "stored"]
    return row, Turf.objects.get(round=row), planner, team


def fetch(who: Client, turf: Turf, status: int = 200, query: str = "") -> bytes:
    answer = who.get(f"/api/turfs/{turf.id}/walk-list.pdf{query}")
    again()
    assert answer.status_code == status
    return bytes(answer.content)


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", pdf))


def test_a_pdf_with_our_font_for_team_and_planner(ground: Ground) -> None:
    row, turf, planner, team = ground
    made = fetch(team, turf)
    assert made.startswith(b"%PDF-") and b"BeVietnamPro" in made
    assert pages(made) == 3 + 3, "nine doors or ten slips on a page"
    assert pages(fetch(planner, turf, query="?slips=false")) == 3
    facts = [e.facts for e in Entry.objects.filter(subject_id=turf.id, verb="export").order_by("seq")]
    assert [f["slips"] for f in facts] == [True, False] and {f["rows"] for f in facts} == {24}


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_what_stands_in_it(ground: Ground, tmp_path: Path) -> None:
    row, turf, _, team = ground
    (tmp_path / "walk.pdf").write_bytes(fetch(team, turf))
    text = subprocess.run(["pdftotext", "-layout", "walk.pdf", "-"], cwd=tmp_path, capture_output=True, text=True,
                          check=True).stdout
    for said in ("KP Thử Ẵng Ộc – Cụm 1 – Nhóm 1", "Trang 3/3", "DỮ LIỆU MẪU", "24 Đường Thử", "vắng ×1", "113 · 114 · 115",
                 "Không ghi ở đây: khiếu nại, tố cáo"):
        assert said in text, said
    door = turf.doors.first()
    assert door and readable(slip_code(settings.ENV.key, row.id, door.dwelling_id)) in text


@pytest.mark.parametrize(("door", "agreed"), [
    ("reached", None), ("refused", None), ("vacant", None), ("not_yet", "declined"), ("come_back", "declined"),
    ("not_home", "declined")])
def test_paper_tells_no_refusal_and_no_empty_house(door: str, agreed: str | None) -> None:
    assert walk._state({"state": door, "not_home": 1}, {"state": agreed} if agreed else None) == "xong"


def test_nobody_else_has_it(ground: Ground) -> None:
    _, turf, _, _ = ground
    other, _ = khu_pho("KP Thử 2", 1, 1)
    for stranger in (client("team_member", other.id), client("petition_desk"), client("leadership", ward=NEXT),
                     client("desk_officer")):
        fetch(stranger, turf, 404)
    assert not Entry.objects.filter(subject_id=turf.id, verb="export").exists()


def test_few_queries(ground: Ground) -> None:
    _, turf, planner, _ = ground
    with CaptureQueriesContext(connection) as seen:
        fetch(planner, turf)
    assert len(seen) < 25


def test_the_font_comes_with_its_licence() -> None:
    fonts = Path(__file__).resolve().parents[4] / "binhan" / "casework" / "appointments" / "paper" / "fonts"
    assert "SIL Open Font License" in (fonts / "OFL.txt").read_text()
    assert {p.name for p in fonts.glob("*.ttf")} == {"BeVietnamPro-Regular.ttf", "BeVietnamPro-Bold.ttf"}


def test_the_office_does_not_carry_what_only_paper_needs() -> None:
    """What draws the PDF takes a second and 40 MB to load: not before somebody prints."""
    script = ("import sys, django; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns;"
              " print('fpdf' in sys.modules, 'binhan.casework.appointments.api' in sys.modules)")
    said = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=False)
    assert said.stdout.split() == ["False", "True"], said.stderr
