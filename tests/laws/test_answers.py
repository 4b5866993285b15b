"""What the API answers is typed: its document says of every answer which fields it has, and lists, cursors and verbs are
called the same everywhere (docs/adr/0017)."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from binhan.site.api import openapi

DOCUMENT = openapi()
BARE = {f"GET /api/{name}" for name in ("areas", "household-changes", "notifications", "places", "register", "tokens",
                                        "ways")}  # until version 2


def answers() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation with the schema of what it answers when it succeeds; files have none."""
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                if status.startswith("2") and "application/json" in answer.get("content", {}):
                    yield f"{method.upper()} {path}", answer["content"]["application/json"]["schema"]


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema itself, where it is only named."""
    name = schema.get("$ref", "").rpartition("/")[2]
    return DOCUMENT["components"]["schemas"][name] if name else schema


ANSWERS = [pytest.param(*answer, id=answer[0]) for answer in answers()]


@pytest.mark.parametrize(("operation", "schema"), ANSWERS)
def test_every_answer_says_which_fields_it_has(operation: str, schema: dict[str, Any]) -> None:
    assert (schema.get("type") == "array") == (operation in BARE), "a list is `items`"
    shapes = schema.get("anyOf") or [schema.get("items", schema)]
    assert all(resolved(shape).get("properties") for shape in shapes)


@pytest.mark.parametrize(("operation", "schema"), ANSWERS)
def test_the_same_thing_has_the_same_name(operation: str, schema: dict[str, Any]) -> None:
    for shape in schema.get("anyOf") or [schema.get("items", schema)]:
        fields = resolved(shape)["properties"]
        lists = {name for name, field in fields.items() if field.get("type") == "array" and not field.get("deprecated")}
        assert "next" not in fields or "items" in lists or operation.endswith("/{verb}"), "a cursor belongs to items"
        assert not {"actions", "next_cursor"} & {name for name in fields if not fields[name].get("deprecated")}
