"""The only writers of units and shifts. Positions come in through the hot path (sql/positions.sql)."""
from __future__ import annotations

import secrets
from collections.abc import Sequence
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from binhan.commons.clocks.actions import policy_s
from binhan.commons.journal.actions import JournalRow, append
from binhan.kernel.errors import Problem, not_found
from binhan.sos.patrols.models import Position, Shift, Unit


def new_tracker_key() -> str:
    """A tracker's secret: 96 random bits in letters that a person can also type."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(20))


def register_unit(ward_id: int, actor: str, call_sign: str, kind: str, capabilities: Sequence[str],
                  tracker_key: str | None = None) -> Unit:
    """A new patrol unit of a ward, with its own tracker key."""
    with transaction.atomic():
        unit = Unit.objects.create(ward_id=ward_id, call_sign=call_sign, kind=kind, capabilities=list(capabilities),
                                   tracker_key=tracker_key or new_tracker_key())
        append(JournalRow(ward_id, actor, "register", "unit", unit.id, {"kind": kind}))
    return unit


def update_unit(unit_id: UUID, actor: str, call_sign: str, kind: str, capabilities: Sequence[str],
                active: bool) -> Unit:
    """Change a unit's call sign, means and equipment, or retire it."""
    with transaction.atomic():
        unit = _lock_unit(unit_id)
        unit.call_sign, unit.kind, unit.capabilities, unit.active = call_sign, kind, list(capabilities), active
        unit.save()
        append(JournalRow(unit.ward_id, actor, "update", "unit", unit.id, {"kind": kind, "active": active}))
    return unit


def renew_tracker_key(unit_id: UUID, actor: str) -> Unit:
    """A new secret for the unit's tracker: the old pairing stops at once."""
    with transaction.atomic():
        unit = _lock_unit(unit_id)
        unit.tracker_key = new_tracker_key()
        unit.save(update_fields=["tracker_key"])
        append(JournalRow(unit.ward_id, actor, "renew_tracker", "unit", unit.id, {}))
    return unit


def _lock_unit(unit_id: UUID) -> Unit:
    unit = Unit.objects.select_for_update().filter(id=unit_id).first()
    if unit is None:
        raise not_found("tổ tuần tra này", "unit")
    return unit


def start_shift(unit_id: UUID, account_id: UUID, actor: str) -> Shift:
    """Go on shift with a unit, or join the crew that already is. One person is in one crew at a time."""
    now = timezone.now()
    with transaction.atomic():
        unit = _lock_unit(unit_id)
        if not unit.active:
            raise Problem(409, "unit_retired", "Tổ này đã ngừng hoạt động. Hãy chọn tổ khác.",
                          "This unit is retired. Choose another.")
        elsewhere = (Shift.objects.filter(ended_at=None, crew__contains=[account_id])
                     .exclude(unit_id=unit_id).first())
        if elsewhere is not None:
            raise Problem(409, "already_on_shift", "Đồng chí đang trong ca của tổ khác. Hãy kết thúc ca đó trước.",
                          "You are on shift with another unit. End that shift first.", shift_id=str(elsewhere.id))
        shift = Shift.objects.select_for_update().filter(unit_id=unit_id, ended_at=None).first()
        if shift is None:
            shift = Shift(ward_id=unit.ward_id, unit_id=unit_id, crew=[], started_at=now)
        if account_id not in shift.crew:
            shift.crew = [*shift.crew, account_id]
            shift.save()
            append(JournalRow(unit.ward_id, actor, "shift_start", "unit", unit.id, {"shift_id": str(shift.id)}))
    return shift


def end_shift(shift_id: UUID, account_id: UUID, actor: str) -> Shift:
    """Leave the crew; the shift, and the sharing of positions, ends with its last member."""
    now = timezone.now()
    with transaction.atomic():
        shift = Shift.objects.select_for_update().filter(id=shift_id).first()
        if shift is None:
            raise not_found("ca tuần tra này", "shift")
        if shift.ended_at is None and account_id in shift.crew:
            left = [member for member in shift.crew if member != account_id]
            if left:
                shift.crew = left
            else:
                shift.ended_at = now
                Position.objects.filter(unit_id=shift.unit_id).delete()
            shift.save()
            append(JournalRow(shift.ward_id, actor, "shift_end", "unit", shift.unit_id,
                   {"shift_id": str(shift.id), "last": not left}))
    return shift


DAYS_AHEAD, KEPT_S, DAY_S = 3, 30 * 86_400, 86_400
TRACKS_LOCK = 0x747261636B73


def keep_tracks() -> bool:
    """Make the coming days' partitions, and delete tracks older than the dated policy `patrol.keep_track`. A partition
    holds every ward's tracks, so only the national row counts. One worker at a time; the other has nothing to do.
    False when somebody reads the tracks for long (a backup): waiting for them would hold up every new position."""
    now = timezone.now()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '300ms'")
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [TRACKS_LOCK])
            if cursor.fetchone()[0]:
                cursor.execute("SELECT patrol_make_partitions(%s, %s)", [now.date(), DAYS_AHEAD])
                days = policy_s(0, "patrol.keep_track", now, KEPT_S) // DAY_S
                cursor.execute("SELECT patrol_drop_partitions(%s)", [max(1, days)])
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        return False
    return True
