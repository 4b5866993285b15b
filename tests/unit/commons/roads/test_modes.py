"""Which roads somebody on foot may use, tag by tag."""
from __future__ import annotations

import pytest

from binhan.commons.roads.rules.modes import Mode, may_use


@pytest.mark.parametrize(("tags", "walked"), [
    ({"highway": "residential"}, True), ({"highway": "service", "service": "alley"}, True), ({"highway": "steps"}, True),
    ({"highway": "residential", "oneway": "yes"}, True), ({"highway": "motorway"}, False), ({"highway": "proposed"}, False),
    ({"highway": "footway", "foot": "no"}, False), ({"highway": "service", "access": "private"}, False),
    ({"highway": "service", "access": "private", "foot": "yes"}, True), ({"waterway": "canal"}, False),
])
def test_on_foot(tags: dict[str, str], walked: bool) -> None:
    assert may_use(Mode.FOOT, tags) is walked
