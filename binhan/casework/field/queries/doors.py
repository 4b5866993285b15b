"""The doors of chosen turfs, and what has been said and promised there."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from binhan.casework.field.models import DoorFact
from binhan.casework.field.queries.providers import agreed_since, appointments_for, slip_of
from binhan.casework.listening.lifecycle import ISSUE, WAITING, By
from binhan.casework.listening.models import Issue
from binhan.casework.listening.queries import late
from binhan.casework.listening.rules import CHANNELS, KINDS, UNITS
from binhan.casework.visits.models import Turf, TurfDoor
from binhan.casework.visits.queries.doors import NOT_YET, Standing, standings_in
from binhan.commons.people.queries import display_names
from binhan.kernel.errors import Problem

Bodies = Iterable[tuple[str, UUID, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Ground:
    """The turfs to be handed out and their doors, with how each stands."""

    turfs: Sequence[Turf]
    doors: Sequence[TurfDoor]
    standing: Mapping[tuple[UUID, UUID], Standing]
    agreed: Mapping[tuple[UUID, UUID], tuple[datetime, datetime] | None]  # what was agreed last; None: nothing any more

    def told(self, door: TurfDoor) -> Standing:
        """How a door stands."""
        return self.standing.get((door.round_id, door.dwelling_id), NOT_YET)

    def due(self, door: TurfDoor) -> tuple[datetime, datetime] | None:
        """When somebody must come back: as it was agreed last, by slip too, else as the visit said."""
        said = self.told(door).come_back_at
        return self.agreed.get((door.round_id, door.dwelling_id), (said, said) if said else None)

    @property
    def dwellings(self) -> list[UUID]:
        """The ids of the doors."""
        return [d.dwelling_id for d in self.doors]


def ground_of(turfs: Sequence[Turf]) -> Ground:
    """The doors of these turfs (3 queries); a door that two of them share cannot be on one phone twice."""
    doors = list(TurfDoor.objects.filter(turf__in=turfs).select_related("dwelling__way", "dwelling__group")
                 .annotate(households=Count("dwelling__households", filter=Q(dwelling__households__active=True)))
                 .order_by("turf__number", "place"))
    if len({d.dwelling_id for d in doors}) != len(doors):
        raise Problem(409, "door_twice", "Các cụm đã chọn thuộc hai đợt và có chung căn. Hãy chọn cụm của một đợt.",
                      "The chosen turfs are of two rounds and share doors. Choose those of one round.")
    return Ground(turfs, doors, standings_in([t.id for t in turfs]),
                  agreed_since({t.round_id for t in turfs}, [d.dwelling_id for d in doors]))


def door_bodies(ground: Ground) -> Bodies:
    """One document per door: where it is, how many live behind it – no names – and how it stands (2 queries)."""
    facts: dict[UUID, list[DoorFact]] = {}
    for fact in DoorFact.objects.filter(dwelling__in=ground.dwellings).order_by("field"):
        facts.setdefault(fact.dwelling_id, []).append(fact)
    names = display_names({f.by for rows in facts.values() for f in rows})
    for d in ground.doors:
        told, home, due = ground.told(d), d.dwelling, ground.due(d)
        yield "door", d.dwelling_id, {
            "turf": d.turf_id, "round": d.round_id, "place": d.place, "address": home.address, "number": home.number,
            "way": home.way.name if home.way else "", "group": home.group.name if home.group else "", "kind": home.kind,
            "lat": home.lat, "lon": home.lon, "households": d.households, "active": home.active, "first": d.first,  # type: ignore[attr-defined]
            "state": told.state, "not_home": told.absent, "come_back_at": due and due[0], "landmark": home.landmark,
            "access_note": home.access_note, "best_time": home.best_time, "occupants": home.occupants,
            "facts": {f.field: {"by": names[f.by], "at": f.at} for f in facts.get(d.dwelling_id, ())},
            "slip": slip_of(d.round_id, d.dwelling_id)}


def issue_bodies(ground: Ground, teams: Collection[UUID], at: datetime) -> Bodies:
    """What these teams heard at these doors and is still open, and the replies promised there (1 query)."""
    rows = Issue.objects.filter(visit__dwelling__in=ground.dwellings, visit__team__in=teams, state__in=WAITING)
    for i in rows.select_related("visit__dwelling").order_by("heard_at", "id"):
        assert i.visit is not None
        door, overdue = i.visit.dwelling, late(i, at)
        yield "issue", i.id, {
            "dwelling": door.id, "kind": i.kind, "kind_name": KINDS.get(i.kind, i.kind), "words": i.words,
            "answer": i.answer, "state": i.state, "state_name": ISSUE.state_name(i.state), "reply_by": i.reply_by,
            "reply_due_at": i.reply_due_at, "late": overdue, "verbs": list(ISSUE.verbs_from(i.state, By.TEAM))}
        if i.reply_due_at is not None:
            yield "promise", i.id, {
                "what": "reply", "dwelling": door.id, "address": door.address, "due_at": i.reply_due_at, "late": overdue,
                "kind": i.kind, "how_name": CHANNELS.get(i.reply_by, ""), "unit_name": UNITS.get(i.unit, "")}


def agreed_bodies(ground: Ground, at: datetime) -> Bodies:
    """Visits agreed at these doors, and what of that the household can still change; a time that was changed since is the
    changed one (1 query)."""
    for d in ground.doors:
        if (due := ground.due(d)) is not None:
            yield "promise", d.dwelling_id, {"what": "visit", "dwelling": d.dwelling_id, "address": d.dwelling.address,
                                             "due_at": due[1], "late": due[1] < at}
    rounds = {t.round_id for t in ground.turfs}
    for key, body in appointments_for(ground.turfs[0].ward_id, ground.dwellings, rounds) if ground.turfs else ():
        yield "appointment", key, body
