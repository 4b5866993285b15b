"""The hot path as one raw ASGI application: presses, facts, streams, receipts, positions."""
from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from binhan.kernel.errors import Problem, not_found
from binhan.kernel.kinds import kind_of
from binhan.kernel.room import FILE_ROOM, MB, POSITION_ROOM, PRESS_ROOM, free_bytes
from binhan.kernel.tokens import is_track_token, track_token
from binhan.live import payloads, validate
from binhan.live.commits import Batching, SharedCommits
from binhan.live.http import (
    ReaderGone,
    Receive,
    Scope,
    Send,
    answer,
    answer_json,
    answer_problem,
    bearer,
    check_method,
    header,
    parse_json,
    query,
    read_body,
)
from binhan.live.hub import Hub
from binhan.live.press_stream import press_events, unknown_press
from binhan.live.source import source_of
from binhan.live.store import Store, full, little_room
from binhan.live.streams import BEAT, desk_events, desk_token
from binhan.live.wards import ServedWards

log = logging.getLogger(__name__)
FORGET_EVERY_S = 300.0
PRESS_LIMIT, FACTS_LIMIT, POSITION_LIMIT = 65_536, 65_536, 262_144


def press_full(stored: int) -> Problem:
    """429: one press has said all that it may (sos_may_say); `stored` of the facts sent were taken."""
    return Problem(429, "press_full", "Tin SOS này đã có quá nhiều tin nhắn và ghi chú (tối đa 200 tin, 256 kB) nên tin mới"
                   " không được lưu. Vị trí vẫn được gửi; nếu khẩn cấp hãy gọi 113.",
                   "This SOS has too many messages and notes (200 at most, 256 kB in all): the new one is not kept."
                   " Positions still are; in an emergency call 113.", stored=stored)


class Live:
    """The state of one hot-path process. `startup` may be called before PostgreSQL is up."""

    def __init__(self, dsn: str, key: bytes, folder: Path | None = None) -> None:
        self.key = key
        self.folder = folder
        self.room = FILE_ROOM  # bytes that may still be written
        self.store = Store(dsn)
        self.hub = Hub(self.store)
        self.wards: ServedWards | None = None
        self.places: dict[str, tuple[float, dict[str, Any] | None]] = {}
        self.presses = SharedCommits(self.store, "live_open", settled=self._settled, held="live_held_wards")
        self.facts = SharedCommits(self.store, "live_facts", Batching(workers=1), self._settled, "live_held_presses")
        self.positions = SharedCommits(self.store, "live_positions", Batching(workers=1, batch=2000, pause_s=0.005))
        self.jobs: list[asyncio.Task[None]] = []
        self.rang: set[int] = set()
        self.to_ring = asyncio.Event()  # set while `rang` holds something

    @property
    def disk_full(self) -> bool:
        """Whether there is no room for presses."""
        return self.room < PRESS_ROOM

    @property
    def disk_low(self) -> bool:
        """Whether there is none for positions, which are refused before presses."""
        return self.room < POSITION_ROOM

    async def startup(self) -> None:
        """Open the pool and start every job."""
        await self.store.open()
        self.hub.start()
        for writer in (self.presses, self.facts, self.positions):
            writer.start()
        self.jobs = [asyncio.create_task(job()) for job in (self._keep_wards, self._tell_others, self._watch_disk,
                                                          self._forget_sources)]

    async def shutdown(self) -> None:
        """Stop the jobs; whatever is not committed is refused, not lost silently."""
        for job in self.jobs:
            job.cancel()
        await self.hub.stop()
        for writer in (self.presses, self.facts, self.positions):
            await writer.stop()
        await self.store.close()

    def _settled(self, answers: list[dict[str, Any]]) -> None:
        wards = {int(a["ward_id"]) for a in answers if a.get("ward_id") is not None}
        self.hub.ring(wards)
        self.rang |= wards
        self.to_ring.set()

    async def _tell_others(self) -> None:
        """Ring the doorbell for other processes, after the commits and a few wards at a time."""
        while True:
            await self.to_ring.wait()
            await asyncio.sleep(0.05)
            wards, self.rang = sorted(self.rang), set()
            self.to_ring.clear()
            with contextlib.suppress(Exception):
                await self.store.call("SELECT live_ring($1)", wards, patience_s=0)

    async def _watch_disk(self) -> None:
        """PostgreSQL ends when its log cannot grow: refuse a little earlier, with a clear word, and go on by
        itself once there is room again."""
        while self.folder is not None:
            self.room = free_bytes(self.folder)
            await asyncio.sleep(0.5)

    async def _forget_sources(self) -> None:
        """What is known of those who press is kept for an hour."""
        while True:
            with contextlib.suppress(Exception):
                await self.store.call("SELECT live_forget_sources()", patience_s=0)
            await asyncio.sleep(FORGET_EVERY_S)

    async def _keep_wards(self) -> None:
        while True:
            try:
                self.wards = ServedWards(await self.store.call("SELECT live_wards()", patience_s=5))
                self.places.clear()
                await self.hub.wards_changed.wait()
                self.hub.wards_changed.clear()
            except Exception:  # noqa: BLE001 - without its wards the hot path can only try again
                log.warning("wards not read yet", exc_info=log.isEnabledFor(logging.DEBUG))
                await asyncio.sleep(0.5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request under /live/."""
        began = False

        async def once(message: Any) -> None:
            nonlocal began
            began = True
            await send(message)
        try:
            await self._route(scope, receive, once)
        except Problem as problem:
            if not began:
                await answer_problem(send, problem)
        except ReaderGone:
            log.info("%s: nobody reads it any more", scope["path"])
        except Exception:  # noqa: BLE001 - a person in danger must get an answer that says what to do
            log.exception("%s %s failed", scope["method"], scope["path"])
            if not began:
                await answer_problem(send, Problem(
                    500, "failed", "Hệ thống lỗi, tin có thể chưa được lưu. Hãy gọi 113, 114 hoặc 115 ngay.",
                    "Something failed; it may not be stored. Call 113, 114 or 115 now."))

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        parts = scope["path"].strip("/").split("/")[1:]
        check_method(parts, scope["method"])
        if parts == ["press"]:
            await self._press(scope, receive, send)
        elif parts == ["position"]:
            await self._position(scope, receive, send)
        elif parts == ["desk", "events"]:
            await desk_events(scope, receive, send, self.hub, self.key)
        elif parts == ["desk", "rendered"]:
            await self._rendered(scope, receive, send)
        else:
            await self._one_press(scope, receive, send, *parts[1:])

    # --- a press -----------------------------------------------------------------------------------------------

    async def _press(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(scope, receive, PRESS_LIMIT)
        if self.disk_full:
            raise full()
        press = validate.press(parse_json(body), datetime.now(UTC))
        if self.wards is None:
            await self._await_wards()
        place = await self._place(press["place_code"]) if "place_code" in press else None
        wards = self.wards
        assert wards is not None
        at = press.pop("at")
        press_hash = hashlib.sha256(repr((at.isoformat(), sorted(press.items()))).encode()).hexdigest()
        row = {**press, **wards.place_press(press, place), "at": at.isoformat(), "body_hash": press_hash,
               "priority": kind_of(press.get("kind")).priority,
               "channel": "qr" if place is not None else "web"}
        if (source := source_of(scope, self.key)) is not None:
            row["source"] = source
        row["lat"], row["lon"] = press.get("lat"), press.get("lon")
        stored = await self.presses.put(row, str(row["ward_id"]))
        if stored["status"] == "conflict":
            raise Problem(409, "press_id_reused", "Mã tin báo này đã dùng cho nội dung khác. Hãy bấm SOS lại.",
                          "This press_id was already used with another body. Press again.")
        token = track_token(UUID(stored["press_id"]), self.key)
        await answer_json(send, 200 if stored["status"] == "repeat" else 201, wards.answer(stored, row, token))

    async def _await_wards(self) -> None:
        until = time.monotonic() + 10
        while self.wards is None:
            if time.monotonic() > until:
                raise Problem(503, "starting", "Hệ thống đang khởi động. Hãy gọi 113, 114 hoặc 115 ngay.",
                              "The system is starting. Call 113, 114 or 115 now.")
            await asyncio.sleep(0.05)

    async def _place(self, code: str) -> dict[str, Any]:
        """The QR place of a code, remembered for a minute; 422 for an unknown one."""
        known = self.places.get(code)
        if known is None or known[0] < time.monotonic():
            if len(self.places) > 5000:
                self.places.clear()
            known = (time.monotonic() + 60, await self.store.call("SELECT live_place($1)", code))
            self.places[code] = known
        if known[1] is None:
            del self.places[code]
            raise Problem(422, "unknown_place", "Mã điểm không có. Hãy bấm SOS lại không kèm mã; nếu khẩn cấp gọi 113.",
                          "No such place code. Press again without it; in an emergency call 113.",
                          fields=[{"field": "place_code", "error": "is not known"}],
                          server_time=datetime.now(UTC).isoformat())
        return known[1]

    # --- after the press ---------------------------------------------------------------------------------------

    async def _one_press(self, scope: Scope, receive: Receive, send: Send, given: str, tail: str = "") -> None:
        try:
            press_id = UUID(given)
        except ValueError:
            raise unknown_press() from None
        if tail == "facts":
            await self._facts(scope, receive, send, press_id)
            return
        if not is_track_token(bearer(scope), press_id, self.key):
            raise unknown_press()
        if tail == "events":
            await press_events(scope, receive, send, self.hub, press_id)
            return
        if tail == "messages":
            before = validate.older(query(scope))
            await answer_json(send, 200, await self.store.call("SELECT live_messages($1, $2)", press_id, before))
            return
        status = await self.store.call("SELECT live_status($1)", press_id)
        if status is None:
            raise unknown_press()
        await answer_json(send, 200, status)

    async def _facts(self, scope: Scope, receive: Receive, send: Send, press_id: UUID) -> None:
        value = parse_json(await read_body(scope, receive, FACTS_LIMIT))
        if self.disk_full:
            raise full()
        token = bearer(scope) or (value.get("token") if isinstance(value, dict) else "")
        if not isinstance(token, str) or not is_track_token(token, press_id, self.key):
            raise unknown_press()
        rows = validate.facts(value, datetime.now(UTC))
        for row in rows:
            row["press_id"] = str(press_id)
            if row["kind"] == "fix" and self.wards is not None:
                ward, outside = self.wards.ward_of(row["data"]["lat"], row["data"]["lon"])
                row["ward_id"] = None if outside else ward
            elif row["kind"] == "kind":
                row["data"]["priority"] = kind_of(row["data"]["kind"]).priority
        answers = await self.facts.put_all(rows, str(press_id))
        if any(a["status"] == "unknown" for a in answers):
            raise unknown_press()
        stored = sum(a["status"] == "stored" for a in answers)
        if any(a["status"] == "full" for a in answers):
            raise press_full(stored)
        status = await self.store.call("SELECT live_status($1)", press_id)
        await answer_json(send, 200, {"stored": stored, "status": status})

    async def _rendered(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = desk_token(scope, self.key)
        ids, visible, stream_id = validate.receipt(parse_json(await read_body(scope, receive, PRESS_LIMIT)))
        ward = int(token["ward_id"])
        if stream_id and token.get("desk"):  # whichever process its stream runs in: the row is the stream's
            await self.store.call(BEAT, UUID(stream_id), ward, UUID(str(token["account"])), visible, patience_s=0)
        wanted = ids if visible and token.get("desk") else []
        seen = await self.store.call("SELECT live_rendered($1, $2, $3)", ward, f"account:{token['account']}", wanted)
        known, unreached = seen.pop("known"), seen.pop("unreached")
        if wanted and not known:  # some may have moved to another ward meanwhile; none at all is a mistake
            raise not_found("vụ việc nào trong số này ở phường", "incident of this ward")
        if seen["seen"]:
            self._settled([{"ward_id": ward}])
        await answer_json(send, 200, {**seen, "warnings": self._warnings(unreached) if token.get("desk") else []})

    def _warnings(self, unreached: list[str]) -> list[dict[str, Any]]:
        """What a desk should know of the system itself before it hurts: room that runs out, colleagues whose devices take
        no push."""
        found: list[dict[str, Any]] = []
        if self.room < FILE_ROOM:
            found.append({"code": "disk_full" if self.disk_full else "disk_low", "free_mb": self.room // MB})
        if unreached:
            found.append({"code": "push_silent", "names": unreached})
        return found

    # --- positions ---------------------------------------------------------------------------------------------

    async def _position(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = b"" if scope["method"] == "GET" else await read_body(scope, receive, POSITION_LIMIT)
        if self.disk_low:
            raise little_room()
        user = payloads.basic_user(header(scope, b"authorization"))
        fixes, owntracks = payloads.read(query(scope), raw, user, datetime.now(UTC))
        answers = await self.positions.put_all(fixes)
        if owntracks:  # OwnTracks wants a JSON array of commands: none
            await answer(send, 200, b"[]", [(b"content-type", b"application/json")])
            return
        states = [a["status"] for a in answers]
        stored = sum(s in ("stored", "older") for s in states)
        status = 202 if states and all(s in ("unknown", "off_shift") for s in states) else 200
        await answer_json(send, status, {"stored": stored, "status": states[-1] if states else "ignored"})
