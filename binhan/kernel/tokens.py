"""Signed tokens: HMAC-SHA256 over compact JSON, one key, one purpose per kind of token.

The hot path and Django both sign and check them, so they live here and need only the standard library.
"""
from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID


class TokenInvalid(Exception):
    """The token was not signed by us for this purpose, or is damaged."""


class TokenExpired(TokenInvalid):
    """The token was ours, but its `exp` has passed."""


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _unb64(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _mac(purpose: str, body: bytes, key: bytes) -> bytes:
    return hmac.digest(key, purpose.encode("utf-8") + b"\x00" + body, hashlib.sha256)


def sign(payload: Mapping[str, Any], key: bytes, purpose: str) -> str:
    """`payload` (JSON values; `exp` = Unix seconds, optional) as a URL-safe token."""
    body = json.dumps(payload, separators=(",", ":"), ensure_ascii=False, sort_keys=True).encode("utf-8")
    return f"{_b64(body)}.{_b64(_mac(purpose, body, key))}"


def unsign(token: str, key: bytes, purpose: str, now: float | None = None) -> dict[str, Any]:
    """The payload of a token that we signed for `purpose`; raises TokenInvalid or TokenExpired."""
    try:
        head, tail = token.split(".")
        body, mac = _unb64(head), _unb64(tail)
    except ValueError:
        raise TokenInvalid("not a token") from None
    if not hmac.compare_digest(mac, _mac(purpose, body, key)):
        raise TokenInvalid("signature does not match")
    payload = json.loads(body)
    if not isinstance(payload, dict):
        raise TokenInvalid("not a token")
    expires = payload.get("exp")
    if expires is not None and expires <= (time.time() if now is None else now):
        raise TokenExpired("token has expired")
    return payload


def track_token(press_id: UUID, key: bytes) -> str:
    """The resident's key to one press: derived, so that a repeated press gets the same one."""
    return _b64(_mac("track", press_id.bytes, key)[:24])


def is_track_token(token: str, press_id: UUID, key: bytes) -> bool:
    """True if `token` opens the press `press_id`."""
    given = token.encode("utf-8", "replace")  # JSON can name half a character, which no encoding has
    return hmac.compare_digest(given, track_token(press_id, key).encode("ascii"))
