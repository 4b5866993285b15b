"""What each message says, and how long it is worth sending. No personal text: phones are shared and locked screens read."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of message: title and body in both languages, the page it opens, seconds it stays worth sending."""

    vi: tuple[str, str]
    en: tuple[str, str]
    url: str
    ttl_s: int
    urgent: bool

    def said(self, lang: str, params: Mapping[str, Any]) -> tuple[str, str]:
        """Title and body in that language, with what is counted."""
        title, body = self.en if lang == "en" else self.vi
        return title, body.format(**params) if params else body


TEMPLATES: dict[str, Template] = {
    "sos_escalate": Template(("SOS chưa ai tiếp nhận", "Có tin SOS đang chờ. Mở bàn trực ngay."),
                             ("SOS not acknowledged", "An SOS is waiting. Open the desk now."), "/desk", 600, True),
    "sos_overdue": Template(("Vụ SOS quá hạn xử lý", "Một vụ đã tiếp nhận đang chờ bước tiếp theo. Mở bàn trực ngay."),
                            ("SOS overdue", "An acknowledged SOS waits for its next step. Open the desk now."), "/desk",
                            600, True),
    "sos_remind": Template(("Vụ việc chờ kết thúc", "Một vụ đã xử lý xong chưa ghi kết quả."),
                           ("Incident to close", "A resolved incident has no outcome yet."), "/desk", 3600, False),
    "sos_offer": Template(("Có nhiệm vụ mới", "Mở trang tuần tra để nhận hoặc từ chối."),
                          ("New task", "Open the patrol page to accept or decline."), "/patrol", 300, True),
    "sos_chase": Template(("Nhiệm vụ đang chờ", "Đội đã đi hay đã tới chưa? Cập nhật ở trang tuần tra."),
                          ("Task waiting", "On the way, or there? Say so on the patrol page."), "/patrol", 300, True),
    "sos_withdrawn": Template(("Nhiệm vụ đã kết thúc", "Tổ không cần tới nữa. Mở trang tuần tra để xem."),
                              ("Task ended", "The unit is no longer needed. Open the patrol page."), "/patrol", 600, True),
    "sos_backup": Template(("Đồng đội cần chi viện", "Mở bàn trực ngay."),
                           ("A crew calls for backup", "Open the desk now."), "/desk", 600, True),
    "promises_team": Template(
        ("Lời hẹn với dân đã quá hạn",
         "{replies} lời hẹn trả lời, {visits} giờ hẹn tới nhà đã qua. Mở danh sách để làm tiếp."),
        ("Promises to residents are late", "{replies} replies and {visits} visits are late. Open the list."), "/field",
        12 * 3600, False),
    "promises_board": Template(
        ("Lời hẹn với dân đã quá hạn", "Cả phường: {replies} lời hẹn trả lời, {visits} giờ hẹn tới nhà đã qua."),
        ("Promises to residents are late", "In the ward {replies} replies and {visits} visits are late."),
        "/office/promises/?late=1", 12 * 3600, False),
    "test": Template(("Bình An: tin thử", "Máy này nhận được thông báo."),
                     ("Bình An: test", "This device receives notifications."), "/", 120, False),
}
ATTEMPTS = 6


def retry_after_s(attempts: int) -> int:
    """Seconds to wait before try number attempts+1: 1, 2, 4, 8, 16, 32."""
    return int(2 ** min(max(attempts - 1, 0), 5))
