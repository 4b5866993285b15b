"""The phone loses the network between press and answer and tries again: one incident, the same answer."""
from __future__ import annotations

import json
import socket

from tests.support.burst import count_of
from tests.support.stack import Stack


def test_one_incident(stack: Stack) -> None:
    _, _, body = stack.press(note="mất mạng")
    raw = json.dumps({**body, "press_id": body["press_id"]}).encode()
    for _ in range(3):  # sent, and the line cut before the answer
        with socket.create_connection(("127.0.0.1", stack.port)) as line:
            line.sendall(b"POST /live/press HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                         b"Content-Length: %d\r\n\r\n" % len(raw) + raw)
    first = stack.call("POST", "/live/press", body)
    second = stack.call("POST", "/live/press", body)
    assert first[0] == second[0] == 200
    assert first[1] == second[1]
    assert count_of(stack, [body["press_id"]]) == (1, 1)


def test_the_same_id_with_other_words_is_refused(stack: Stack) -> None:
    _, _, body = stack.press()
    status, problem = stack.call("POST", "/live/press", {**body, "note": "khác"})
    assert (status, problem["code"]) == (409, "press_id_reused")
