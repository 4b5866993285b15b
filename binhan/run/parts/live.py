"""The public port: the hot path, the screens, and everything else passed on to Django. Needs no Django itself."""
from __future__ import annotations

from granian.constants import Interfaces

from binhan.run.front import Front, built_screens
from binhan.run.parts.server import serve
from binhan.site.environment import load

SCREENS = built_screens(load())  # before the fork: a new process has them at once


def main() -> None:
    """Serve until told to stop."""
    env = load()
    serve(lambda: Front(env, SCREENS), Interfaces.ASGI, env.host, env.port)
