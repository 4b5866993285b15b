"""Which ward is meant when none is named: the only one for a program, the first for a screen."""
from __future__ import annotations

import pytest

from binhan.commons.access.queries import Rights, first_ward, only_ward
from binhan.commons.people.models import Account
from binhan.kernel.errors import Problem


def rights(**roles: str) -> Rights:
    """Somebody with one role in each ward: `w1="responder"` in ward 1."""
    return Rights(Account(), {int(ward[1:]): frozenset({role}) for ward, role in roles.items()})


def test_named_it_is_taken_as_it_is() -> None:
    for ask in (only_ward, first_ward):
        assert ask(rights(w1="team_member"), "casework", 7) == 7


def test_the_only_ward_of_the_purpose_need_not_be_named() -> None:
    both = rights(w1="responder", w2="team_member")
    assert [ask(both, purpose, None) for ask in (only_ward, first_ward) for purpose in ("sos", "casework")] == [1, 2, 1, 2]


def test_of_several_a_screen_begins_with_the_first_and_a_program_is_asked() -> None:
    two = rights(w5="leadership", w3="social_officer")
    assert first_ward(two, "casework", None) == 3
    assert first_ward(two, "desk", None) == 5
    with pytest.raises(Problem) as refusal:
        only_ward(two, "casework", None)
    assert (refusal.value.status, refusal.value.code, refusal.value.extra) == (422, "which_ward", {"wards": [3, 5]})


@pytest.mark.parametrize("ask", [only_ward, first_ward])
def test_a_role_for_something_else_opens_nothing(ask: object) -> None:
    with pytest.raises(Problem) as refusal:
        ask(rights(w1="responder"), "desk", None)  # type: ignore[operator]
    assert (refusal.value.status, refusal.value.code) == (403, "forbidden")
