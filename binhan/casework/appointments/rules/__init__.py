"""Slip codes, and when a visit may be. Pure."""
from __future__ import annotations

from binhan.casework.appointments.rules.slips import slip_code, slip_json

__all__ = ["slip_code", "slip_json"]
