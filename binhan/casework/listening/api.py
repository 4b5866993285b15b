"""/api/issues: what residents said, sent by a phone in batches, one POST per verb."""
from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Annotated, Any, Literal, NotRequired
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, ValidationError, WithJsonSchema
from typing_extensions import TypedDict

from binhan.casework.listening import rules
from binhan.casework.listening.actions import Heard, move_issue, record_issues
from binhan.casework.listening.lifecycle import ISSUE, WAITING, By, State
from binhan.casework.listening.queries.codes import Desk, ListeningCodes, LookAgain, codes_json, desk_json, look_again_json
from binhan.casework.listening.queries.issues import HeardIssue, issue_for, issue_json, issues_for, role_on
from binhan.casework.phones.rules.batch import RowAnswer
from binhan.casework.visits.queries.reach import my_teams
from binhan.casework.visits.rules.codes import BATCH_MAX
from binhan.casework.visits.rules.words import WordWarning, warnings
from binhan.commons.access.api import Body, refused_row, require, rights
from binhan.commons.access.queries import only_ward
from binhan.commons.access.rules import TEAM
from binhan.commons.journal.actions import record_list_read, record_read
from binhan.commons.keyset import BY_ID, Key, moment, page_after
from binhan.commons.wire import Page, Results, results_of
from binhan.kernel.errors import Problem, forbidden, not_found

router = Router(tags=["issues"])
VERBS = sorted({m.verb for m in ISSUE.moves if m.by != By.CLOCK})
Verb = Annotated[str, WithJsonSchema({"type": "string", "enum": VERBS})]
Kind = Literal["request", "report", "procedure", "conflict", "need", "praise", "complaint", "denunciation", "crime",
               "domestic_violence", "child_abuse"]
Channel = Literal["visit", "phone", "zalo", "letter", "meeting"]
UnitCode = Literal["khu_pho", "economy", "culture_social", "public_service", "police", "military", "front", "health",
                   "mediation", "committee"]
AgencyCode = Literal["city", "other_ward", "electricity", "water", "telecom", "hotline_1022", "other"]
PAGE_MAX = 100
LONGEST_FIRST = (Key("heard_at", moment), BY_ID)


class IssueIn(Body):
    """One thing that was heard at a visit, as the resident said it. The phone makes the id (UUIDv7)."""

    id: UUID
    visit: UUID
    kind: Kind
    words: str = Field(default="", max_length=rules.WORDS_MAX)
    place: str = Field(default="", max_length=rules.PLACE_MAX)
    urgency: Literal["ordinary", "urgent"] = "ordinary"
    reply_by: Literal["", "visit", "phone", "zalo", "letter", "meeting"] = ""
    promised_on: date | None = None
    confidential: bool = False
    answer: str = Field(default="", max_length=rules.ANSWER_MAX)


class IssuesIn(Body):
    """A batch of up to 100."""

    ward: int | None = None
    issues: Annotated[list[Any], WithJsonSchema({"type": "array", "items": IssueIn.model_json_schema(),
                                                 "maxItems": BATCH_MAX})] = Field(min_length=1, max_length=BATCH_MAX)


class IssueVerbIn(Body):
    """The needs of a verb; which of them a verb takes is in the lifecycle table."""

    unit: UnitCode | None = None
    agency: AgencyCode | None = None
    kind: Kind | None = None
    channel: Channel | None = None
    answer: str | None = Field(default=None, max_length=rules.ANSWER_MAX)
    receipt: str | None = Field(default=None, max_length=200)
    reason: str | None = Field(default=None, max_length=rules.REASON_MAX)


class IssuesAsked(Schema):
    """Which of them are asked for. `state`: waiting, or some of the states separated by commas."""

    ward: int | None = None
    state: str = "waiting"
    kind: str = ""
    unit: str = ""
    limit: int = 50
    cursor: str = ""


class IssueResult(TypedDict):
    """What became of one row: stored, same, or refused and why. `go_to`: where to go with what is not kept here;
    `look_again`: what its words sound like; `warnings`: words that should rather not stand in it."""

    id: str | None
    status: str
    state: NotRequired[str]
    code: NotRequired[str]
    detail: NotRequired[str]
    detail_en: NotRequired[str]
    fields: NotRequired[list[str]]
    go_to: NotRequired[Desk]
    look_again: NotRequired[LookAgain]
    warnings: NotRequired[list[WordWarning]]


@router.get("/listening/codes", response=ListeningCodes)
def get_codes(request: HttpRequest) -> ListeningCodes:
    """The code lists, and where to go with what is not written down here – for every screen, also without a network."""
    rights(request)
    return codes_json()


@router.post("/issues", response=Results[IssueResult])
def post_issues(request: HttpRequest, body: IssuesIn) -> Results[IssueResult]:
    """Store what my own teams heard. Each row has its own answer, in order. A complaint, a denunciation, a crime, violence
    at home or against a child comes back with the desk and the numbers (`go_to`): no word of it is kept."""
    ward = only_ward(rights(request), "casework", body.ward)
    mine = require(request, ward, TEAM)
    read = [read_issue(row) for row in body.issues]
    answers = iter(record_issues(ward, mine.actor, [h for h in read if isinstance(h, Heard)], my_teams(mine, ward)))
    told: list[IssueResult] = [
        issue_answer(next(answers), heard) if isinstance(heard, Heard) else heard for heard in read]
    return results_of(told)


def read_issue(row: Any) -> Heard | IssueResult:
    """A row as it was meant, or its refusal."""
    try:
        given = IssueIn.model_validate(row)
    except ValidationError as error:
        said = refused_row(row, error)
        return {"id": said["id"], "status": said["status"], "code": said["code"], "detail": said["detail"],
                "detail_en": said["detail_en"], "fields": said["fields"]}
    told = given.model_dump(mode="json", exclude_defaults=True)
    if given.kind in rules.ROUTED:  # what is kept of it must not lead to a visit, nor a hash of it
        told.pop("visit")
    digest = hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).digest()
    return Heard(**{name: getattr(given, name) for name in IssueIn.model_fields}, digest=digest)


def issue_answer(answer: RowAnswer, heard: Heard) -> IssueResult:
    """What became of a row; where to go with what is not kept here, and what its words sound like."""
    shown: IssueResult = {"id": str(answer.id), "status": answer.status, "state": answer.state}
    if answer.fault:
        shown["code"], shown["detail"], shown["detail_en"] = answer.fault
    if heard.kind in rules.DESKS:
        shown["go_to"] = desk_json(heard.kind)
    elif kind := rules.rather(heard.words):
        shown["look_again"] = look_again_json(kind)
    if found := warnings(f"{heard.words} {heard.answer}"):
        shown["warnings"] = found
    return shown


@router.get("/issues", response=Page[HeardIssue])
def list_issues(request: HttpRequest, asked: Query[IssuesAsked]) -> Page[HeardIssue]:
    """What was heard, the longest waiting first. `state`: waiting, or some of the states separated by commas."""
    mine = rights(request)
    chosen = only_ward(mine, "casework", asked.ward)
    if not mine.may("casework", chosen):
        raise forbidden("Vai trò của bạn không xem được nội dung này.", "Your role does not open these records.")
    wanted = {str(s) for s in WAITING} if asked.state == "waiting" else set(filter(None, asked.state.split(",")))
    if not wanted <= {str(s) for s in State}:
        raise Problem(422, "unknown_state", "Trạng thái không có.", "No such state.", states=list(map(str, State)))
    rows = issues_for(mine, chosen).filter(state__in=wanted)
    rows = rows.filter(kind=asked.kind) if asked.kind else rows
    rows = rows.filter(unit=asked.unit) if asked.unit else rows
    page, more = page_after(rows, LONGEST_FIRST, max(1, min(asked.limit, PAGE_MAX)), asked.cursor)
    record_list_read(chosen, mine.actor, "issue", "casework")
    now = timezone.now()
    return {"items": [issue_json(i, None, now) for i in page], "next": more or None}


@router.get("/issues/{issue_id}", response=HeardIssue)
def get_issue(request: HttpRequest, issue_id: UUID) -> HeardIssue:
    """One of them; that it was opened is journalled."""
    mine = rights(request)
    issue = issue_for(mine, issue_id)
    record_read(issue.ward_id, mine.actor, "issue", issue.id, "casework")
    return issue_json(issue, role_on(mine, issue), timezone.now())


@router.post("/issues/{issue_id}/{verb}", response=HeardIssue)
def post_issue_verb(request: HttpRequest, issue_id: UUID, verb: Verb, body: IssueVerbIn | None = None) -> HeardIssue:
    """One move: answer_at_door and tell by the team that heard it; assign, answer, pass_on and the rest by the office."""
    mine = rights(request)
    issue = issue_for(mine, issue_id)
    if verb not in VERBS:
        raise not_found("thao tác này", "verb")
    if (by := role_on(mine, issue)) is None:
        raise forbidden("Chỉ tổ đã nghe hoặc cán bộ phụ trách của phường được làm việc này.",
                        "Only the team that heard it or the ward's office may do this.")
    needs = {n for m in ISSUE.moves if m.verb == verb for n in m.needs}
    given = {k: v for k, v in (body or IssueVerbIn()).dict(exclude_none=True).items() if k in needs}
    moved = move_issue(issue.id, verb, by, mine.actor, given)
    return issue_json(moved, by, timezone.now())
