"""Pages of questionnaires."""
from __future__ import annotations

from django.urls import path

from binhan.casework.forms import pages

urlpatterns = [
    path("office/rounds/<uuid:round_id>/form", pages.round_form, name="round_form"),
    path("office/forms/", pages.forms, name="forms"),
]
