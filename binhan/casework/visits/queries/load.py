"""The turfs that a phone carries, with their doors: where each stands in its round."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from binhan.casework.phones.phone import Carried
from binhan.casework.visits.lifecycle import OPEN, PAUSED, PLANNED
from binhan.casework.visits.models import Round, Turf, TurfDoor
from binhan.casework.visits.queries.doors import NOT_YET, Standing, standings_in
from binhan.casework.visits.queries.reach import teams_of
from binhan.commons.access.queries import Rights
from binhan.kernel.errors import Problem

WALKED = (PLANNED, OPEN, PAUSED)  # rounds whose turfs a phone may carry


@dataclass(frozen=True, slots=True)
class Load:
    """The chosen turfs, their doors in walking order, and how each stands by (round, dwelling)."""

    turfs: Sequence[Turf]
    doors: Sequence[TurfDoor]
    standing: Mapping[tuple[UUID, UUID], Standing]

    def stands(self, door: TurfDoor) -> Standing:
        """How a door stands."""
        return self.standing.get((door.round_id, door.dwelling_id), NOT_YET)

    @property
    def dwellings(self) -> list[UUID]:
        """The ids of the doors."""
        return [d.dwelling_id for d in self.doors]

    @property
    def rounds(self) -> dict[UUID, Round]:
        """The rounds of the turfs."""
        return {t.round_id: t.round for t in self.turfs}


def load_of(carried: Carried) -> Load:
    """What the phone carries of the ground, found out once a sync (2 queries)."""
    return carried.once("load", lambda: _load(carried.chosen))


def _load(turfs: Sequence[Turf]) -> Load:
    """A door that two of the turfs share cannot be on one phone twice."""
    doors = list(TurfDoor.objects.filter(turf__in=turfs).select_related("dwelling__way", "dwelling__group")
                 .annotate(households=Count("dwelling__households", filter=Q(dwelling__households__active=True)))
                 .order_by("turf__number", "place"))
    if len({d.dwelling_id for d in doors}) != len(doors):
        raise Problem(409, "door_twice", "Các cụm đã chọn thuộc hai đợt và có chung căn. Hãy chọn cụm của một đợt.",
                      "The chosen turfs are of two rounds and share doors. Choose those of one round.")
    return Load(turfs, doors, standings_in([t.id for t in turfs]))


def turfs_for(rights: Rights, ward_id: int, chosen: Sequence[UUID]) -> list[Turf]:
    """The chosen turfs in the order of their walk; those of a round that is over hold nothing any more. 404 names those
    that are not the caller's teams', or were cut anew (5 queries)."""
    found = list(Turf.objects.filter(ward_id=ward_id, id__in=chosen).select_related("round", "area", "team")
                 .order_by("number", "id"))
    teams = teams_of(rights, ward_id, list({t.round_id for t in found}))
    of_teams = [t for t in found if t.team_id in teams]
    if strange := sorted(str(t) for t in set(chosen) - {t.id for t in of_teams}):
        raise Problem(404, "not_found", "Có cụm không thuộc tổ của bạn hoặc đã được chia lại. Hãy chọn lại cụm.",
                      "Some turf is not your team's, or was cut anew. Choose again.", turfs=strange)
    return [t for t in of_teams if t.round.state in WALKED]
