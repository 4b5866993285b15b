"""Starting things: up, init, demo, createadmin, and the workers that `up` starts."""
from __future__ import annotations

import argparse
import dataclasses
import json
import os
import secrets
import signal
import threading
import time
from typing import Any

from binhan.site import anchors
from binhan.site.environment import Environment, load, set_variable
from binhan.site.process import beater, database, setup
from binhan.site.supervisor import Supervisor, inner_port


def register(commands: Any) -> None:
    """Add the commands."""
    up = commands.add_parser("up", help="chạy toàn hệ thống / run everything")
    up.add_argument("--demo", action="store_true", help="kèm phường mẫu / with the sample ward")
    up.add_argument("--port", type=int)
    up.add_argument("--host")
    up.set_defaults(run=run_up)
    init = commands.add_parser("init", help="bắt đầu phục vụ phường, xã / begin to serve wards")
    init.add_argument("--ward", action="append", required=True, metavar="MÃ", help="mã quốc gia 5 số, lặp lại được")
    init.add_argument("--admin", default="quantri", help="tên đăng nhập của quản trị đầu tiên")
    init.set_defaults(run=run_init)
    demo = commands.add_parser("demo", help="nạp hoặc gỡ dữ liệu mẫu / sample data")
    demo.add_argument("what", choices=["load", "unload"])
    demo.add_argument("--households", type=int, default=0, metavar="SỐ", help="thêm sổ hộ mẫu với số hộ này")
    demo.add_argument("--seed", type=int, default=1, metavar="SỐ", help="số khác cho sổ hộ mẫu khác")
    demo.set_defaults(run=run_demo)
    migrate = commands.add_parser("migrate", help="đưa cơ sở dữ liệu lên bản này / bring the database up to date")
    migrate.set_defaults(run=run_migrate)
    clocks = commands.add_parser("_clocks")
    clocks.add_argument("--number", type=int, default=1)
    clocks.set_defaults(run=run_clocks)
    notify = commands.add_parser("_notify")
    notify.set_defaults(run=run_notify)


def _settle(given: argparse.Namespace) -> Environment:
    """The environment with the command's own options on top, kept in the process's variables."""
    for option, name in (("data_dir", "BINHAN_DATA_DIR"), ("port", "BINHAN_PORT"), ("host", "BINHAN_HOST")):
        if (value := getattr(given, option, None)) is not None:
            set_variable(name, str(value))
    env = load()
    env.data_dir.mkdir(parents=True, exist_ok=True)
    return env


def run_up(given: argparse.Namespace) -> int:
    """Run until Ctrl-C."""
    env = _settle(given)
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
            from binhan.site.demo import load as load_demo  # noqa: PLC0415 - as above
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

    from binhan.site.supervisor import Child  # noqa: PLC0415 - kept beside its only use
    child = Child("demo-patrols", [sys.executable, "-W", "ignore", "-m", "binhan.site.demo_patrols"])
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


def run_init(given: argparse.Namespace) -> int:
    """Serve the wards, and make the first administrator with a password that is shown once."""
    env = _settle(given)
    setup()
    with database(env):
        from binhan.commons.access.actions import grant_role  # noqa: PLC0415 - Django is set up only now
        from binhan.commons.access.scope import ward_scope  # noqa: PLC0415 - as above
        from binhan.commons.people.actions import create_account  # noqa: PLC0415 - as above
        from binhan.commons.people.models import Account  # noqa: PLC0415 - as above
        from binhan.commons.places.actions import import_units, serve_wards  # noqa: PLC0415 - as above
        from binhan.commons.places.models import Unit  # noqa: PLC0415 - as above
        from binhan.site.database import ensure_migrated  # noqa: PLC0415 - as above
        ensure_migrated(env)
        if not Unit.objects.exists():
            import_units()
        serve_wards(given.ward)
        account = Account.objects.filter(login=given.admin).first()
        password = None
        if account is None:
            password = secrets.token_urlsafe(12)
            account = create_account(given.admin, "Quản trị", password, is_staff=True, is_superuser=True)
        with ward_scope([int(c) for c in given.ward], "system"):
            for code in given.ward:
                grant_role(int(code), account, "administrator", "system")
    print(f"Phục vụ: {', '.join(given.ward)}.")
    if password:
        print(f"Quản trị: {given.admin}   Mật khẩu (chỉ hiện một lần, hãy đổi ngay): {password}")
    return 0


def run_demo(given: argparse.Namespace) -> int:
    """Load or unload the sample data."""
    env = _settle(given)
    setup()
    with database(env):
        from binhan.site import demo, demo_households  # noqa: PLC0415 - Django is set up only now
        from binhan.site.database import ensure_migrated  # noqa: PLC0415 - as above
        ensure_migrated(env)
        if given.what == "unload":
            demo_households.unload(demo.HOME)
        demo.load(env) if given.what == "load" else demo.unload(env)
        if given.what == "load" and given.households > 0:
            there = demo_households.load(demo.HOME, given.households, given.seed)
            print(f"Sổ hộ mẫu: {there['households']} hộ, {there['dwellings']} căn, {there['people']} người (dữ liệu giả).")
    return 0


def run_migrate(given: argparse.Namespace) -> int:
    """Migrations and the database contract."""
    env = _settle(given)
    setup()
    with database(env):
        from binhan.site.database import migrate  # noqa: PLC0415 - Django is set up only now
        migrate(env)
    return 0


def _stop_event() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def run_clocks(given: argparse.Namespace) -> int:
    """One sweeper."""
    _settle(given)
    setup()
    from binhan.commons.clocks.tasks import run  # noqa: PLC0415 - Django is set up only now
    from binhan.site.wiring import CLOCK_ACTIONS, CLOCK_BATCHES  # noqa: PLC0415 - as above
    run(_stop_event(), beater(f"clocks-{given.number}"), CLOCK_BATCHES, CLOCK_ACTIONS, leads=given.number == 1)
    return 0


def run_notify(given: argparse.Namespace) -> int:
    """The carrier of messages."""
    _settle(given)
    setup()
    from binhan.commons.notify.tasks import run  # noqa: PLC0415 - Django is set up only now
    run(_stop_event(), beater("notify"))
    return 0


