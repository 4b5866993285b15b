"""GET /api/lifecycles tells of every noun that has a lifecycle, to anybody, with the code lists of its needs."""
from __future__ import annotations

import pytest
from django.test import Client

from binhan.commons.context import lifecycles


@pytest.mark.django_db
def test_every_lifecycle_is_told() -> None:
    told = Client().get("/api/lifecycles").json()
    assert told["lifecycles"] == {lifecycle.name: lifecycle.as_json() for lifecycle in lifecycles()}
    assert {"incident", "round", "issue", "device", "conflict"} <= set(told["lifecycles"])
    assert told["kinds"] and told["outcomes"] and told["agencies"]
