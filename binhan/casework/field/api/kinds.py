"""How each kind of item is read and done. A handler is given consecutive items of its kind and answers each."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Literal
from uuid import UUID

from pydantic import ValidationError

from binhan.casework.field.actions.conflicts import Edit, correct_door, settle_conflict
from binhan.casework.field.models import Device, Receipt
from binhan.casework.field.queries.conflicts import conflict_bodies, conflict_for
from binhan.casework.field.rules.batch import Item
from binhan.casework.field.rules.edits import NoValue, value_of
from binhan.casework.listening import rules
from binhan.casework.listening.actions import Heard, move_issue, record_issues
from binhan.casework.listening.api import IssueVerbIn, issue_answer, read_issue
from binhan.casework.listening.lifecycle import ISSUE, By
from binhan.casework.listening.queries import desk_json, issue_for, my_teams, role_on
from binhan.casework.visits.actions.visits import record_visits
from binhan.casework.visits.api.visits import read_visit, visit_answer
from binhan.casework.visits.models import TurfDoor
from binhan.casework.visits.rules.record import Said, skew_of
from binhan.casework.visits.rules.words import warnings
from binhan.commons.access.api import Body, refused_row
from binhan.commons.access.queries import Rights
from binhan.kernel.errors import Problem, forbidden

Result = dict[str, Any]
Bodies = Sequence[Mapping[str, Any]]
Handler = Callable[["Sender", Sequence[Item], Bodies], list[Result]]


class Sender:
    """Who sends: rights, phone, and how far its clock is behind."""

    def __init__(self, rights: Rights, device: Device, sent_at: datetime, now: datetime) -> None:
        self.rights, self.device, self.sent_at = rights, device, sent_at
        self.ward_id, self.actor, self.skew = device.ward_id, rights.actor, skew_of(sent_at, now)

    @cached_property
    def teams(self) -> set[UUID]:
        """Every team that the sender is on."""
        return my_teams(self.rights, self.ward_id)

    def at(self, item: Item) -> datetime:
        """When it was done, by our clock."""
        return item.at + self.skew


class IssueVerbItem(IssueVerbIn):
    """A move of something heard."""

    issue: UUID
    verb: str


class EditItem(Body):
    """A corrected field of a door: what the writer saw there, and what they wrote."""

    dwelling: UUID
    field: Literal["landmark", "kind", "access_note", "best_time", "occupants", "position"]
    base: Any = None
    value: Any = None


class SettleItem(Body):
    """Which value of a conflict stands."""

    conflict: UUID
    keep: Literal["a", "b", "both"]


def hints(item: Item) -> Result:
    """What an answer says besides: where to go with what is not kept, what the words sound like; none of it is stored."""
    words, kind = str(item.body.get("words") or ""), item.body.get("kind")
    if item.kind == "issue" and kind in rules.DESKS:
        return {"go_to": desk_json(str(kind))}
    if item.kind == "issue" and (like := rules.rather(words)):
        return {"look_again": {"kind": like, "vi": rules.ROUTED[like], "go_to": desk_json(like)}}
    return {}


def _each(one: Callable[[Sender, Item, Mapping[str, Any]], Result]) -> Handler:
    """A handler that does its items one by one; the caller undoes and answers one that fails."""
    def handler(sender: Sender, items: Sequence[Item], bodies: Bodies) -> list[Result]:
        return [one(sender, item, body) for item, body in zip(items, bodies, strict=True)]
    return handler


def _status(sender: Sender, shown: Result, visit: UUID | None = None) -> Result:
    """A refusal that will pass by itself is a wait: the round is not open yet, or what it hangs on waits."""
    if shown.get("code") == "not_open" or (visit and shown.get("code") == "no_visit" and Receipt.objects.filter(
            device__account=sender.device.account_id, item=visit, status="wait").exists()):
        return {**shown, "status": "wait"}
    return shown


def visits(sender: Sender, items: Sequence[Item], bodies: Bodies) -> list[Result]:
    """What happened at doors."""
    read = [read_visit({**body, "id": str(item.id)}) for item, body in zip(items, bodies, strict=True)]
    rows = [said for said in read if isinstance(said, Said)]
    answers = iter(record_visits(sender.ward_id, sender.actor, rows, sender.teams, sender.sent_at))
    return [_status(sender, visit_answer(next(answers), said)) if isinstance(said, Said) else said for said in read]


def issues(sender: Sender, items: Sequence[Item], bodies: Bodies) -> list[Result]:
    """What was heard there."""
    read = [read_issue({**body, "id": str(item.id)}) for item, body in zip(items, bodies, strict=True)]
    rows = [heard for heard in read if isinstance(heard, Heard)]
    answers = iter(record_issues(sender.ward_id, sender.actor, rows, sender.teams))
    return [_status(sender, issue_answer(next(answers), heard), heard.visit) if isinstance(heard, Heard) else heard
            for heard in read]


def issue_verb(sender: Sender, item: Item, body: Mapping[str, Any]) -> Result:
    """The team moves something it heard."""
    try:
        given = IssueVerbItem.model_validate(body)
    except ValidationError as error:
        return refused_row(body, error)
    issue = issue_for(sender.rights, given.issue)
    by = By.TEAM if issue.visit and issue.visit.team_id in sender.teams else role_on(sender.rights, issue)
    if by is None:
        raise forbidden("Chỉ tổ đã nghe mới làm được việc này.", "Only the team that heard it may do this.")
    needs = {n for m in ISSUE.moves if m.verb == given.verb for n in m.needs}
    moved = move_issue(issue.id, given.verb, by, sender.actor,
                       {k: v for k, v in given.dict(exclude_none=True).items() if k in needs})
    return {"status": "stored", "state": moved.state}


def edit(sender: Sender, item: Item, body: Mapping[str, Any]) -> Result:
    """A field of a door is corrected, or becomes a conflict."""
    try:
        given = EditItem.model_validate(body)
        base, value = value_of(given.field, given.base), value_of(given.field, given.value)
    except ValidationError as error:
        return refused_row(body, error)
    except NoValue:
        raise Problem(422, "invalid", "Giá trị này không dùng được cho mục đó. Bản trong máy vẫn còn.",
                      "This value cannot stand in that field.", fields=["value"]) from None
    if not TurfDoor.objects.filter(ward_id=sender.ward_id, dwelling=given.dwelling, turf__team__in=sender.teams).exists():
        raise Problem(404, "not_yours", "Căn này không thuộc tổ của bạn.", "This door is not your team's.")
    said, conflict = correct_door(sender.ward_id, sender.actor, Edit(given.dwelling, given.field, base, value, item.id,
                                                                    sender.at(item)))
    shown: Result = {"status": said}
    if conflict is not None:
        shown["conflict"] = {"id": str(conflict.id), **conflict_bodies([conflict])[0][1]}
    if isinstance(value, str) and (found := warnings(value)):
        shown["warnings"] = found
    return shown


def settle(sender: Sender, item: Item, body: Mapping[str, Any]) -> Result:
    """A conflict is decided; who had not seen what A became is shown the card again."""
    try:
        given = SettleItem.model_validate(body)
    except ValidationError as error:
        return refused_row(body, error)
    row, by = conflict_for(sender.rights, given.conflict)
    seen_at = sender.device.synced_at or sender.device.registered_at
    done = settle_conflict(row.id, by, sender.actor, given.keep, item.id, sender.at(item), seen_at)
    if done is not None:
        return {"status": "stored", "state": done.state}
    ((key, card),) = conflict_bodies([conflict_for(sender.rights, row.id)[0]])
    return {"status": "conflict", "conflict": {"id": str(key), **card}}


TOGETHER = ("visit", "issue", "answers")
HANDLERS: dict[str, Handler] = {"visit": visits, "issue": issues, "issue_verb": _each(issue_verb), "edit": _each(edit),
                                "settle": _each(settle)}
