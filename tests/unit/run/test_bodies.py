"""How long a body may be, and where it lies until it is passed on."""
from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest

from binhan.kernel.errors import Problem
from binhan.kernel.limits import API_MAX, SIGN_IN_MAX, UPLOAD_MAX
from binhan.run import bodies
from binhan.run.bodies import Bodies


class Sessions:
    """A store that knows one session."""

    async def call(self, _sql: str, key: str, patience_s: float = 0) -> bool:
        return key == "known"


def request(path: str, *pieces: bytes, cookie: str = "", cut: bool = False) -> tuple[dict[str, Any], Any]:
    """A scope and what comes after it; `cut`: the sender hangs up instead of ending."""
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages.append({"type": "http.disconnect"} if cut else {"type": "http.request", "body": b""})
    left = iter(messages)

    async def receive() -> Any:
        return next(left)
    return {"path": path, "headers": [(b"cookie", cookie.encode())]}, receive


def all_bodies() -> Bodies:
    return Bodies(Sessions())  # type: ignore[arg-type]


@pytest.mark.parametrize(("path", "cookie", "limit"), [
    ("/account/login/", "", SIGN_IN_MAX), ("/hen/abc", "", SIGN_IN_MAX), ("/accounts", "", API_MAX),
    ("/api/visits", "", API_MAX), ("/office/forms/", "", API_MAX), ("/office/forms/", "sessionid=made-up", API_MAX),
    ("/office/forms/", "\x01;=", API_MAX),
    ("/office/forms/", "csrftoken=x; sessionid=known", UPLOAD_MAX), ("/office/issues/", "sessionid=known", API_MAX)])
def test_who_may_send_how_much(path: str, cookie: str, limit: int) -> None:
    scope, _ = request(path, cookie=cookie)
    assert asyncio.run(all_bodies().limit(scope)) == limit


def test_a_short_one_is_kept_in_memory_and_a_long_one_on_the_disk() -> None:
    every = all_bodies()
    short = asyncio.run(every.read(*request("/api/x", b"a" * 1000, b"b")))
    assert (short.content(), every.held) == (b"a" * 1000 + b"b", 1001)
    long = asyncio.run(every.read(*request("/api/x", *[b"c" * 50_000] * 3)))
    assert every.held == 1001, "nothing of the long one"
    for _ in range(2):  # whoever sends it closes it; it may have to be sent again
        file = long.content()
        assert not isinstance(file, bytes)
        with file:
            assert file.read() == b"c" * 150_000
    every.done(short)
    every.done(long)
    assert every.held == 0
    assert long.file.closed


def test_many_short_ones_do_not_fill_the_memory_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "ALL_IN_MEMORY", 5000)
    every = all_bodies()
    kept = [asyncio.run(every.read(*request("/api/x", b"d" * 1000))) for _ in range(20)]
    assert every.held <= 5000
    assert sum(isinstance(one.file, io.BytesIO) for one in kept) == 5
    assert [one.content() if isinstance(one.file, io.BytesIO) else one.file.read() for one in kept[:5]] == [b"d" * 1000] * 5
    for one in kept:
        every.done(one)
    assert every.held == 0


@pytest.mark.parametrize(("pieces", "cut", "code"), [([b"x" * 40_000, b"x" * 40_000], False, "too_large"),
                                                     ([b"x" * 40_000], True, "cut_off")])
def test_what_is_refused_leaves_nothing(pieces: list[bytes], cut: bool, code: str) -> None:
    every = all_bodies()
    scope, receive = request("/account/login/", *pieces, cut=cut)
    with pytest.raises(Problem) as refused:
        asyncio.run(every.read(scope, receive))
    assert (refused.value.code, every.held) == (code, 0)
