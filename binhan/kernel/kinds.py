"""The kinds of SOS: their names, the number to call at once, and the priority they start with.

Source of the numbers: 113 police, 114 fire and rescue, 115 ambulance, 111 child protection, 112 disasters
(Decree 200/2025/NĐ-CP, in force 23/08/2025: 112 does not replace 113/114/115).
"""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of SOS. `call` is in the order in which to call; `priority` is P1 (life) to P4."""

    code: str
    vi: str
    en: str
    call: tuple[str, ...]
    priority: str


KINDS: tuple[Kind, ...] = (
    Kind("unknown", "Chưa rõ", "Not known yet", ("113", "114", "115"), "P1"),
    Kind("security", "An ninh, trật tự", "Crime or disorder", ("113",), "P1"),
    Kind("fire", "Cháy, nổ", "Fire or explosion", ("114",), "P1"),
    Kind("medical", "Cấp cứu y tế", "Medical emergency", ("115",), "P1"),
    Kind("traffic", "Tai nạn giao thông", "Traffic accident", ("113", "115"), "P2"),
    Kind("rescue", "Cứu nạn, cứu hộ", "Rescue", ("114", "112"), "P1"),
    Kind("domestic_violence", "Bạo lực gia đình", "Domestic violence", ("113",), "P1"),
    Kind("child", "Trẻ em gặp nguy", "Child in danger", ("111", "113"), "P1"),
    Kind("disaster", "Thiên tai", "Disaster", ("112", "114"), "P1"),
    Kind("other", "Việc khác", "Something else", ("113",), "P3"),
)
BY_CODE: dict[str, Kind] = {k.code: k for k in KINDS}
PRIORITIES: tuple[str, ...] = ("P1", "P2", "P3", "P4")
# What a resident's own phone must always offer, whatever the kind.
ALWAYS_CALL: tuple[str, ...] = ("113", "114", "115", "111", "112")


def kind_of(code: str | None) -> Kind:
    """The kind for a code; nothing said yet counts as unknown."""
    return BY_CODE.get(code or "unknown", BY_CODE["unknown"])
