"""The working set: everything that a phone carries for the turfs it chose, and nothing else of the ward."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from binhan.casework.field.models import Device
from binhan.casework.field.queries.conflicts import conflict_bodies, open_conflicts
from binhan.casework.field.queries.doors import (
    Bodies,
    Ground,
    agreed_bodies,
    door_bodies,
    ground_of,
    issue_bodies,
)
from binhan.casework.field.queries.lists import codes_body, ground_body, notice_body, notices_on, one_of_ward
from binhan.casework.field.queries.providers import form_doc, form_of_round
from binhan.casework.field.rules.documents import Document, document
from binhan.casework.listening.queries import my_teams
from binhan.casework.visits.lifecycle import OPEN, PAUSED, PLANNED
from binhan.casework.visits.models import Round, Turf, TurfDoor
from binhan.casework.visits.queries.doors import NOT_YET, standings_in
from binhan.casework.visits.queries.reach import teams_of
from binhan.casework.visits.queries.rounds import topics_on
from binhan.commons.access.queries import Rights
from binhan.commons.places.models import Ward
from binhan.kernel.errors import Problem

WALKED = (PLANNED, OPEN, PAUSED)  # rounds whose turfs a phone may carry
DONE = ("reached", "refused", "vacant")  # nobody needs to go back there


def turfs_for(rights: Rights, ward_id: int, chosen: Sequence[UUID]) -> list[Turf]:
    """The chosen turfs in the order of their walk; those of a round that is over hold nothing any more. 404 names those
    that are not the caller's teams', or were cut anew (5 queries)."""
    found = list(Turf.objects.filter(ward_id=ward_id, id__in=chosen).select_related("round", "area", "team")
                 .order_by("number", "id"))
    teams = teams_of(rights, ward_id, list({t.round_id for t in found}))
    mine = [t for t in found if t.team_id in teams]
    if strange := sorted(str(t) for t in set(chosen) - {t.id for t in mine}):
        raise Problem(404, "not_found", "Có cụm không thuộc tổ của bạn hoặc đã được chia lại. Hãy chọn lại cụm.",
                      "Some turf is not your team's, or was cut anew. Choose again.", turfs=strange)
    return [t for t in mine if t.round.state in WALKED]


def working_set(rights: Rights, device: Device, turfs: list[Turf]) -> list[Document]:
    """Every document for these turfs. The number of queries does not grow with the doors."""
    now = timezone.now()
    ground = ground_of(turfs)
    made = [document(kind, key, body) for kind, key, body in _round_bodies(device.ward_id, turfs)]
    made += [document("turf", t.id, _turf_body(t)) for t in turfs]
    made += [document(kind, key, body) for kind, key, body in door_bodies(ground)]
    teams = my_teams(rights, device.ward_id)
    made += [document(kind, key, body) for kind, key, body in issue_bodies(ground, teams, now)]
    made += [document(kind, key, body) for kind, key, body in agreed_bodies(ground, now)]
    made += [document(kind, key, body) for kind, key, body in _shared_bodies(device.ward_id, ground)]
    return made


def _round_bodies(ward_id: int, turfs: Sequence[Turf]) -> Bodies:
    """The rounds of the turfs and their questionnaires (1 query each)."""
    for row in {t.round_id: t.round for t in turfs}.values():
        form = form_of_round(row.id)
        yield "round", row.id, _round_body(row, form)
        if form is not None and (body := form_doc(form)) is not None:
            yield "form", form, body


def _round_body(row: Round, form: UUID | None) -> dict[str, Any]:
    known = {t.code: t for t in topics_on(row.ward_id, row.from_on)} if row.topics else {}
    return {"name": row.name, "purpose": row.purpose, "from_on": row.from_on, "to_on": row.to_on, "state": row.state,
            "topics": [{"code": c, "vi": known[c].vi, "en": known[c].en} for c in row.topics if c in known], "form": form}


def _turf_body(t: Turf) -> dict[str, Any]:
    return {"round": t.round_id, "number": t.number, "group": t.group, "area": t.area.name, "team": t.team.name,
            "team_parts": t.team.composition, "priority": t.priority, "length_m": round(t.length_m, 1),
            "minutes": round(t.minutes, 1)}


def _shared_bodies(ward_id: int, ground: Ground) -> Bodies:
    """Conflicts at the doors, and what every phone of the ward has (5 queries)."""
    for key, body in conflict_bodies(open_conflicts(ground.dwellings)):
        yield "conflict", key, body
    for row in notices_on(ward_id, timezone.localdate()):
        yield "notice", row.id, notice_body(row)
    yield "codes", one_of_ward("codes", ward_id), codes_body()
    areas = {t.area_id: t.area for t in ground.turfs}
    yield "ground", one_of_ward("ground", ward_id), ground_body(Ward.objects.get(ward_id=ward_id), areas.values())


def offers(rights: Rights, ward_id: int) -> list[dict[str, Any]]:
    """The turfs of my teams in rounds that are walked, first what goes first (7 queries)."""
    rounds = list(Round.objects.filter(ward_id=ward_id, state__in=WALKED).values_list("id", flat=True))
    teams = teams_of(rights, ward_id, rounds)
    rows = list(Turf.objects.filter(round__in=rounds, team__in=teams).select_related("round", "area", "team")
                .annotate(count=Count("doors")).order_by("round__from_on", "round_id", "priority", "number"))
    known = standings_in([t.id for t in rows])
    done = Counter(turf for turf, *key in TurfDoor.objects.filter(turf__in=rows).values_list(
        "turf_id", "round_id", "dwelling_id") if known.get((key[0], key[1]), NOT_YET).state in DONE)
    carried = {t for turfs in Device.objects.filter(account=rights.account, ward_id=ward_id, state="active")
               .values_list("turfs", flat=True) for t in turfs}
    return [{"id": str(t.id), "number": t.number, "round": str(t.round_id), "round_name": t.round.name,
             "area": t.area.name, "team": t.team.name, "group": t.group, "priority": t.priority, "doors": t.count,
             "done": done[t.id], "length_m": round(t.length_m, 1), "minutes": round(t.minutes, 1),
             "mine": str(t.id) in carried, "open": t.round.state != PLANNED} for t in rows]
