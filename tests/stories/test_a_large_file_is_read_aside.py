"""An officer sends a file that takes its time. The office answers meanwhile; cancelling ends the reading; when the office
is killed in the middle, nobody reads on, and the page asks for the file again."""
from __future__ import annotations

import http.cookiejar
import re
import urllib.request
from urllib.error import HTTPError
from urllib.parse import urlencode

import psutil
import pytest

from tests.support.sheets import sheet_of
from tests.support.stack import Stack
from tests.support.waiting import wait_until

pytestmark = pytest.mark.slow
OFFICER = "mattran"


class Officer:
    """A browser that is signed in."""

    def __init__(self, stack: Stack, name: str) -> None:
        self.stack = stack
        self.jar = http.cookiejar.CookieJar()
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar)).open
        self.get("/account/login/")
        self.post("/account/login/", {"login": name, "password": stack.login(name)["password"]})

    def get(self, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, str, str]:
        """(status, text, address) of a page."""
        headers = {"Content-Type": kind, "Referer": self.stack.base + path} if kind else {}
        try:
            with self.open(urllib.request.Request(self.stack.base + path, body, headers), timeout=60) as answer:
                return answer.status, answer.read().decode(), answer.url
        except HTTPError as error:
            return error.code, error.read().decode(), error.url or ""

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str, str]:
        """What a form gives."""
        return self.get(path, urlencode({**fields, "csrfmiddlewaretoken": self._csrf()}).encode(),
                        "application/x-www-form-urlencoded")

    def send(self, path: str, name: str, content: bytes) -> tuple[int, str, str]:
        """A form with a file."""
        head = (f'--B\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{self._csrf()}\r\n--B\r\n'
                f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n').encode()
        return self.get(path, head + content + b"\r\n--B--\r\n", "multipart/form-data; boundary=B")

    def _csrf(self) -> str:
        return next((cookie.value or "" for cookie in self.jar if cookie.name == "csrftoken"), "")


def slow() -> bytes:
    """Formatted cells with nothing in them: few bytes, no limit but that on time."""
    row = b"<row>" + b'<c s="1"/>' * 10_000 + b"</row>"
    return sheet_of(b'<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>' + row * 1200)


def readers(stack: Stack) -> list[psutil.Process]:
    """The processes that read a file for the office."""
    family = psutil.Process(stack.pid("web")).children(recursive=True)
    return [p for p in family if "binhan.commons.sandbox.child" in " ".join(p.cmdline())]


def gone(found: list[psutil.Process]) -> bool:
    """Whether none of them runs any more."""
    return not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in found)


def test_a_large_file_is_read_aside(own_stack: Stack) -> None:
    officer, body = Officer(own_stack, OFFICER), slow()
    status, text, url = officer.send("/office/households/import", "to.xlsx", body)
    assert status == 200 and "Đang đọc tệp" in text, text[-3000:]
    found = readers(own_stack)
    assert len(found) == 1
    assert own_stack.call("GET", "/readyz")[0] == 200 and officer.get("/office/households/")[0] == 200
    path = re.sub(r"^http://[^/]*", "", url)
    assert "Đã bỏ tệp" in officer.post(path, {"verb": "drop"})[1]
    wait_until(lambda: gone(found), "cancelled, it reads on")

    _, text, url = officer.send("/office/households/import", "to.xlsx", body)
    path = re.sub(r"^http://[^/]*", "", url)
    assert "Đang đọc tệp" in text
    found = readers(own_stack)
    psutil.Process(own_stack.pid("web")).kill()
    wait_until(lambda: gone(found), "nobody waits for it, and it reads on")
    own_stack.wait_ready()
    wait_until(lambda: "Hãy chọn lại tệp" in officer.get(path)[1], "the page still waits")
