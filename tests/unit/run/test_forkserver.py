"""The fork server's promises: parts share what is loaded, are their supervisor's children, outlive the fork server and
not the supervisor, and are never running without the supervisor knowing."""
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from binhan.run.forks import ForkServer
from binhan.run.prctl import PR_SET_CHILD_SUBREAPER, tell_kernel
from tests.support.waiting import wait_until

PARTS = "tests.support.parts"
SERVE = ("import os, socket, sys; from binhan.run.forkserver import serve; modules = tuple(sys.argv[1:-1]);"
         " part = serve(socket.socket(fileno=int(sys.argv[-1])), os.getppid(), modules, os.environ['ALONE'].split());"
         " sys.exit(part and part())")


def until(what: Callable[[], Any], patience_s: float = 20) -> Any:
    """What becomes true, or the last falsehood's end."""
    return wait_until(what, "it never came", patience_s, every_s=0.01)


def server(*modules: str, alone: str = "") -> ForkServer:
    """A fork server that loads these modules, and no Django."""
    forks = ForkServer({"ALONE": alone}, [sys.executable, "-c", SERVE, *modules])
    forks.start()
    return forks


@pytest.fixture
def forks() -> Iterator[ForkServer]:
    """A running one; whatever it forked is ended and buried afterwards."""
    others = psutil.Process().children()
    running = server(PARTS)
    yield running
    running.stop()
    running.close()
    for child in set(psutil.Process().children()) - set(others):
        child.kill()
        os.waitpid(child.pid, 0)
    tell_kernel(PR_SET_CHILD_SUBREAPER, 0)


def pid_of(forks: ForkServer, name: str) -> int:
    """The number that is answered for a part."""
    def heard() -> int | None:
        return next((pid for told, pid in forks.answers() if told == name), None)
    return int(until(heard))


def said(log: Path) -> dict[str, Any]:
    """What the part found in its process."""
    until(lambda: log.is_file() and log.read_text(encoding="utf-8").endswith("\n"))
    found: dict[str, Any] = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
    return found


def gone(pid: int) -> bool:
    """True once no such process runs."""
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_part_is_ours_alone_and_finds_everything_loaded(forks: ForkServer, tmp_path: Path) -> None:
    assert forks.process is not None
    forks.ask("one", PARTS, ("7", "x"), str(tmp_path / "one.log"))
    pid = pid_of(forks, "one")
    found = said(tmp_path / "one.log")
    assert (found["pid"], found["parent"], found["session"]) == (pid, os.getpid(), pid)
    assert found["loaded_by"] == forks.process.pid, "loaded before the fork"
    assert found["arguments"] == ["7", "x"]
    assert found["signals"] == [True, True]
    assert found["open"] == ["0", "1", "2"], "nothing of the fork server's is open in it"
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7


def test_two_parts_share_no_chance(forks: ForkServer, tmp_path: Path) -> None:
    for name in ("one", "two"):
        forks.ask(name, PARTS, (), str(tmp_path / name))
    assert said(tmp_path / "one")["dice"] != said(tmp_path / "two")["dice"]


def test_a_part_is_forked_as_soon_as_its_own_code_is_loaded(tmp_path: Path) -> None:
    forks = server("colorsys", PARTS, "no_such_module")  # the last cannot be loaded
    forks.ask("one", PARTS, (), str(tmp_path / "one"))
    assert pid_of(forks, "one")
    assert "colorsys" in said(tmp_path / "one")["modules"], "in the order that was given"
    until(forks.ended)
    assert forks.process is not None
    assert forks.process.returncode == 1
    tell_kernel(PR_SET_CHILD_SUBREAPER, 0)


def test_what_needs_nothing_else_does_not_wait_for_it(tmp_path: Path) -> None:
    forks = server("colorsys", "no_such_module", PARTS, alone=PARTS)
    forks.ask("one", PARTS, (), str(tmp_path / "one"))
    assert pid_of(forks, "one")
    assert "colorsys" not in said(tmp_path / "one")["modules"]
    until(forks.ended)
    forks.close()
    tell_kernel(PR_SET_CHILD_SUBREAPER, 0)


def test_a_part_outlives_the_fork_server_and_the_next_one_goes_on(forks: ForkServer, tmp_path: Path) -> None:
    assert forks.process is not None
    forks.ask("one", PARTS, ("stay",), str(tmp_path / "one"))
    pid = pid_of(forks, "one")
    forks.process.kill()
    until(forks.ended)
    assert list(forks.answers()) == []
    assert not forks.ask("two", PARTS), "nobody hears it"
    forks.start()
    forks.ask("two", PARTS, ("stay",), str(tmp_path / "two"))
    assert pid_of(forks, "two") != pid
    assert not gone(pid)
    os.kill(pid, signal.SIGTERM)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGTERM


def test_what_was_answered_before_it_died_is_heard(forks: ForkServer, tmp_path: Path) -> None:
    assert forks.process is not None
    forks.ask("one", PARTS, ("stay",), str(tmp_path / "one"))
    said(tmp_path / "one")
    os.kill(forks.process.pid, signal.SIGSTOP)
    forks.ask("two", PARTS, ("stay",))  # it dies with this unread
    forks.stop()
    (name, pid), = forks.answers()
    assert (name, gone(int(pid or 0))) == ("one", False)


def test_a_part_that_nobody_could_be_told_of_never_runs(forks: ForkServer, tmp_path: Path) -> None:
    assert forks.process is not None
    others = psutil.Process().children()
    os.kill(forks.process.pid, signal.SIGSTOP)
    forks.ask("one", PARTS, ("stay",), str(tmp_path / "one"))
    forks.close()
    os.kill(forks.process.pid, signal.SIGCONT)
    until(forks.ended)
    until(lambda: all(gone(child.pid) for child in set(psutil.Process().children()) - set(others)))
    assert not (tmp_path / "one").exists()


def test_without_its_supervisor_nothing_goes_on(tmp_path: Path) -> None:
    """kill -9 of whoever asked: the part and the fork server end."""
    code = ("import signal, sys; from tests.unit.run.test_forkserver import *; forks = server(PARTS);"
            " forks.ask('one', PARTS, ('stay',), sys.argv[1]); print(forks.process.pid, pid_of(forks, 'one'), flush=True);"
            " signal.pause()")
    command = [sys.executable, "-W", "ignore", "-c", code, str(tmp_path / "one")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        pids = [int(pid) for pid in supervisor.stdout.readline().split()]
        assert len(pids) == 2
        assert not any(map(gone, pids))
        supervisor.kill()
    until(lambda: all(map(gone, pids)))
