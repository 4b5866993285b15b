"""How much room is left where the data lies, and who is refused first when there is little: files, then positions, and
presses last of all."""
from __future__ import annotations

import os
from pathlib import Path

MB = 2**20
FILE_ROOM = 1024 * MB  # below it no file is taken: photos and voice stay on the phones, which send them later
POSITION_ROOM = 300 * MB  # below it no position: the desk sees where units were, and goes on
PRESS_ROOM = 48 * MB  # three log segments of PostgreSQL, which ends when its log cannot grow


def free_bytes(folder: Path) -> int:
    """What a program may still write there."""
    room = os.statvfs(folder)
    return room.f_bavail * room.f_frsize
