"""Pages of rounds, turfs and coverage."""
from __future__ import annotations

from django.urls import path

from binhan.casework.visits.pages import coverage, draft, rounds, turfs

urlpatterns = [
    path("office/rounds/", rounds.rounds, name="rounds"),
    path("office/rounds/new", draft.draft, name="round_draft"),
    path("office/rounds/<uuid:round_id>", rounds.round_page, name="round"),
    path("office/rounds/<uuid:round_id>/do", rounds.act, name="round_act"),
    path("office/rounds/<uuid:round_id>/coverage", coverage.coverage, name="round_coverage"),
    path("office/turfs/<uuid:turf_id>", turfs.turf, name="turf"),
    path("office/turfs/<uuid:turf_id>/do", turfs.act, name="turf_act"),
]
