"""Looking after it: verify-journal, check, probe, bench."""
from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from typing import Any

from binhan.kernel.ids import new_id
from binhan.kernel.room import FILE_ROOM, MB, free_bytes
from binhan.run import anchors
from binhan.run.cli.database import database
from binhan.run.cli.settle import settle
from binhan.run.postgres import EmptyDatabase
from binhan.site.environment import Environment
from binhan.site.setup import setup


def register(commands: Any) -> None:
    """Add the commands."""
    verify = commands.add_parser("verify-journal", help="kiểm tra chuỗi nhật ký / check the journal's hash chain")
    verify.add_argument("--json", action="store_true")
    verify.add_argument("--anchor-anew", action="store_true", help="nhật ký đã được đối chiếu với bản sao: ghi lại điểm neo"
                        " / the journal was compared with a copy: begin its anchors anew")
    verify.set_defaults(run=run_verify)
    check = commands.add_parser("check", help="kiểm tra cài đặt / check the installation")
    check.set_defaults(run=run_check)
    probe = commands.add_parser("probe", help="bấm thử SOS diễn tập và đo / press a drill SOS and time it")
    probe.add_argument("--url", default=None)
    probe.set_defaults(run=run_probe)
    bench = commands.add_parser("bench", help="đo hiệu năng (cần mã nguồn) / measure (needs the source tree)")
    bench.set_defaults(run=lambda _given: subprocess.call([sys.executable, "-m", "bench"]))


def run_verify(given: argparse.Namespace) -> int:
    """Recompute every hash as the owner, who sees every ward; 1 and the rows at fault if any, anchors among them."""
    env = settle(given)
    with database(env):
        import psycopg  # noqa: PLC0415 - the command line starts faster without it

        from binhan.commons.journal.verify import Tally, verify  # noqa: PLC0415 - as above
        tally, kept = Tally(), anchors.read(env)  # before the snapshot: `up` moves them on meanwhile
        with psycopg.connect(env.owner_dsn) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ  # heads and rows of one moment
            if connection.execute("SELECT to_regclass('journal_entry')").fetchone() == (None,):
                raise EmptyDatabase
            findings = verify(connection, tally, kept.anchors if kept else {})
            if not findings and not given.anchor_anew:
                findings = anchors.doubts(kept, connection)
            if not findings:
                with suppress(OSError):  # a folder that cannot be written to is no reason to withhold the result
                    anchors.keep(env, connection, given.anchor_anew)
    if given.json:
        print(json.dumps({"wards": tally.wards, "rows": tally.rows, "findings": [
            {"ward_id": f.ward_id, "seq": f.seq, "fault": f.fault} for f in findings]}, ensure_ascii=False))
    else:
        for finding in findings[:200]:
            print(finding)
        print(f"{tally.rows} dòng, {tally.wards} phường: " + (f"{len(findings)} LỖI" if findings else "nguyên vẹn"))
    return 1 if findings else 0


def run_check(given: argparse.Namespace) -> int:
    """Django's own checks, the wards served, and whether the screens are built."""
    env = settle(given)
    setup()
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up only now

    from binhan.site.database import ensure_migrated  # noqa: PLC0415 - as above
    call_command("check")
    with database(env):
        ensure_migrated(env)
        from binhan.commons.access.scope import served_wards  # noqa: PLC0415 - as above
        wards = served_wards()
    from binhan.run.front import PACKAGED_WEB, WEB  # noqa: PLC0415 - as above
    built = (WEB if WEB.is_dir() else PACKAGED_WEB).is_dir()
    print(f"Phường đang phục vụ: {', '.join(f'{w:05d}' for w in wards) or 'chưa có (binhan init --ward MÃ)'}")
    print(f"Màn hình: {'đã dựng' if built else 'chưa dựng (make setup)'}")
    room = free_bytes(env.data_dir) // MB
    print(f"Chỗ trống trên đĩa: {room} MB" + ("" if room >= FILE_ROOM // MB else
          " – ÍT: ảnh, ghi âm đã bị từ chối; rồi tới vị trí, sau cùng là tin SOS. Hãy dọn đĩa. / LOW: files are refused"
          " already, then positions, SOS last of all. Make room."))
    return 0 if wards and built and room >= FILE_ROOM // MB else 1


def _port_of_up(env: Environment) -> int:
    """Where the `up` of this data directory listens; where one would listen when none runs."""
    try:
        return int((env.data_dir / "run" / "port").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return env.port


def run_probe(given: argparse.Namespace) -> int:
    """A press marked as a drill, through the public door; prints how long storing took."""
    env = settle(given)
    base = (given.url or f"http://127.0.0.1:{_port_of_up(env)}").rstrip("/")
    body = json.dumps({"press_id": str(new_id()), "at": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()),
                       "drill": True, "note": "probe"}).encode()
    began = time.perf_counter()
    request = urllib.request.Request(f"{base}/live/press", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:
            stored = json.load(answer)
    except (urllib.error.URLError, OSError, ValueError) as error:
        print(f"KHÔNG bấm được SOS qua {base}: {error} / SOS could NOT be pressed.", file=sys.stderr)
        return 1
    print(f"Đã lưu trong {(time.perf_counter() - began) * 1000:.0f} ms tại {stored['ward_name']}: {stored['incident_id']}")
    return 0
