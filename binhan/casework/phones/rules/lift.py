"""Items of an older app, lifted to what the server takes now: a phone that was in a drawer for a month loses nothing."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from binhan.casework.phones.rules.codes import SCHEMA

Step = Callable[[str, dict[str, Any]], dict[str, Any]]
# schema → how an item's body of that schema becomes one of the next. The first released schema is 1.
STEPS: dict[int, Step] = {}


def lift(kind: str, body: Mapping[str, Any], schema: int, steps: Mapping[int, Step] = STEPS,
         target: int = SCHEMA) -> dict[str, Any]:
    """The body as schema `target` has it, step by step."""
    lifted = dict(body)
    for version in range(schema, target):
        lifted = steps[version](kind, lifted) if version in steps else lifted
    return lifted
