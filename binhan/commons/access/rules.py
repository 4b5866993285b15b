"""Roles and what each is for: purposes are walls between SOS data and casework."""
from __future__ import annotations

from collections.abc import Iterable

ROLES: dict[str, tuple[str, str]] = {
    "resident": ("Người dân", "Resident"),
    "visitor": ("Khách", "Visitor"),
    "desk_officer": ("Trực ban", "Desk officer"),
    "shift_lead": ("Trưởng ca", "Shift lead"),
    "responder": ("Lực lượng tuần tra", "Responder"),
    "team_member": ("Thành viên tổ 3 trong 1", "3-in-1 member"),
    "khu_pho_board": ("Ban điều hành khu phố", "Khu phố board"),
    "social_officer": ("Cán bộ MTTQ, an sinh", "Fatherland Front or social officer"),
    "petition_desk": ("Tiếp nhận đơn thư", "Petition desk"),
    "leadership": ("Lãnh đạo, Ban Chỉ đạo 138", "Leadership, Committee 138"),
    "city_centre": ("Trung tâm chỉ huy thành phố", "City centre"),
    "site_manager": ("Quản lý cơ sở", "Site manager"),
    "administrator": ("Quản trị hệ thống", "Administrator"),
    "dpo": ("Phụ trách dữ liệu cá nhân", "Data-protection officer"),
    "auditor": ("Kiểm tra", "Auditor"),
}
DESK = frozenset({"desk_officer", "shift_lead", "leadership", "city_centre"})
CREW = frozenset({"responder"})
SOS_READERS = DESK | CREW
TEAM = "team_member"
PLANNERS = frozenset({"leadership", "social_officer"})  # who plans rounds, and whom no count is hidden from
CASEWORKERS = frozenset({"team_member", "khu_pho_board", "social_officer", "petition_desk", "leadership"})
OFFICE = frozenset({"administrator"})
AUDIT = frozenset({"auditor", "dpo"})
# Roles whose holders must have a second factor once they have signed in for the first time.
SECOND_FACTOR = frozenset({"administrator", "dpo", "leadership"})


def needs_second_factor(roles: Iterable[str], is_demo: bool) -> bool:
    """True if a holder of these roles must have a second factor (sample accounts are exempt, and say so)."""
    return not is_demo and not SECOND_FACTOR.isdisjoint(roles)
