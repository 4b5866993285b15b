"""Questions about an incident that need no database: outcomes, agencies, ordering, who may be rung back."""
from __future__ import annotations

from datetime import datetime

# A false alarm is a human's judgement at close; a good-faith error is never held against anyone.
OUTCOMES: dict[str, tuple[str, str]] = {
    "helped": ("Đã giúp tại chỗ", "Helped on the spot"),
    "referred": ("Đã chuyển nơi khác xử lý tiếp", "Referred for further handling"),
    "no_trace": ("Không tìm thấy người hoặc sự việc", "Nobody and nothing found"),
    "false_accidental": ("Bấm nhầm", "Pressed by accident"),
    "false_good_faith": ("Báo nhầm ngay tình", "Mistaken in good faith"),
    "false_suspected": ("Nghi báo giả, cần xem lại", "Suspected false report, to be reviewed"),
    "drill": ("Diễn tập", "Drill"),
    "other": ("Khác", "Other"),
}
AGENCIES: dict[str, tuple[str, str]] = {
    "113": ("Công an 113", "Police 113"),
    "114": ("Cảnh sát PCCC và CNCH 114", "Fire and rescue 114"),
    "115": ("Cấp cứu 115", "Ambulance 115"),
    "111": ("Tổng đài bảo vệ trẻ em 111", "Child protection 111"),
    "112": ("Tổng đài 112", "Disaster line 112"),
    "1022": ("Tổng đài 1022", "City line 1022"),
    "other_ward": ("Phường/xã khác", "Another ward"),
}


def waiting_s(received_at: datetime, acknowledged_at: datetime | None, now: datetime) -> float:
    """Seconds that the person has waited for a human's acknowledgement."""
    return max(0.0, ((acknowledged_at or now) - received_at).total_seconds())


def may_ring_back(silent: bool, duress: bool) -> bool:
    """Whether a call or a sound from us could not put the person at risk."""
    return not silent and not duress
