"""Every address that Django answers: the site's own and each context's; /live/* and the screens are the front door's."""
from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from binhan.commons.context import contexts
from binhan.site import pages
from binhan.site.api import api

urlpatterns = [
    path("", pages.landing, name="landing"),
    path("office/", pages.office, name="office"),
    path("office/places/<str:code>/poster", pages.poster, name="poster"),
    *(pattern for context in contexts() for pattern in context.urls),
    path("office/admin/", admin.site.urls),
    path("account/language", set_language, name="set_language"),
    path("account/", include("allauth.urls")),
    path("api/", api.urls),
]
handler404 = "binhan.site.pages.not_found"
handler500 = "binhan.site.pages.server_error"
