"""Every address that Django answers; /live/* and the four screens are answered by the front door."""
from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from binhan.casework.appointments import pages as appointments
from binhan.casework.field.pages import conflicts, phones, promises
from binhan.casework.forms import pages as forms
from binhan.casework.households import pages as households
from binhan.casework.households.pages import imports, ways
from binhan.casework.listening import pages as listening
from binhan.casework.visits.pages import coverage, draft, rounds, turfs
from binhan.site import pages
from binhan.site.api import api

urlpatterns = [
    path("", pages.landing, name="landing"),
    path("hen", appointments.ask, name="appointment_ask"),
    path("hen/", appointments.ask),
    path("hen/<str:code>", appointments.slip, name="appointment_slip"),
    path("office/", pages.office, name="office"),
    path("office/places/<str:code>/poster", pages.poster, name="poster"),
    path("office/households/", households.find, name="households"),
    path("office/households/do", households.act, name="household_act"),
    path("office/households/<uuid:dwelling_id>", households.door, name="household_door"),
    path("office/households/import", imports.start, name="import_start"),
    path("office/households/import/<uuid:upload_id>", imports.look, name="import_file"),
    path("office/households/import/<uuid:upload_id>/can-xem-lai.xlsx", imports.errors, name="import_errors"),
    path("office/ways/", ways.ways, name="ways"),
    path("office/rounds/", rounds.rounds, name="rounds"),
    path("office/rounds/new", draft.draft, name="round_draft"),
    path("office/rounds/<uuid:round_id>", rounds.round_page, name="round"),
    path("office/rounds/<uuid:round_id>/do", rounds.act, name="round_act"),
    path("office/rounds/<uuid:round_id>/coverage", coverage.coverage, name="round_coverage"),
    path("office/rounds/<uuid:round_id>/form", forms.round_form, name="round_form"),
    path("office/forms/", forms.forms, name="forms"),
    path("office/turfs/<uuid:turf_id>", turfs.turf, name="turf"),
    path("office/turfs/<uuid:turf_id>/do", turfs.act, name="turf_act"),
    path("office/issues/", listening.issues, name="issues"),
    path("office/issues/<uuid:issue_id>", listening.issue, name="issue"),
    path("office/issues/<uuid:issue_id>/do", listening.act, name="issue_act"),
    path("office/promises/", promises.promises, name="promises"),
    path("office/conflicts/", conflicts.conflicts, name="conflicts"),
    path("office/conflicts/<uuid:conflict_id>/settle", conflicts.settle, name="conflict_settle"),
    path("office/phones/", phones.phones, name="phones"),
    path("office/phones/<uuid:device_id>/do", phones.act, name="phone_act"),
    path("office/admin/", admin.site.urls),
    path("account/language", set_language, name="set_language"),
    path("account/", include("allauth.urls")),
    path("api/", api.urls),
]
handler404 = "binhan.site.pages.not_found"
handler500 = "binhan.site.pages.server_error"
