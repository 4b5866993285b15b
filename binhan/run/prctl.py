"""prctl(2): how the kernel treats this process."""
from __future__ import annotations

import ctypes

PR_SET_PDEATHSIG, PR_SET_NAME, PR_SET_CHILD_SUBREAPER = 1, 15, 36


def tell_kernel(option: int, value: int | bytes) -> None:
    """Set one of the options above; what the kernel does not know is left as it is."""
    ctypes.CDLL("libc.so.6", use_errno=True).prctl(option, value, 0, 0, 0)
