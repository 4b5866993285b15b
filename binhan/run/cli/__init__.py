"""`binhan`, the command: one file per group of commands, each with register(subparsers)."""
from __future__ import annotations

import argparse
import sys
from pathlib import Path

import psycopg

from binhan.kernel.errors import Problem
from binhan.run.cli import backup, check, imports, init, turfs, up
from binhan.run.lock import CannotStart
from binhan.site.environment import EnvironmentProblem


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
    try:
        return int(given.run(given) or 0)
    except (EnvironmentProblem, CannotStart) as error:
        print(error, file=sys.stderr)
    except OSError as error:  # a full disk, a folder without rights, a file that is not there
        print(f"{error.filename or ''}: {error.strerror or error}".removeprefix(": "), file=sys.stderr)
    except psycopg.Error as error:  # a server that goes away in the middle, a right that is missing
        print(f"PostgreSQL: {str(error).strip()}", file=sys.stderr)
    except Problem as problem:
        print(f"{problem.vi} / {problem.en}", file=sys.stderr)
    return 1
