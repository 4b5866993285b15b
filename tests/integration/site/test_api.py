"""No address of the API is hidden by another's, in whatever order the contexts stand."""
from __future__ import annotations

import pytest
from django.test import Client

from binhan.site.api import openapi

SOME = {"verb": "tell", "code": "25888"}
ID = "01a22ede-cbb7-77c6-aa0a-8471154af856"


@pytest.mark.django_db
def test_every_address_takes_its_own_methods() -> None:
    hidden, browser = [], Client()
    for path, operations in openapi()["paths"].items():
        filled = path
        for name in {p["name"] for o in operations.values() for p in o.get("parameters", []) if p["in"] == "path"}:
            filled = filled.replace("{" + name + "}", SOME.get(name, ID))
        hidden += [f"{method} {path}" for method in operations
                   if browser.generic(method.upper(), filled).status_code == 405]
    assert hidden == []
