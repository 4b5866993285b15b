"""backup and restore: one file that holds everything."""
from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from binhan.run.backup import make_backup
from binhan.run.cli.database import database
from binhan.run.cli.settle import settle
from binhan.run.restore import restore_backup


def register(commands: Any) -> None:
    """Add the commands."""
    backup = commands.add_parser("backup", help="sao lưu vào một tệp / back up into one file")
    backup.add_argument("file", type=Path)
    backup.set_defaults(run=run_backup)
    restore = commands.add_parser("restore", help="phục hồi từ một tệp / restore from one file")
    restore.add_argument("file", type=Path)
    restore.add_argument("--replace", action="store_true", help="thay dữ liệu đang có / replace what is there")
    restore.set_defaults(run=run_restore)


def run_backup(given: argparse.Namespace) -> int:
    """Back up, whether or not the system is running."""
    env = settle(given)
    with database(env):
        done = make_backup(env, given.file)
    print(f"Đã sao lưu vào {given.file}: {done['bytes'] / 1e6:.1f} MB, {done['rows']} dòng nhật ký.")
    return 0


def run_restore(given: argparse.Namespace) -> int:
    """Restore into an empty data directory, or with --replace over the old one."""
    env = settle(given)
    done = restore_backup(env, given.file, given.replace)
    print(f"Đã phục hồi {done['rows']} dòng nhật ký từ {given.file}; chuỗi nhật ký nguyên vẹn.")
    return 0
