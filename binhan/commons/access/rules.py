"""Roles and what each is for: purposes are walls between SOS data and casework."""
from __future__ import annotations

from collections.abc import Iterable

from binhan.kernel.words import Words

ROLES: dict[str, Words] = {
    "resident": Words("Người dân", "Resident"),
    "visitor": Words("Khách", "Visitor"),
    "desk_officer": Words("Trực ban", "Desk officer"),
    "shift_lead": Words("Trưởng ca", "Shift lead"),
    "responder": Words("Lực lượng tuần tra", "Responder"),
    "team_member": Words("Thành viên tổ 3 trong 1", "3-in-1 member"),
    "khu_pho_board": Words("Ban điều hành khu phố", "Khu phố board"),
    "social_officer": Words("Cán bộ MTTQ, an sinh", "Fatherland Front or social officer"),
    "petition_desk": Words("Tiếp nhận đơn thư", "Petition desk"),
    "leadership": Words("Lãnh đạo, Ban Chỉ đạo 138", "Leadership, Committee 138"),
    "city_centre": Words("Trung tâm chỉ huy thành phố", "City centre"),
    "site_manager": Words("Quản lý cơ sở", "Site manager"),
    "administrator": Words("Quản trị hệ thống", "Administrator"),
    "dpo": Words("Phụ trách dữ liệu cá nhân", "Data-protection officer"),
    "auditor": Words("Kiểm tra", "Auditor"),
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
