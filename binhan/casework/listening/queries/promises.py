"""Replies promised and visits agreed that are not kept yet."""
from __future__ import annotations

from datetime import datetime
from typing import Literal, NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from binhan.casework.listening.lifecycle import ISSUE, WAITING
from binhan.casework.listening.models import Issue
from binhan.casework.listening.queries.issues import is_office, late
from binhan.casework.listening.rules import CHANNELS, KINDS, UNITS
from binhan.casework.visits.models import Round, TurfDoor, Visit
from binhan.casework.visits.queries.doors import standings
from binhan.casework.visits.queries.reach import my_teams
from binhan.commons.access.queries import Rights
from binhan.commons.language import state_name
from binhan.commons.wire import Id, name_in


class PromiseLine(TypedDict):
    """A reply promised (`id`: the issue's) or a visit agreed (`id`: the appointment's, else the door's). What only one of
    the two has is absent from the other."""

    what: Literal["reply", "visit"]
    id: Id
    due_at: datetime
    late: bool
    dwelling: Id
    address: str
    team: str
    kind: NotRequired[str]
    kind_name: NotRequired[str]
    state: NotRequired[str]
    state_name: NotRequired[str]
    unit: NotRequired[str]
    unit_name: NotRequired[str]
    how: NotRequired[str]
    how_name: NotRequired[str]
    level: NotRequired[int]
    round: NotRequired[Id]
    appointment: NotRequired[Id]
    from_at: NotRequired[datetime | None]


def promises(rights: Rights, ward_id: int, only_late: bool, at: datetime) -> list[PromiseLine]:
    """Replies promised and visits agreed that are not kept yet, the latest first: a team's own, all for the office."""
    office = is_office(rights, ward_id)
    teams = None if office else my_teams(rights, ward_id)
    rows = Issue.objects.filter(ward_id=ward_id, state__in=WAITING, reply_due_at__isnull=False)
    rows = rows if teams is None else rows.filter(visit__team__in=teams)
    rows = rows.filter(reply_due_at__lt=at) if only_late else rows
    lines = [_reply(i, i.visit, i.reply_due_at, at)
             for i in rows.select_related("visit__dwelling", "visit__team") if i.visit and i.reply_due_at]
    lines += _agreed(ward_id, teams, only_late, at)
    return sorted(lines, key=lambda line: (line["due_at"], line["id"]))


def _reply(issue: Issue, visit: Visit, due_at: datetime, at: datetime) -> PromiseLine:
    return {"what": "reply", "id": str(issue.id), "kind": issue.kind, "kind_name": name_in(KINDS, issue.kind),
            "state": issue.state, "state_name": state_name(ISSUE, issue.state), "unit": issue.unit,
            "unit_name": name_in(UNITS, issue.unit), "how": issue.reply_by, "how_name": name_in(CHANNELS, issue.reply_by),
            "due_at": due_at, "late": late(issue, at), "level": issue.level, "dwelling": str(visit.dwelling_id),
            "address": visit.dwelling.address, "team": visit.team.name}


def _agreed(ward_id: int, teams: set[UUID] | None, only_late: bool, at: datetime) -> list[PromiseLine]:
    """Doors of running rounds where a time was agreed."""
    lines: list[PromiseLine] = []
    agreed = Visit.objects.filter(outcome="come_back").values("round")
    for row in Round.objects.filter(ward_id=ward_id, state__in=["open", "paused"], id__in=agreed):
        told = {key: s.come_back_at for key, s in standings(row).items()
                if s.come_back_at and (not only_late or s.come_back_at < at)}
        doors = TurfDoor.objects.filter(round=row, dwelling__in=told).select_related("turf__team", "dwelling")
        lines += [{"what": "visit", "id": str(d.dwelling_id), "due_at": told[d.dwelling_id],
                   "late": told[d.dwelling_id] < at, "dwelling": str(d.dwelling_id),
                   "address": d.dwelling.address, "team": d.turf.team.name, "round": str(row.id)}
                  for d in doors if teams is None or d.turf.team_id in teams]
    return lines
