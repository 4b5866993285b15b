"""Work in a process of its own: its answer comes back, and whatever it does otherwise ends it and nothing else."""
from __future__ import annotations

import ast
import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from binhan.commons.sandbox import parent
from binhan.commons.sandbox.parent import run
from binhan.commons.sandbox.rules import ANSWER, END, PIECE_MAX, PROGRESS, Ended, Heard, Limits, Work, frame
from tests.support.waiting import wait_until

HERE = "tests.unit.commons.sandbox.labour"
LIMITS = Limits(cpu_s=10, wall_s=20, memory=512 << 20, answer=4 << 20)


def work(name: str, **limits: float) -> Work:
    return Work(f"{HERE}:{name}", replace(LIMITS, **limits), {"word": "Ấp"})  # type: ignore[arg-type]


def why(name: str, **limits: float) -> str:
    with pytest.raises(Ended) as ended:
        run(work(name, **limits), b"")
    return ended.value.why


def test_the_answer_comes_back() -> None:
    body = os.urandom(3 << 20)
    heard: list[int] = []
    assert run(work("echo"), body, lambda n: heard.append(n) is None) == body + "Ấp".encode()


def test_it_is_given_nothing_but_the_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINHAN_SECRET_KEY", "secret")
    with open(os.devnull, "rb") as inherited:
        os.set_inheritable(inherited.fileno(), True)
        names, files, modules = ast.literal_eval(run(work("surroundings"), b"").decode())
    assert not [n for n in names if n.startswith(("BINHAN", "DJANGO"))]
    assert len(files) <= 6 and modules == []  # three streams, the answer's, the listing's own


def test_one_without_end_is_ended() -> None:
    began = time.monotonic()
    assert why("forever", cpu_s=1) == "time"
    assert why("asleep", wall_s=1.0) == "time"
    assert time.monotonic() - began < 15


def test_one_that_eats_memory_is_ended_and_says_so() -> None:
    assert why("greedy", memory=200 << 20) == "memory"


def test_one_that_says_too_much_breaks_or_is_gone() -> None:
    assert [why(name) for name in ("long", "faulty", "abrupt", "missing")] == ["broken"] * 4


def test_where_the_machine_has_no_room_it_is_not_the_files_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    assert why("killed") == "busy"
    monkeypatch.setattr(parent, "COMMAND", ["/nonexistent"])
    assert why("echo") == "busy"


def test_what_broke_is_told_without_what_was_read(caplog: pytest.LogCaptureFixture) -> None:
    assert why("faulty") == "broken"
    assert "ValueError at labour.py:" in caplog.text and "Mật" not in caplog.text


def test_stopped_it_is_gone() -> None:
    pids: list[int] = []

    def go_on(progress: int) -> bool:
        pids.append(progress)
        return not progress
    began = time.monotonic()
    with pytest.raises(Ended, match="stopped"):
        run(work("asleep"), b"", go_on)
    assert time.monotonic() - began < 10
    assert not os.path.exists(f"/proc/{pids[-1]}")


def test_it_ends_with_whoever_asked() -> None:
    """The asking process is killed, and cannot put anything away."""
    code = ("import os\nfrom binhan.commons.sandbox.parent import run\n"
            "from tests.unit.commons.sandbox.test_sandbox import work\n"
            "run(work('asleep'), b'', lambda n: not n or print(n, flush=True) or os.kill(os.getpid(), 9))")
    asking = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=parent.ROOT, check=False,
                            timeout=60)
    assert asking.returncode == -9
    wait_until(lambda: not os.path.exists(f"/proc/{asking.stdout.strip()}"), "it has outlived whoever asked")


def test_nothing_that_it_says_is_believed_unbounded() -> None:
    heard = Heard(most=10)
    for byte in frame(PROGRESS, b"12") + frame(ANSWER, b"12345") + frame(END):
        heard.feed(bytes([byte]))
    assert (heard.progress, heard.outcome(0)) == (12, b"12345")
    for wrong in (frame(ANSWER, bytes(11)), frame(PROGRESS, b"-1"), frame(b"?"), frame(END) + frame(END),
                  b"A" + (PIECE_MAX + 1).to_bytes(4, "big")):
        with pytest.raises(Ended, match="broken"):
            Heard(most=10).feed(wrong)
    with pytest.raises(Ended, match="broken"):
        Heard(most=10).outcome(0)
