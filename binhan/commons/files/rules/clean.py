"""A picture made anew: what it shows and nothing else – no place, no camera, no hour, nothing hidden behind its end."""
from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from binhan.commons.files.rules.content import fits, pixels, sniff

if TYPE_CHECKING:
    from PIL import Image

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


class NotThatType(Exception):
    """The content is not what it is said to be, or cannot be unpacked safely."""


def cleaned(content: bytes, mime: str) -> bytes:
    """The content as it is stored. Sound is stored as it came, once it is seen to be sound."""
    if sniff(content) != mime:
        raise NotThatType("another type")
    return content if mime not in FORMATS else _picture(content, mime)


def work(content: bytes, options: Mapping[str, str], _tell: object) -> Iterator[bytes]:
    """What the process is asked for: 1 and the picture, or 0."""
    try:
        yield b"1" + cleaned(content, options["mime"])
    except NotThatType:
        yield b"0"


def _picture(content: bytes, mime: str) -> bytes:
    if not fits(pixels(content, mime)):
        raise NotThatType("too many pixels, or no head that says how many")
    from PIL import Image  # noqa: PLC0415 - takes its time to load
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[mime]]) as image:
            if not fits(image.size):
                raise NotThatType("the picture is larger than its head says")
            image.load()
            return _again(image, FORMATS[mime])
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever the decoder chokes on: such a picture is not stored
        raise NotThatType(str(error)) from error


def _again(image: Image.Image, kind: str) -> bytes:
    """The same pixels, upright, in a new file. A JPEG that stands upright already keeps its own fineness."""
    upright = image.getexif().get(0x0112, 1) == 1
    own = kind == "JPEG" and upright and image.mode in ("L", "RGB")
    fine: dict[str, Any] = {"optimize": kind == "JPEG"} | ({} if kind == "PNG" else {"quality": "keep" if own else 88})
    if not upright:
        from PIL import ImageOps  # noqa: PLC0415 - as above
        image = ImageOps.exif_transpose(image)
    if kind == "JPEG" and image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    image.info = {}
    out = io.BytesIO()
    image.save(out, kind, **fine)
    return out.getvalue()
