"""What the pictures of casework show: visits, things heard, two values for one door, a promise, an appointment, a
questionnaire and a round still to be opened – all made through the API in the sample ward."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.field_phone import FieldPhone, item, visit
from tests.support.questionnaires import small
from tests.support.stack import Stack

OUTCOMES = ["met", "met", "not_home", "refused", "met", "come_back", "vacant", "not_home", "met", "moved"]
WORDS = [("report", "Đèn hẻm hỏng hai tháng nay, buổi tối đi rất tối."),
         ("request", "Xin làm thêm gờ giảm tốc trước trường học."),
         ("procedure", "Đăng ký tạm trú trên mạng bị báo lỗi, chưa biết hỏi ai."),
         ("need", "Muốn vay vốn để sửa lại quán nước.")]
BOUNDARY = "mau-phieu-hoi"


def api(stack: Stack, login: str, method: str, path: str, body: Any = None) -> Any:
    """One call that must succeed."""
    status, answer = stack.call(method, f"/api{path}", body, token=stack.token(login), timeout=90)
    assert status in (200, 201), (path, status, answer)
    return answer


def build(stack: Stack) -> str:
    """The scene; answers the turf that the phones carry."""
    one, two = (FieldPhone(stack, login).register() for login in ("tothanhvien1", "tothanhvien2"))
    offer = one.offers()[0]
    questionnaire(stack, offer["round"])
    assert one.sync([offer["id"]]) and two.sync([offer["id"]])
    doors = sorted(one.of("door").items(), key=lambda d: d[1]["place"])
    visits = [walked(offer["round"], key, outcome) for (key, _), outcome in zip(doors, OUTCOMES, strict=False)]
    one.do(*visits)
    met = [v["id"] for v in visits if v["body"]["outcome"] == "met"]
    soon = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    one.do(*[item("issue", {"visit": key, "kind": kind, "words": words, "reply_by": "phone", "promised_on": soon})
             for key, (kind, words) in zip(met, WORDS, strict=True)])
    begin = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=1, hours=3)
    one.do(item("appointment", {"dwelling": doors[11][0], "round": offer["round"], "from_at": begin.isoformat(),
                                "to_at": (begin + timedelta(hours=1)).isoformat(), "note": "sau giờ tan ca"}))
    for phone, words, people in ((one, "cổng xanh, cạnh tiệm tạp hóa", 4), (two, "đối diện cây xoài lớn", 5)):
        for field, value in (("landmark", words), ("occupants", people)):
            phone.do(item("edit", {"dwelling": doors[12][0], "field": field, "base": phone.of("door")[doors[12][0]][field],
                                   "value": value}))
        phone.send_all()
    refused = [r for phone in (one, two) for r in phone.results.values() if r["status"] not in ("stored", "conflict")]
    assert not refused, refused
    office(stack)
    return str(offer["id"])


def walked(round_id: str, door: str, outcome: str) -> dict[str, Any]:
    """A visit of this morning; who asked to come back has been waiting for an hour."""
    made = visit(round_id, door, outcome)
    if outcome == "come_back":
        now = datetime.now(UTC)
        then = (now - timedelta(hours=5)).isoformat()
        made["body"] |= {"started_at": then, "ended_at": then, "come_back_at": (now - timedelta(hours=1)).isoformat()}
    return made


def office(stack: Stack) -> None:
    """One thing heard is with a unit, one is answered; a second round is planned and one is a draft."""
    heard = {i["kind"]: i["id"] for i in api(stack, "chihuy", "GET", "/issues?limit=100")["items"]}
    for kind, unit in (("need", "economy"), ("report", "economy")):
        api(stack, "chihuy", "POST", f"/issues/{heard[kind]}/assign", {"unit": unit})
    api(stack, "chihuy", "POST", f"/issues/{heard['report']}/answer", {"answer": "Đã thay bóng đèn tối qua."})
    ground = api(stack, "chihuy", "GET", "/areas?ward=25888")
    areas = [a["id"] for a in ground if a["kind"] == "khu_pho"][:2]
    today = datetime.now(UTC).date()
    made = api(stack, "chihuy", "POST", "/rounds", {
        "name": "Đợt phòng cháy trước Tết", "purpose": "Nhắc phòng cháy, lắng nghe", "areas": areas,
        "topics": ["fire_safety"], "from_on": (today + timedelta(days=30)).isoformat(),
        "to_on": (today + timedelta(days=50)).isoformat(),
        "priorities": [{"area": areas[0], "reason": "Hai vụ cháy nhỏ trong quý trước"}], "max_doors": 25})
    api(stack, "chihuy", "POST", f"/rounds/{made['id']}/plan", {})


def questionnaire(stack: Stack, round_id: str) -> None:
    """A small questionnaire that the round asks."""
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
             for name, value in (("purpose", "Biết nhu cầu vay vốn"), ("legal_basis", "state_duty"))]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="phieu.xlsx"\r\n\r\n'
    parts += [head.encode(), small(), f"\r\n--{BOUNDARY}--\r\n".encode()]
    status, form = stack.call("POST", "/api/forms", raw=b"".join(parts), token=stack.token("chihuy"), timeout=90,
                              headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})
    assert status in (200, 201), form
    api(stack, "chihuy", "POST", f"/rounds/{round_id}/form", {"form": form["id"]})
