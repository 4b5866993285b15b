"""Before anything else runs: the database is brought to this version, and given the sample ward if asked. Then it ends."""
from __future__ import annotations

from binhan.run.faults import exit_code
from binhan.site.database import migrate
from binhan.site.environment import load


def main(*arguments: str) -> int:
    """0 when the other parts may start; 1 with a sentence."""
    def job() -> None:
        env = load()
        migrate(env)
        if "demo" in arguments:
            from binhan.demo import ward  # noqa: PLC0415 - a real ward's system never loads it
            ward.load(env)
    return exit_code(job)
