"""Who may see or do what in a round. Rights are the ward's, the khu phố's, and being on the team."""
from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from binhan.casework.visits.models import Round, Turf
from binhan.commons.access.queries import Rights, areas_as
from binhan.commons.access.rules import PLANNERS, TEAM
from binhan.kernel.errors import forbidden, not_found


def teams_of(rights: Rights, ward_id: int, rounds: Collection[UUID]) -> set[UUID]:
    """The teams of these rounds that the account is on: it is named to it – or nobody is, and it is a team member of all
    the team's khu phố (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT visits_teams_of(%s, %s, %s::uuid[], %s)", [rights.account.id, ward_id, list(rounds), TEAM])
        return {team for team, in cursor.fetchall()}


def check_planner(rights: Rights, ward_id: int) -> None:
    """403 unless the account plans rounds for the whole ward."""
    if not rights.has(ward_id, *PLANNERS) or areas_as(rights, ward_id, *PLANNERS) is not None:
        raise forbidden("Chỉ lãnh đạo hoặc cán bộ phụ trách của phường được lập và điều hành đợt.",
                        "Only the ward's leadership or its social officers plan and run rounds.")


def round_for(rights: Rights, round_id: UUID) -> Round:
    """The round, for anybody whose role is casework in its ward; 404 otherwise (1 query)."""
    row = Round.objects.filter(id=round_id).first()
    if row is None or not rights.may("casework", row.ward_id):
        raise not_found("đợt này", "round")
    return row


def sees_doors(rights: Rights, row: Round) -> set[UUID] | None:
    """The teams whose single doors the account may see: None is all of them."""
    if rights.has(row.ward_id, *PLANNERS) and areas_as(rights, row.ward_id, *PLANNERS) is None:
        return None
    return teams_of(rights, row.ward_id, [row.id])


def turf_for(rights: Rights, turf_id: UUID) -> Turf:
    """The turf, for those who plan and for its team; 404 for anybody else."""
    turf = Turf.objects.select_related("round", "area", "team").filter(id=turf_id).first()
    if turf is None or not rights.may("casework", turf.ward_id):
        raise not_found("cụm này", "turf")
    teams = sees_doors(rights, turf.round)
    if teams is not None and turf.team_id not in teams:
        raise not_found("cụm này", "turf")
    return turf


def my_teams(rights: Rights, ward_id: int) -> set[UUID]:
    """Every team of the ward's rounds that the account is on."""
    return teams_of(rights, ward_id, list(Round.objects.filter(ward_id=ward_id).values_list("id", flat=True)))
