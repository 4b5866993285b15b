"""Telling systemd how we are (sd_notify(3)): ready, alive, stopping. Without systemd nobody is told."""
from __future__ import annotations

import os
import socket
from contextlib import suppress


def tell_systemd(state: str) -> None:
    """One state, for example "READY=1"."""
    where = os.environ.get("NOTIFY_SOCKET", "")
    if where:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
            line.sendto(state.encode(), "\0" + where[1:] if where.startswith("@") else where)
