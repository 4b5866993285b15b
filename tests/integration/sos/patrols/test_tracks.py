"""Exact tracks of patrols: days are made ahead, and what is older than the policy is deleted."""
from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from binhan.commons.access.scope import system_scope
from binhan.commons.clocks.tasks import Paced
from binhan.kernel.ids import new_id
from binhan.site.environment import Environment
from binhan.sos.patrols.actions import keep_tracks
from binhan.sos.patrols.tasks import AGAIN_S, LOOK_EVERY_S, look

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def scope() -> Iterator[None]:
    with system_scope():
        yield


def walked(days_ago: int) -> None:
    """One fix of a unit, so long ago."""
    at = timezone.now() - timedelta(days=days_ago)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO patrol_track (ward_id, unit_id, at, received_at, lat, lon, source)"
                       " VALUES (25888, %s, %s, %s, 11.09, 106.8, 'app')", [new_id(), at, at])


def asked(sql: str) -> set[Any]:
    """The first column of every row."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {row[0] for row in cursor.fetchall()}


def test_old_tracks_go_and_coming_days_are_there() -> None:
    asked("SELECT patrol_make_partitions((now() AT TIME ZONE 'UTC')::date - 40, 5)")
    for days in (1, 29, 32, 38):  # the last two: one in the rest, one in a day of its own
        walked(days)
    keep_tracks()
    keep_tracks()
    assert {(timezone.now() - at).days for at in asked("SELECT at FROM patrol_track")} == {1, 29}
    names = asked("SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
                  " WHERE i.inhparent = 'patrol_track'::regclass") - {"patrol_track_rest"}
    today = timezone.now().date()
    assert {f"patrol_track_{today + timedelta(days=n):%Y%m%d}" for n in range(3)} <= names
    assert not {n for n in names if n < f"patrol_track_{today - timedelta(days=30):%Y%m%d}"}


def test_who_reads_the_tracks_is_not_waited_for(server: Environment) -> None:
    with psycopg.connect(server.owner_dsn) as backup:
        backup.execute("LOCK TABLE patrol_track IN ACCESS SHARE MODE")
        began = time.monotonic()
        done = keep_tracks()
        assert time.monotonic() - began < 5
        assert not done
        backup.rollback()


def test_once_an_hour_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []

    def kept() -> bool:
        looks.append(1)
        return len(looks) > 1  # the first one found the tracks in use
    monkeypatch.setattr("binhan.sos.patrols.tasks.keep_tracks", kept)
    now = [100.0]
    tracks = Paced(LOOK_EVERY_S, look, lambda: now[0])
    for later in (0.0, 5.0, AGAIN_S, 5.0, LOOK_EVERY_S - 10, 10.0):
        now[0] += later
        tracks(200)
    assert len(looks) == 3
