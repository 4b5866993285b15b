"""What comes back from the field itself: corrected fields of doors, cards that are settled, files; and the lists that
every phone of the ward is handed alike."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from pydantic import Field, ValidationError

from binhan.casework.field.actions.conflicts import Decision, Edit, correct_doors, settle_conflict
from binhan.casework.field.models import Conflict, DoorFact
from binhan.casework.field.queries.conflicts import card, conflict_bodies, conflict_for, open_card, open_conflicts
from binhan.casework.field.queries.lists import codes_body, ground_body, notice_body, notices_on, one_of_ward
from binhan.casework.field.rules.edits import NoValue, value_of
from binhan.casework.phones.phone import (
    Bodies,
    Carried,
    PhoneDocuments,
    PhoneFields,
    PhoneItem,
    Result,
    Sender,
    one_by_one,
    waiting,
)
from binhan.casework.phones.rules.batch import Item
from binhan.casework.visits.models import TurfDoor
from binhan.casework.visits.phone import teams_of_sender
from binhan.casework.visits.queries.load import load_of
from binhan.casework.visits.rules.words import warnings
from binhan.commons.access.api import Body, refused_row
from binhan.commons.files.actions import Attachment, attach_file
from binhan.commons.people.queries import display_names
from binhan.commons.places.models import Ward
from binhan.kernel.errors import Problem

NOT_YOURS: Result = {"status": "refused", "code": "not_yours", "detail": "Căn này không thuộc tổ của bạn.",
                     "detail_en": "This door is not your team's."}
Documents = Iterable[tuple[UUID, Mapping[str, Any]]]


class EditItem(Body):
    """A corrected field of a door: what the writer saw there, and what they wrote."""

    dwelling: UUID
    field: Literal["landmark", "kind", "access_note", "best_time", "occupants", "position"]
    base: Any = None
    value: Any = None


class FileItem(Body):
    """A file that was sent before, and what it belongs to."""

    subject_kind: Literal["visit", "issue"]
    subject: UUID
    kind: Literal["photo", "voice", "sketch"]
    size: int = Field(ge=1)
    sha256: str = Field(pattern=r"^[0-9a-fA-F]{64}$")


class SettleItem(Body):
    """Which value of a conflict stands."""

    conflict: UUID
    keep: Literal["a", "b", "both"]


def file(sender: Sender, item: Item, body: Mapping[str, Any]) -> Result:
    """A photo, a voice note or a sketch becomes its visit's or issue's. Its bytes come by their own way: until they are
    there, it waits."""
    try:
        given = FileItem.model_validate(body)
    except ValidationError as error:
        return refused_row(body, error)
    try:
        attached = attach_file(sender.ward_id, sender.actor, Attachment(
            item.id, given.kind, given.size, given.sha256, given.subject_kind, given.subject), sender.rights)
    except Problem as problem:
        if problem.code not in ("not_whole", "not_found"):  # of either: its bytes, or what it belongs to, are still to come
            raise
        return {**waiting(problem), "server": problem.extra}
    return {"status": "stored" if attached == "erased" else attached}


def edits(sender: Sender, items: Sequence[Item], bodies: Bodies) -> list[Result]:
    """Fields of doors are corrected, or become conflicts."""
    read = [_edit(sender, item, body) for item, body in zip(items, bodies, strict=True)]
    wanted = {e.dwelling for e in read if isinstance(e, Edit)}
    in_turfs = TurfDoor.objects.filter(ward_id=sender.ward_id, dwelling__in=wanted)
    doors = list(in_turfs.values_list("dwelling_id", "round_id", "turf__team_id"))
    teams = teams_of_sender(sender, {round_id for _, round_id, _ in doors})
    own_doors = {dwelling for dwelling, _, team in doors if team in teams}
    told = iter(correct_doors(sender.ward_id, sender.actor, [
        e for e in read if isinstance(e, Edit) and e.dwelling in own_doors]))
    return [e if not isinstance(e, Edit) else NOT_YOURS if e.dwelling not in own_doors else _corrected(e, *next(told))
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


def _corrected(edit: Edit, outcome: str, conflict: Conflict | None) -> Result:
    if outcome == "missing":
        return NOT_YOURS
    shown: dict[str, Any] = {"status": outcome}
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
    done = settle_conflict(row.id, by, sender.actor, Decision(given.keep, item.id, at, seen_at))
    if done is not None:
        return {"status": "stored", "state": done.state}
    return {"status": "conflict", "conflict": card(conflict_for(sender.rights, row.id)[0])}


def conflicts(carried: Carried) -> Documents:
    """The open cards at these doors (2 queries)."""
    return conflict_bodies(open_conflicts(load_of(carried).dwellings))


def notices(carried: Carried) -> Documents:
    """What is read before anything is asked, in each language (1 query)."""
    for row in notices_on(carried.ward_id, timezone.localdate(carried.at)):
        yield row.id, notice_body(row)


def codes(carried: Carried) -> Documents:
    """Every code list."""
    yield one_of_ward("codes", carried.ward_id), codes_body()


def outline(carried: Carried) -> Documents:
    """The ground as a line on a map (1 query)."""
    areas = {t.area_id: t.area for t in load_of(carried).turfs}
    yield one_of_ward("ground", carried.ward_id), ground_body(Ward.objects.get(ward_id=carried.ward_id), areas.values())


def who_said(carried: Carried) -> dict[UUID, dict[str, Any]]:
    """By door, who gave the value of each field that a team corrected, and when (2 queries)."""
    load = load_of(carried)
    found: dict[UUID, list[DoorFact]] = {key: [] for key in load.dwellings}
    for fact in DoorFact.objects.filter(dwelling__in=load.dwellings).order_by("field"):
        found[fact.dwelling_id].append(fact)
    names = display_names({f.by for rows in found.values() for f in rows})
    return {key: {"facts": {f.field: {"by": names[f.by], "at": f.at} for f in rows}} for key, rows in found.items()}


PHONE = (
    PhoneItem(kind="file", handle=one_by_one(file)),
    PhoneItem(kind="edit", handle=edits, group="edit", card=open_card),
    PhoneItem(kind="settle", handle=one_by_one(settle), card=open_card),
    PhoneDocuments("conflict", conflicts),
    PhoneDocuments("notice", notices),
    PhoneDocuments("codes", codes),
    PhoneDocuments("ground", outline),
    PhoneFields("door", ("facts",), who_said),
)
