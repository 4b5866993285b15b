"""Who works on a data directory: `up` for as long as it runs, or one command for a while."""
from __future__ import annotations

import fcntl
import time
from pathlib import Path
from typing import IO

UP, COMMAND = "up", "command"


class CannotStart(Exception):
    """Something outside is in the way; the message says what to do."""


class Held(CannotStart):
    """Somebody else works on this data directory; `holder` says who."""

    def __init__(self, data_dir: Path, holder: str) -> None:
        super().__init__(f"Bình An đang chạy trên {data_dir}. Dừng nó trước. / Already running on this data directory;"
                         " stop it first." if holder == UP else
                         f"Một lệnh binhan khác đang dùng {data_dir}. / Another command is working on this directory.")
        self.holder = holder


def take(data_dir: Path, role: str, patience_s: float) -> IO[str]:
    """The directory's lock, kept until the file is closed. A command that holds it is waited for; `up` is not."""
    data_dir.mkdir(parents=True, exist_ok=True)
    file = (data_dir / "up.lock").open("a+", encoding="utf-8")
    deadline = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or UP
            if holder == UP or time.monotonic() > deadline:
                file.close()
                raise Held(data_dir, holder) from None
            time.sleep(0.1)
        else:
            file.truncate(0)
            file.write(role)
            file.flush()
            return file
