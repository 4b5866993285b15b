"""Signs of life that need no room."""
from __future__ import annotations

import os
import time
from pathlib import Path

from binhan.run import signs


def test_a_sign_grows_old_and_is_renewed_without_a_byte_written(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    signs.leave(tmp_path, "notify")
    path = tmp_path / "run" / "notify.beat"
    assert 0 <= signs.ages(tmp_path)["notify"] < 5
    ago = time.clock_gettime_ns(time.CLOCK_BOOTTIME) - 60_000_000_000
    os.utime(path, ns=(ago, ago))
    assert 59 < signs.ages(tmp_path)["notify"] < 70
    signs.leave(tmp_path, "notify")
    assert signs.ages(tmp_path)["notify"] < 5 and path.stat().st_size == 0


def test_what_was_left_before_the_machine_began_again_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "web.beat").touch()  # its time is the wall's: far later than any since the machine began
    assert signs.ages(tmp_path) == {}
