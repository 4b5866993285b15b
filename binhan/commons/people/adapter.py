"""allauth's rules for staff: accounts are made by an administrator, nobody signs up; some roles need a second factor."""
from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No public sign-up. What follows a sign-in is the next layer's (commons.access.adapter)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed: a ward's staff list is kept by its administrator."""
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """The login name is what the administrator gave."""
