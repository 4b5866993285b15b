"""Nobody had time; a slip stayed at the door. In the evening Mrs. Hai types the code: Thursday is bad, Friday morning is
good. The team's list says Friday. On Friday they meet her; and her neighbour, who said no, is on no list and in no
count."""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from binhan.casework.appointments.models import Appointment, VisitHours
from binhan.casework.appointments.pages import slip as pages
from binhan.casework.appointments.rules.guess import Throttle
from binhan.casework.appointments.rules.slips import readable, slip_code
from binhan.commons.access.scope import ward_scope
from tests.integration.casework.visits.ground import HOME, again, call, client, khu_pho, open_round, send, visit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pages, "GUESSES", Throttle())
    with ward_scope([HOME], "test"):
        yield


def test_the_resident_moves_the_visit() -> None:
    area, doors = khu_pho("KP Thử 1", 3)
    leader, team, phone = client("leadership"), client("team_member", area.id), Client()
    row = open_round(leader, area)
    VisitHours.objects.create(ward_id=HOME, part="morning", from_time=time(8), to_time=time(11), source="thử",
                              valid_from=timezone.localdate() - timedelta(days=1))
    thursday, friday = timezone.localdate() + timedelta(days=2), timezone.localdate() + timedelta(days=3)
    assert send(team, visit(row, doors[0], "come_back", come_back_at=f"{thursday}T09:00:00+07:00"),
                visit(row, doors[1], "come_back")) == ["stored", "stored"]
    hers, neighbours = (slip_code(settings.ENV.key, row.id, d.id) for d in doors[:2])

    assert phone.get(f"/hen?code={readable(hers).lower()}").headers["Location"] == f"/hen/{hers}"
    assert "9:00–10:00" in phone.get(f"/hen/{hers}").content.decode()
    page = unescape(phone.get(f"/hen/{hers}?day={friday}").content.decode())
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    slot = re.findall(r'name="slot" value="([^"]+)">', page)[0]
    assert seen and phone.post(f"/hen/{hers}", {"verb": "book", "slot": slot, "seen": seen[1]}).status_code == 303
    assert phone.post(f"/hen/{neighbours}", {"verb": "decline"}).status_code == 303
    again()

    lines = call(team, "get", f"/rounds/{row.id}/revisits")["items"]
    assert [(line["address"], line["come_back_at"][:10]) for line in lines] == [("1 Đường Thử KP Thử 1", str(friday))]
    assert [p["dwelling"] for p in call(leader, "get", "/promises")["items"]] == [str(doors[0].id)]
    assert call(leader, "get", f"/rounds/{row.id}/coverage")["all"]["refused"] == 0, "declining is counted nowhere"

    late = visit(row, doors[0], "come_back", come_back_at=f"{thursday}T15:00:00+07:00",
                 started_at=str(timezone.now() - timedelta(hours=3)), ended_at=str(timezone.now() - timedelta(hours=2)))
    assert send(team, late) == ["stored"], "a phone that was offline sends what it wrote down before"
    assert timezone.localdate(Appointment.objects.get(dwelling=doors[0].id).from_at) == friday, "her word stands"
    assert send(team, visit(row, doors[0])) == ["stored"]
    assert Appointment.objects.get(dwelling=doors[0].id).state == "kept"
    assert "Tổ đã tới" in phone.get(f"/hen/{hers}").content.decode()
