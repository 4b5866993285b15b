"""/api/visits: what happened at the doors, sent by a phone in batches."""
from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal, NotRequired
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from pydantic import AwareDatetime, Field, ValidationError, WithJsonSchema
from typing_extensions import TypedDict

from binhan.casework.phones.rules.batch import RowAnswer
from binhan.casework.visits.actions.visits import record_visits
from binhan.casework.visits.api.rounds import Part
from binhan.casework.visits.queries.reach import teams_of
from binhan.casework.visits.rules.codes import BATCH_MAX, NOTE_MAX
from binhan.casework.visits.rules.record import VisitRecord
from binhan.casework.visits.rules.words import WordWarning, warnings
from binhan.commons.access.api import Body, refused_row, require, rights
from binhan.commons.access.queries import only_ward
from binhan.commons.access.rules import TEAM
from binhan.commons.wire import Results, results_of

router = Router(tags=["visits"])
Consent = Literal["support_referral", "call_back", "zalo"]


class VisitIn(Body):
    """One visit. The phone makes the id (UUIDv7): the same again is the same visit."""

    id: UUID
    round: UUID
    dwelling: UUID
    outcome: Literal["met", "not_home", "come_back", "refused", "vacant", "moved"]
    started_at: AwareDatetime
    ended_at: AwareDatetime
    come_back_at: AwareDatetime | None = None
    present: dict[Part, Annotated[int, Field(ge=1, le=50)]] = Field(default_factory=dict)
    notice_lang: str = Field(default="", max_length=10)
    notice_version: str = Field(default="", max_length=40)
    consents: dict[Consent, bool] = Field(default_factory=dict)
    topics: list[Annotated[str, Field(max_length=40)]] = Field(default_factory=list, max_length=50)
    note: str = Field(default="", max_length=NOTE_MAX)


class VisitsIn(Body):
    """A batch of up to 100 visits. `sent_at`: the phone's own clock at sending, by which its times are set right."""

    ward: int | None = None
    sent_at: AwareDatetime | None = None
    visits: Annotated[list[Any], WithJsonSchema({"type": "array", "items": VisitIn.model_json_schema(),
                                                 "maxItems": BATCH_MAX})] = Field(min_length=1, max_length=BATCH_MAX)


class VisitResult(TypedDict):
    """What became of one row: stored, same, or refused and why."""

    id: str | None
    status: str
    code: NotRequired[str]
    detail: NotRequired[str]
    detail_en: NotRequired[str]
    fields: NotRequired[list[str]]
    warnings: NotRequired[list[WordWarning]]


@router.post("/visits", response=Results[VisitResult])
def post_visits(request: HttpRequest, body: VisitsIn) -> Results[VisitResult]:
    """Store visits of my own teams. Each row has its own answer, in order: stored, same, or refused and why; one bad row
    never fails its neighbours. `warnings` point at words a note should rather not say."""
    ward = only_ward(rights(request), "casework", body.ward)
    mine = require(request, ward, TEAM)
    read = [read_visit(row) for row in body.visits]
    rows = [record for record in read if isinstance(record, VisitRecord)]
    teams = teams_of(mine, ward, list({s.round for s in rows}))
    answers = iter(record_visits(ward, mine.actor, rows, teams, body.sent_at))
    told: list[VisitResult] = [
        visit_answer(next(answers), record) if isinstance(record, VisitRecord) else record for record in read]
    return results_of(told)


def read_visit(row: Any) -> VisitRecord | VisitResult:
    """A row as it was meant, or its refusal."""
    try:
        given = VisitIn.model_validate(row)
    except ValidationError as error:
        said = refused_row(row, error)
        return {"id": said["id"], "status": said["status"], "code": said["code"], "detail": said["detail"],
                "detail_en": said["detail_en"], "fields": said["fields"]}
    told = json.dumps(given.model_dump(mode="json", exclude_defaults=True), sort_keys=True, ensure_ascii=False)
    return VisitRecord(**{name: getattr(given, name) for name in VisitIn.model_fields},
                digest=hashlib.sha256(told.encode()).digest())


def visit_answer(answer: RowAnswer, record: VisitRecord) -> VisitResult:
    """What became of a row, and the words that its note should rather not say."""
    shown: VisitResult = {"id": str(answer.id), "status": answer.status}
    if answer.fault:
        shown["code"], shown["detail"], shown["detail_en"] = answer.fault
    if found := warnings(record.note):
        shown["warnings"] = found
    return shown
