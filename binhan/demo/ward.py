"""The sample ward: the real boundary of Tân Uyên with two neighbours; people, units and places are made up and
say so. Loading again changes nothing; unloading takes the accounts and units out of service.
"""
from __future__ import annotations

import json
import os
import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from binhan.commons.access.actions import grant_role, issue_token, revoke_grant
from binhan.commons.access.models import Grant
from binhan.commons.access.scope import ward_scope
from binhan.commons.people.actions import create_account, set_password, update_account
from binhan.commons.people.models import Account
from binhan.commons.places.actions import (
    PlaceDraft,
    create_area,
    create_place,
    end_service,
    import_units,
    serve_wards,
)
from binhan.commons.places.models import Unit as RegisterUnit
from binhan.commons.places.models import Ward
from binhan.commons.places.queries import ward_index
from binhan.demo import round as demo_round
from binhan.site.environment import Environment
from binhan.sos.patrols.actions import UnitSheet, end_shift, register_unit, start_shift, update_unit
from binhan.sos.patrols.models import Shift, Unit

WARDS = ("25888", "25891", "25920")
HOME = 25888
LOCK = 0x6269_6E68_6465  # advisory lock: two that load at once would make the same accounts
# login, name, roles in the home ward, roles in all three wards
STAFF: list[tuple[str, str, tuple[str, ...], tuple[str, ...]]] = [
    ("trucban", "Trực ban Mẫu Một", ("desk_officer",), ()),
    ("trucban2", "Trực ban Mẫu Hai", ("desk_officer",), ()),
    ("truongca", "Trưởng ca Mẫu", ("shift_lead",), ()),
    ("chihuy", "Chỉ huy Mẫu", ("leadership",), ()),
    ("thanhpho", "Trung tâm Mẫu", (), ("city_centre",)),
    ("tuantra1", "Tuần tra Mẫu Một", ("responder",), ()),
    ("tuantra2", "Tuần tra Mẫu Hai", ("responder",), ()),
    ("tuantra3", "Tuần tra Mẫu Ba", ("responder",), ()),
    ("mattran", "Cán bộ xã hội Mẫu", ("social_officer", "team_member"), ()),
    ("tothanhvien1", "Tổ viên Mẫu Một", ("team_member",), ()),
    ("tothanhvien2", "Tổ viên Mẫu Hai", ("team_member",), ()),
    ("quantri", "Quản trị Mẫu", ("administrator",), ("administrator",)),
    ("lancan", "Trực ban Mẫu Tân Khánh", (), ()),
]
UNITS = [UnitSheet("Mẫu-01", "motorbike", ["first_aid"]), UnitSheet("Mẫu-02", "motorbike", ["female_officer"]),
         UnitSheet("Mẫu-03", "car", ["medical_kit", "extinguisher"]), UnitSheet("Mẫu-04", "motorbike"),
         UnitSheet("Mẫu-05", "motorbike", ["rescue_kit"]), UnitSheet("Mẫu-06", "foot", ["first_aid"])]
AREAS = [f"Khu phố Mẫu {n}" for n in range(1, 6)]
PLACES = [("MAU-CHO", "Chợ Mẫu", "Đường Mẫu 1, Khu phố Mẫu 1"), ("MAU-TRUONG", "Trường học Mẫu", "Đường Mẫu 2"),
          ("MAU-TRO", "Khu nhà trọ Mẫu, dãy 2", "Hẻm 12 Đường Mẫu 3")]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """`binhan demo load` beside an `up --demo` that is still starting waits for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@_one_at_a_time()
def load(env: Environment) -> None:
    """Load the sample data and write demo-logins.json (login, password, role, ward_code, api_token)."""
    if not RegisterUnit.objects.exists():
        import_units()
    serve_wards(WARDS, demo=True)
    path = env.data_dir / "demo-logins.json"
    with transaction.atomic():
        _accounts(path.exists() and path or None, env)
    with ward_scope([int(w) for w in WARDS], "system"):
        _units_and_places()
    demo_round.load(HOME)


def _accounts(known: Any, env: Environment) -> None:
    before = {row["login"]: row for row in json.loads(known.read_text(encoding="utf-8"))} if known else {}
    rows: list[dict[str, str]] = []
    for login, name, home_roles, all_roles in STAFF:
        account = Account.objects.filter(login=login).first()
        old = before.get(login)
        password = old["password"] if old else f"mau-{secrets.token_hex(4)}"
        if account is None:
            account = create_account(login, name, password, is_demo=True, is_staff="administrator" in all_roles)
        elif not old:
            set_password(account, password)
            update_account(account, {"is_active": True})  # unloaded before
        wards = [(HOME, r) for r in home_roles] + [(int(w), r) for w in WARDS for r in all_roles]
        wards += [(int(WARDS[1]), "desk_officer")] if login == "lancan" else []
        with ward_scope([int(w) for w in WARDS], "system"):
            for ward_id, role in wards:
                grant_role(ward_id, account, role, "system")
            token = old["api_token"] if old else issue_token(account, "demo", tuple({w for w, _ in wards}))[1]
        rows.append({"login": login, "password": password, "role": wards[0][1], "ward_code": f"{wards[0][0]:05d}",
                     "api_token": token})
    path = env.data_dir / "demo-logins.json"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(rows, file, ensure_ascii=False, indent=1)


def _units_and_places() -> None:
    """Units on shift with their crews, and QR places, inside the ward."""
    for name in AREAS:
        create_area(HOME, "system", name)
    points = points_inside(HOME, len(PLACES), seed=7)
    for (code, name, address), (lat, lon) in zip(PLACES, points, strict=True):
        create_place(HOME, "system", PlaceDraft(code, name, lat, lon, address))
    for sheet in UNITS:
        unit = Unit.objects.filter(ward_id=HOME, call_sign=sheet.call_sign).first()
        if unit is None:
            register_unit(HOME, "system", sheet)
        elif not unit.active:  # unloaded before
            update_unit(unit.id, "system", sheet, True)
    # The three crew logins drive the first three units themselves; the other units patrol by program.
    for unit in Unit.objects.filter(ward_id=HOME, call_sign__in=[u.call_sign for u in UNITS[3:]]):
        if not Shift.objects.filter(unit_id=unit.id, ended_at=None).exists():
            start_shift(unit.id, unit.id, "system")


def points_inside(ward_id: int, count: int, seed: int) -> list[tuple[float, float]]:
    """`count` points (lat, lon) inside the ward's boundary, the same for the same seed."""
    index = ward_index([ward_id])
    south, west, north, east = index.shapes[ward_id].box
    rng = random.Random(seed)
    found: list[tuple[float, float]] = []
    while len(found) < count:
        lat, lon = rng.uniform(south, north), rng.uniform(west, east)
        spot = index.locate(lat, lon)
        if spot is not None and spot.how == "inside":
            found.append((round(lat, 6), round(lon, 6)))
    return found


def unload(env: Environment) -> None:
    """Take the sample wards, accounts and units out of service. The journal, which holds no personal text, stays."""
    demo_round.unload(HOME)
    with ward_scope([int(w) for w in WARDS], "system"):
        for grant in Grant.objects.filter(account__is_demo=True, valid_to=None):
            revoke_grant(grant.id, "system")
        for unit in Unit.objects.filter(ward_id=HOME, call_sign__in=[u.call_sign for u in UNITS], active=True):
            for shift in Shift.objects.filter(unit_id=unit.id, ended_at=None):
                for member in shift.crew:
                    end_shift(shift.id, member, "system")
            update_unit(unit.id, "system", UnitSheet(unit.call_sign, unit.kind, unit.capabilities), False)
        for account in Account.objects.filter(is_demo=True, is_active=True):
            update_account(account, {"is_active": False})
        end_service(Ward.objects.filter(is_demo=True, served_to=None).values_list("ward_id", flat=True), "system")
    (env.data_dir / "demo-logins.json").unlink(missing_ok=True)
