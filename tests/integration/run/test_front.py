"""The front door: screens from memory, each part's health by name, and Django behind it."""
from __future__ import annotations

import asyncio
import gzip
import http.client
import json
import re
import socket
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from binhan.run import passing
from binhan.run.front import WEB, Front
from binhan.site.environment import load
from tests.support.stack import Stack

built = pytest.mark.skipif(not (WEB / "press.html").is_file(), reason="the screens are not built: run `make setup`")


def get(stack: Stack, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    """One request, headers as keyword arguments."""
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=15)
    connection.request(method, path, None, {k.replace("_", "-"): v for k, v in headers.items()})
    return connection.getresponse()


@built
@pytest.mark.parametrize("path", ["/sos", "/sos/", "/sos?p=A1", "/desk", "/patrol", "/field"])
def test_screens_come_with_their_walls(stack: Stack, path: str) -> None:
    answer = get(stack, path)
    assert answer.status == 200
    assert answer.getheader("content-type") == "text/html; charset=utf-8"
    assert answer.getheader("cache-control") == "no-cache"
    assert "frame-ancestors 'none'" in (answer.getheader("content-security-policy") or "")
    assert answer.getheader("x-content-type-options") == "nosniff"
    assert b"<html" in answer.read()


@built
@pytest.mark.parametrize(("path", "allowed"), [("/field", True), ("/sos", False), ("/desk", False), ("/patrol", False)])
def test_camera_and_microphone_are_for_the_field_app_alone(stack: Stack, path: str, allowed: bool) -> None:
    answer = get(stack, path)
    permissions = answer.getheader("permissions-policy") or ""
    assert ("camera=(self), microphone=(self)" in permissions) is allowed
    assert ("camera=(), microphone=()" in permissions) is not allowed
    assert ("wasm-unsafe-eval" in (answer.getheader("content-security-policy") or "")) is allowed


@built
def test_compressed_and_only_once(stack: Stack) -> None:
    plain, packed = get(stack, "/sos"), get(stack, "/sos", Accept_Encoding="gzip, br")
    tag = plain.getheader("etag") or ""
    assert packed.getheader("content-encoding") == "gzip"
    assert gzip.decompress(packed.read()) == plain.read()
    again = get(stack, "/sos", If_None_Match=tag)
    assert (again.status, again.read()) == (304, b"")
    head = get(stack, "/sos", "HEAD")
    assert (head.status, head.read()) == (200, b"")


@built
def test_assets_never_change_and_the_worker_always_may(stack: Stack) -> None:
    found = re.search(rb'"(/assets/[^"]+\.js)"', get(stack, "/desk").read())
    assert found is not None
    assert "immutable" in (get(stack, found.group(1).decode()).getheader("cache-control") or "")
    worker = get(stack, "/sw.js")
    assert worker.getheader("service-worker-allowed") == "/"
    assert worker.getheader("cache-control") == "no-cache"
    assert get(stack, "/manifest-press.webmanifest").status == 200


@pytest.mark.parametrize("path", ["/../pyproject.toml", "/assets/../../pyproject.toml", "/%2e%2e/pyproject.toml"])
def test_nothing_else_of_the_disk(stack: Stack, path: str) -> None:
    answer = get(stack, path)
    assert answer.status in (301, 302, 400, 404)
    assert b"[project]" not in answer.read()


def test_alive_and_ready(stack: Stack) -> None:
    assert stack.call("GET", "/healthz") == (200, {"status": "alive"})
    status, answer = stack.call("GET", "/readyz")
    assert status == 200
    assert all(answer["parts"][name] is True for name in (
        "database", "listener", "wards", "clocks-1", "clocks-2", "notify", "web", "desk", "disk", "rungs_in_time",
        "alerts_in_time"))
    assert answer["parts"]["disk_free_mb"] > 0


def test_django_is_behind_it(stack: Stack) -> None:
    status, answer = stack.call("GET", "/api/me", token=stack.token("trucban"))
    assert (status, answer["account"]["login"]) == (200, "trucban")
    assert get(stack, "/account/login/").status == 200
    assert stack.call("GET", "/api/me")[0] == 401


@pytest.mark.parametrize("raw", [b'{"kind":"fire","kind":"other"}', b'{"priority":NaN}', b'{"priority":1e}', b"\xff",
                                 b"[" * 50_000])
def test_the_office_reads_json_as_strictly_as_the_hot_path(stack: Stack, raw: bytes) -> None:
    _, press, _ = stack.press()
    path = f"/api/incidents/{press['incident_id']}/triage"
    status, answer = stack.call("POST", path, raw=raw, token=stack.token("trucban"))
    assert (status, answer["status"]) == (400, 400)


@pytest.mark.parametrize(("line", "status"), [
    (b"OPTIONS *", b"400"), (b"CONNECT a:1", b"400"), (b"GET /live", b"404"), (b"GET http://elsewhere/live/press", b"405")])
def test_addresses_that_are_none_get_a_problem(stack: Stack, line: bytes, status: bytes) -> None:
    with socket.create_connection(("127.0.0.1", stack.port), 10) as connection:
        connection.sendall(line + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert b"application/problem+json" in answer


def test_an_upload_over_the_limit_is_refused_before_it_is_sent(stack: Stack) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=10)
    connection.putrequest("POST", "/api/incidents")
    connection.putheader("Content-Length", str(30 * 1024 * 1024))
    connection.endheaders()
    connection.send(b"{")
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["code"]) == (413, "too_large")


@pytest.mark.parametrize(("path", "length", "code"), [
    ("/account/login/", 70_000, 413), ("/hen", 70_000, 413), ("/office/issues/", 2_000_000, 413),
    ("/office/households/import", 24_000_000, 413)])
def test_what_anybody_may_send_is_short(stack: Stack, path: str, length: int, code: int) -> None:
    """A long upload needs a session: without one it is refused by its announcement, and nothing of it is kept."""
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=10)
    connection.putrequest("POST", path)
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    connection.send(b"a=" + b"b" * 1000)
    assert connection.getresponse().status == code


def test_while_the_office_is_killed_desk_and_presses_go_on(stack: Stack) -> None:
    stack.kill("web")
    assert stack.press()[0] == 201
    assert stack.call("GET", "/api/me", token=stack.token("trucban"))[0] == 200
    answer = get(stack, "/office/")  # kept waiting until it is back
    assert (answer.status, answer.getheader("location")) == (302, "/account/login/?next=/office/")


def test_a_long_body_waits_for_a_killed_office_too(stack: Stack) -> None:
    """It lies in a file by then, and goes whole to the process that comes after."""
    stack.kill("web")
    status, answer = stack.call("POST", "/api/visits", {"note": "x" * 200_000}, stack.token("trucban"))
    assert (status, answer["code"]) == (422, "invalid")
    assert {"note", "dwelling"} & {field["field"].split(".")[-1] for field in answer["fields"]}


def test_while_the_desk_is_killed_it_is_waited_for(stack: Stack) -> None:
    stack.kill("desk")
    assert stack.press()[0] == 201
    assert stack.call("GET", "/api/me", token=stack.token("trucban"))[0] == 200


@pytest.mark.parametrize(("path", "kind"), [
    ("/api/me", b"application/problem+json"), ("/office/", b"text/html; charset=utf-8")])
def test_with_django_away_the_answer_says_whom_to_call(
        tmp_path: Path, path: str, kind: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passing, "RESTART_S", 0.1)
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def job() -> None:
        with socket.socket() as taken:  # bound and not listening: whoever connects is turned away
            taken.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            front = Front(load({"BINHAN_DATA_DIR": str(tmp_path), "BINHAN_WEB_ADDRESS": address,
                                "BINHAN_DESK_ADDRESS": address}))
            async with aiohttp.ClientSession() as front.passing.session:
                scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
                await front(scope, receive, send)
    asyncio.run(job())
    assert sent[0]["status"] == 502
    assert (b"content-type", kind) in sent[0]["headers"]
    assert b"113" in sent[1]["body"]
