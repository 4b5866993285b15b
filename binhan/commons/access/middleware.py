"""Every signed-in request is one transaction, scoped to the wards in which its account holds a role."""
from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from binhan.commons.access.queries import Rights, account_of_token, rights_of
from binhan.commons.access.scope import ward_scope
from binhan.commons.people.models import Account


class WardScope:
    """Puts `request.rights` (None for nobody) and opens the ward scope; a refused request writes nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request inside its scope."""
        account = self._account(request)
        if account is None:
            request.rights = None  # type: ignore[attr-defined]
            return self.get_response(request)
        rights: Rights = rights_of(account)
        request.rights = rights  # type: ignore[attr-defined]
        with ward_scope(rights.wards, rights.actor):
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response

    def _account(self, request: HttpRequest) -> Account | None:
        header = request.headers.get("Authorization", "")
        if header.startswith("Bearer ") and request.path.startswith("/api/"):
            request.token_account = account_of_token(header[7:].strip())  # type: ignore[attr-defined]
            return request.token_account  # type: ignore[attr-defined, no-any-return]
        return request.user if isinstance(request.user, Account) and request.user.is_active else None
