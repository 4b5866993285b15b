"""An officer sends a file that takes its time. The office answers meanwhile; cancelling ends the reading; when the office
is killed in the middle, nobody reads on, and the page asks for the file again."""
from __future__ import annotations

import re

import psutil
import pytest

from tests.support.officer import Officer
from tests.support.sheets import sheet_of
from tests.support.stack import Stack
from tests.support.waiting import wait_until

pytestmark = pytest.mark.slow
OFFICER = "mattran"


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
