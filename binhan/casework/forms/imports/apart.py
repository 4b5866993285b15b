"""Converting an XLSForm in a process of its own, with little time and memory: the only way in for what somebody sends. A
workbook, and the expressions in it, may keep the readers beneath busy for ever."""
from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from binhan.casework.forms.imports.loaded import Loaded, Verdict
from binhan.casework.forms.rules.checks import XML_MAX
from binhan.casework.forms.rules.finding import Refused, whole
from binhan.commons.sandbox.parent import run
from binhan.commons.sandbox.rules import Ended, Limits, Work

# The office waits for it: the largest of the field's own forms takes under 2 s (docs/reference/imports.md).
# pyxform writes what it has made to the disk, and reads it again.
LIMITS = Limits(cpu_s=15, wall_s=20, memory=768 << 20, answer=8 << 20, disk=4 << 20)
WORK = "binhan.casework.forms.imports.convert:work"
_verdict = TypeAdapter(Verdict)


def load_apart(body: bytes, source_name: str) -> Loaded:
    """The form in the file; raises Refused with all the reasons."""
    try:
        verdict = _verdict.validate_json(run(Work(WORK, LIMITS, {"name": source_name}), body))
    except Ended as ended:
        raise {"time": _too_much, "memory": _too_much, "busy": _busy}.get(ended.why, _not_read)() from None
    except ValidationError:
        raise _not_read() from None
    if verdict.form is None:
        raise Refused(*verdict.refused)
    if len(verdict.form.xml) > XML_MAX:
        raise _not_read()
    return verdict.form


def _too_much() -> Refused:
    return whole("too_much", f"tệp cần hơn {LIMITS.cpu_s} giây hoặc {LIMITS.memory >> 20} MB bộ nhớ để đọc, không phải"
                 " phiếu thường; hãy bỏ trang, dòng và biểu thức thừa rồi tải lại",
                 f"it takes more than {LIMITS.cpu_s} seconds or {LIMITS.memory >> 20} MB of memory: take out spare sheets,"
                 " rows and expressions")


def _busy() -> Refused:
    return whole("busy", "máy chủ đang bận nên chưa đọc được tệp; hãy thử lại sau ít phút",
                 "the server is busy: try again in a few minutes")


def _not_read() -> Refused:
    return whole("not_read", "không đọc được tệp: bộ đọc dừng giữa chừng; hãy mở bằng Excel và lưu lại thành .xlsx",
                 "the file cannot be read: open it in Excel and save it again as .xlsx")
