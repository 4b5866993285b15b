"""Who may see a file: whoever sent it while it belongs to nothing yet, then whoever may see its subject."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import WithJsonSchema
from typing_extensions import TypedDict

from binhan.commons.access.queries import Rights
from binhan.commons.context import file_subjects
from binhan.commons.files.models import File, Part
from binhan.commons.files.rules.kinds import KEEPERS, KINDS
from binhan.commons.wire import Id
from binhan.kernel.errors import Problem, forbidden, not_found


@dataclass(frozen=True, slots=True)
class Subject:
    """What a context says of the records that files may belong to: the purpose that they are for; `see` raises for who may
    not; `keeps` returns, for the ids of that ward that are there, whether they keep files at all."""

    purpose: str
    see: Callable[[Rights, UUID], object]
    keeps: Callable[[int, Sequence[UUID]], dict[UUID, bool]]


def subject_of(kind: str) -> Subject:
    """The subject kind, as its context says; 422 for a kind that no context brings."""
    subjects = file_subjects()
    if kind not in subjects:
        raise Problem(422, "unknown_subject", "Tệp không gắn được vào loại bản ghi này.",
                      "Files do not belong to such records.", kinds=sorted(subjects))
    return subjects[kind]


def purpose_of(file: File) -> str:
    """What a file is read for: its subject's purpose; its sender's own while it belongs to nothing."""
    return subject_of(file.subject_kind).purpose if file.subject_id else "own"


def file_for(rights: Rights, file_id: UUID) -> File:
    """One file; 404 for whoever may not see it (1 query, and the subject's)."""
    file = File.objects.filter(id=file_id).first()
    if file is None:
        raise not_found("tệp này", "file")
    if file.subject_id is None:
        if file.sent_by != rights.actor:
            raise not_found("tệp này", "file")
    else:
        subject_of(file.subject_kind).see(rights, file.subject_id)
    return file


def files_of(rights: Rights, subject_kind: str, subject_id: UUID) -> list[File]:
    """A subject's files, for who may see the subject."""
    subject_of(subject_kind).see(rights, subject_id)
    return list(File.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("begun_at", "id"))


def content_of(file: File) -> bytes:
    """The bytes of a whole file (1 query)."""
    if file.whole_at is None:
        raise Problem(409, "not_whole", "Tệp chưa gửi xong.", "Parts of it are still missing.", have=file.have,
                      size=file.size)
    return bytes(Part.objects.values_list("content", flat=True).get(file=file))


def wards_with_files() -> list[int]:
    """The wards in scope that have any (1 query)."""
    return list(File.objects.order_by("ward_id").values_list("ward_id", flat=True).distinct())


def check_may_erase(rights: Rights, file: File) -> None:
    """403 unless it is the sender's own, or the office's to take away."""
    if file.sent_by != rights.actor and not rights.has(file.ward_id, *KEEPERS):
        raise forbidden("Chỉ người gửi hoặc cán bộ phụ trách xóa được tệp này.", "Only its sender or the office erases it.")


class FileBrief(TypedDict):
    """A file without its bytes; `size` is that of what is stored, `subject` the record that it belongs to."""

    id: Id
    kind: Annotated[str, WithJsonSchema({"type": "string", "enum": list(KINDS)})]
    mime: str
    size: int
    at: datetime
    subject_kind: str
    subject: Id | None
    url: str


def file_json(file: File) -> FileBrief:
    """A file without its bytes."""
    return {"id": str(file.id), "kind": file.kind, "mime": file.mime, "size": file.stored, "at": file.begun_at,
            "subject_kind": file.subject_kind, "subject": str(file.subject_id) if file.subject_id else None,
            "url": f"/api/files/{file.id}"}
