"""Who may call the API: a personal token, or a signed-in session with its CSRF header."""
from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Schema
from ninja.security import APIKeyCookie, HttpBearer
from pydantic import ConfigDict, Field, ValidationError, field_validator
from typing_extensions import TypedDict

from binhan.commons.access.actions import issue_token, revoke_token
from binhan.commons.access.models import ApiToken
from binhan.commons.access.queries import Rights
from binhan.commons.wire import Id
from binhan.kernel.errors import Problem
from binhan.kernel.text import clean

TEXT_MAX = 200_000  # the longest there is: a questionnaire's answers


class BearerToken(HttpBearer):
    """`Authorization: Bearer …` with a personal token."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The account that the middleware found for the token, or None."""
        used: ApiToken | None = getattr(request, "token", None)
        return used.account if used else None


class StaffSession(APIKeyCookie):
    """The session cookie of a signed-in person; unsafe methods need the CSRF header too."""

    param_name = "sessionid"

    def __call__(self, request: HttpRequest) -> Any:
        """A caller who shows a token is asked for no cookie and no CSRF header: a token that has ended is 401."""
        return None if request.headers.get("Authorization", "").startswith("Bearer ") else super().__call__(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The signed-in account, or None."""
        return request.user if request.user.is_authenticated else None


class Body(Schema):
    """A request body: a field that we do not know is refused, not ignored, and text comes in clean: no control or bidi
    characters (PostgreSQL keeps no NUL either), refused when it is not text at all."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def clean_text(cls, value: Any) -> Any:
        """Any string, before its own rules; the field's own limit follows, this one only spares the work. Text of which
        nothing could be kept is refused: it would look as if the field had been left out."""
        if not isinstance(value, str):
            return value
        kept = clean(value, TEXT_MAX)
        if not kept and value.strip():
            raise ValueError("has no character that can be kept")
        return kept


class RefusedRow(TypedDict):
    """A row of a batch that could not be read: which of its fields are wrong. `id`: the row's own, where it is text."""

    id: str | None
    status: str
    code: str
    detail: str
    detail_en: str
    fields: list[str]


def refused_row(row: Any, error: ValidationError) -> RefusedRow:
    """What one row of a batch is answered that cannot be taken; the others are."""
    key = row.get("id") if isinstance(row, dict) else None
    fields = sorted({".".join(map(str, e["loc"])) for e in error.errors()})
    names = ", ".join(filter(None, fields)) or "nội dung"
    return {"id": key if isinstance(key, str) else None, "status": "refused", "code": "invalid",
            "detail": f"Dữ liệu chưa đúng: {names}. Bản trong máy vẫn còn.",
            "detail_en": f"Invalid: {names}. Nothing was written.", "fields": fields}


def rights(request: HttpRequest) -> Rights:
    """The caller's rights; 401 for nobody."""
    found: Rights | None = getattr(request, "rights", None)
    if found is None:
        raise Problem(401, "sign_in", "Hãy đăng nhập để tiếp tục.", "Sign in to continue.")
    return found


def require(request: HttpRequest, ward_id: int, *roles: str) -> Rights:
    """The caller's rights if they hold one of `roles` in the ward; 403 otherwise."""
    found = rights(request)
    if not found.has(ward_id, *roles):
        raise Problem(403, "forbidden", "Vai trò của bạn không được làm việc này ở phường này.",
                      "Your role may not do this in this ward.")
    return found


router = Router(tags=["me"])


class TokenIn(Body):
    """A new personal token: what it is for and how long it lives."""

    name: str = Field(min_length=1, max_length=100)
    days: int = Field(default=90, ge=1, le=366)


class TokenOut(Schema):
    """A personal token, without its secret."""

    id: UUID
    name: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class NewToken(TokenOut):
    """A token at the one moment when its secret is shown."""

    token: str


@router.get("/tokens", response=list[TokenOut])
def list_tokens(request: HttpRequest) -> Any:
    """My own tokens."""
    return ApiToken.objects.filter(account=rights(request).account).order_by("-created_at")


@router.post("/tokens", response=NewToken)
def create_token(request: HttpRequest, body: TokenIn) -> Any:
    """Make a token that acts with my rights; its secret is shown only now. One made with a token ends with it."""
    mine = rights(request)
    used: ApiToken | None = getattr(request, "token", None)
    token, plain = issue_token(mine.account, body.name, mine.wards, body.days, made_with=used)
    return {"id": token.id, "name": token.name, "created_at": token.created_at, "expires_at": token.expires_at,
            "revoked_at": None, "token": plain}


@router.delete("/tokens/{token_id}", response={204: None})
def delete_token(request: HttpRequest, token_id: UUID) -> Any:
    """End one of my tokens at once."""
    mine = rights(request)
    revoke_token(mine.account, token_id, mine.wards)
    return 204, None


class AccountBrief(TypedDict):
    """An account as it is shown to itself."""

    id: Id
    login: str
    display_name: str
    lang: str


class Caller(TypedDict):
    """Whoever asks: account, roles by ward, and the CSRF token that the page must send back."""

    account: AccountBrief
    roles: dict[str, list[str]]
    csrf: str


def me_json(request: HttpRequest) -> Caller:
    """The caller: account and roles, and the CSRF token that the page must send back."""
    mine = rights(request)
    return {
        "account": {"id": str(mine.account.id), "login": mine.account.login,
                    "display_name": mine.account.display_name, "lang": mine.account.lang},
        "roles": {str(w): sorted(r) for w, r in mine.roles.items()}, "csrf": get_token(request)}
