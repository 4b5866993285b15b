"""Bodies of requests on their way to Django: read whole before Django hears of them, and never much of them in memory.

How long one may be depends on who sends it: what anybody may send is short, a form with a file needs a session."""
from __future__ import annotations

import io
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import BinaryIO

from binhan.kernel.limits import API_MAX, SIGN_IN_MAX, UPLOAD_MAX
from binhan.live.http import Receive, Scope, header, pieces
from binhan.live.store import Store

UPLOAD_PAGES = ("/office/forms/", "/office/households/import")  # forms with a file in them (tests/laws/test_uploads.py)
OF_ANYBODY = ("account", "hen")
SESSION = "sessionid"  # as Django calls it
IN_MEMORY = 64 * 2**10  # bytes of one body; a longer one lies on the disk until it is passed on
ALL_IN_MEMORY = 32 * 2**20


@dataclass
class Body:
    """One body, in memory or on the disk."""

    file: BinaryIO
    held: int = 0  # bytes in memory

    def content(self) -> bytes | BinaryIO:
        """What it is, from the beginning. A file is closed by whoever sends it, so each sender gets one of its own."""
        if isinstance(self.file, io.BytesIO):
            return self.file.getvalue()
        self.file.seek(0)
        return os.fdopen(os.dup(self.file.fileno()), "rb")


class Bodies:
    """All that are being read or passed on now."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.held = 0  # bytes in memory

    async def limit(self, scope: Scope) -> int:
        """The most bytes that this request's body may have."""
        path = scope["path"]
        if path.split("/")[1] in OF_ANYBODY:
            return SIGN_IN_MAX
        if path in UPLOAD_PAGES and await self._signed_in(scope):
            return UPLOAD_MAX
        return API_MAX

    async def _signed_in(self, scope: Scope) -> bool:
        cookies = SimpleCookie()
        with suppress(CookieError):
            cookies.load(header(scope, b"cookie"))
        key = cookies[SESSION].value if SESSION in cookies else ""
        return bool(key) and bool(await self.store.call("SELECT live_session($1)", key, patience_s=3))

    async def read(self, scope: Scope, receive: Receive) -> Body:
        """The whole body; Problem 413 over the limit, 408 when it does not come to an end."""
        body = Body(io.BytesIO())
        try:
            async for piece in pieces(scope, receive, await self.limit(scope)):
                self._add(body, piece)
        except BaseException:
            self.done(body)
            raise
        return body

    def _add(self, body: Body, piece: bytes) -> None:
        if isinstance(body.file, io.BytesIO):
            if body.held + len(piece) <= IN_MEMORY and self.held + len(piece) <= ALL_IN_MEMORY:
                body.held += len(piece)
                self.held += len(piece)
            else:
                file = tempfile.TemporaryFile(prefix="binhan-body-")  # noqa: SIM115 - closed when it is done with
                file.write(body.file.getvalue())
                self.done(body)
                body.file = file
        body.file.write(piece)

    def done(self, body: Body) -> None:
        """Passed on, or given up."""
        self.held -= body.held
        body.held = 0
        body.file.close()
