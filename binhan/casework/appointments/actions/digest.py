"""Telling teams and leadership that promises to residents are late: one message for all of them."""
from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from binhan.casework.appointments.lifecycle import MISSED
from binhan.casework.appointments.models import Appointment
from binhan.casework.appointments.rules.digest import DEFAULTS, is_due, is_quiet
from binhan.casework.listening.lifecycle import WAITING
from binhan.casework.listening.models import Issue
from binhan.casework.visits.models import Team
from binhan.commons.access.models import Grant
from binhan.commons.access.rules import TEAM
from binhan.commons.clocks.actions import policy_amounts
from binhan.commons.dated import holds
from binhan.commons.journal.actions import JournalRow, append_rows, gathered
from binhan.commons.notify.actions import queue_messages
from binhan.commons.notify.models import Message
from binhan.commons.notify.rules import Note

ONE_AT_A_TIME = 0x6269_6E68_6170  # advisory lock: two sweepers must not both tell
CHANNELS = ("inapp", "webpush")
Late = dict[UUID, list[tuple[str, datetime]]]  # team → (reply or visit, since when)
LOOK_EVERY_S = 60.0


def look() -> None:
    """What the sweepers do once a minute."""
    tell_late()


def tell_late() -> int:
    """Look at all wards in scope once; answers how many accounts were told. Call inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            return 0
    now, told = timezone.now(), 0
    with gathered():  # no ward's journal is held while the others are looked at
        for ward_id, late in _late(now).items():
            limits = policy_amounts(ward_id, list(DEFAULTS), now, DEFAULTS)
            if not is_quiet(now, limits):
                told += _tell(ward_id, late, limits, now)
    return told


def _late(at: datetime) -> dict[int, Late]:
    """What is late, by ward and team (2 queries)."""
    found: dict[int, Late] = defaultdict(lambda: defaultdict(list))
    replies = Issue.objects.filter(state__in=WAITING, reply_due_at__lt=at, visit__isnull=False)
    for ward, team, since in replies.values_list("ward_id", "visit__team_id", "reply_due_at"):
        if since is not None:
            found[ward][team].append(("reply", since))
    missed = Appointment.objects.filter(state=MISSED)
    for ward, team, since in missed.values_list("ward_id", "team_id", "moved_at"):
        found[ward][team].append(("visit", since))
    return found


def _tell(ward_id: int, late: Late, limits: dict[str, int], at: datetime) -> int:
    """The members of each team their own, the leadership the whole ward's."""
    wanted: list[tuple[str, set[UUID], list[tuple[str, datetime]]]] = []
    grants = list(Grant.objects.filter(holds(at), ward_id=ward_id, account__is_active=True)
                  .values_list("role", "account_id", "area_id"))
    by_account: dict[UUID, list[tuple[str, datetime]]] = defaultdict(list)
    for team in Team.objects.filter(id__in=late).prefetch_related("members", "areas"):
        for account in _members(team, grants):
            by_account[account] += late[team.id]
    wanted += [("promises_team", {account}, items) for account, items in by_account.items()]
    leaders = {account for role, account, _ in grants if role == "leadership"}
    wanted.append(("promises_board", leaders, [item for items in late.values() for item in items]))
    last = _last(ward_id, {account for _, accounts, _ in wanted for account in accounts})
    told = 0
    for template, accounts, items in wanted:
        newest = max(since for _, since in items)
        due = {a for a in accounts if is_due(last.get((template, a)), newest, at, limits)}
        counts = {"replies": sum(what == "reply" for what, _ in items), "visits": sum(what == "visit" for what, _ in items)}
        told += queue_messages(ward_id, sorted(due), CHANNELS, Note(template, "promises", params=counts))
    if told:
        append_rows([JournalRow(ward_id, "clock", "tell", "promises", None, {"accounts": told})])
    return told


def _members(team: Team, grants: list[tuple[str, UUID, UUID | None]]) -> set[UUID]:
    """Who is on the team: those named to it, or the team members of all its khu phố."""
    holders = [(account, area) for role, account, area in grants if role == TEAM]
    named = {m.account_id for m in team.members.all()}
    if named:
        return named & {account for account, _ in holders}
    areas = {a.area_id for a in team.areas.all()}
    held: dict[UUID, set[UUID | None]] = defaultdict(set)
    for account, area in holders:
        held[account].add(area)
    return {account for account, where in held.items() if None in where or areas <= where}


def _last(ward_id: int, accounts: set[UUID]) -> dict[tuple[str, UUID], datetime]:
    """When each was last told (1 query)."""
    rows = Message.objects.filter(ward_id=ward_id, account_id__in=accounts,
                                  template__in=["promises_team", "promises_board"])
    return {(template, account): at for template, account, at in
            rows.values_list("template", "account_id").annotate(last=Max("created_at"))}
