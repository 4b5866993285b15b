"""Pages of what comes back from the field: differing values."""
from __future__ import annotations

from django.urls import path

from binhan.casework.field.pages import conflicts

urlpatterns = [
    path("office/conflicts/", conflicts.conflicts, name="conflicts"),
    path("office/conflicts/<uuid:conflict_id>/settle", conflicts.settle, name="conflict_settle"),
]
