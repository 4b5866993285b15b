"""Small made-up pictures and sounds, and ways to spoil them."""
from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo


def photo(width: int = 320, height: int = 240, kind: str = "JPEG", noise: bool = False, **options: Any) -> bytes:
    """A picture whose left half is red and right half blue."""
    image = Image.new("RGB", (width, height), (200, 0, 0))
    image.paste((0, 0, 200), (width // 2, 0, width, height))
    if noise:
        image = Image.effect_noise((width, height), 90).convert("RGB")
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def with_gps(width: int = 320, height: int = 240, orientation: int = 1, kind: str = "JPEG") -> bytes:
    """As a camera makes it: where, when, with what."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9003] = orientation, "MAYANH-BIMAT", "2026:11:25 08:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (11.0, 5.0, 29.0), 3: "E", 4: (106.0, 47.0, 56.0)})
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>VITRI-BIMAT</x:xmpmeta>"
    more: dict[str, Any] = {"comment": "GHICHU-BIMAT", "xmp": xmp} if kind == "JPEG" else {"xmp": xmp}
    if kind == "PNG":
        info = PngInfo()
        info.add_text("Comment", "GHICHU-BIMAT")
        more = {"pnginfo": info}
    return photo(width, height, kind, exif=exif, icc_profile=b"MAU-BIMAT" * 20, **more)


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that unpacks to hundreds of megabytes."""
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(b"\0" * (width + 1)) for _ in range(min(height, 2000))) + rows.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def archive() -> bytes:
    """A zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("virus.exe", "MZ" * 500)
    return out.getvalue()


def webm(video: bool = False, size: int = 0) -> bytes:
    """The head of a WebM recording, and then sound of that size."""
    head = b"\x1aE\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm"
    head += b"\x42\x87\x81\x04\x42\x85\x81\x02\x18S\x80g\x01\xff\xff\xff\xff\xff\xff\xff\x86\x86A_OPUS"
    return head + (b"\x86\x85V_VP8" if video else b"") + bytes(n * 7 % 251 for n in range(size))


def ogg() -> bytes:
    """The head of an Ogg Opus recording."""
    return b"OggS\0\x02" + b"\0" * 20 + b"\x01\x13OpusHead\x01\x01" + b"\0" * 40


def mp4(handler: bytes = b"soun") -> bytes:
    """The boxes of an MP4 recording."""
    def box(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(body), name) + body
    moov = box(b"moov", box(b"hdlr", b"\0" * 8 + handler + b"\0" * 12))
    return box(b"ftyp", b"M4A \0\0\0\0isom") + moov + box(b"mdat", b"\x21" * 300)
