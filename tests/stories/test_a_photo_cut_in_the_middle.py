"""A photo is sent from an alley with a bad network: the connection breaks in the middle of a part, the office process is
killed between two, an answer is lost. In the end the server has exactly that photo, once, without the place where it was
taken; and a backup taken then has it too."""
from __future__ import annotations

import hashlib
import json
import socket
import urllib.request
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from binhan.kernel.ids import new_id
from tests.support.pictures import with_gps
from tests.support.stack import Stack, free_port
from tests.support.waiting import wait_until

PART = 256 * 1024


def photo() -> bytes:
    """About 600 kB as a camera makes it: its maker's note, where it was taken, when."""
    plain = with_gps()
    segment = b"\xff\xed\xff\xf2" + b"BIMAT" * 13_104
    return plain[:2] + segment * 9 + plain[2:]


def send(stack: Stack, path: str, body: bytes, token: str) -> tuple[int, Any]:
    """One PUT; while the office restarts, tried again as a phone does."""
    def answered() -> tuple[int, Any] | None:
        status, answer = stack.call("PUT", path, raw=body, token=token, timeout=60,
                                    headers={"Content-Type": "application/octet-stream"})
        return None if status in (502, 503) else (status, answer)
    return wait_until(answered, "the office did not come back", 90)


def send_half(stack: Stack, path: str, body: bytes, token: str) -> None:
    """The network goes away while the part is on its way."""
    with socket.create_connection(("127.0.0.1", stack.port), 10) as wire:
        wire.sendall(f"PUT {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
                     f"Content-Length: {len(body)}\r\n\r\n".encode() + body[:len(body) // 2])
        wire.shutdown(socket.SHUT_WR)
        while wire.recv(4096):  # until the server has seen it and hung up
            pass


def fetch(stack: Stack, path: str, token: str) -> bytes:
    """The bytes of a file."""
    with urllib.request.urlopen(urllib.request.Request(stack.base + path, headers={"Authorization": f"Bearer {token}"}),
                                timeout=20) as answer:
        return bytes(answer.read())


def a_visit(stack: Stack, leader: str) -> dict[str, Any]:
    """A round is open; what a phone says of one of its doors."""
    stack.command("demo", "load", "--households", "30")

    def call(method: str, path: str, body: Any = None) -> Any:
        status, answer = stack.call(method, f"/api{path}", body, token=leader, timeout=60)
        assert status == (201 if (method, path) == ("POST", "/rounds") else 200), answer
        return answer
    areas = [a["id"] for a in call("GET", "/areas") if a["kind"] != "to"]
    made = call("POST", "/rounds", {"name": "Đợt mẫu", "purpose": "thử", "areas": areas, "max_doors": 20,
                                    "from_on": str(date.today()), "to_on": str(date.today() + timedelta(days=9))})
    for verb in ("plan", "open"):
        call("POST", f"/rounds/{made['id']}/{verb}", {})
    now = datetime.now(UTC).isoformat()
    return {"id": str(new_id()), "round": made["id"], "outcome": "met", "started_at": now, "ended_at": now,
            "dwelling": call("GET", f"/rounds/{made['id']}/doors")["items"][0]["dwelling"]}


def restored_elsewhere(stack: Stack, folder: Path, path: str, kept: bytes) -> None:
    """A backup carries the file: it is there, byte for byte, on another machine."""
    backup = folder / "sao lưu.tar"
    assert stack.command("backup", str(backup)).returncode == 0
    stack.stop()
    there = Stack(folder / "d", port=free_port())
    assert there.command("restore", str(backup)).returncode == 0
    there.start()
    try:
        assert fetch(there, path, there.token("chihuy")) == kept
        assert there.command("verify-journal").returncode == 0
    finally:
        there.stop()


def test_a_photo_cut_in_the_middle(own_stack: Stack, tmp_path: Path) -> None:
    leader, team = own_stack.token("chihuy"), own_stack.token("mattran")
    visit = a_visit(own_stack, leader)
    status, phone = own_stack.call("POST", "/api/field/devices", {"id": str(new_id()), "name": "Máy tổ", "schema": 1},
                                   token=team)
    assert status == 201, phone
    token, taken, key = phone["token"], photo(), str(new_id())
    said = {"ward": phone["ward_id"], "kind": "photo", "mime": "image/jpeg", "size": len(taken),
            "sha256": hashlib.sha256(taken).hexdigest()}

    def part(offset: int) -> tuple[str, bytes, str]:
        return f"/api/files/{key}?{urlencode({**said, 'offset': offset})}", taken[offset:offset + PART], token
    send_half(own_stack, *part(0))
    assert send(own_stack, part(0)[0], b"", token) == (200, {"id": key, "have": 0, "size": len(taken), "done": False})
    assert send(own_stack, *part(0))[1]["have"] == PART  # its answer is lost, the phone does not know
    send_half(own_stack, *part(PART))
    own_stack.kill("web")
    own_stack.wait_ready()
    status, answer = send(own_stack, *part(0))
    assert (status, answer.get("have")) == (409, PART), answer
    assert send(own_stack, *part(PART))[1]["have"] == 2 * PART

    def outbox(first: int, *items: dict[str, Any]) -> list[Any]:
        status, told = own_stack.call("POST", "/api/field/outbox", {
            "device": phone["device"], "schema": 1, "sent_at": datetime.now(UTC).isoformat(), "first": first,
            "count": len(items), "items": [{"n": first + n, **item} for n, item in enumerate(items)]}, token=token)
        assert status == 200, told
        return [r["status"] for r in told["results"]]
    at = datetime.now(UTC).isoformat()
    belongs = {"kind": "file", "id": key, "at": at, "body": {
        "subject_kind": "visit", "subject": visit["id"], **{k: said[k] for k in ("kind", "size", "sha256")}}}
    stored = {"kind": "visit", "id": visit["id"], "at": at, "body": {k: v for k, v in visit.items() if k != "id"}}
    assert outbox(1, stored, belongs) == ["stored", "wait"]  # not whole yet
    assert send(own_stack, *part(2 * PART))[1]["done"] is True
    assert outbox(3, belongs) == ["stored"]
    kept = fetch(own_stack, f"/api/files/{key}", leader)
    assert kept.startswith(b"\xff\xd8\xff") and b"BIMAT" in taken and b"BIMAT" not in kept and b"Exif" not in kept
    assert own_stack.call("GET", f"/api/files/{key}", token=own_stack.token("trucban"))[0] == 404
    shown = own_stack.call("GET", f"/api/files?subject_kind=visit&subject={visit['id']}", token=leader)[1]
    assert [f["id"] for f in shown["items"]] == [key], json.dumps(shown)
    restored_elsewhere(own_stack, tmp_path, f"/api/files/{key}", kept)
