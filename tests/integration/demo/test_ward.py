"""The sample data can be taken away and brought back, and the journal says so."""
from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from binhan.commons.access.scope import served_wards, ward_scope
from binhan.commons.journal.models import Entry
from binhan.commons.people.models import Account
from binhan.demo import ward as demo
from binhan.site.environment import load
from binhan.sos.patrols.models import Shift, Unit


@pytest.mark.django_db
def test_unloaded_and_loaded_again(tmp_path: Path) -> None:
    env = load({"BINHAN_DATA_DIR": str(tmp_path)})
    wards = [int(w) for w in demo.WARDS]
    demo.load(env)
    demo.unload(env)
    assert served_wards() == []
    assert not Account.objects.filter(is_demo=True, is_active=True).exists()
    assert not (tmp_path / "demo-logins.json").exists()
    with ward_scope(wards, "test"):
        assert not Unit.objects.filter(active=True, call_sign__startswith="Mẫu-").exists()
        assert not Shift.objects.filter(ended_at=None, unit_id__in=Unit.objects.filter(active=False).values("id")).exists()
        verbs = set(Entry.objects.filter(ward_id=demo.HOME).order_by("-seq")[:40].values_list("verb", flat=True))
        assert {"end_service", "update", "shift_end", "revoke"} <= verbs
    demo.load(env)
    assert served_wards() == sorted(wards)
    row = next(r for r in demo.json.loads((tmp_path / "demo-logins.json").read_text()) if r["login"] == "trucban")
    assert Client().post("/account/login/", {"login": "trucban", "password": row["password"]}).status_code == 302
    with ward_scope(wards, "test"):
        assert Unit.objects.filter(active=True, ward_id=demo.HOME, call_sign__startswith="Mẫu-").count() == 6


@pytest.mark.django_db
def test_who_loads_beside_a_loading_one_waits() -> None:
    other = connection.copy()

    def free() -> bool:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [demo.LOCK])
            return bool(cursor.fetchone()[0])
    try:
        assert free()
        with demo._one_at_a_time():
            assert not free()
        assert free()
    finally:
        other.close()
