"""Reading a file in a process of its own, with little time and memory: the only way in for what somebody sends."""
from __future__ import annotations

from collections.abc import Callable

from binhan.casework.households.imports.reasons import Reason, Unusable
from binhan.casework.households.imports.table import PACKED_MAX, NotPacked, Table, check_head, unpack
from binhan.commons.sandbox.parent import run
from binhan.commons.sandbox.rules import Ended, Limits, Work

# The largest files that may be read take 15 s of the processor and 0.5 GB (docs/reference/imports.md).
LIMITS = Limits(cpu_s=60, wall_s=120, memory=1 << 30, answer=PACKED_MAX)
WORK = "binhan.casework.households.imports.files:work"
BROKEN = Reason("not_read", "không đọc được tệp: bộ đọc dừng giữa chừng; hãy mở bằng Excel và lưu lại thành .xlsx",
                "the file cannot be read: open it in Excel and save it again as .xlsx")
ENDED = {
    "time": Reason("too_long_to_read", f"tệp cần hơn {LIMITS.cpu_s} giây để đọc, không phải bảng tính thường; hãy chép phần"
                   " cần nhập sang một tệp mới rồi lưu lại, hoặc chia nhỏ",
                   f"it takes more than {LIMITS.cpu_s} seconds to read: copy what is to be imported into a new file, or"
                   " split it"),
    "memory": Reason("too_much_memory", f"tệp cần hơn {LIMITS.memory >> 30} GB bộ nhớ để đọc, không phải bảng tính thường;"
                     " hãy chép phần cần nhập sang một tệp mới rồi lưu lại, hoặc chia nhỏ",
                     f"it takes more than {LIMITS.memory >> 30} GB of memory to read: copy what is to be imported into a"
                     " new file, or split it"),
    "busy": Reason("busy", "máy chủ đang bận nên chưa đọc được tệp; hãy thử lại sau ít phút",
                   "the server is busy: try again in a few minutes"),
    "stopped": Reason("stopped", "đã dừng đọc tệp; hãy chọn lại tệp", "reading was stopped: choose the file again"),
}


def read_packed(body: bytes, sheet: str | None, go_on: Callable[[int], bool] = lambda _rows: True) -> bytes:
    """The table as it is kept; raises Unusable. `go_on` hears how many rows have been read, and says whether to go on."""
    try:
        packed = run(Work(WORK, LIMITS, {"sheet": sheet}), body, go_on)
    except Ended as ended:
        raise Unusable(ENDED.get(ended.why, BROKEN)) from None
    try:
        check_head(packed)
    except NotPacked:
        raise Unusable(BROKEN) from None
    return packed


def read_apart(body: bytes, sheet: str | None = None) -> Table:
    """The table in the file; raises Unusable."""
    try:
        return unpack(read_packed(body, sheet))
    except NotPacked:
        raise Unusable(BROKEN) from None
