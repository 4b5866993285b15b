"""The fork server as `up` runs it: all code loaded, and nothing open that a fork would share."""
from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from binhan.run.forks import ForkServer
from binhan.run.forkserver import MODULES
from binhan.run.prctl import PR_SET_CHILD_SUBREAPER, tell_kernel
from binhan.site.environment import Environment
from tests.support.waiting import wait_until


@pytest.fixture
def forks(env: Environment) -> Iterator[ForkServer]:
    """A running one."""
    running = ForkServer({"BINHAN_DATA_DIR": str(env.data_dir), "BINHAN_PORT": str(env.port),
                          "BINHAN_WEB_ADDRESS": "127.0.0.1:9", "PYTHONUNBUFFERED": "1"})
    running.start()
    yield running
    running.stop()
    running.close()
    tell_kernel(PR_SET_CHILD_SUBREAPER, 0)


def forked(forks: ForkServer, log: Path) -> dict[str, Any]:
    """What a part finds in its process."""
    forks.ask("one", "tests.support.parts", ("0",), str(log))
    heard = wait_until(lambda: list(forks.answers()), lambda: f"no answer; ended: {forks.ended()}", every_s=0.02)
    os.waitpid(int(heard[0][1] or 0), 0)
    found: dict[str, Any] = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
    return found


def test_nothing_is_open_before_the_fork(forks: ForkServer, tmp_path: Path) -> None:
    def loaded() -> dict[str, Any] | None:  # it forks between one module and the next
        told = forked(forks, tmp_path / "log")
        return told if set(MODULES) <= set(told["modules"]) else None
    found = wait_until(loaded, "the code is not loaded", every_s=0.1)
    process = Path(f"/proc/{forks.process.pid if forks.process else 0}")
    assert len(list((process / "task").iterdir())) == 1, "no thread would go on in a part"
    links = {os.readlink(fd) for fd in (process / "fd").iterdir() if int(fd.name) > 2}
    assert len(links) == 1, links
    assert links.pop().startswith("socket:"), "only the supervisor's"
    assert found["open"] == ["0", "1", "2"]
    heavy = {"scipy", "pyxform", "openpyxl", "pywebpush", "shapely", "osmium", "fpdf", "PIL", "holidays"}
    assert not heavy & set(found["modules"]), "what takes long to load waits until somebody needs it"
    assert {"django", "granian", "uvloop", "asyncpg", "binhan.site.urls", "binhan.live.app"} <= set(found["modules"])
