"""One push to one browser: encrypted, signed, and given up when its push service does not take it in time.

The address was given by a browser, so what answers there is a stranger: one deadline holds for everything together, no
redirect is followed, and of the answer only the beginning is read.
"""
from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

from django.conf import settings

from binhan.commons.notify.models import PushSubscription
from binhan.commons.notify.rules import Template
from binhan.commons.notify.webpush.keys import vapid

if TYPE_CHECKING:
    import aiohttp

DEADLINE_S = 3.0
READ_BYTES = 500
GONE = (404, 410)
TIRED_AFTER, REST_S = 3, 60.0  # so many times in a row without an answer, then it is left in peace


@dataclass(frozen=True, slots=True)
class Pushed:
    """What one push service said: `means` is well, gone (this browser exists no more) or silent."""

    means: str
    error: str = ""


class Resting:
    """Which addresses are left in peace for a while, since nothing answered there several times in a row: each try holds a
    lane for as long as the deadline."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self.steady = steady
        self.failed: dict[str, tuple[int, float]] = {}  # endpoint → how often in a row, when last

    def left_s(self, endpoint: str) -> float:
        """For how long it is not to be tried; 0 when it may be. After the rest one try decides."""
        often, last = self.failed.get(endpoint, (0, 0.0))
        return max(0.0, last + REST_S - self.steady()) if often >= TIRED_AFTER else 0.0

    def note(self, endpoint: str, answered: bool) -> None:
        """What came of a try."""
        if answered:
            self.failed.pop(endpoint, None)
            return
        often, last = self.failed.get(endpoint, (0, float("-inf")))
        if self.steady() - last > DEADLINE_S:  # several at the same time are one: our own line may have stood still
            self.failed[endpoint] = (often + 1, self.steady())


RESTING = Resting()


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    reason: str
    body: str

    async def text(self) -> str:
        return self.body


class _Poster:
    """What `webpush_async` posts with. Connections are kept open between pushes: a push service is far away."""

    def __init__(self) -> None:
        import aiohttp  # noqa: PLC0415 - takes its time to load: the carrier has it loaded by then
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=600),
                                             cookie_jar=aiohttp.DummyCookieJar())

    async def post(self, endpoint: str, *, timeout: float, data: bytes, headers: Any) -> _Answer:
        """Post; the deadline is the caller's."""
        async with self.session.post(endpoint, data=data, headers=headers, allow_redirects=False) as answer:
            body = await answer.content.read(READ_BYTES)
            return _Answer(answer.status, answer.reason or "", body.decode("utf-8", "replace"))


POSTERS: WeakKeyDictionary[asyncio.AbstractEventLoop, _Poster] = WeakKeyDictionary()


def _poster() -> _Poster:
    loop = asyncio.get_running_loop()
    if loop not in POSTERS:
        POSTERS[loop] = _Poster()
    return POSTERS[loop]


async def push(browser: PushSubscription, text: str, template: Template, topic: str) -> Pushed:
    """Encrypt and post within DEADLINE_S. Whatever one address causes is that address's own trouble."""
    try:
        async with asyncio.timeout(DEADLINE_S):
            await _post(browser, text, template, topic)
    except TimeoutError:
        said = Pushed("silent", f"the push service did not answer within {DEADLINE_S:g} s")
    except Exception as error:  # noqa: BLE001 - bad keys, a name that does not resolve, a service that talks nonsense
        status = getattr(getattr(error, "response", None), "status", None)
        said = Pushed("gone" if status in GONE else "silent",
                      f"push service answered {status}" if status else str(error) or repr(error))
        RESTING.note(browser.endpoint, answered=status is not None and status < 500)
        return said
    else:
        said = Pushed("well")
    RESTING.note(browser.endpoint, answered=said.means == "well")
    return said


async def _post(browser: PushSubscription, text: str, template: Template, topic: str) -> None:
    from pywebpush import webpush_async  # noqa: PLC0415 - as above
    await webpush_async(
        {"endpoint": browser.endpoint, "keys": {"p256dh": browser.p256dh, "auth": browser.auth}}, data=text,
        vapid_private_key=vapid(),
        vapid_claims={"sub": settings.PUBLIC_URL if settings.SECURE else "mailto:binhan@localhost.invalid"},
        ttl=template.ttl_s, timeout=DEADLINE_S, aiohttp_session=cast("aiohttp.ClientSession", _poster()),
        headers={"Urgency": "high" if template.urgent else "normal", "Topic": topic})
