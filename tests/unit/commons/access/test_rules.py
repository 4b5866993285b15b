"""Purposes are walls: what each role is for."""
from __future__ import annotations

import pytest

from binhan.commons.access.rules import ROLES, SECOND_FACTOR, needs_second_factor
from binhan.commons.context import purposes

MATRIX = {
    "resident": set(), "visitor": set(), "site_manager": set(),
    "desk_officer": {"sos", "desk"}, "shift_lead": {"sos", "desk"}, "responder": {"sos"}, "city_centre": {"sos", "desk"},
    "leadership": {"sos", "desk", "casework"},
    "team_member": {"casework"}, "khu_pho_board": {"casework"}, "social_officer": {"casework"},
    "petition_desk": {"casework"},
    "administrator": {"office"}, "dpo": {"audit"}, "auditor": {"audit"},
}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_serves_its_purposes_and_no_other(role: str) -> None:
    assert {purpose for purpose, roles in purposes().items() if role in roles} == MATRIX[role]


def test_powerful_roles_need_a_second_factor_unless_they_are_samples() -> None:
    for role in ROLES:
        assert needs_second_factor([role], is_demo=False) == (role in SECOND_FACTOR)
        assert not needs_second_factor([role], is_demo=True)
    assert {"administrator", "dpo", "leadership"} == SECOND_FACTOR
