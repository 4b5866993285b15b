"""What bytes really are, read from the bytes alone and without unpacking them."""
from __future__ import annotations

import re
import struct
from collections.abc import Iterator

SIDE_MOST, PIXELS_MOST = 4096, 12_600_000  # a phone sends at most 1600 a side; the rest is room for other devices
SCANS_MOST = 40  # a JPEG may be drawn over again and again by a few bytes each: seconds of work for nothing
_WEBM = re.compile(rb"\x42\x82[\x80-\xff]?\x84?webm")  # DocType
_MOVING = re.compile(rb"V_(?:VP8|VP9|AV1|MPEG|THEORA|UNCOMPRESSED|MJPEG)")


def sniff(content: bytes) -> str:
    """The type that the content has, "" for one that is stored nowhere here."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return _sound(content)


def _sound(content: bytes) -> str:
    if content.startswith(b"\x1aE\xdf\xa3") and _WEBM.search(content[:64]):
        return "" if _MOVING.search(content) else "audio/webm"
    if content.startswith(b"OggS") and re.search(rb"OpusHead|\x01vorbis|\x7fFLAC|Speex   ", content[:128]):
        return "" if b"theora" in content[:512] else "audio/ogg"
    if content[4:8] == b"ftyp" and _whole_boxes(content):
        return "" if re.search(rb"hdlr.{8}vide", content, re.S) else "audio/mp4"
    return ""


def _whole_boxes(content: bytes) -> bool:
    """True if the outermost boxes of an MP4 fill it exactly, `moov` among them."""
    at, names = 0, set()
    while at + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        if length == 1 and at + 16 <= len(content):
            (length,) = struct.unpack_from(">Q", content, at + 8)
        elif length == 0:
            length = len(content) - at
        if length < 8:
            return False
        names.add(name)
        at += length
    return at == len(content) and b"moov" in names


def pixels(content: bytes, mime: str) -> tuple[int, int] | None:
    """Width and height as the picture's head says, before anything is unpacked; None where it says nothing usable."""
    try:
        return {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}[mime](content)
    except (struct.error, IndexError, KeyError):
        return None


def fits(size: tuple[int, int] | None) -> bool:
    """True for a picture that may be unpacked: small enough in each direction and in all."""
    return size is not None and min(size) > 0 and max(size) <= SIDE_MOST and size[0] * size[1] <= PIXELS_MOST


def _png(content: bytes) -> tuple[int, int] | None:
    if content[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", content, 16)
    return width, height


def _jpeg(content: bytes) -> tuple[int, int] | None:
    if content.count(b"\xff\xda") > SCANS_MOST:
        return None
    found: set[tuple[int, int]] = set()
    for marker, at in _segments(content):
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", content, at + 3)
            found.add((width, height))
    return found.pop() if len(found) == 1 else None  # two heads that differ: which one counts is anybody's guess


def _segments(content: bytes) -> Iterator[tuple[int, int]]:
    """(marker, where its body starts) up to the first scan."""
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            return
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 2
        else:
            (length,) = struct.unpack_from(">H", content, at + 2)
            if marker == 0xDA or length < 2:
                return
            yield marker, at + 2
            at += 2 + length


def _webp(content: bytes) -> tuple[int, int] | None:
    """Only a still picture: an animation is unpacked frame by frame."""
    name, body = content[12:16], content[20:]
    if name == b"VP8X" and not body[0] & 0x02:
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if name == b"VP8L" and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if name == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    return None
