"""The supervisor's side of the fork server: started, asked for parts, and listened to."""
from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from binhan.run.prctl import PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG, tell_kernel

PACKET = 8192
COMMAND = [sys.executable, "-W", "ignore", "-m", "binhan.run.forkserver"]


def _die_with_parent() -> None:
    tell_kernel(PR_SET_PDEATHSIG, signal.SIGKILL)  # it holds nothing that would have to be put away


@dataclass
class ForkServer:
    """A running fork server, or one that has ended and may be started again."""

    variables: dict[str, str]
    command: list[str] = field(default_factory=lambda: list(COMMAND))
    process: subprocess.Popen[bytes] | None = None
    control: socket.socket | None = None

    def start(self) -> int:
        """Start it; it loads at once. Whoever calls becomes the parent of every part, and has to bury them."""
        tell_kernel(PR_SET_CHILD_SUBREAPER, 1)
        self.close()
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen([*self.command, str(theirs.fileno())], env={**os.environ, **self.variables},
                                            stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], start_new_session=True,
                                            preexec_fn=_die_with_parent)
        return self.process.pid

    def ask(self, name: str, module: str, arguments: tuple[str, ...] = (), log: str = "") -> bool:
        """Ask for a part; False if nobody hears it. It is answered once its code is loaded."""
        if self.control is None:
            return False
        try:
            self.control.send(json.dumps({"name": name, "module": module, "arguments": arguments, "log": log}).encode())
        except OSError:
            return False
        return True

    def answers(self) -> Iterator[tuple[str, int | None]]:
        """What has been answered since the last time: (name, pid), or None where it could not be forked."""
        while self.control is not None:
            try:
                packet = self.control.recv(PACKET, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            except ConnectionResetError:  # it ended with asks unread; what it had answered comes now
                continue
            if not packet:  # it has ended
                self.close()
                return
            told = json.loads(packet)
            yield told["name"], told["pid"]

    def ended(self) -> bool:
        """True if it is to be started (again)."""
        return self.process is None or self.process.poll() is not None

    def close(self) -> None:
        """Listen no more; it ends by itself then."""
        if self.control is not None:
            self.control.close()
            self.control = None

    def stop(self) -> None:
        """End it. What it had answered by then can still be heard."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
