"""Refusing a visit is as good an outcome as any other: nothing in the tables or the API can count it against anybody."""
from __future__ import annotations

import json
import re

from django.apps import apps

from binhan.casework.visits.models import Visit
from binhan.site.api import openapi

SOMEBODY = re.compile(r"person|household|account|member|resident|people|user|actor|phone|name", re.I)
MODELS = [m for m in apps.get_models() if m.__module__.startswith("binhan.")]


def test_a_visit_names_a_door_and_a_team_and_nobody() -> None:
    assert {f.name for f in Visit._meta.get_fields() if f.is_relation} <= {"round", "team", "dwelling", "issues"}
    assert [f.name for f in Visit._meta.get_fields() if SOMEBODY.search(f.name)] == []


def test_no_table_keeps_a_count_or_a_mark_of_refusals() -> None:
    assert [f"{m.__name__}.{f.name}" for m in MODELS for f in m._meta.get_fields()
            if re.search(r"refus|declin|complian|cooperat", f.name, re.I)] == []


def test_only_visits_know_the_outcome() -> None:
    holding = {m.__name__ for m in MODELS for f in m._meta.get_fields()
               if "refused" in dict(getattr(f, "choices", None) or [])}
    assert holding == {"Visit"}


def test_no_address_about_people_tells_of_refusals_and_no_count_of_them_is_by_person() -> None:
    for path, operations in openapi()["paths"].items():
        text = json.dumps(operations, ensure_ascii=False).lower()
        if re.search(r"/(people|household|dwelling|me\b|account|member|team)", path):
            assert "refus" not in text.replace("refused, nothing changed", "").replace("refused when", ""), path
        if "refused" in text and "by" in {p["name"] for o in operations.values() for p in o.get("parameters", [])}:
            assert not re.search(r"person|household|account|member", text), path
