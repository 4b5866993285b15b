"""Pages of what residents said."""
from __future__ import annotations

from django.urls import path

from binhan.casework.listening import pages

urlpatterns = [
    path("office/issues/", pages.issues, name="issues"),
    path("office/issues/<uuid:issue_id>", pages.issue, name="issue"),
    path("office/issues/<uuid:issue_id>/do", pages.act, name="issue_act"),
]
