"""Before anything else runs: the database is brought to this version, and given the sample ward if asked. Then it ends."""
from __future__ import annotations

from binhan.kernel.room import PRESS_ROOM, free_bytes
from binhan.run.faults import exit_code
from binhan.site.database import is_of_this_version, migrate
from binhan.site.environment import load


def main(*arguments: str) -> int:
    """0 when the other parts may start; 1 with a sentence."""
    def job() -> None:
        env = load()
        if free_bytes(env.data_dir) < PRESS_ROOM and is_of_this_version(env):
            print("Đĩa đã đầy: vẫn khởi động, nhưng tin SOS bị từ chối tới khi có chỗ. Hãy dọn đĩa ngay. / The disk is"
                  " full: started all the same, but SOS is refused until there is room. Make room now.", flush=True)
            return  # bringing it up to date would need room
        migrate(env)
        if "demo" in arguments:
            from binhan.demo import ward  # noqa: PLC0415 - a real ward's system never loads it
            ward.load(env)
    return exit_code(job)
