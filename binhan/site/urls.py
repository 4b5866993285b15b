"""Every address that Django answers; /live/* and the four screens are answered by the front door."""
from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from binhan.casework.households import pages as households
from binhan.site import pages
from binhan.site.api import api

urlpatterns = [
    path("", pages.landing, name="landing"),
    path("office/", pages.office, name="office"),
    path("office/places/<str:code>/poster", pages.poster, name="poster"),
    path("office/households/", households.find, name="households"),
    path("office/households/do", households.act, name="household_act"),
    path("office/households/<uuid:dwelling_id>", households.door, name="household_door"),
    path("office/admin/", admin.site.urls),
    path("account/language", set_language, name="set_language"),
    path("account/", include("allauth.urls")),
    path("api/", api.urls),
]
handler404 = "binhan.site.pages.not_found"
handler500 = "binhan.site.pages.server_error"
