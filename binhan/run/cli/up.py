"""up: everything, until Ctrl-C."""
from __future__ import annotations

import argparse
import dataclasses
import json
import os
import signal
import socket
import threading
import time
from typing import Any

from binhan.run import anchors
from binhan.run.cli.settle import settle
from binhan.run.leftovers import inner_port
from binhan.run.supervisor import Supervisor
from binhan.site.environment import Environment, set_variable


def register(commands: Any) -> None:
    """Add the commands."""
    up = commands.add_parser("up", help="chạy toàn hệ thống / run everything")
    up.add_argument("--demo", action="store_true", help="kèm phường mẫu / with the sample ward")
    up.add_argument("--port", type=int)
    up.add_argument("--host")
    up.set_defaults(run=run_up)


def run_up(given: argparse.Namespace) -> int:
    """Run until Ctrl-C."""
    env = settle(given)
    for name, value in (("BINHAN_DATA_DIR", str(env.data_dir)), ("BINHAN_PORT", str(env.port))):
        set_variable(name, value)  # the parts get them by name
    env = dataclasses.replace(env, web_address=_address("BINHAN_WEB_ADDRESS", env.web_address),
                              desk_address=_address("BINHAN_DESK_ADDRESS", env.desk_address))
    keeper = Supervisor(env)
    keeper.take_lock()
    (env.data_dir / "run").mkdir(exist_ok=True)
    (env.data_dir / "run" / "supervisor.pid").write_text(f"{os.getpid()}\n", encoding="utf-8")
    (env.data_dir / "run" / "port").write_text(f"{env.port}\n", encoding="utf-8")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _run(keeper, given.demo)
    except KeyboardInterrupt:
        return 0
    finally:
        keeper.stop()
        (env.data_dir / "run" / "port").unlink(missing_ok=True)
        print("Bình An đã dừng. / Stopped.")


def _address(name: str, usual: str) -> str:
    """Where a part listens: where the operator says, else beside the public port if there is room; known to all parts."""
    if not {name, f"{name}_FILE"} & set(os.environ):
        usual = f"127.0.0.1:{inner_port(int(usual.rpartition(':')[2]))}"
    set_variable(name, usual)
    return usual


def _run(keeper: Supervisor, demo: bool) -> int:
    keeper.listen()
    keeper.start_loading()
    keeper.start_database()
    if not keeper.prepare(*(["demo"] if demo else [])):
        return 1
    keeper.plan(demo)
    threading.Thread(target=_announce, args=(keeper.env, demo), daemon=True).start()
    threading.Thread(target=anchors.keep_on, args=(keeper.env, threading.Event()), daemon=True).start()
    keeper.watch()
    return 0


def _ready(port: int) -> bool:
    """Whether the system says that every part is there."""
    try:
        with socket.create_connection(("127.0.0.1", port), 2) as connection:
            connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return connection.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


def _announce(env: Environment, demo: bool) -> None:
    """Say where everything is, once it answers."""
    deadline = time.monotonic() + 60
    while not _ready(env.port):
        if time.monotonic() > deadline:
            print(f"Chưa sẵn sàng sau 60 giây; xem {env.data_dir / 'logs'}")
            return
        time.sleep(0.2)
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
