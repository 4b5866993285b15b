"""An application served by the process that calls, without a child of its own: whoever kills it frees the port at once."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server import MPServer

BACKLOG = 4096


class _Here(MPServer):
    """Granian with its one worker run here. Granian itself always makes a process for it (docs/adr/0015)."""

    def _spawn_workers(self, spawn_target: Any, target_loader: Any) -> None:
        self._spawn_worker(0, spawn_target, target_loader).inner.run()  # until told to stop
        self.interrupt_signal = True
        self.main_loop_interrupt.set()


def serve(make: Callable[[], Any], interface: Interfaces, host: str, port: int, **options: Any) -> None:
    """Serve what `make` returns until told to stop."""
    _Here("binhan", address=host, port=port, interface=interface, websockets=False, backlog=BACKLOG,
          log_level=LogLevels.warning, loop=Loops.uvloop, **options).serve(target_loader=make, wrap_loader=False)
