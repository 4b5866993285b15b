"""The register's pages."""
from __future__ import annotations

from django.urls import path

from binhan.casework.households import pages
from binhan.casework.households.pages import imports, uploads, ways

urlpatterns = [
    path("office/households/", pages.find, name="households"),
    path("office/households/do", pages.act, name="household_act"),
    path("office/households/<uuid:dwelling_id>", pages.door, name="household_door"),
    path("office/households/import", uploads.start, name="import_start"),
    path("office/households/import/<uuid:upload_id>", imports.look, name="import_file"),
    path("office/households/import/<uuid:upload_id>/can-xem-lai.xlsx", imports.errors, name="import_errors"),
    path("office/ways/", ways.ways, name="ways"),
]
