"""What a phone is handed: its turfs and what a visit needs, nothing else of the ward; and only what is new or changed."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from binhan.casework.households.models import Dwelling
from binhan.casework.visits.models import Round, Turf
from binhan.commons.access.scope import ward_scope
from tests.integration.casework.field.phone import Phone, heard, visit
from tests.integration.casework.visits.ground import HOME, again, call, client, khu_pho, open_round

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


class Walk:
    """A round of one khu phố in turfs of ten doors, its planner, and a phone of its team."""

    def __init__(self) -> None:
        self.area, self.doors = khu_pho("KP Thử 1", 24)
        self.office: Client = client("leadership")
        self.round: Round = open_round(self.office, self.area, max_doors=10)
        self.turfs = list(Turf.objects.filter(round=self.round).order_by("number"))
        self.phone = Phone(client("team_member", self.area.id))
        self.phone.register()

    def inside(self, turf: Turf) -> list[Dwelling]:
        """The doors of a turf as they are walked."""
        return [d.dwelling for d in turf.doors.select_related("dwelling").order_by("place")]


@pytest.fixture
def walk() -> Walk:
    return Walk()


def test_a_turf_comes_whole_and_again_only_what_changed(walk: Walk) -> None:
    phone, turf = walk.phone, walk.turfs[0]
    lines = phone.sync(turf.id)
    assert lines[0]["start"]["documents"] == len(lines) - 2 == lines[-1]["end"]["sent"]
    doors = walk.inside(turf)
    assert list(phone.of("door")) == [str(d.id) for d in doors]
    assert {k: len(phone.of(k)) for k in ("round", "turf", "notice", "codes", "ground", "issue", "promise")} == {
        "round": 1, "turf": 1, "notice": 2, "codes": 1, "ground": 1, "issue": 0, "promise": 0}
    assert [phone.sync(turf.id)[-1]["end"]["sent"] for _ in range(2)] == [0, 0]
    first = visit(walk.round, doors[0])
    assert phone.said(first, heard(first, reply_by="phone")) == ["stored", "stored"]
    changed = {(line["kind"], line["id"]) for line in phone.sync(turf.id)[1:-1]}
    assert {k for k, _ in changed} == {"door", "issue", "promise"} and ("door", str(doors[0].id)) in changed
    assert phone.of("door")[str(doors[0].id)]["state"] == "reached"


def test_leaving_a_turf_takes_its_doors_off_the_phone(walk: Walk) -> None:
    phone = walk.phone
    phone.sync(walk.turfs[0].id, walk.turfs[1].id)
    assert len(phone.of("door")) == sum(len(walk.inside(t)) for t in walk.turfs[:2])
    phone.sync(walk.turfs[1].id)
    assert list(phone.of("door")) == [str(d.id) for d in walk.inside(walk.turfs[1])]
    phone.sync()
    assert not phone.of("door") and not phone.of("turf") and len(phone.of("codes")) == 1
