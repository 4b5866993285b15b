"""What listening brings to a team's phone: what is open at its doors, what was heard, and the team's own moves of it."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from binhan.casework.listening.actions import Heard, move_issue, record_issues
from binhan.casework.listening.api import IssueVerbIn, issue_answer, read_issue
from binhan.casework.listening.lifecycle import ISSUE, By
from binhan.casework.listening.models import Issue
from binhan.casework.listening.queries.codes import desk_json, look_again_json
from binhan.casework.listening.queries.issues import issue_for, late, open_at, role_on
from binhan.casework.listening.rules import DESKS, KINDS, ROUTED, rather
from binhan.casework.phones.phone import (
    Bodies,
    Carried,
    PhoneDocuments,
    PhoneItem,
    Result,
    Sender,
    one_by_one,
    waiting,
)
from binhan.casework.phones.rules.batch import Item
from binhan.casework.visits.phone import hangs, teams_at_visits, teams_of_sender
from binhan.commons.access.api import refused_row
from binhan.kernel.errors import Problem, forbidden


class IssueVerbItem(IssueVerbIn):
    """A move of something heard."""

    issue: UUID
    verb: str


def issues(sender: Sender, items: Sequence[Item], bodies: Bodies) -> list[Result]:
    """What was heard at visits."""
    read = [read_issue({**body, "id": str(item.id)}) for item, body in zip(items, bodies, strict=True)]
    rows = [heard for heard in read if isinstance(heard, Heard)]
    answers = iter(record_issues(sender.ward_id, sender.actor, rows,
                                 teams_at_visits(sender, {heard.visit for heard in rows})))
    shown = [hangs(sender, issue_answer(next(answers), heard), heard.visit) if isinstance(heard, Heard) else heard
             for heard in read]
    sender.waits |= {heard.id for heard, said in zip(read, shown, strict=True)
                     if isinstance(heard, Heard) and said["status"] == "wait"}
    return shown


def issue_verb(sender: Sender, item: Item, body: Mapping[str, Any]) -> Result:
    """The team moves something it heard."""
    try:
        given = IssueVerbItem.model_validate(body)
    except ValidationError as error:
        return refused_row(body, error)
    try:
        issue = issue_for(sender.rights, given.issue)
    except Problem as problem:
        if not sender.waits_for(given.issue):
            raise
        return waiting(problem)
    by = By.TEAM if issue.visit and issue.visit.team_id in teams_of_sender(
        sender, [issue.visit.round_id]) else role_on(sender.rights, issue)
    if by is None:
        raise forbidden("Chỉ tổ đã nghe mới làm được việc này.", "Only the team that heard it may do this.")
    needs = ISSUE.needs_of(given.verb)
    moved = move_issue(issue.id, given.verb, by, sender.actor,
                       {k: v for k, v in given.dict(exclude_none=True).items() if k in needs})
    return {"status": "stored", "state": moved.state}


def routed_already(ward_id: int, items: Collection[UUID]) -> set[UUID]:
    """Which of these were heard and routed out; there are no answers of such (1 query)."""
    return set(Issue.objects.filter(ward_id=ward_id, id__in=items, kind__in=ROUTED).values_list("id", flat=True))


def keeps(item: Item) -> bool:
    """No answer to what is routed out: it would lead back to the door."""
    return str(item.body.get("kind")) not in ROUTED


def hints(item: Item) -> Result:
    """Where to go with what is not kept, and what the words sound like."""
    words, kind = str(item.body.get("words") or ""), str(item.body.get("kind"))
    if kind in DESKS:
        return {"go_to": desk_json(kind)}
    like = rather(words)
    return {"look_again": look_again_json(like)} if like else {}


def open_issues(carried: Carried) -> Iterable[tuple[UUID, dict[str, Any]]]:
    """What the sender's teams heard at these doors and is still open (1 query)."""
    for i in open_at(carried):
        yield i.id, {
            "dwelling": i.visit.dwelling_id if i.visit else None, "kind": i.kind,
            "kind_name": KINDS[i.kind].vi,
            "words": i.words, "answer": i.answer, "state": i.state, "state_name": ISSUE.state_name(i.state),
            "reply_by": i.reply_by, "reply_due_at": i.reply_due_at, "late": late(i, carried.at),
            "verbs": list(ISSUE.verbs_from(i.state, By.TEAM))}


PHONE = (
    PhoneItem(kind="issue", handle=issues, group="visit", keeps=keeps, unkept=routed_already, hints=hints),
    PhoneItem(kind="issue_verb", handle=one_by_one(issue_verb), may_forget=frozenset({"issue"})),
    PhoneDocuments("issue", open_issues),
)
