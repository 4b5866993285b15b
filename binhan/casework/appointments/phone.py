"""What appointments bring to a team's phone: what is agreed and promised at its doors, slips, and times agreed there."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from pydantic import ValidationError

from binhan.casework.appointments.actions import Wish, book
from binhan.casework.appointments.api import AppointmentIn
from binhan.casework.appointments.queries import agreed_since, appointments_for
from binhan.casework.appointments.rules.slips import slip_json
from binhan.casework.listening.queries.issues import late, open_at
from binhan.casework.listening.rules import CHANNELS, UNITS
from binhan.casework.phones.phone import (
    Carried,
    PhoneDocuments,
    PhoneFields,
    PhoneItem,
    Result,
    Sender,
    one_by_one,
)
from binhan.casework.phones.rules.batch import Item
from binhan.casework.visits.phone import teams_of_sender
from binhan.casework.visits.queries.load import load_of
from binhan.commons.access.api import refused_row

Documents = Iterable[tuple[UUID, dict[str, Any]]]
Times = tuple[datetime, datetime]


def appointment(sender: Sender, item: Item, body: Mapping[str, Any]) -> Result:
    """A time agreed with the household for the next visit."""
    try:
        given = AppointmentIn.model_validate({**body, "id": str(item.id)})
    except ValidationError as error:
        return refused_row(body, error)
    wish = Wish(given.round, given.dwelling, given.from_at, given.to_at, given.note, sender.at(item), item.id)
    agreed, said = book(sender.ward_id, sender.actor, wish, teams=teams_of_sender(sender, [given.round]))
    return {"status": said, "state": agreed.state}


def _due(carried: Carried) -> dict[UUID, Times | None]:
    """By door, when somebody must come back: as it was agreed last, by slip too, else as the visit said (1 query)."""
    def find() -> dict[UUID, Times | None]:
        load, found = load_of(carried), {}
        agreed = agreed_since(load.rounds, load.dwellings)
        for d in load.doors:
            said = load.stands(d).come_back_at
            found[d.dwelling_id] = agreed.get((d.round_id, d.dwelling_id), (said, said) if said else None)
        return found
    return carried.once("due", find)


def at_doors(carried: Carried) -> dict[UUID, dict[str, Any]]:
    """When to come back to a door, and the slip with which the household books its next visit."""
    due, found = _due(carried), {}
    for d in load_of(carried).doors:
        times = due[d.dwelling_id]
        found[d.dwelling_id] = {"come_back_at": times and times[0], "slip": slip_json(
            settings.ENV.key, settings.PUBLIC_URL, d.round_id, d.dwelling_id)}
    return found


def promises(carried: Carried) -> Documents:
    """Replies promised and visits agreed at these doors; a time that was changed since is the changed one."""
    for i in open_at(carried):
        if i.reply_due_at is not None and i.visit is not None:
            door = i.visit.dwelling
            yield i.id, {
                "what": "reply", "dwelling": door.id, "address": door.address, "due_at": i.reply_due_at,
                "late": late(i, carried.at), "kind": i.kind, "how_name": CHANNELS[i.reply_by].vi,
                "unit_name": UNITS[i.unit].vi if i.unit else ""}
    due = _due(carried)
    for d in load_of(carried).doors:
        if (times := due[d.dwelling_id]) is not None:
            yield d.dwelling_id, {"what": "visit", "dwelling": d.dwelling_id, "address": d.dwelling.address,
                                  "due_at": times[1], "late": times[1] < carried.at}


def agreed(carried: Carried) -> Documents:
    """What of that the household can still change (1 query)."""
    load = load_of(carried)
    return appointments_for(carried.ward_id, load.dwellings, set(load.rounds)) if load.turfs else []


PHONE = (
    PhoneItem(kind="appointment", handle=one_by_one(appointment)),
    PhoneDocuments("promise", promises),
    PhoneDocuments("appointment", agreed),
    PhoneFields("door", ("come_back_at", "slip"), at_doors),
)
