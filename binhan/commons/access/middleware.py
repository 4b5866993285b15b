"""Every signed-in request is one transaction, scoped to the wards in which its account holds a role; it speaks the
account's language, and goes no further than the set-up page while a second factor is overdue."""
from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation

from binhan.commons.access.actions import note_token_use
from binhan.commons.access.adapter import DUE
from binhan.commons.access.queries import Rights, enter_by_token, rights_of
from binhan.commons.access.scope import ward_scope
from binhan.commons.journal.actions import gathered, is_held
from binhan.commons.people.models import Account
from binhan.kernel.errors import CONTENT_TYPE, Problem

OPEN = ("/account/", "/static/")
AWAY = Problem(503, "database_away", "Cơ sở dữ liệu tạm thời không ghi được. Hãy thử lại sau vài giây;"
               " nếu khẩn cấp gọi 113.", "The database is away for a moment. Try again.")
HELD = Problem(503, "held", "Một việc khác đang giữ sổ của phường, chưa ghi được. Hãy thử lại sau vài giây; nếu khẩn cấp"
               " gọi 113.", "Somebody else holds the ward's journal; nothing was written. Try again in a few seconds.",
               retry_after_s=3)


def client_ip(request: HttpRequest) -> str:
    """Who is calling: the front door, the only way in, puts the client's address last."""
    named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return named or str(request.META.get("REMOTE_ADDR", ""))


class WardScope:
    """Puts `request.rights` (None for nobody) and opens the ward scope; a refused request writes nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request inside its scope."""
        header = request.headers.get("Authorization", "")
        try:
            if header.startswith("Bearer ") and request.path.startswith("/api/"):
                return self._by_token(request, header[7:].strip())
            if isinstance(request.user, Account) and request.user.is_active:
                rights = rights_of(request.user)
                with ward_scope(rights.wards, rights.actor):
                    return self._in_scope(request, rights)
        except (OperationalError, InterfaceError) as error:  # at the token, the journal or the commit: nothing was written
            if not request.path.startswith("/api/"):
                raise
            return _problem(HELD if is_held(error) else AWAY)
        return self._for_nobody(request)

    def _by_token(self, request: HttpRequest, plain: str) -> HttpResponse:
        """One statement finds the token with its owner's rights and opens their scope."""
        with transaction.atomic():
            found = enter_by_token(plain)
            request.token = found and found[0]  # type: ignore[attr-defined]
            response = self._in_scope(request, found[1]) if found else None
        if found is None or response is None:
            return self._for_nobody(request)
        with suppress(DatabaseError, InterfaceError):  # a full disk must not close the door to those who read
            note_token_use(found[0])
        return response

    def _for_nobody(self, request: HttpRequest) -> HttpResponse:
        request.rights = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def _in_scope(self, request: HttpRequest, rights: Rights) -> HttpResponse:
        request.rights = rights  # type: ignore[attr-defined]
        response = self._answer(request)
        if response.status_code >= 400:
            transaction.set_rollback(True)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        """That something was read or exported is journalled when the answer is made: a long list, a workbook or a page that
        is still being drawn must not hold the ward's head row, on which its SOS waits."""
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with gathered() as said:
            response = self.get_response(request)
            if response.status_code >= 400:
                said.clear()
        return response


class SecondFactor:
    """While the session owes a second factor: pages lead to its set-up, the API says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, or point to the set-up."""
        if not request.session.get(DUE) or request.path.startswith(OPEN) or request.path == "/":
            return self.get_response(request)
        if is_mfa_enabled(request.user):
            del request.session[DUE]
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return _problem(Problem(
                403, "second_factor", "Vai trò của bạn cần bước xác thực thứ hai. Hãy thiết lập ở trang Bảo mật.",
                "Your role needs a second factor. Set it up first.", setup="/account/2fa/"))
        return HttpResponseRedirect("/account/2fa/")


class Language:
    """Vietnamese unless the person chose otherwise: the account's language, or the cookie of the language buttons.
    What the browser prefers is not asked: office machines often run in English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in that language."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in ("vi", "en"):
            chosen = request.user.lang if isinstance(request.user, Account) else "vi"
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        return response


class ApiProblems:
    """Under /api/ every refusal is a problem with a sentence, also those that the framework answers by itself: an
    address that is not there, a method that is not allowed, a body that it will not read, a fault of ours."""

    KNOWN = {
        400: ("bad_request", "Yêu cầu không đọc được.", "The request cannot be read."),
        403: ("refused", "Yêu cầu bị từ chối. Hãy tải lại trang rồi thử lại.", "Refused. Load the page again."),
        404: ("not_found", "Không có địa chỉ này.", "No such address."),
        405: ("method_not_allowed", "Địa chỉ này không nhận thao tác đó.", "This address does not take that method."),
    }
    FAULT = ("fault", "Hệ thống gặp lỗi và chưa thay đổi gì. Hãy thử lại.", "Something failed; nothing changed. Try again.")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; a refusal that is a page becomes a problem, its other headers kept."""
        response = self.get_response(request)
        if not request.path.startswith("/api/"):
            return response
        if response.status_code >= 400 and not response.headers.get("Content-Type", "").startswith(CONTENT_TYPE):
            allow = response.headers.get("Allow")
            response = _problem(Problem(response.status_code, *self.KNOWN.get(response.status_code, self.FAULT)))
            if allow:
                response.headers["Allow"] = allow
        response.headers.setdefault("Cache-Control", "no-store")  # who reads it is journalled; a cache is not
        return response


def _problem(problem: Problem) -> HttpResponse:
    return HttpResponse(json.dumps(problem.body(), ensure_ascii=False), status=problem.status, content_type=CONTENT_TYPE)


class ContentPolicy:
    """What a page may load: our own files only. The admin and allauth carry no inline script."""

    POLICY = ("default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none';"
              " frame-ancestors 'none'; base-uri 'none'; form-action 'self'")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers to every page."""
        response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Security-Policy", self.POLICY)
            response.headers.setdefault("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
            if request.user.is_authenticated or request.path.startswith("/account/"):
                response.headers.setdefault("Cache-Control", "no-store")
        return response
