"""Whether a visit's record is in itself right. Pure: it knows no register and no clock but the one it is given."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from binhan.casework.phones.rules.batch import Fault
from binhan.casework.visits.rules.codes import SPOKEN
from binhan.kernel.ids import is_v7


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """A visit as the phone sends it; times with a zone. `present`: {part: how many}; `digest` stands for all of it."""

    id: UUID
    round: UUID
    dwelling: UUID
    outcome: str
    started_at: datetime
    ended_at: datetime
    come_back_at: datetime | None
    present: Mapping[str, int]
    notice_lang: str
    notice_version: str
    consents: Mapping[str, bool]
    topics: Collection[str]
    note: str
    digest: bytes


def fault(record: VisitRecord, at: datetime, skew: timedelta) -> Fault | None:
    """What is wrong with a visit that arrives at `at`, from a phone whose clock is `skew` behind; None if nothing is."""
    if not is_v7(record.id):
        return Fault("not_v7", "Mã lượt thăm phải là UUIDv7.", "The id of a visit is a UUIDv7.")
    if record.ended_at < record.started_at:
        return Fault("bad_times", "Giờ kết thúc trước giờ bắt đầu.", "The visit ends before it begins.")
    if record.started_at + skew > at + timedelta(days=1):
        return Fault("in_future", "Giờ thăm ở tương lai: hãy chỉnh đồng hồ điện thoại rồi gửi lại, lượt thăm vẫn còn trong"
                     " máy.",
                     "The visit lies in the future: set the phone's clock and send again.")
    if (record.outcome == "come_back") != (record.come_back_at is not None):
        return Fault("come_back_when", "Hẹn lại thì phải có giờ hẹn, và chỉ hẹn lại mới có.",
                     "come_back needs come_back_at, and only come_back has it.")
    if record.outcome not in SPOKEN and (record.consents or record.topics):
        return Fault("nobody_spoke", "Không ai tiếp chuyện thì không có đồng ý hay nội dung đã nói.",
                     "Where nobody spoke there is no consent and no topic.")
    if record.consents and not record.notice_version:
        return Fault("no_notice", "Phải đọc thông báo quyền riêng tư trước khi hỏi đồng ý: hãy ghi ngôn ngữ và phiên bản.",
                     "Consent is asked after the notice: give its language and version.")
    return None


def door_state(outcomes: Collection[str]) -> tuple[str, int]:
    """Where a door stands after these outcomes, the oldest first, and how often nobody was home. Met once is reached;
    a refusal stands until somebody is met; else the last outcome counts."""
    absent = sum(o == "not_home" for o in outcomes)
    if "met" in outcomes:
        return "reached", absent
    if "refused" in outcomes:
        return "refused", absent
    last = list(outcomes)[-1] if outcomes else "not_yet"
    return ("vacant" if last == "moved" else last), absent
