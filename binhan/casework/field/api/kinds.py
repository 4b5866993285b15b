"""How each kind of item is read and done. A handler is given consecutive items of its kind and answers each."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from binhan.casework.appointments.actions import Wish, book
from binhan.casework.appointments.api import AppointmentIn
from binhan.casework.field.actions.conflicts import Edit, correct_doors, settle_conflict
from binhan.casework.field.api.bodies import AnswersItem, EditItem, FileItem, IssueVerbItem, SettleItem
from binhan.casework.field.models import Conflict, Device, Receipt
from binhan.casework.field.queries.conflicts import card, conflict_for
from binhan.casework.field.rules.batch import Item
from binhan.casework.field.rules.edits import NoValue, value_of
from binhan.casework.forms.actions import Answer, Filled, record_answers
from binhan.casework.listening import rules
from binhan.casework.listening.actions import Heard, move_issue, record_issues
from binhan.casework.listening.api import issue_answer, read_issue
from binhan.casework.listening.lifecycle import ISSUE, By
from binhan.casework.listening.queries import desk_json, issue_for, my_teams, role_on
from binhan.casework.visits.actions.visits import record_visits
from binhan.casework.visits.api.visits import read_visit, visit_answer
from binhan.casework.visits.models import TurfDoor
from binhan.casework.visits.rules.record import Said, skew_of
from binhan.casework.visits.rules.words import warnings
from binhan.commons.access.api import refused_row
from binhan.commons.access.queries import Rights
from binhan.commons.files.actions import attach_file
from binhan.kernel.errors import Problem, forbidden

Result = dict[str, Any]
Bodies = Sequence[Mapping[str, Any]]
NOT_YOURS: Result = {"status": "refused", "code": "not_yours", "detail": "Căn này không thuộc tổ của bạn.",
                     "detail_en": "This door is not your team's."}
Handler = Callable[["Sender", Sequence[Item], Bodies], list[Result]]


class Sender:
    """Who sends: rights, phone, and how far its clock is behind."""

    def __init__(self, rights: Rights, device: Device, sent_at: datetime, now: datetime) -> None:
        self.rights, self.device, self.sent_at = rights, device, sent_at
        self.waits: set[UUID] = set()  # of this batch: visits that wait, and what was heard there
        self.ward_id, self.actor, self.skew = device.ward_id, rights.actor, skew_of(sent_at, now)

    @cached_property
    def teams(self) -> set[UUID]:
        """Every team that the sender is on."""
        return my_teams(self.rights, self.ward_id)

    def at(self, item: Item) -> datetime:
        """When it was done, by our clock."""
        return item.at + self.skew


def hints(item: Item) -> Result:
    """What an answer says besides: where to go with what is not kept, what the words sound like; none of it is stored."""
    words, kind = str(item.body.get("words") or ""), str(item.body.get("kind"))
    if item.kind == "issue" and kind in rules.DESKS:
        return {"go_to": desk_json(kind)}
    if item.kind == "issue" and (like := rules.rather(words)):
        return {"look_again": {"kind": like, "vi": rules.ROUTED[like], "go_to": desk_json(like)}}
    return {}


def _each(one: Callable[[Sender, Item, Mapping[str, Any]], Result]) -> Handler:
    """A handler that does its items one by one; the caller undoes and answers one that fails."""
    def handler(sender: Sender, items: Sequence[Item], bodies: Bodies) -> list[Result]:
        return [one(sender, item, body) for item, body in zip(items, bodies, strict=True)]
    return handler


def _hangs(sender: Sender, shown: Result, visit: UUID) -> Result:
    """What hangs on a visit that waits, waits too."""
    return {**shown, "status": "wait"} if shown.get("code") == "no_visit" and _waits(sender, visit) else shown


def _waits(sender: Sender, key: UUID) -> bool:
    return key in sender.waits or Receipt.objects.filter(
        device__account=sender.device.account_id, item=key, status="wait").exists()


def _visited(sender: Sender, shown: Result, visit: UUID) -> Result:
    """A round that is not open yet will be: the visit waits."""
    if shown.get("code") != "not_open":
        return shown
    sender.waits.add(visit)
    return {**shown, "status": "wait"}


def visits(sender: Sender, items: Sequence[Item], bodies: Bodies) -> list[Result]:
    """What happened at doors."""
    read = [read_visit({**body, "id": str(item.id)}) for item, body in zip(items, bodies, strict=True)]
    rows = [said for said in read if isinstance(said, Said)]
    answers = iter(record_visits(sender.ward_id, sender.actor, rows, sender.teams, sender.sent_at))
    return [_visited(sender, visit_answer(next(answers), said), said.id) if isinstance(said, Said) else said
            for said in read]


def issues(sender: Sender, items: Sequence[Item], bodies: Bodies) -> list[Result]:
    """What was heard there."""
    read = [read_issue({**body, "id": str(item.id)}) for item, body in zip(items, bodies, strict=True)]
    rows = [heard for heard in read if isinstance(heard, Heard)]
    answers = iter(record_issues(sender.ward_id, sender.actor, rows, sender.teams))
    shown = [_hangs(sender, issue_answer(next(answers), heard), heard.visit) if isinstance(heard, Heard) else heard
             for heard in read]
    sender.waits |= {heard.id for heard, said in zip(read, shown, strict=True)
                     if isinstance(heard, Heard) and said["status"] == "wait"}
    return shown


def answers(sender: Sender, items: Sequence[Item], bodies: Bodies) -> list[Result]:
    """What was answered to the round's questionnaire."""
    read = [_filled(item, body) for item, body in zip(items, bodies, strict=True)]
    rows = [filled for filled in read if isinstance(filled, Filled)]
    told = iter(record_answers(sender.ward_id, sender.actor, rows, sender.teams))
    return [_hangs(sender, _shown(next(told)), filled.visit) if isinstance(filled, Filled) else filled for filled in read]


def _filled(item: Item, body: Mapping[str, Any]) -> Filled | Result:
    try:
        return Filled(id=item.id, **AnswersItem.model_validate(body).dict())
    except ValidationError as error:
        return refused_row({**body, "id": str(item.id)}, error)


def _shown(answer: Answer) -> Result:
    if answer.fault is None:
        return {"status": answer.status}
    return {"status": answer.status, **dict(zip(("code", "detail", "detail_en"), answer.fault, strict=True))}


def file(sender: Sender, item: Item, body: Mapping[str, Any]) -> Result:
    """A photo, a voice note or a sketch becomes its visit's or issue's. Its bytes come by their own way: until they are
    there, it waits."""
    try:
        given = FileItem.model_validate(body)
    except ValidationError as error:
        return refused_row(body, error)
    try:
        said = attach_file(sender.ward_id, sender.actor, item.id, given.subject_kind, given.subject, given.kind, given.size,
                           given.sha256, sender.rights)
    except Problem as problem:
        if problem.code not in ("not_whole", "not_found"):  # of either: its bytes, or what it belongs to, are still to come
            raise
        return {"status": "wait", "code": problem.code, "detail": problem.vi, "detail_en": problem.en,
                "server": problem.extra}
    return {"status": "stored" if said == "erased" else said}


def issue_verb(sender: Sender, item: Item, body: Mapping[str, Any]) -> Result:
    """The team moves something it heard."""
    try:
        given = IssueVerbItem.model_validate(body)
    except ValidationError as error:
        return refused_row(body, error)
    try:
        issue = issue_for(sender.rights, given.issue)
    except Problem as problem:
        if not _waits(sender, given.issue):
            raise
        return {"status": "wait", "code": problem.code, "detail": problem.vi, "detail_en": problem.en}
    by = By.TEAM if issue.visit and issue.visit.team_id in sender.teams else role_on(sender.rights, issue)
    if by is None:
        raise forbidden("Chỉ tổ đã nghe mới làm được việc này.", "Only the team that heard it may do this.")
    needs = {n for m in ISSUE.moves if m.verb == given.verb for n in m.needs}
    moved = move_issue(issue.id, given.verb, by, sender.actor,
                       {k: v for k, v in given.dict(exclude_none=True).items() if k in needs})
    return {"status": "stored", "state": moved.state}


def edits(sender: Sender, items: Sequence[Item], bodies: Bodies) -> list[Result]:
    """Fields of doors are corrected, or become conflicts."""
    read = [_edit(sender, item, body) for item, body in zip(items, bodies, strict=True)]
    wanted = {e.dwelling for e in read if isinstance(e, Edit)}
    mine = set(TurfDoor.objects.filter(ward_id=sender.ward_id, dwelling__in=wanted, turf__team__in=sender.teams)
               .values_list("dwelling_id", flat=True))
    told = iter(correct_doors(sender.ward_id, sender.actor, [
        e for e in read if isinstance(e, Edit) and e.dwelling in mine]))
    return [e if not isinstance(e, Edit) else NOT_YOURS if e.dwelling not in mine else _corrected(e, *next(told))
            for e in read]


def _edit(sender: Sender, item: Item, body: Mapping[str, Any]) -> Edit | Result:
    try:
        given = EditItem.model_validate(body)
        base, value = value_of(given.field, given.base), value_of(given.field, given.value)
    except ValidationError as error:
        return refused_row({**body, "id": str(item.id)}, error)
    except NoValue:
        return {"status": "refused", "code": "invalid", "detail": "Giá trị này không dùng được cho mục đó. Bản trong máy"
                " vẫn còn.", "detail_en": "This value cannot stand in that field."}
    return Edit(given.dwelling, given.field, base, value, item.id, sender.at(item))


def _corrected(edit: Edit, said: str, conflict: Conflict | None) -> Result:
    if said == "missing":
        return NOT_YOURS
    shown: Result = {"status": said}
    if conflict is not None:
        shown["conflict"] = card(conflict)
    if isinstance(edit.value, str) and (found := warnings(edit.value)):
        shown["warnings"] = found
    return shown


def settle(sender: Sender, item: Item, body: Mapping[str, Any]) -> Result:
    """A conflict is decided; who had not seen what A became is shown the card again."""
    try:
        given = SettleItem.model_validate(body)
    except ValidationError as error:
        return refused_row(body, error)
    row, by = conflict_for(sender.rights, given.conflict)
    at = sender.at(item)
    seen_at = min(sender.device.synced_at or sender.device.registered_at, at)  # what came after the choice was not seen
    done = settle_conflict(row.id, by, sender.actor, given.keep, item.id, at, seen_at)
    if done is not None:
        return {"status": "stored", "state": done.state}
    return {"status": "conflict", "conflict": card(conflict_for(sender.rights, row.id)[0])}


def appointment(sender: Sender, item: Item, body: Mapping[str, Any]) -> Result:
    """A time agreed with the household for the next visit."""
    try:
        given = AppointmentIn.model_validate({**body, "id": str(item.id)})
    except ValidationError as error:
        return refused_row(body, error)
    wish = Wish(given.round, given.dwelling, given.from_at, given.to_at, given.note, sender.at(item), item.id)
    agreed, said = book(sender.ward_id, sender.actor, wish, teams=sender.teams)
    return {"status": said, "state": agreed.state}


TOGETHER = ("visit", "issue", "answers")  # what hangs on a visit is handed on with it
HANDLERS: dict[str, Handler] = {"visit": visits, "issue": issues, "answers": answers,
                                "file": _each(file), "issue_verb": _each(issue_verb), "edit": edits,
                                "settle": _each(settle), "appointment": _each(appointment)}
