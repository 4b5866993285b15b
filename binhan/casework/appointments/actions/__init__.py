"""The only writers of appointments."""
from __future__ import annotations

from binhan.casework.appointments.actions.moves import (
    Wish,
    book,
    chase,
    expire,
    forget,
    miss,
    move_appointment,
)
from binhan.casework.appointments.actions.visited import after_visits

__all__ = ["Wish", "after_visits", "book", "chase", "expire", "forget", "miss", "move_appointment"]
