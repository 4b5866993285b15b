"""Pages of finds."""
from __future__ import annotations

from django.urls import path

from tests.nouns.finds import pages

urlpatterns = [
    path("office/finds/", pages.finds, name="finds"),
    path("office/finds/<uuid:find_id>/do", pages.act, name="find_act"),
]
