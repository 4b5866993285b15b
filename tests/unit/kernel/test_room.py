"""Who is refused first when room runs out."""
from __future__ import annotations

import os
from pathlib import Path

from binhan.kernel.room import FILE_ROOM, POSITION_ROOM, PRESS_ROOM, free_bytes


def test_files_go_before_positions_and_presses_last() -> None:
    assert FILE_ROOM > POSITION_ROOM > PRESS_ROOM > 0


def test_room_is_what_a_program_may_still_write(tmp_path: Path) -> None:
    free = free_bytes(tmp_path)
    whole = os.statvfs(tmp_path)
    assert 0 <= free <= whole.f_blocks * whole.f_frsize
