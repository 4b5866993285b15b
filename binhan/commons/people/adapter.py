"""allauth's rules for staff: accounts are made by an administrator, nobody signs up; some roles need a second factor."""
from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

log = logging.getLogger(__name__)


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No public sign-up. What follows a sign-in is the next layer's (commons.access.adapter)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed: a ward's staff list is kept by its administrator."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the mail leads to our own address, whatever Host the asker claimed to be calling."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return f"{settings.PUBLIC_URL}{path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing is sent where there is no mail server; the page must not break over it."""
        if not settings.ENV.smtp_url:
            log.warning("no mail server (BINHAN_SMTP_URL): %s was not sent", template_prefix)
            return
        context = {**context, "current_site": {"name": "Bình An", "domain": urlsplit(settings.PUBLIC_URL).netloc}}
        super().send_mail(template_prefix, email, context)

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """The login name is what the administrator gave."""
