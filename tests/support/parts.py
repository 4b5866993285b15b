"""Parts for the fork server's tests: what they find in their process goes to their log as one line of JSON."""
from __future__ import annotations

import json
import os
import random
import signal
import sys

LOADED_BY = os.getpid()  # whoever imported this: the fork server, not the part


def main(*arguments: str) -> int:
    """Say what there is, then end with the code asked for, or stay until told to end."""
    print(json.dumps({"pid": os.getpid(), "parent": os.getppid(), "session": os.getsid(0), "loaded_by": LOADED_BY,
                      "dice": random.random(), "arguments": arguments, "modules": sorted(sys.modules),
                      "signals": [signal.getsignal(n) == signal.SIG_DFL for n in (signal.SIGTERM, signal.SIGCHLD)],
                      "open": sorted(os.listdir("/proc/self/fd"))[:-1]}), flush=True)
    if "stay" in arguments:
        signal.pause()
    return int(arguments[0]) if arguments and arguments[0].isdigit() else 0
