"""`binhan`, the command: one file per group of commands, each with register(subparsers)."""
from __future__ import annotations

import argparse
from pathlib import Path

from binhan.run.cli import backup, check, imports, init, turfs, up
from binhan.run.faults import exit_code


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top = argparse.ArgumentParser(prog="binhan", description="Bình An: SOS và chăm lo từng hộ cho phường, xã.")
    commands = top.add_subparsers(dest="command", required=True, metavar="LỆNH")
    for group in (up, init, backup, imports, check, turfs):
        group.register(commands)
    for command in set(commands.choices.values()):
        if command.get_default("run") is not None:
            command.add_argument("--data-dir", type=Path, default=None, help="thư mục dữ liệu (mặc định ./.binhan)")
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it did what it was asked, 1 with a sentence when it could not."""
    given = parser().parse_args(arguments)
    return exit_code(lambda: given.run(given))
