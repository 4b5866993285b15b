"""The only writers of files. A file is taken in parts, checked when it is whole, then belongs to one subject; it goes when
its subject goes, when it was never attached, or when its time is over."""
from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from binhan.commons.access.queries import Rights
from binhan.commons.clocks.actions import policy_amount, policy_amounts
from binhan.commons.files.imports import cleaned_apart
from binhan.commons.files.models import File, Part
from binhan.commons.files.queries import subject_of
from binhan.commons.files.rules.clean import NotThatType
from binhan.commons.files.rules.kinds import KEEP, KINDS, MEMBER_DAY, MIMES, MOST, PART_MOST, UNATTACHED, WARD_DAY
from binhan.commons.journal.actions import JournalRow, append, append_rows
from binhan.kernel.errors import Problem, not_found
from binhan.kernel.room import FILE_ROOM, free_bytes

Attached = Literal["stored", "same", "erased"]


@dataclass(frozen=True, slots=True)
class Announced:
    """What the phone says of a file with every part of it."""

    id: UUID
    kind: str
    mime: str
    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class SentPart:
    """A part as it was sent, and where in its file it begins. `anew`, with the first one, begins again with a file whose
    parts do not add up."""

    offset: int
    content: bytes
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was sent before, and the record that it is to belong to."""

    id: UUID
    kind: str
    size: int
    sha256: str
    subject_kind: str
    subject_id: UUID


def receive_part(ward_id: int, actor: str, announced: Announced, part: SentPart) -> File:
    """Take one part. What is here already counts: the phone asks by sending, and goes on from `have`. A part sent twice, or
    after the whole is here, changes nothing."""
    with transaction.atomic():
        file = _opened(ward_id, actor, announced)
        if file.whole_at is not None:
            return file
        if part.anew and part.offset == 0 and file.have:
            file.parts.all().delete()
            file.have = 0
        _check_part(file, part)
        if part.content:
            Part.objects.create(ward_id=ward_id, file=file, offset=part.offset, content=part.content)
            file.have += len(part.content)
        if file.have == file.size:
            _finish(file)
            append(JournalRow(ward_id, actor, "receive", "file", file.id, {"kind": file.kind, "bytes": file.stored}))
        file.save()
    return file


def _opened(ward_id: int, actor: str, announced: Announced) -> File:
    """The file's locked row: the one that is there, which must be the same file of the same sender, or a new one."""
    now = timezone.now()
    if not File.objects.filter(id=announced.id).exists():
        _check_announced(ward_id, actor, announced, now)
    made = File(id=announced.id, ward_id=ward_id, kind=announced.kind, mime=announced.mime, size=announced.size,
                sha256=announced.sha256, sent_by=actor, begun_at=now)
    File.objects.bulk_create([made], ignore_conflicts=True)
    file = File.objects.select_for_update().filter(id=announced.id).first()
    if file is None or (file.ward_id, file.sent_by, file.kind, file.mime, file.size, bytes(file.sha256)) != (
            ward_id, actor, announced.kind, announced.mime, announced.size, announced.sha256):
        raise Problem(409, "id_taken", "Mã này đã dùng cho tệp khác. Hãy tạo mã mới rồi gửi lại.",
                      "This id belongs to another file. Make a new one and send again.")
    return file


def _check_announced(ward_id: int, actor: str, announced: Announced, now: datetime) -> None:
    """Type, size and the day's quotas, before the first byte is kept."""
    if announced.mime not in MIMES[announced.kind]:
        raise Problem(415, "not_that_type", f"Không nhận loại tệp này cho {KINDS[announced.kind]}.",
                      "This type is not taken for that kind.", types=list(MIMES[announced.kind]))
    if free_bytes(Path(settings.ENV.data_dir)) < FILE_ROOM:
        raise Problem(507, "no_room_for_files", "Máy chủ sắp hết chỗ lưu nên chưa nhận tệp. Tệp vẫn còn trong máy; máy sẽ"
                      " gửi lại sau.", "The server's disk is nearly full: no files for now. It stays on the phone and is"
                      " sent later.")
    limits = policy_amounts(ward_id, [MOST[announced.kind], WARD_DAY, MEMBER_DAY], now)
    if announced.size > (most := limits[MOST[announced.kind]]):
        raise Problem(413, "too_large", f"Tệp quá lớn (tối đa {most // 1000} kB). Hãy chụp hoặc ghi lại ngắn hơn.",
                      "The file is too large. Take it again, smaller.", most=most)
    today = File.objects.filter(ward_id=ward_id, begun_at__gt=now - timedelta(days=1))
    for rows, name in ((today, WARD_DAY), (today.filter(sent_by=actor), MEMBER_DAY)):
        if (rows.aggregate(n=Sum("size"))["n"] or 0) + announced.size > limits[name]:
            raise Problem(429, "quota", "Hôm nay đã gửi quá nhiều tệp. Tệp vẫn còn trong máy; máy sẽ gửi lại sau.",
                          "Too many files today. It stays on the phone and is sent later.", quota=name, most=limits[name])


def _check_part(file: File, part: SentPart) -> None:
    if len(part.content) > PART_MOST:
        raise Problem(413, "part_too_large", "Mỗi phần tối đa 256 kB.", "A part has at most 256 kB.", most=PART_MOST)
    if part.offset != file.have:
        raise Problem(409, "have", f"Máy chủ đã có {file.have} byte đầu. Hãy gửi tiếp từ đó.",
                      f"The server has the first {file.have} bytes. Go on from there.", have=file.have)
    if part.offset + len(part.content) > file.size:
        raise Problem(422, "too_long", "Phần gửi lên dài hơn tệp đã báo.", "The part is longer than what was announced.",
                      have=file.have)


def _finish(file: File) -> None:
    """All bytes are here: they must be the ones announced, and be what they are said to be. Only then are they kept, a
    picture made anew, in place of the parts."""
    content = b"".join(bytes(p) for p in file.parts.order_by("offset").values_list("content", flat=True))
    if len(content) != file.size or hashlib.sha256(content).digest() != bytes(file.sha256):
        raise Problem(422, "damaged", "Tệp bị hỏng trên đường gửi. Hãy gửi lại từ đầu.",
                      "The file was damaged on its way. Send it again from the start.")
    try:
        kept = cleaned_apart(content, file.mime)
    except NotThatType as wrong:
        raise Problem(415, "not_that_type", "Nội dung tệp không đúng loại đã báo hoặc không mở được.",
                      "The content is not of the type that was announced, or cannot be opened.") from wrong
    file.parts.all().delete()
    Part.objects.create(ward_id=file.ward_id, file=file, offset=0, content=kept)
    file.whole_at, file.stored = timezone.now(), len(kept)


def attach_file(ward_id: int, actor: str, attachment: Attachment, rights: Rights | None = None) -> Attached:
    """The file becomes its subject's. 404 while nothing of either is here, 409 `not_whole` while parts are missing: send it
    first. With `rights`, the subject must be one that they may see. A subject of which nothing is kept (violence, a
    denunciation) keeps no file either: it is erased at once."""
    subject = subject_of(attachment.subject_kind)
    with transaction.atomic():
        file = File.objects.select_for_update().filter(id=attachment.id, ward_id=ward_id, sent_by=actor).first()
        if file is None or (file.kind, file.size, bytes(file.sha256).hex()) != (
                attachment.kind, attachment.size, attachment.sha256.lower()):
            raise not_found("tệp này", "file")
        if file.whole_at is None:
            raise Problem(409, "not_whole", "Tệp chưa gửi xong. Hãy gửi nốt rồi thử lại.", "Send the rest of it first.",
                          have=file.have, size=file.size)
        if file.attached_at is not None:
            return _again(file, attachment)
        keeps = subject.keeps(ward_id, [attachment.subject_id]).get(attachment.subject_id)
        if keeps is None:  # it may still come: nothing is lost
            raise not_found("bản ghi của tệp này", "record for this file")
        if not keeps:
            _erase(File.objects.filter(id=file.id), actor, "not_kept")
            return "erased"
        if rights is not None:
            subject.see(rights, attachment.subject_id)
        file.subject_kind, file.subject_id = attachment.subject_kind, attachment.subject_id
        file.attached_at = timezone.now()
        file.save(update_fields=["subject_kind", "subject_id", "attached_at"])
        append(JournalRow(ward_id, actor, "attach", "file", file.id,
                          {"subject_kind": attachment.subject_kind, "subject": str(attachment.subject_id)}))
    return "stored"


def _again(file: File, attachment: Attachment) -> Attached:
    if (file.subject_kind, file.subject_id) != (attachment.subject_kind, attachment.subject_id):
        raise Problem(409, "attached", "Tệp này đã thuộc về bản ghi khác.", "This file belongs to another record.")
    return "same"


def erase_file(file: File, actor: str) -> None:
    """Take one away for good."""
    with transaction.atomic():
        _erase(File.objects.filter(id=file.id), actor, "asked")


def erase_files_of(subject_kind: str, subject_id: UUID, actor: str) -> None:
    """Take away all of a subject's files: call it in the transaction that erases the subject or empties it."""
    with transaction.atomic():
        _erase(File.objects.filter(subject_kind=subject_kind, subject_id=subject_id), actor, "subject")


def _erase(rows: QuerySet[File], actor: str, why: str, wait: bool = True) -> int:
    found = list(rows.select_for_update(skip_locked=not wait).values_list("ward_id", "id", "kind"))
    keys = [key for _, key, _ in found]
    Part.objects.filter(file__in=keys).delete()
    File.objects.filter(id__in=keys).delete()
    append_rows([JournalRow(ward, actor, "erase", "file", key, {"kind": kind, "why": why}) for ward, key, kind in found])
    return len(found)


def sweep_files(ward_id: int, limit: int = 200) -> int:
    """Erase what was never attached and what is past its time. Answers how many."""
    now, rows = timezone.now(), File.objects.filter(ward_id=ward_id)
    with transaction.atomic():
        never, keep = (now - timedelta(seconds=policy_amount(ward_id, name, now)) for name in (UNATTACHED, KEEP))
        loose = rows.filter(attached_at=None, begun_at__lt=never).values("id")[:limit]
        old = rows.filter(attached_at__lt=keep).values("id")[:limit]
        return (_erase(File.objects.filter(id__in=loose), "clock", "unattached", wait=False)
                + _erase(File.objects.filter(id__in=old), "clock", "time", wait=False))


def sweep_orphans(ward_id: int, after: UUID | None, limit: int = 2000) -> UUID | None:
    """Of the ward's next `limit` attached files after that one, erase those whose subject is gone. Answers where to go on;
    None at the end."""
    rows = File.objects.filter(ward_id=ward_id, subject_id__isnull=False).order_by("id")
    rows = rows if after is None else rows.filter(id__gt=after)
    with transaction.atomic():
        looked = list(rows.values_list("id", "subject_kind", "subject_id")[:limit])
        orphans: list[UUID] = []
        for kind in {kind for _, kind, _ in looked}:
            subjects = {key: subject for key, of, subject in looked if of == kind and subject}
            keeps = subject_of(kind).keeps(ward_id, list(set(subjects.values())))
            orphans += [key for key, subject in subjects.items() if not keeps.get(subject)]
        _erase(File.objects.filter(id__in=orphans), "clock", "subject", wait=False)
    return looked[-1][0] if len(looked) == limit else None
