"""The public port: the hot path, the screens, and everything else passed on to Django. Needs no Django itself."""
from __future__ import annotations

from granian.constants import Interfaces

from binhan.run.front import make_app
from binhan.run.parts.server import serve
from binhan.site.environment import load


def main() -> None:
    """Serve until told to stop."""
    env = load()
    serve(make_app, Interfaces.ASGI, env.host, env.port)
