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


def fill(disk: Path, left: int) -> None:
    """All but so many bytes of it are taken."""
    room = os.statvfs(disk)
    with (disk / "filler").open("ab") as filler:
        filler.write(b"\0" * max(0, room.f_bavail * room.f_frsize - left))


def position(stack: Stack, status: int) -> Any:
    """A fix of a patrol, once it is answered so."""
    body = {"_type": "location", "lat": 11.09, "lon": 106.8, "tst": 1}
    answered = stack.call("POST", "/live/position?token=none", body)
    return answered if answered[0] == status else None


def test_files_go_first_then_positions_and_presses_last(small_disk: Path) -> None:
    stack = Stack(small_disk / "d", lacks=frozenset({"disk"})).start()
    try:
        fill(small_disk, 200_000_000)
        status, problem = wait_until(lambda: position(stack, 507), "it does not see that there is little room")
        assert (status, problem["code"]) == (507, "disk_low")
        assert stack.press()[0] == 201
        ready = stack.call("GET", "/readyz")
        assert (ready[0], ready[1]["parts"]["disk"], ready[1]["parts"]["disk_free_mb"] < 200) == (503, False, True)
        checked = stack.command("check")
        assert (checked.returncode, "Make room" in checked.stdout) == (1, True)
    finally:
        stack.stop()


def test_it_starts_on_a_full_disk_far_enough_to_say_so(small_disk: Path) -> None:
    stack = Stack(small_disk / "d", lacks=frozenset({"disk"})).start()
    try:
        kept = stack.press()[2]["press_id"]
        fill(small_disk, 2_000_000)
        stack.kill_everything()
        fill(small_disk, 0)
        stack.launch()
        wait_until(lambda: "The disk is full" in stack.output(), "it does not say so", 60)
        (small_disk / "filler").unlink()
        stack.wait_ready()
        assert wait_until(lambda: no_longer(stack, 507), "it does not see the room")[0] == 201
        assert count_of(stack, [kept]) == (1, 1)
    finally:
        stack.stop()


def test_refused_whole_then_goes_on(small_disk: Path) -> None:
    stack = Stack(small_disk / "d", lacks=frozenset({"disk"})).start()
    try:
        kept = stack.press()[2]["press_id"]
        fill(small_disk, 20_000_000)
        status, problem, body = wait_until(lambda: no_longer(stack, 201), "it still finds room")
        assert (status, problem["code"]) == (507, "disk_full")
        assert "113" in problem["detail"]
        assert count_of(stack, [body["press_id"]]) == (0, 0)
        (small_disk / "filler").unlink()
        assert wait_until(lambda: no_longer(stack, 507), "it does not see the room")[0] == 201
        assert count_of(stack, [kept]) == (1, 1)
    finally:
        stack.stop()
