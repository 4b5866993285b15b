"""`binhan up` as an operator meets it: ends within seconds, refuses with a sentence, outlives being killed."""
from __future__ import annotations

import os
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

import psutil

from tests.support.stack import Stack


def parts_of(stack: Stack) -> list[psutil.Process]:
    """Every process under `up`."""
    assert stack.process is not None
    return psutil.Process(stack.process.pid).children(recursive=True)


def test_ends_within_five_seconds_and_leaves_nothing(own_stack: Stack) -> None:
    assert own_stack.process is not None
    for sign in (signal.SIGINT, signal.SIGTERM):
        family = parts_of(own_stack)
        assert len(family) >= 6
        began = time.monotonic()
        own_stack.process.send_signal(sign)
        assert own_stack.process.wait(30) == 0
        assert time.monotonic() - began < 8, "5 s, and room for a busy machine"
        assert [p for p in family if p.is_running() and p.status() != psutil.STATUS_ZOMBIE] == []
        assert list((own_stack.folder / "run").glob("*.pid")) == []
        own_stack.start()
    assert own_stack.press()[0] == 201


def test_only_the_processes_it_names_are_killed_and_it_starts_again(own_stack: Stack) -> None:
    """A server's worker that outlives its parent must not keep the port from the next start."""
    _, _, body = own_stack.press()
    assert own_stack.process is not None
    for path in sorted((own_stack.folder / "run").glob("*.pid"), key=lambda p: p.stem != "supervisor"):
        with suppress(ProcessLookupError):  # some end at once by themselves when the supervisor is gone
            os.kill(int(path.read_text()), signal.SIGKILL)
    own_stack.process.wait(10)
    own_stack.start()
    assert own_stack.call("GET", f"/api/incidents/{body['press_id']}", token=own_stack.token("trucban"))[0] == 200
    assert own_stack.press()[0] == 201


def test_a_second_up_is_refused_and_harms_nothing(stack: Stack) -> None:
    database = stack.pid("postgres")
    done = stack.command("up", "--port", "1")
    assert done.returncode == 1
    assert "Already running" in done.stderr
    assert stack.pid("postgres") == database
    assert stack.press()[0] == 201


def test_a_command_under_another_name_of_the_directory_leaves_the_system_alone(stack: Stack, tmp_path: Path) -> None:
    alias = tmp_path / "lối tắt"
    alias.symlink_to(stack.folder)
    database = stack.pid("postgres")
    assert Stack(alias, port=1).command("check").returncode == 0
    assert stack.pid("postgres") == database
    assert stack.press()[0] == 201


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = Stack(tmp_path / "d", port=1).command("up", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_setting_that_is_none_is_said(tmp_path: Path) -> None:
    done = Stack(tmp_path / "d", port=1, extra={"BINHAN_PROT": "1"}).command("check")
    assert done.returncode == 1
    assert "BINHAN_PROT" in done.stderr
    assert "BINHAN_PORT" in done.stderr
