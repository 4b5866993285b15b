"""What residents said, in the office: listed, moved along its table, kept as typed when refused, closed to others."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from binhan.casework.listening.models import Issue
from binhan.commons.access.scope import ward_scope
from binhan.kernel.ids import new_id
from tests.integration.casework.visits.browser import browser, page, press
from tests.integration.casework.visits.ground import HOME, call, client, khu_pho, open_round, send, visit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


@pytest.fixture
def heard() -> Issue:
    """Something said at a door, with a reply promised."""
    area, doors = khu_pho("KP Thử 1", 3)
    row, team = open_round(client("leadership"), area), client("team_member", area.id)
    seen = visit(row, doors[0])
    send(team, seen)
    issue = {"id": str(new_id()), "visit": seen["id"], "kind": "report", "words": "Đèn <hẻm> hỏng", "reply_by": "phone"}
    assert call(team, "post", "/issues", {"issues": [issue]})["items"][0]["status"] == "stored"
    return Issue.objects.get()


def test_from_the_list_until_the_resident_is_told(heard: Issue) -> None:
    who = browser("petition_desk")
    assert "Đèn &lt;hẻm&gt; hỏng" in page(who, "issues/")
    assert "Đèn" not in page(who, "issues/?state=told")
    shown = page(who, f"issues/{heard.id}")
    assert "Giao đơn vị" in shown and "Tổ hòa giải" not in shown
    assert "Còn thiếu: Đơn vị" in press(who, f"issues/{heard.id}/do", 422, verb="assign")
    assert "giao đơn vị" in press(who, f"issues/{heard.id}/do", verb="assign", unit="economy")
    press(who, f"issues/{heard.id}/do", verb="answer", answer="Sẽ thay bóng ngày mai")
    shown = press(who, f"issues/{heard.id}/do", verb="tell", channel="phone")
    assert "đã báo dân" in shown and "Sẽ thay bóng" in shown
    heard.refresh_from_db()
    assert (heard.state, heard.told_by, heard.unit) == ("told", "phone", "economy")


def test_what_was_typed_stays_and_nothing_moves(heard: Issue) -> None:
    who = browser("petition_desk")
    assert "Nơi nhận" in press(who, f"issues/{heard.id}/do", 422, verb="pass_on", reason="Của điện lực <x>")
    assert "Của điện lực &lt;x&gt;" in press(who, f"issues/{heard.id}/do", 422, verb="pass_on", reason="Của điện lực <x>")
    press(who, f"issues/{heard.id}/do", 422, verb="assign", unit="strange")
    press(who, f"issues/{heard.id}/do", 409, verb="tell", channel="phone")
    press(who, f"issues/{heard.id}/do", 404, verb="explode")
    heard.refresh_from_db()
    assert heard.state == "received" and heard.reason == ""


def test_routed_out_shows_the_way_and_no_word(heard: Issue) -> None:
    who = browser("leadership")
    shown = press(who, f"issues/{heard.id}/do", verb="route_out", kind="domestic_violence")
    assert "113" in shown and "Đèn" not in shown and "hòa giải" in shown


@pytest.mark.parametrize("role", ["desk_officer", "responder", "administrator", "auditor"])
def test_closed_to_other_purposes(heard: Issue, role: str) -> None:
    who = browser(role)
    for path, status in (("issues/", 403), (f"issues/{heard.id}", 404), ("promises/", 403), ("conflicts/", 403)):
        assert "Đèn" not in page(who, path, status)
    press(who, f"issues/{heard.id}/do", 404, verb="withdraw")
    heard.refresh_from_db()
    assert heard.state == "received"


def test_a_board_reads_and_moves_nothing(heard: Issue) -> None:
    who = browser("khu_pho_board")
    assert "Việc làm tiếp" not in page(who, f"issues/{heard.id}")
    press(who, f"issues/{heard.id}/do", 403, verb="withdraw")


def test_the_board_of_promises(heard: Issue) -> None:
    who = browser("leadership")
    shown = page(who, "promises/")
    assert "1 lời hẹn chưa giữ, 0 đã quá hạn" in shown and f"/office/issues/{heard.id}" in shown
    Issue.objects.update(reply_due_at="2026-01-05T10:00+07:00")
    late = page(who, "promises/?late=1")
    assert "1 đã quá hạn" in late and "05/01/2026" in late
    assert "late" in page(browser("leadership", lang="en"), "promises/")
