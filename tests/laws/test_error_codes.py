"""What a refusal's code promises: one meaning, said in both languages, and listed in docs/reference/errors.md."""
from __future__ import annotations

import re

from binhan.site.refusals import ROW, VARIES, refusals


def test_the_registry_sees_what_it_is_for() -> None:
    assert {"needs_missing", "state_changed", "forbidden", "invalid"} <= {r.code for r in refusals()}
    assert len(refusals()) > 150


def test_a_code_has_one_status() -> None:
    statuses: dict[str, set[int]] = {}
    for refusal in refusals():
        statuses.setdefault(refusal.code, set()).add(refusal.status)
    assert {code: found for code, found in statuses.items() if len(found - {ROW}) > 1} == {}
    assert {code for code, found in statuses.items() if VARIES in found} == {"refused"}, "as the framework refuses"


def test_every_refusal_says_something_in_both_languages() -> None:
    assert [r for r in refusals() if not r.vi.strip() or not r.en.strip()] == []
    assert [r for r in refusals() if r.vi == r.en and r.vi != "{…}"] == []


def test_codes_are_spelt_alike() -> None:
    assert [r.code for r in refusals() if not re.fullmatch(r"[a-z][a-z0-9_]{2,39}", r.code)] == []
