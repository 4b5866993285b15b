"""A picture made anew in a process of its own: what unpacks it is written in C, and strangers choose what it unpacks."""
from __future__ import annotations

from binhan.commons.files.rules.clean import FORMATS, NotThatType, cleaned
from binhan.commons.files.rules.content import fits, pixels, sniff
from binhan.commons.sandbox.parent import run
from binhan.commons.sandbox.rules import Ended, Limits, Work
from binhan.kernel.errors import Problem

# The largest picture that may come, 12.6 million pixels of noise as PNG, takes 10 s of a busy processor.
LIMITS = Limits(cpu_s=30, wall_s=60, memory=640 << 20, answer=64 << 20)
WORK = "binhan.commons.files.rules.clean:work"


def cleaned_apart(content: bytes, mime: str) -> bytes:
    """As `cleaned`. Sound is only looked at, and stays here."""
    if mime not in FORMATS:
        return cleaned(content, mime)
    if sniff(content) != mime or not fits(pixels(content, mime)):
        raise NotThatType("another type, or too many pixels")
    try:
        said = run(Work(WORK, LIMITS, {"mime": mime}), content)
    except Ended as ended:
        if ended.why in ("time", "busy"):  # such a picture is small: the machine is at its limit
            raise Problem(503, "busy", "Máy chủ đang bận nên chưa nhận được ảnh. Ảnh vẫn còn trong máy; máy sẽ gửi lại.",
                          "The server is busy. The picture stays on the phone and is sent later.") from None
        raise NotThatType(ended.why) from None
    kept = said[1:]
    if said[:1] != b"1" or sniff(kept) != mime or not fits(pixels(kept, mime)):
        raise NotThatType("it cannot be opened")
    return kept
