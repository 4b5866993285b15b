"""The disk fills up: a press is refused with a clear word and nothing half-written; with room again it goes on."""
from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.burst import count_of
from tests.support.stack import Stack
from tests.support.waiting import wait_until


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 500 MB."""
    folder = Path(tempfile.mkdtemp(prefix="binhan-disk-"))
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=500m", "tmpfs", folder],
                                           check=False, capture_output=True).returncode:
        pytest.skip("a small disk can only be mounted as root")
    yield folder
    subprocess.run(["umount", "-l", folder], check=False)
    shutil.rmtree(folder, ignore_errors=True)


def no_longer(stack: Stack, status: int) -> tuple[int, Any, dict[str, Any]] | None:
    """A press, once it is answered otherwise than that."""
    answered = stack.press()
    return answered if answered[0] != status else None


def test_refused_whole_then_goes_on(small_disk: Path) -> None:
    stack = Stack(small_disk / "d", lacks=frozenset({"disk"})).start()
    try:
        kept = stack.press()[2]["press_id"]
        room = os.statvfs(small_disk)
        with (small_disk / "filler").open("wb") as filler:
            filler.write(b"\0" * max(0, room.f_bavail * room.f_frsize - 20_000_000))
        status, problem, body = wait_until(lambda: no_longer(stack, 201), "it still finds room")
        assert (status, problem["code"]) == (507, "disk_full")
        assert "113" in problem["detail"]
        assert count_of(stack, [body["press_id"]]) == (0, 0)
        (small_disk / "filler").unlink()
        assert wait_until(lambda: no_longer(stack, 507), "it does not see the room")[0] == 201
        assert count_of(stack, [kept]) == (1, 1)
    finally:
        stack.stop()
