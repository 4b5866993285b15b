"""What is in the database to begin with: init, demo, migrate."""
from __future__ import annotations

import argparse
import secrets
from typing import Any

from binhan.run import anchors
from binhan.run.cli.database import database
from binhan.run.cli.settle import settle
from binhan.site.setup import setup


def register(commands: Any) -> None:
    """Add the commands."""
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
    migrate.add_argument("--before", action="store_true", help="chỉ phần mà bản đang chạy vẫn dùng được / only what the"
                         " version that still runs can live with")
    migrate.set_defaults(run=run_migrate)


def run_init(given: argparse.Namespace) -> int:
    """Serve the wards, and make the first administrator with a password that is shown once."""
    env = settle(given)
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
        anchors.begin(env)
    print(f"Phục vụ: {', '.join(given.ward)}.")
    if password:
        print(f"Quản trị: {given.admin}   Mật khẩu (chỉ hiện một lần, hãy đổi ngay): {password}")
    return 0


def run_demo(given: argparse.Namespace) -> int:
    """Load or unload the sample data."""
    env = settle(given)
    setup()
    with database(env):
        from binhan.demo import households as demo_households  # noqa: PLC0415 - Django is set up only now
        from binhan.demo import ward as demo  # noqa: PLC0415 - as above
        from binhan.site.database import ensure_migrated  # noqa: PLC0415 - as above
        ensure_migrated(env)
        if given.what == "unload":
            demo_households.unload(demo.HOME)
        demo.load(env) if given.what == "load" else demo.unload(env)
        if given.what == "load" and given.households > 0:
            there = demo_households.load(demo.HOME, given.households, given.seed)
            print(f"Sổ hộ mẫu: {there['households']} hộ, {there['dwellings']} căn, {there['people']} người (dữ liệu giả).")
        anchors.begin(env)
    return 0


def run_migrate(given: argparse.Namespace) -> int:
    """Migrations and the database contract."""
    env = settle(given)
    setup()
    with database(env):
        from binhan.site.database import migrate, migrate_before  # noqa: PLC0415 - Django is set up only now
        (migrate_before if given.before else migrate)(env)
    return 0
