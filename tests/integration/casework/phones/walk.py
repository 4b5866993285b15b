"""A round that is walked, and the phones of its team."""
from __future__ import annotations

from django.test import Client

from binhan.casework.households.models import Dwelling
from binhan.casework.visits.models import Round, Turf
from tests.integration.casework.phones.phone import Phone
from tests.integration.casework.visits.ground import client, khu_pho, open_round


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

    def another(self) -> Phone:
        """The phone of another member of the same team."""
        phone = Phone(client("team_member", self.area.id))
        phone.register()
        return phone
