"""Office pages of the register: finding and changing, importing a file, ways and tổ."""
from __future__ import annotations

from binhan.casework.households.pages.register import act, door, find

__all__ = ["act", "door", "find"]
