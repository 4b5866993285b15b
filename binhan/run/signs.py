"""Signs of life that need no room: the time of a file without contents. On a full disk nothing can be written into the
database, and whoever still works must not be taken for hung."""
from __future__ import annotations

import os
import time
from pathlib import Path


def _now_ns() -> int:
    """Steady time since the machine began: it is the same for all processes, and nobody can set it."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


def leave(data_dir: Path, name: str) -> None:
    """Part `name` is alive."""
    path = data_dir / "run" / f"{name}.beat"
    at = _now_ns()
    try:
        os.utime(path, ns=(at, at))
    except FileNotFoundError:
        path.touch()
        os.utime(path, ns=(at, at))


def ages(data_dir: Path) -> dict[str, float]:
    """Seconds since the last sign of each part."""
    now = _now_ns()
    return {path.stem: age for path in (data_dir / "run").glob("*.beat")
            if (age := (now - path.stat().st_mtime_ns) / 1e9) >= 0}  # what a machine that was started again left is older
