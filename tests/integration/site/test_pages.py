"""The office's home page says in words what everybody on duty is doing."""
from __future__ import annotations

import pytest

from binhan.commons.access.scope import ward_scope
from binhan.kernel.ids import new_id
from binhan.sos.patrols.actions import UnitSheet, register_unit, start_shift
from tests.integration.commons.access.people import HOME, signed_in, staff

pytestmark = pytest.mark.django_db


def test_units_and_their_means_are_named_in_vietnamese() -> None:
    staff("office-lead", (HOME, "shift_lead"))
    with ward_scope([HOME], "test"):
        for sign, kind in (("Văn phòng 1", "motorbike"), ("Văn phòng 2", "foot")):
            unit = register_unit(HOME, "test", UnitSheet(sign, kind))
            if kind == "foot":
                start_shift(unit.id, new_id(), "test")
    page = signed_in("office-lead").get("/office/").content.decode()
    for word in ("Văn phòng 1", "xe máy", "ngoài ca", "đi bộ", "trong ca"):
        assert word in page
    assert "motorbike" not in page


def test_the_button_that_signs_out_can_be_pressed() -> None:
    """The next member of a team takes the phone over through this page. A form whose buttons stand elsewhere is hidden."""
    staff("office-out", (HOME, "team_member"))
    client = signed_in("office-out")
    page = client.get("/account/logout/?next=/field").content.decode()
    form = page.split("<main>")[1].split("<form", 1)[1].split("</form>")[0]
    assert "hidden" not in form.split(">", 1)[0] and "<button" in form
    assert client.post("/account/logout/", {"next": "/field"})["Location"] == "/field"
