"""“We will call you by Tuesday.” Nobody called. On Wednesday the promise stands on the team's phone and on the leader's
board – until the resident has been told."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from binhan.casework.appointments.models import Appointment
from binhan.casework.listening.models import Issue
from binhan.commons.access.scope import ward_scope
from binhan.kernel.ids import new_id
from tests.integration.casework.visits.ground import HOME, call, client, khu_pho, open_round, send, visit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


def test_a_promised_reply_that_is_late_shows() -> None:
    (one, doors), (two, _) = khu_pho("KP Thử 1", 3), khu_pho("KP Thử 2", 3, 1)
    leader = client("leadership")
    row = open_round(leader, one, two)
    team, others = client("team_member", one.id), client("team_member", two.id)
    met, agreed = visit(row, doors[0]), visit(row, doors[1], "come_back")
    assert send(team, met, agreed) == ["stored", "stored"]
    tuesday = timezone.localdate() + timedelta(days=2)
    said = {"id": str(new_id()), "visit": met["id"], "kind": "procedure", "words": "Hồ sơ tạm trú chờ lâu",
            "reply_by": "phone", "promised_on": str(tuesday)}
    assert call(team, "post", "/issues", {"issues": [said]})["items"][0]["status"] == "stored"

    def late(who: object) -> list[tuple[str, str]]:
        return [(p["what"], p["address"]) for p in call(who, "get", "/promises?late=1")["items"]]  # type: ignore[arg-type]

    assert (late(team), late(leader)) == ([], [])
    assert [p["what"] for p in call(team, "get", "/promises")["items"]] == ["visit", "reply"]

    past = timezone.now() - timedelta(days=1)
    Issue.objects.update(reply_due_at=past)  # Wednesday
    Appointment.objects.update(from_at=past, to_at=past + timedelta(hours=1))
    owed = [("reply", "1 Đường Thử KP Thử 1"), ("visit", "2 Đường Thử KP Thử 1")]
    assert (late(team), late(leader), late(others)) == (owed, owed, [])

    call(leader, "post", f"/issues/{said['id']}/assign", {"unit": "public_service"})
    call(leader, "post", f"/issues/{said['id']}/answer", {"answer": "Có kết quả rồi"})
    assert late(team) == owed, "an answer that nobody told is still owed"
    call(team, "post", f"/issues/{said['id']}/tell", {"channel": "phone"})
    assert send(team, visit(row, doors[1])) == ["stored"]
    assert (late(team), late(leader)) == ([], [])
