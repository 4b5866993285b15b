"""What visits bring to a team's phone: the turfs to choose from, rounds, turfs and doors to carry, visits that are sent."""
from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count

from binhan.casework.phones.phone import (
    Bodies,
    Carried,
    PhoneChoice,
    PhoneDocuments,
    PhoneItem,
    Result,
    Sender,
    TurfOffer,
)
from binhan.casework.phones.rules.batch import Item
from binhan.casework.visits.actions.visits import record_visits
from binhan.casework.visits.api.visits import read_visit, visit_answer
from binhan.casework.visits.lifecycle import PLANNED
from binhan.casework.visits.models import Round, Turf, TurfDoor, Visit
from binhan.casework.visits.queries.doors import NOT_YET, standings_in
from binhan.casework.visits.queries.load import WALKED, load_of, turfs_for
from binhan.casework.visits.queries.reach import teams_of
from binhan.casework.visits.queries.rounds import topics_on
from binhan.casework.visits.rules.record import VisitRecord
from binhan.commons.access.queries import Rights

DONE = ("reached", "refused", "vacant")  # nobody needs to go back there
Documents = Iterable[tuple[UUID, dict[str, Any]]]


def teams_of_sender(sender: Sender, rounds: Collection[UUID]) -> set[UUID]:
    """The teams that the sender is on, at least those of these rounds; a round is asked for once an upload (1 query)."""
    asked: set[UUID] = sender.once("rounds", set)
    teams: set[UUID] = sender.once("teams", set)
    if new := set(rounds) - asked:
        teams |= teams_of(sender.rights, sender.ward_id, new)
        asked |= new
    return teams


def teams_at_visits(sender: Sender, visits: Collection[UUID]) -> set[UUID]:
    """The teams that the sender is on, of the rounds of these visits (1 query for those of earlier uploads)."""
    known: dict[UUID, UUID] = sender.once("visits", dict)
    if earlier := set(visits) - known.keys():
        known |= Visit.objects.filter(ward_id=sender.ward_id, id__in=earlier).values_list("id", "round_id")
    return teams_of_sender(sender, {known[v] for v in visits if v in known})


def hangs(sender: Sender, shown: Result, visit: UUID) -> Result:
    """What hangs on a visit that waits, waits too."""
    return {**shown, "status": "wait"} if shown.get("code") == "no_visit" and sender.waits_for(visit) else shown


def visits(sender: Sender, items: Sequence[Item], bodies: Bodies) -> list[Result]:
    """What happened at doors."""
    read = [read_visit({**body, "id": str(item.id)}) for item, body in zip(items, bodies, strict=True)]
    rows = [record for record in read if isinstance(record, VisitRecord)]
    teams = teams_of_sender(sender, {record.round for record in rows})
    told = record_visits(sender.ward_id, sender.actor, rows, teams, sender.sent_at)
    sender.once("visits", dict[UUID, UUID]).update(
        (record.id, record.round) for record, answer in zip(rows, told, strict=True) if answer.status == "stored")
    answers = iter(told)
    return [_visited(sender, visit_answer(next(answers), record), record.id) if isinstance(record, VisitRecord) else record
            for record in read]


def _visited(sender: Sender, shown: Result, visit: UUID) -> Result:
    """A round that is not open yet will be: the visit waits."""
    if shown.get("code") != "not_open":
        return shown
    sender.waits.add(visit)
    return {**shown, "status": "wait"}


def rounds(carried: Carried) -> Documents:
    """The rounds of the chosen turfs (1 query each)."""
    for row in load_of(carried).rounds.values():
        known = {t.code: t for t in topics_on(row.ward_id, row.from_on)} if row.topics else {}
        yield row.id, {
            "name": row.name, "purpose": row.purpose, "from_on": row.from_on, "to_on": row.to_on, "state": row.state,
            "topics": [{"code": c, "vi": known[c].vi, "en": known[c].en} for c in row.topics if c in known]}


def turfs(carried: Carried) -> Documents:
    """The chosen turfs."""
    for t in load_of(carried).turfs:
        yield t.id, {"round": t.round_id, "number": t.number, "group": t.group, "area": t.area.name, "team": t.team.name,
                     "team_parts": t.team.composition, "priority": t.priority, "length_m": round(t.length_m, 1),
                     "minutes": round(t.minutes, 1)}


def doors(carried: Carried) -> Documents:
    """One document per door: where it is, how many live behind it – no names – and how it stands."""
    load = load_of(carried)
    for d in load.doors:
        told, home = load.stands(d), d.dwelling
        yield d.dwelling_id, {
            "turf": d.turf_id, "round": d.round_id, "place": d.place, "address": home.address, "number": home.number,
            "way": home.way.name if home.way else "", "group": home.group.name if home.group else "", "kind": home.kind,
            "lat": home.lat, "lon": home.lon, "households": d.households, "active": home.active, "first": d.first,  # type: ignore[attr-defined]
            "state": told.state, "not_home": told.absent, "come_back_at": told.come_back_at, "landmark": home.landmark,
            "access_note": home.access_note, "best_time": home.best_time, "occupants": home.occupants}


def offers(rights: Rights, ward_id: int) -> list[TurfOffer]:
    """The turfs of my teams in rounds that are walked, first what goes first (6 queries)."""
    walked = list(Round.objects.filter(ward_id=ward_id, state__in=WALKED).values_list("id", flat=True))
    teams = teams_of(rights, ward_id, walked)
    rows = list(Turf.objects.filter(round__in=walked, team__in=teams).select_related("round", "area", "team")
                .annotate(count=Count("doors")).order_by("round__from_on", "round_id", "priority", "number"))
    known = standings_in([t.id for t in rows])
    done = Counter(turf for turf, *key in TurfDoor.objects.filter(turf__in=rows).values_list(
        "turf_id", "round_id", "dwelling_id") if known.get((key[0], key[1]), NOT_YET).state in DONE)
    return [{"id": str(t.id), "number": t.number, "round": str(t.round_id), "round_name": t.round.name,
             "area": t.area.name, "team": t.team.name, "group": t.group, "priority": t.priority, "doors": t.count,
             "done": done[t.id], "length_m": round(t.length_m, 1), "minutes": round(t.minutes, 1),
             "open": t.round.state != PLANNED} for t in rows]


PHONE = (
    PhoneChoice(offers, turfs_for),
    PhoneItem(kind="visit", handle=visits, group="visit"),
    PhoneDocuments("round", rounds),
    PhoneDocuments("turf", turfs),
    PhoneDocuments("door", doors),
)
