"""Pages of what comes back from the field: differing values, and the phones themselves."""
from __future__ import annotations

from django.urls import path

from binhan.casework.field.pages import conflicts, phones

urlpatterns = [
    path("office/conflicts/", conflicts.conflicts, name="conflicts"),
    path("office/conflicts/<uuid:conflict_id>/settle", conflicts.settle, name="conflict_settle"),
    path("office/phones/", phones.phones, name="phones"),
    path("office/phones/<uuid:device_id>/do", phones.act, name="phone_act"),
]
