"""up, and the workers that it starts."""
from __future__ import annotations

import argparse
import dataclasses
import json
import os
import signal
import threading
import time
from typing import Any

from binhan.run import anchors
from binhan.run.cli.settle import settle
from binhan.run.process import beater
from binhan.run.supervisor import Supervisor, inner_port
from binhan.site.environment import Environment, set_variable
from binhan.site.setup import setup


def register(commands: Any) -> None:
    """Add the commands."""
    up = commands.add_parser("up", help="chạy toàn hệ thống / run everything")
    up.add_argument("--demo", action="store_true", help="kèm phường mẫu / with the sample ward")
    up.add_argument("--port", type=int)
    up.add_argument("--host")
    up.set_defaults(run=run_up)
    clocks = commands.add_parser("_clocks")
    clocks.add_argument("--number", type=int, default=1)
    clocks.set_defaults(run=run_clocks)
    notify = commands.add_parser("_notify")
    notify.set_defaults(run=run_notify)


def run_up(given: argparse.Namespace) -> int:
    """Run until Ctrl-C."""
    env = settle(given)
    for name, value in (("BINHAN_DATA_DIR", str(env.data_dir)), ("BINHAN_PORT", str(env.port))):
        set_variable(name, value)  # the parts get them by name
    if not {"BINHAN_WEB_ADDRESS", "BINHAN_WEB_ADDRESS_FILE"} & set(os.environ):
        env = dataclasses.replace(env, web_address=f"127.0.0.1:{inner_port(env.port)}")
    set_variable("BINHAN_WEB_ADDRESS", env.web_address)
    keeper = Supervisor(env)
    keeper.take_lock()
    (env.data_dir / "run").mkdir(exist_ok=True)
    (env.data_dir / "run" / "supervisor.pid").write_text(f"{os.getpid()}\n", encoding="utf-8")
    (env.data_dir / "run" / "port").write_text(f"{env.port}\n", encoding="utf-8")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        keeper.start_database()
        setup()
        from binhan.site.database import migrate  # noqa: PLC0415 - Django is set up only now
        migrate(env)
        if given.demo:
            from binhan.demo.ward import load as load_demo  # noqa: PLC0415 - as above
            load_demo(env)
        from django.db import connections  # noqa: PLC0415 - as above
        connections.close_all()
        keeper.plan()
        for child in keeper.children:
            keeper.start(child)
        if given.demo:
            _start_demo_patrols(keeper)
        threading.Thread(target=_announce, args=(env, given.demo), daemon=True).start()
        threading.Thread(target=anchors.keep_on, args=(env, threading.Event()), daemon=True).start()
        keeper.watch()
    except KeyboardInterrupt:
        pass
    finally:
        keeper.stop()
        (env.data_dir / "run" / "port").unlink(missing_ok=True)
        print("Bình An đã dừng. / Stopped.")
    return 0


def _start_demo_patrols(keeper: Supervisor) -> None:
    """The sample patrols drive through the real door: POST /live/position."""
    import sys  # noqa: PLC0415 - used here only

    from binhan.run.supervisor import Child  # noqa: PLC0415 - kept beside its only use
    child = Child("demo-patrols", [sys.executable, "-W", "ignore", "-m", "binhan.demo.patrols"])
    keeper.children.append(child)
    keeper.start(child)


def _announce(env: Environment, demo: bool) -> None:
    """Say where everything is, once it answers."""
    import urllib.error  # noqa: PLC0415 - used here only
    import urllib.request  # noqa: PLC0415 - used here only
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{env.port}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    break
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.2)
    else:
        print(f"Chưa sẵn sàng sau 60 giây; xem {env.data_dir / 'logs'}")
        return
    base = env.public_url
    print(f"""
Bình An đang chạy / is running – Ctrl-C để dừng
  SOS (người dân)      {base}/sos
  Bàn trực (phường)    {base}/desk
  Tuần tra             {base}/patrol
  Đi từng nhà          {base}/field
  Văn phòng, quản trị  {base}/office/
  Dữ liệu              {env.data_dir}""", flush=True)
    logins = env.data_dir / "demo-logins.json"
    if demo and logins.exists():
        print("Đăng nhập mẫu / demo logins (dữ liệu mẫu, không dùng thật):")
        for row in json.loads(logins.read_text(encoding="utf-8")):
            print(f"  {row['login']:<14} {row['password']:<16} {row['role']:<14} {row['ward_code']}")
    print(flush=True)


def _stop_event() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def run_clocks(given: argparse.Namespace) -> int:
    """One sweeper."""
    settle(given)
    setup()
    from binhan.commons.clocks.tasks import run  # noqa: PLC0415 - Django is set up only now
    from binhan.commons.context import clock_actions, sweeps  # noqa: PLC0415 - as above
    run(_stop_event(), beater(f"clocks-{given.number}"), sweeps(), clock_actions(), leads=given.number == 1)
    return 0


def run_notify(given: argparse.Namespace) -> int:
    """The carrier of messages."""
    settle(given)
    setup()
    from binhan.commons.notify.tasks import run  # noqa: PLC0415 - Django is set up only now
    run(_stop_event(), beater("notify"))
    return 0
