"""Slip codes: the resident's key to the next visit at one door of one round.

A code is computed, not kept: a phone without a network and a printed slip carry the same one, and no table leaks it. Ten
characters of Crockford's alphabet: three say which round (under the key, so that they say it to nobody else), six are the
door's, one checks the others. 45 bits under the key: of 840,000 doors one in 40 million guesses hits one.
"""
from __future__ import annotations

import hmac
from collections.abc import Iterable
from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, ROUND_PART, DOOR_PART = 10, 3, 6
_READ = {**{c: c for c in ALPHABET}, "O": "0", "I": "1", "L": "1"}


def slip_code(key: bytes, round_id: UUID, dwelling_id: UUID) -> str:
    """The code of this door in this round: ten characters, always the same."""
    body = round_part(key, round_id) + _door_part(key, round_id, dwelling_id)
    return body + _check(body)


def slip_json(key: bytes, public_url: str, round_id: UUID, dwelling_id: UUID) -> dict[str, str]:
    """A door's slip as a phone shows it: the code as people read it, and the address of its page."""
    code = slip_code(key, round_id, dwelling_id)
    return {"code": readable(code), "url": f"{public_url}/hen/{code}"}


def readable(code: str) -> str:
    """A code as people read it: ABCDE-FGHJK."""
    return f"{code[:5]}-{code[5:]}"


def read_code(typed: str) -> str | None:
    """What somebody typed as a code: small letters, spaces, dashes, O for 0 and I or L for 1 are understood; None when it
    cannot be one (a mistyped character is always noticed)."""
    if len(typed) > 40:
        return None
    letters = [_READ.get(c, "") for c in typed.upper() if c not in " -–—.\t"]
    code = "".join(letters)
    return code if "" not in letters and len(code) == LENGTH and _check(code[:-1]) == code[-1] else None


def round_part(key: bytes, round_id: UUID) -> str:
    """The characters that say which round."""
    return _letters(key, b"slip-round\x00" + round_id.bytes, ROUND_PART)


def door_of(key: bytes, round_id: UUID, code: str, dwellings: Iterable[UUID]) -> UUID | None:
    """Which of the round's doors a code is for."""
    wanted = code[ROUND_PART:ROUND_PART + DOOR_PART]
    return next((d for d in dwellings if _door_part(key, round_id, d) == wanted), None)


def _door_part(key: bytes, round_id: UUID, dwelling_id: UUID) -> str:
    return _letters(key, b"slip-door\x00" + round_id.bytes + dwelling_id.bytes, DOOR_PART)


def _letters(key: bytes, message: bytes, count: int) -> str:
    bits = int.from_bytes(hmac.digest(key, message, "sha256")[:5], "big")
    return "".join(ALPHABET[bits >> 5 * i & 31] for i in range(count))


def _check(body: str) -> str:
    """The check character: a sum over the field of 32 elements, each place with a factor of its own, so that no single
    wrong character and no two exchanged ones pass."""
    total = 0
    for letter in reversed(body):
        total = _double(total ^ ALPHABET.index(letter))
    return ALPHABET[total]


def _double(value: int) -> int:
    return (value << 1) ^ (0b100101 if value & 16 else 0)
