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


# Where a field may hold anything: codes and ids of the journal, what a noun's phone part adds, the rings of a boundary.
FREE = {"Entry.facts", "ItemResult", "ItemResult.conflict", "ItemResult.server", "Geometry.coordinates"}


def succeeding() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each operation with a status of success and what it then answers."""
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                if status.startswith("2"):
                    yield f"{method.upper()} {path}", status, answer.get("content", {})


def answers() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation with the schema of what it answers when it succeeds; files have none."""
    for operation, _, content in succeeding():
        if "application/json" in content:
            yield operation, content["application/json"]["schema"]


def free(schema: dict[str, Any], where: str) -> Iterator[str]:
    """The fields below that say nothing of what they hold."""
    if name := schema.get("$ref", "").rpartition("/")[2]:
        yield from free(DOCUMENT["components"]["schemas"][name], name.partition("_")[0] if "_" in name else name)
        return
    if schema.get("additionalProperties") is True or not set(schema) & {"type", "anyOf", "allOf", "enum", "const"}:
        yield where
    for name, field in schema.get("properties", {}).items():
        yield from free(field, f"{schema.get('title', where)}.{name}")
    for inner in (*schema.get("anyOf", ()), *schema.get("prefixItems", ()), schema.get("items"),
                  schema.get("additionalProperties")):
        if isinstance(inner, dict):
            yield from free(inner, where)


def test_every_operation_says_what_it_answers() -> None:
    assert [operation for operation, status, content in succeeding() if not content and status != "204"] == []


def test_down_to_the_last_field() -> None:
    found = {where for _, schema in answers() for where in free(schema, "answer")}
    assert found == FREE


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
