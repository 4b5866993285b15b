"""Raw HTTP: bodies end or are given up, addresses say what they take, and every problem can be written out."""
from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from binhan.kernel.errors import Problem
from binhan.live import http


def refused(act: Any) -> Problem:
    """The refusal."""
    with pytest.raises(Problem) as caught:
        act()
    return caught.value


def problem_sent(problem: Problem) -> tuple[dict[bytes, bytes], Any]:
    """(headers, document) of a problem as it goes out."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)
    asyncio.run(http.answer_problem(send, problem))
    return dict(sent[0]["headers"]), json.loads(sent[1]["body"])


def test_half_a_character_in_a_field_name_is_answered() -> None:
    _, document = problem_sent(http.fields_problem({"\ud800x": "is not a known field"}))
    assert document["fields"] == [{"field": "\ud800x", "error": "is not a known field"}]
    assert "113" in document["detail"]


@pytest.mark.parametrize(("path", "method"), [
    ("press", "POST"), ("position", "GET"), ("position", "POST"), ("desk/events", "GET"), ("desk/rendered", "POST"),
    ("press/x", "GET"), ("press/x/events", "GET"), ("press/x/facts", "POST")])
def test_each_address_takes_its_methods_only(path: str, method: str) -> None:
    http.check_method(path.split("/"), method)
    for other in ("PUT", "OPTIONS", "HEAD", "TRACE", "FOO"):
        problem = refused(lambda other=other: http.check_method(path.split("/"), other))
        assert problem.status == 405
        headers, _ = problem_sent(problem)
        assert method in headers[b"allow"].decode()


@pytest.mark.parametrize("path", ["", "nope", "/press", "press/x/y", "press/x/facts/y", "desk", "position/x"])
def test_elsewhere_there_is_nothing(path: str) -> None:
    assert refused(lambda: http.check_method(path.split("/"), "GET")).status == 404


def test_a_body_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_WITHIN_S", 0.05)

    async def receive() -> Any:
        await asyncio.sleep(0)  # one after the other, and never the last
        return {"type": "http.request", "body": b"", "more_body": True}
    problem = refused(lambda: asyncio.run(http.read_body({"headers": []}, receive, 1000)))
    assert problem.status == 408
    assert "113" in problem.vi


def test_a_stream_that_nobody_reads_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "UNREAD_S", 0.05)

    async def stuck(_: Any) -> None:
        await asyncio.Event().wait()
    with pytest.raises(http.ReaderGone):
        asyncio.run(http.put_chunk(stuck, b": ping\n\n"))
