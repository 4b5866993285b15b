"""Draws the icons of the four screens: python3 build/icons.py (standard library only). Their outputs are committed."""
import struct
import zlib
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "public" / "icons"
LOOK = {"sos": (0xB3, 0x16, 0x1C), "desk": (0x0B, 0x4F, 0x9E), "patrol": (0x14, 0x6C, 0x2E), "field": (0x5B, 0x3A, 0x8C)}


def png(size: int, colour: tuple[int, int, int]) -> bytes:
    """A white ring and dot on the colour, square and full-bleed so that any mask fits."""
    rows = []
    for y in range(size):
        row = bytearray([0])
        for x in range(size):
            r = ((x - size / 2 + 0.5) ** 2 + (y - size / 2 + 0.5) ** 2) ** 0.5 / size
            row += bytes((255, 255, 255) if 0.24 < r < 0.33 or r < 0.12 else colour)
        rows.append(bytes(row))
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


for name, colour in LOOK.items():
    for size in (192, 512):
        (OUT / f"{name}-{size}.png").write_bytes(png(size, colour))
    fill = "#%02x%02x%02x" % colour
    (OUT / f"{name}.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<rect width="100" height="100" rx="18" fill="{fill}"/>'
        '<circle cx="50" cy="50" r="28" fill="none" stroke="#fff" stroke-width="9"/>'
        '<circle cx="50" cy="50" r="12" fill="#fff"/></svg>\n')
