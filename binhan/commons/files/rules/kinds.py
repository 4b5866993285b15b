"""The kinds of file, the types each may come as, and the dated rows that limit them."""
from __future__ import annotations

KINDS = {"photo": "ảnh", "voice": "ghi âm", "sketch": "hình vẽ"}
MIMES: dict[str, tuple[str, ...]] = {
    "photo": ("image/jpeg", "image/webp", "image/png"), "sketch": ("image/png", "image/webp", "image/jpeg"),
    "voice": ("audio/webm", "audio/ogg", "audio/mp4")}
ENDINGS = {"image/jpeg": "jpg", "image/webp": "webp", "image/png": "png", "audio/webm": "webm", "audio/ogg": "ogg",
           "audio/mp4": "m4a"}
PART_MOST = 256 * 1024
# Who sends files, and who besides their sender may take one away again.
SENDERS = ("team_member", "social_officer", "khu_pho_board", "leadership")
KEEPERS = ("social_officer", "leadership")
MOST = {kind: f"files.{kind}_most" for kind in KINDS}  # bytes of one file
WARD_DAY, MEMBER_DAY = "files.ward_per_day", "files.member_per_day"  # bytes begun in 24 hours
UNATTACHED, KEEP = "files.unattached_within", "files.keep_within"  # seconds


def mime_of(said: str) -> str:
    """The type without its parameters: a recorder says `audio/webm;codecs=opus`."""
    return said.split(";")[0].strip().lower()
