"""A resident's own page of a visit, by the code on the slip; the office's board of promises."""
from __future__ import annotations

from django.urls import path

from binhan.casework.appointments.pages import promises, slip

urlpatterns = [
    path("hen", slip.ask, name="appointment_ask"),
    path("hen/", slip.ask),
    path("hen/<str:code>", slip.slip, name="appointment_slip"),
    path("office/promises/", promises.promises, name="promises"),
]
