"""/api/files: a file in parts of 256 kB, resumed where it was cut; read by whoever may see what it belongs to."""
from __future__ import annotations

import re
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from binhan.commons.access.api import require, rights
from binhan.commons.files.actions import Announced, erase_file, receive_part
from binhan.commons.files.queries import (
    FileBrief,
    check_may_erase,
    content_of,
    file_for,
    file_json,
    files_of,
    purpose_of,
    subject_of,
)
from binhan.commons.files.rules.kinds import ENDINGS, SENDERS, mime_of
from binhan.commons.journal.actions import record_read, record_reads
from binhan.commons.wire import Items, binary
from binhan.kernel.errors import Problem

router = Router(tags=["files"])
RAW = {"requestBody": {"required": True, "content": {"application/octet-stream": {
    "schema": {"type": "string", "format": "binary", "maxLength": 262_144}}}}}


class PartIn(Schema):
    """With every part: what the whole will be, and where this part begins. `anew` with offset 0 throws away what is here
    of a file that was damaged."""

    ward: int
    kind: Literal["photo", "voice", "sketch"]
    mime: str = Field(max_length=100)
    size: int = Field(ge=1, le=2**31 - 1)
    sha256: str = Field(pattern="^[0-9a-fA-F]{64}$")
    offset: int = Field(ge=0, le=2**31 - 1)
    anew: bool = False


class Receipt(Schema):
    """How many bytes are here; `done` once the whole is stored."""

    id: UUID
    have: int
    size: int
    done: bool


@router.put("/files/{file_id}", response=Receipt, openapi_extra=RAW)
def put_part(request: HttpRequest, file_id: UUID, part: Query[PartIn]) -> Any:
    """Take one part. 409 `have`: the server has more or less than you think, go on from there. 415: it is not that type.
    413: too large. 422 `damaged`: begin anew. 429: the day's quota is used up, try later."""
    mine = require(request, part.ward, *SENDERS)
    said = Announced(file_id, part.kind, mime_of(part.mime), part.size, bytes.fromhex(part.sha256))
    file = receive_part(part.ward, mine.actor, said, part.offset, request.body, part.anew)
    return {"id": file.id, "have": file.have, "size": file.size, "done": file.whole_at is not None}


@router.get("/files", response=Items[FileBrief])
def list_files(request: HttpRequest, subject_kind: str, subject: UUID) -> Any:
    """The files of a record – a visit, an issue, whatever keeps files – for whoever may see it."""
    mine = rights(request)
    files = files_of(mine, subject_kind, subject)
    if files:
        record_reads(files[0].ward_id, mine.actor, "file", [f.id for f in files], subject_of(subject_kind).purpose)
    return {"items": [file_json(f) for f in files]}


@router.get("/files/{file_id}", openapi_extra=binary("application/octet-stream", "The file, as its own type"))
def get_file(request: HttpRequest, file_id: UUID) -> Any:
    """The file itself; that it was opened is journalled."""
    mine = rights(request)
    file = file_for(mine, file_id)
    content = content_of(file)
    record_read(file.ward_id, mine.actor, "file", file.id, purpose_of(file))
    answer = _ranged(content, request.headers.get("Range", ""), file.mime)
    answer.headers["Content-Disposition"] = f'inline; filename="{file.id}.{ENDINGS[file.mime]}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _ranged(content: bytes, asked: str, mime: str) -> HttpResponse:
    """All of it, or the one range that was asked for: some phones play no sound from a server that gives no ranges."""
    found, size = re.fullmatch(r"bytes=([0-9]{0,9})-([0-9]{0,9})", asked.strip()), len(content)
    first, last = found.groups() if found else ("", "")
    if not first and not last:
        answer = HttpResponse(content, content_type=mime)
    else:
        begin = int(first) if first else max(size - int(last), 0)
        end = min(int(last) + 1, size) if first and last else size
        if begin >= end:
            raise Problem(416, "no_range", "Tệp không có đoạn này.", "The file has no such range.", size=size)
        answer = HttpResponse(content[begin:end], status=206, content_type=mime, headers={
            "Content-Range": f"bytes {begin}-{end - 1}/{size}"})
    answer.headers["Accept-Ranges"] = "bytes"
    return answer


@router.delete("/files/{file_id}", response={204: None})
def delete_file(request: HttpRequest, file_id: UUID) -> Any:
    """Take a file away for good: its sender, or the office."""
    mine = rights(request)
    file = file_for(mine, file_id)
    check_may_erase(mine, file)
    erase_file(file, mine.actor)
    return 204, None
