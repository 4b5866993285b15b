"""Reads of incidents: one as JSON, the queue, the timeline."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from binhan.commons.clocks.models import Clock
from binhan.commons.journal.models import Entry, Head
from binhan.commons.people.queries import display_names
from binhan.commons.places.queries import place_names
from binhan.kernel.kinds import kind_of
from binhan.sos.incidents.lifecycle import INCIDENT, UNDECIDED, By
from binhan.sos.incidents.models import Fact, Incident, Press
from binhan.sos.incidents.rules import may_ring_back, waiting_s

COLUMNS = [f.attname for f in Incident._meta.concrete_fields]


def incidents_json(incidents: Sequence[Incident], by: By | None) -> list[dict[str, Any]]:
    """Incidents for the API (3 queries, however many): columns, names, the running clock, the verbs allowed."""
    ids = [i.id for i in incidents]
    due = dict(Clock.objects.filter(subject_kind="incident", subject_id__in=ids).values_list("subject_id", "due_at"))
    actors = {f"account:{i.acknowledged_by}" for i in incidents if i.acknowledged_by} | {i.moved_by for i in incidents}
    names = display_names(actors) if actors else {}
    places = place_names({i.place_code for i in incidents if i.place_code})
    return [_one(i, due.get(i.id), names, places, by) for i in incidents]


def _one(i: Incident, due_at: datetime | None, names: dict[str, str], places: dict[str, str],
         by: By | None) -> dict[str, Any]:
    kind = kind_of(i.kind)
    row: dict[str, Any] = {column: getattr(i, column) for column in COLUMNS}
    row.update(
        ward_code=f"{i.ward_id:05d}", kind_name={"vi": kind.vi, "en": kind.en}, call=list(kind.call), due_at=due_at,
        place_name=places.get(i.place_code or ""), waiting_s=round(waiting_s(i.received_at, i.acknowledged_at,
                                                                             timezone.now()), 1),
        acknowledged_by_name=names.get(f"account:{i.acknowledged_by}") if i.acknowledged_by else None,
        moved_by_name=names.get(i.moved_by, i.moved_by), may_ring_back=may_ring_back(i.silent, i.duress),
        actions=list(INCIDENT.verbs_from(i.state, by)) if by else [])
    return row


def page_of_incidents(wards: Iterable[int], state: str | None, cursor: str | None,
                      limit: int) -> tuple[list[Incident], str | None]:
    """Newest first, by (received_at, id); `state` is a state, a comma list, 'open' or None for all (1 query)."""
    rows = Incident.objects.filter(ward_id__in=list(wards))
    if state == "open":
        rows = rows.filter(state__in=[str(s) for s in UNDECIDED])
    elif state:
        rows = rows.filter(state__in=state.split(","))
    if cursor:
        at, _, last = cursor.partition("_")
        when = datetime.fromisoformat(at)
        rows = rows.filter(Q(received_at__lt=when) | Q(received_at=when, id__lt=UUID(last)))
    found = list(rows.order_by("-received_at", "-id")[:limit + 1])
    more = found[limit - 1] if len(found) > limit else None
    return found[:limit], f"{more.received_at.isoformat()}_{more.id}" if more else None


def heads(wards: Iterable[int]) -> dict[int, int]:
    """The last journal seq of each ward (1 query). Read it BEFORE a snapshot: events after it may repeat
    what the snapshot shows, but none is missed."""
    return dict(Head.objects.filter(ward_id__in=list(wards)).values_list("ward_id", "seq"))


def audience(ward_id: int, names: Sequence[str], at: datetime) -> list[UUID]:
    """The accounts that a rung with this audience calls: by duty seat, otherwise by role (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sos_audience(%s, %s, %s)", [ward_id, list(names), at])
        return [row[0] for row in cursor.fetchall()]


def messages_json(incident_id: UUID) -> list[dict[str, Any]]:
    """The chat, oldest first (3 queries). `other`: from a reporter whose incident was merged into this one."""
    rows = list(Fact.objects.filter(incident_id=incident_id, kind="chat").order_by("received_at", "id"))
    names = display_names({r.by for r in rows}) if rows else {}
    theirs = {r.press_id for r in rows if r.press_id}
    raised = dict(Press.objects.filter(press_id__in=theirs).values_list("press_id", "incident_id"))
    return [{"id": str(r.id), "at": r.received_at, "by": "resident" if r.by == "resident" else "desk",
             "by_name": names[r.by], "text": r.data.get("text", ""),
             "other": r.press_id is not None and raised.get(r.press_id, incident_id) != incident_id} for r in rows]


def timeline_json(incident: Incident, assignment_ids: Iterable[UUID]) -> list[dict[str, Any]]:
    """The journal of an incident and its assignments, with the words that belong to each row (3 queries)."""
    subjects = [incident.id, *assignment_ids]
    rows = list(Entry.objects.filter(ward_id=incident.ward_id, subject_id__in=subjects).exclude(verb="read")
                .order_by("seq")[:1000])
    names = display_names({r.actor for r in rows}) if rows else {}
    words = {str(f.id): f.data for f in Fact.objects.filter(incident_id=incident.id)}
    return [{"seq": r.seq, "at": r.at, "actor": r.actor, "actor_name": names[r.actor], "verb": r.verb,
             "subject_kind": r.subject_kind, "subject_id": str(r.subject_id), "facts": r.facts,
             "text": words.get(str(r.facts.get("fact_id")), {}).get("text")} for r in rows]
