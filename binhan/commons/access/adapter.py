"""What follows a sign-in: holders of powerful roles get one grace sign-in without a second factor, then must set it up."""
from __future__ import annotations

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

from binhan.commons.access.actions import set_own_password
from binhan.commons.access.queries import rights_of
from binhan.commons.access.rules import needs_second_factor
from binhan.commons.people.actions import count_login_without_factor
from binhan.commons.people.adapter import StaffAdapter
from binhan.commons.people.models import Account

DUE = "second_factor_due"  # session key: only the pages that set up a second factor are open


class RightsAdapter(StaffAdapter):
    """StaffAdapter that knows roles."""

    def login(self, request: HttpRequest, user: Account) -> None:
        """Sign in, and mark the session if the second factor is overdue."""
        super().login(request, user)
        held = {role for roles in rights_of(user).roles.values() for role in roles}
        request.session.pop(DUE, None)
        if (needs_second_factor(held, user.is_demo) and not is_mfa_enabled(user)
                and count_login_without_factor(user) > settings.SECOND_FACTOR_GRACE_LOGINS):
            request.session[DUE] = True

    def set_password(self, user: Account, password: str) -> None:
        """Their own new password (changed, or by the link in a mail), journalled in each of their wards."""
        set_own_password(user, password)

    def get_login_redirect_url(self, request: HttpRequest) -> Any:
        """To the set-up page when it is overdue."""
        return "/account/2fa/" if request.session.get(DUE) else super().get_login_redirect_url(request)
