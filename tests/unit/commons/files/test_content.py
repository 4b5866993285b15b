"""A file is what its bytes are; a picture is stored made anew, with nothing of where and by what it was taken."""
from __future__ import annotations

import io
import struct
import time

import pytest
from PIL import Image, ImageChops, ImageStat

from binhan.commons.files.rules.clean import NotThatType, cleaned
from binhan.commons.files.rules.content import fits, pixels, sniff
from binhan.commons.files.rules.kinds import ENDINGS, MIMES, mime_of
from tests.support.pictures import archive, bomb, mp4, ogg, photo, webm, with_gps

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


@pytest.mark.parametrize(("content", "mime"), [
    (photo(), "image/jpeg"), (photo(kind="PNG"), "image/png"), (photo(kind="WEBP"), "image/webp"), (webm(), "audio/webm"),
    (ogg(), "audio/ogg"), (mp4(), "audio/mp4"),
    (archive(), ""), (b"", ""), (b"<svg onload=alert(1)>", ""), (b"%PDF-1.7", ""), (b"GIF89a" + b"\0" * 50, ""),
    (webm(video=True), ""), (mp4(b"vide"), ""), (mp4()[:-1], ""), (b"\0\0\0\x10ftypM4A \0\0\0\0", "")])
def test_bytes_say_what_they_are(content: bytes, mime: str) -> None:
    assert sniff(content) == mime


def test_every_type_that_is_taken_has_an_ending_and_is_known_by_its_bytes() -> None:
    assert {m for mimes in MIMES.values() for m in mimes} == set(ENDINGS)
    assert mime_of("audio/webm;codecs=opus") == "audio/webm"


@pytest.mark.parametrize("mime", FORMATS)
def test_the_head_tells_the_size_without_unpacking(mime: str) -> None:
    for size in ((320, 240), (1, 1), (1600, 1199)):
        for options in ({}, {"lossless": True}) if mime == "image/webp" else ({}, {"progressive": True}):
            assert pixels(photo(*size, kind=FORMATS[mime], **options), mime) == size
    assert pixels(b"\xff\xd8\xff\xe0\x00", "image/jpeg") is None
    assert not fits(None) and not fits((0, 5)) and not fits((5000, 10)) and not fits((4096, 4096)) and fits((1600, 1600))


@pytest.mark.parametrize("mime", FORMATS)
def test_nothing_is_left_of_where_when_and_with_what(mime: str) -> None:
    taken = with_gps(kind=FORMATS[mime])
    assert b"BIMAT" in taken
    kept = cleaned(taken + (b"SAU-BIMAT" if mime == "image/jpeg" else b""), mime)
    assert b"BIMAT" not in kept and b"Exif" not in kept and b"EXIF" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.size, image.format, dict(image.getexif())) == ((320, 240), FORMATS[mime], {})
        assert not {"exif", "xmp", "comment", "icc_profile"} & set(image.info)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stays_upright(orientation: int) -> None:
    kept = cleaned(with_gps(320, 240, orientation), "image/jpeg")
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == ((320, 240) if orientation < 5 else (240, 320))
        corner = {1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"}[orientation]
        middle = {"left": (10, 120), "right": (310, 120), "top": (120, 10), "bottom": (120, 310)}[corner]
        red, _, blue = image.convert("RGB").getpixel(middle)  # type: ignore[misc]
        assert red > 150 > 60 > blue


def test_an_upright_photo_keeps_its_fineness() -> None:
    taken = photo(800, 600, noise=True, quality=70)
    kept = cleaned(taken, "image/jpeg")
    assert len(taken) * 0.7 < len(kept) < len(taken) * 1.02
    with Image.open(io.BytesIO(taken)) as before, Image.open(io.BytesIO(kept)) as after:
        assert max(ImageStat.Stat(ImageChops.difference(before.convert("RGB"), after.convert("RGB"))).mean) < 1


def _two_heads() -> bytes:
    plain = photo()
    at = plain.index(b"\xff\xc0")
    (length,) = struct.unpack_from(">H", plain, at + 2)
    head = bytearray(plain[at:at + 2 + length])
    struct.pack_into(">HH", head, 5, 65000, 65000)
    return plain[:at] + bytes(head) + plain[at:]


def _moving() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (64, 64), (n * 40, 0, 0)) for n in range(3)]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


def _huge_webp() -> bytes:
    content = bytearray(_moving())
    content[20] &= ~0x02
    content[24:30] = b"\xfe\x3f\x00\xfe\x3f\x00"
    return bytes(content)


@pytest.mark.parametrize(("content", "mime"), [
    (archive(), "image/jpeg"), (photo(kind="PNG"), "image/jpeg"), (photo()[:1200], "image/jpeg"),
    (b"\xff\xd8\xff\xe0" + archive(), "image/jpeg"), (photo(kind="PNG")[:200], "image/png"),
    (photo(kind="WEBP")[:60], "image/webp"), (bomb(4096, 3000)[:-200], "image/png"), (webm(video=True), "audio/webm")],
    ids=["zip", "png-as-jpeg", "cut-jpeg", "zip-behind-a-head", "cut-png", "cut-webp", "cut-rows", "video"])
def test_what_is_not_that_is_not_stored(content: bytes, mime: str) -> None:
    with pytest.raises(NotThatType):
        cleaned(content, mime)


@pytest.mark.parametrize(("content", "mime"), [
    (bomb(), "image/png"), (_two_heads(), "image/jpeg"), (_moving(), "image/webp"), (_huge_webp(), "image/webp")],
    ids=["bomb", "two-heads", "moving-webp", "huge-webp"])
def test_what_would_unpack_to_too_much_never_reaches_the_decoder(content: bytes, mime: str,
                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(Image, "open", lambda *given, **_: asked.append(given))
    with pytest.raises(NotThatType):
        cleaned(content, mime)
    assert asked == []


def test_a_jpeg_drawn_over_and_over_is_refused_at_once() -> None:
    content = photo(2000, 2000, progressive=True)
    at = content.rindex(b"\xff\xda")
    began = time.monotonic()
    with pytest.raises(NotThatType):
        cleaned(content[:at] + content[at:-2] * 500 + content[-2:], "image/jpeg")
    assert time.monotonic() - began < 1


def test_sound_stays_as_it_came() -> None:
    for content, mime in ((webm(size=5000), "audio/webm"), (ogg(), "audio/ogg"), (mp4(), "audio/mp4")):
        assert cleaned(content, mime) == content
