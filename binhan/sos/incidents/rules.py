"""Questions about an incident that need no database: outcomes, agencies, ordering, who may be rung back."""
from __future__ import annotations

from datetime import datetime

from binhan.kernel.words import Words

# A false alarm is a human's judgement at close; a good-faith error is never held against anyone.
OUTCOMES: dict[str, Words] = {
    "helped": Words("Đã giúp tại chỗ", "Helped on the spot"),
    "referred": Words("Đã chuyển nơi khác xử lý tiếp", "Referred for further handling"),
    "no_trace": Words("Không tìm thấy người hoặc sự việc", "Nobody and nothing found"),
    "false_accidental": Words("Bấm nhầm", "Pressed by accident"),
    "false_good_faith": Words("Báo nhầm ngay tình", "Mistaken in good faith"),
    "false_suspected": Words("Nghi báo giả, cần xem lại", "Suspected false report, to be reviewed"),
    "drill": Words("Diễn tập", "Drill"),
    "other": Words("Khác", "Other"),
}
AGENCIES: dict[str, Words] = {
    "113": Words("Công an 113", "Police 113"),
    "114": Words("Cảnh sát PCCC và CNCH 114", "Fire and rescue 114"),
    "115": Words("Cấp cứu 115", "Ambulance 115"),
    "111": Words("Tổng đài bảo vệ trẻ em 111", "Child protection 111"),
    "112": Words("Tổng đài 112", "Disaster line 112"),
    "1022": Words("Tổng đài 1022", "City line 1022"),
    "other_ward": Words("Phường/xã khác", "Another ward"),
}


def waiting_s(received_at: datetime, acknowledged_at: datetime | None, now: datetime) -> float:
    """Seconds that the person has waited for a human's acknowledgement."""
    return max(0.0, ((acknowledged_at or now) - received_at).total_seconds())


def may_ring_back(silent: bool, duress: bool) -> bool:
    """Whether a call or a sound from us could not put the person at risk."""
    return not silent and not duress
