"""What was heard, for those whom it concerns."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NotRequired
from uuid import UUID

from django.db.models import Q, QuerySet
from typing_extensions import TypedDict

from binhan.casework.listening.lifecycle import ISSUE, WAITING, By
from binhan.casework.listening.models import Issue
from binhan.casework.listening.queries.codes import Desk, desk_json
from binhan.casework.listening.rules import AGENCIES, CHANNELS, DESKS, KINDS, OFFICE, ROUTED, UNITS, URGENCIES
from binhan.casework.phones.phone import Carried
from binhan.casework.visits.queries.load import load_of
from binhan.casework.visits.queries.reach import my_teams, teams_of
from binhan.commons.access.queries import Rights, areas_as
from binhan.commons.files.queries import Subject
from binhan.commons.language import state_name
from binhan.commons.wire import Id, name_in
from binhan.kernel.errors import not_found


class HeardIssue(TypedDict):
    """What a resident said, and what became of it. `go_to`: only of what is routed out."""

    id: Id
    kind: str
    kind_name: str
    words: str
    place: str
    urgency: str
    urgency_name: str
    confidential: bool
    heard_at: datetime
    visit: Id | None
    dwelling: Id | None
    address: str
    area: str
    reply_by: str
    reply_by_name: str
    reply_due_at: datetime | None
    late: bool
    level: int
    state: str
    state_name: str
    unit: str
    unit_name: str
    agency: str
    agency_name: str
    answer: str
    receipt: str
    told_by: str
    told_by_name: str
    reason: str
    verbs: list[str]
    go_to: NotRequired[Desk]


def is_office(rights: Rights, ward_id: int) -> bool:
    """True for the roles that name owners and answer, for the whole ward."""
    return rights.has(ward_id, *OFFICE) and areas_as(rights, ward_id, *OFFICE) is None


def issues_for(rights: Rights, ward_id: int) -> QuerySet[Issue]:
    """The office sees all of the ward's; a team what it heard itself; a khu phố's board what is not confidential there."""
    rows = Issue.objects.filter(ward_id=ward_id).select_related("visit__dwelling__area", "visit__team")
    if is_office(rights, ward_id):
        return rows
    board = areas_as(rights, ward_id, "khu_pho_board")
    seen = Q(visit__team__in=my_teams(rights, ward_id))
    if board is None:
        seen |= Q(visit__isnull=False, confidential=False)
    elif board:
        seen |= Q(visit__dwelling__area__in=board, confidential=False)
    return rows.filter(seen)


def issue_for(rights: Rights, issue_id: UUID) -> Issue:
    """One of them; 404 for any other."""
    ward = Issue.objects.filter(id=issue_id).values_list("ward_id", flat=True).first()
    issue = issues_for(rights, ward).filter(id=issue_id).first() if ward and rights.may("casework", ward) else None
    if issue is None:
        raise not_found("nội dung này", "issue")
    return issue


def role_on(rights: Rights, issue: Issue) -> By | None:
    """As whom the account may move it: the office, the team that heard it, or not at all."""
    if is_office(rights, issue.ward_id):
        return By.OFFICE
    if issue.visit and issue.visit.team_id in teams_of(rights, issue.ward_id, [issue.visit.round_id]):
        return By.TEAM
    return None


def issue_json(issue: Issue, by: By | None, at: datetime) -> HeardIssue:
    """What was heard, with the verbs open to the caller; what is routed out shows the desk and the numbers."""
    door = issue.visit.dwelling if issue.visit else None
    heard: HeardIssue = {
        "id": str(issue.id), "kind": issue.kind, "kind_name": name_in(KINDS | ROUTED, issue.kind), "words": issue.words,
        "place": issue.place, "urgency": issue.urgency, "urgency_name": name_in(URGENCIES, issue.urgency),
        "confidential": issue.confidential, "heard_at": issue.heard_at,
        "visit": str(issue.visit_id) if issue.visit_id else None, "dwelling": str(door.id) if door else None,
        "address": door.address if door else "", "area": door.area.name if door and door.area else "",
        "reply_by": issue.reply_by, "reply_by_name": name_in(CHANNELS, issue.reply_by),
        "reply_due_at": issue.reply_due_at, "late": late(issue, at), "level": issue.level,
        "state": issue.state, "state_name": state_name(ISSUE, issue.state), "unit": issue.unit,
        "unit_name": name_in(UNITS, issue.unit), "agency": issue.agency, "agency_name": name_in(AGENCIES, issue.agency),
        "answer": issue.answer, "receipt": issue.receipt, "told_by": issue.told_by,
        "told_by_name": name_in(CHANNELS, issue.told_by), "reason": issue.reason,
        "verbs": list(ISSUE.verbs_from(issue.state, by)) if by else []}
    if issue.kind in DESKS:
        heard["go_to"] = desk_json(issue.kind)
    return heard


def open_at(carried: Carried) -> list[Issue]:
    """What the member's teams heard at the doors that the phone carries and is still open, found out once a sync."""
    def find() -> list[Issue]:
        rows = Issue.objects.filter(visit__dwelling__in=load_of(carried).dwellings, state__in=WAITING,
                                    visit__team__in=my_teams(carried.rights, carried.ward_id))
        return list(rows.select_related("visit__dwelling").order_by("heard_at", "id"))
    return carried.once("issues", find)


def late(issue: Issue, at: datetime) -> bool:
    """True when the promised reply should have been told by now."""
    return issue.state in WAITING and issue.reply_due_at is not None and issue.reply_due_at < at


def _keeps_files(ward_id: int, ids: Sequence[UUID]) -> dict[UUID, bool]:
    """What is routed out keeps none."""
    rows = Issue.objects.filter(ward_id=ward_id, id__in=ids).values_list("id", "kind", "visit_id")
    return {key: kind in KINDS and visit is not None for key, kind, visit in rows}


SUBJECT = Subject("casework", issue_for, _keeps_files)  # an issue's files are seen as the issue is
