"""Somebody of the ward at the office pages: signs in by the form, keeps the session, fills in and sends."""
from __future__ import annotations

import http.cookiejar
import urllib.request
from urllib.error import HTTPError
from urllib.parse import urlencode

from tests.support.stack import Stack


class Officer:
    """A browser that is signed in."""

    def __init__(self, stack: Stack, name: str, goes_to: str = "/office/", patience_s: float = 60) -> None:
        self.stack, self.patience_s = stack, patience_s
        self.jar = http.cookiejar.CookieJar()
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar)).open
        self.get("/account/login/")
        self.post(f"/account/login/?next={goes_to}", {"login": name, "password": stack.login(name)["password"]})

    def get(self, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, str, str]:
        """(status, text, address) of a page."""
        headers = {"Content-Type": kind, "Referer": self.stack.base + path} if kind else {}
        try:
            asked = urllib.request.Request(self.stack.base + path, body, headers)
            with self.open(asked, timeout=self.patience_s) as answer:
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
