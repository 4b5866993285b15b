"""Pages of the phones."""
from __future__ import annotations

from django.urls import path

from binhan.casework.phones import pages

urlpatterns = [
    path("office/phones/", pages.phones, name="phones"),
    path("office/phones/<uuid:device_id>/do", pages.act, name="phone_act"),
]
