"""What an `up` that was killed left behind, and who else holds our port."""
from __future__ import annotations

import os
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

from binhan.run.lock import CannotStart
from binhan.site.environment import Environment

OWN = ("supervisor", "postgres")  # not groups of ours: the database is adopted by its own rules


def end_leftovers(env: Environment) -> None:
    """End the parts of an `up` that was killed: one that outlived it would hold the port and run old code."""
    groups = {int(text) for path in (env.data_dir / "run").glob("*.pid") if path.stem not in OWN
              and (text := path.read_text(encoding="utf-8").strip()).isdigit()}
    marks = (f"BINHAN_DATA_DIR={env.data_dir}\0".encode(), b"BINHAN_WEB_ADDRESS=")  # ours, and a part
    for stat in Path("/proc").glob("[0-9]*/stat") if groups else []:
        try:
            group = int(stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[2])
            if group in groups and group != os.getpgrp() and all(
                    word in (stat.parent / "environ").read_bytes() + b"\0" for word in marks):
                kill_group(group)
        except (OSError, ValueError, IndexError):
            continue  # it ended meanwhile, or is somebody else's


def kill_group(group: int) -> None:
    """kill -9 of a part and of every process that it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def check_port(host: str, port: int) -> None:
    """Raise when another program listens there; a part that was just killed may hold it a moment longer."""
    deadline = time.monotonic() + 3
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        while True:
            try:
                probe.bind((host, port))
                return
            except OSError:
                if time.monotonic() > deadline:
                    raise CannotStart(f"Cổng {port} đang có chương trình khác dùng. Chọn cổng khác: --port N. / Port"
                                      f" {port} is in use; choose another with --port N.") from None
                time.sleep(0.2)


def inner_port(beside: int) -> int:
    """Where a part listens, on this machine only: at that port, or wherever there is room."""
    for port in (beside, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except (OSError, OverflowError):
                continue
            return int(probe.getsockname()[1])
    raise CannotStart("Không còn cổng nào trống. / No free port.")
