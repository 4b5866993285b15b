"""Reads of incidents: one as JSON, the queue, the timeline."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict

from binhan.commons.clocks.models import Clock
from binhan.commons.journal.models import Entry as JournalEntry
from binhan.commons.journal.models import Head
from binhan.commons.people.queries import display_names
from binhan.commons.places.queries import place_names
from binhan.commons.wire import Bilingual, Id
from binhan.kernel.cursors import as_cursor, bad_cursor, from_cursor
from binhan.kernel.kinds import PRIORITIES, kind_of
from binhan.sos.incidents.lifecycle import INCIDENT, UNDECIDED, By
from binhan.sos.incidents.lifecycle import State as Turn
from binhan.sos.incidents.models import Fact, Incident, Press
from binhan.sos.incidents.rules import may_ring_back, waiting_s

CHAT_PAGE, PRESS_PAGE = 50, 50
State = Annotated[str, WithJsonSchema({"type": "string", "enum": list(map(str, INCIDENT.states))})]
Priority = Annotated[str, WithJsonSchema({"type": "string", "enum": list(PRIORITIES)})]
Source = Annotated[str, WithJsonSchema({"type": "string", "enum": ["gps", "place", "desk", "none"]})]


class IncidentPlace(TypedDict):
    """Where and what: as much as whoever goes there needs."""

    id: UUID
    ward_id: int
    state: State
    priority: Priority
    kind: str
    kind_name: Bilingual
    silent: bool
    lat: float | None
    lon: float | None
    accuracy_m: float | None
    located_at: datetime | None
    location_source: Source
    place_code: str | None
    place_name: str | None
    note: str
    drill: bool
    received_at: datetime
    cancel_requested_at: datetime | None


class IncidentRow(IncidentPlace):
    """An incident of the queue. `due_at`: when its running clock rings; `waiting_s`: for how long the person waited.
    `one_source`: too many presses from one source, collapsed into this one; `repeats` says how many."""

    ward_code: str
    level: int
    channel: str
    phone: str | None
    lang: str
    device_id: UUID | None
    outside: bool
    repeats: int
    one_source: bool
    pressed_at: datetime
    seen_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: UUID | None
    acknowledged_by_name: str | None
    dispatched_at: datetime | None
    coming_at: datetime | None
    arrived_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    outcome: str
    outcome_note: str
    original_id: UUID | None
    agency: str
    duress: bool
    escalated_at: datetime | None
    moved_by: str
    moved_by_name: str
    moved_at: datetime
    moved_verb: str
    call: list[str]
    due_at: datetime | None
    waiting_s: float
    may_ring_back: bool
    verbs: list[str]
    actions: Annotated[list[str], Field(deprecated=True)]  # until version 2: `verbs` (docs/adr/0017)


class ChatLine(TypedDict):
    """A line between the resident and the desk. `other`: of another reporter than the one who raised the incident."""

    id: Id
    at: datetime
    by: Literal["resident", "desk"]
    by_name: str
    text: str
    other: bool


class CollapsedPress(TypedDict):
    """One of many presses from one source. `note`: all that was written with it and since, chat lines too."""

    press_id: Id
    at: datetime
    received_at: datetime
    kind: str
    kind_name: Bilingual
    phone: str | None
    note: str
    lat: float | None
    lon: float | None
    accuracy_m: float | None
    place_name: str | None
    drill: bool
    cancelled: bool
    duress: bool
    may_ring_back: bool


class Entry(TypedDict):
    """A row of the journal, with the words that belong to it."""

    seq: int
    at: datetime
    actor: str
    actor_name: str
    verb: str
    subject_kind: str
    subject_id: Id
    facts: dict[str, Any]
    text: str | None


def incidents_json(incidents: Sequence[Incident], by: By | None) -> list[IncidentRow]:
    """Incidents for the API (3 queries, however many): columns, names, the running clock, the verbs allowed."""
    ids = [i.id for i in incidents]
    due = dict(Clock.objects.filter(subject_kind="incident", subject_id__in=ids).values_list("subject_id", "due_at"))
    actors = {f"account:{i.acknowledged_by}" for i in incidents if i.acknowledged_by} | {i.moved_by for i in incidents}
    names = display_names(actors) if actors else {}
    places = place_names({i.place_code for i in incidents if i.place_code})
    return [_one(i, due.get(i.id), names, places, by) for i in incidents]


def place_json(i: Incident, places: dict[str, str]) -> IncidentPlace:
    """Where and what, without whose it is."""
    kind = kind_of(i.kind)
    return {"id": i.id, "ward_id": i.ward_id, "state": i.state, "priority": i.priority, "kind": i.kind,
            "kind_name": {"vi": kind.vi, "en": kind.en}, "silent": i.silent, "lat": i.lat, "lon": i.lon,
            "accuracy_m": i.accuracy_m, "located_at": i.located_at, "location_source": i.location_source,
            "place_code": i.place_code, "place_name": places.get(i.place_code or ""), "note": i.note, "drill": i.drill,
            "received_at": i.received_at, "cancel_requested_at": i.cancel_requested_at}


def _one(i: Incident, due_at: datetime | None, names: dict[str, str], places: dict[str, str],
         by: By | None) -> IncidentRow:
    verbs = list(INCIDENT.verbs_from(i.state, by)) if by else []
    return {**place_json(i, places), "ward_code": f"{i.ward_id:05d}", "level": i.level, "channel": i.channel,
            "phone": i.phone, "lang": i.lang, "device_id": i.device_id, "outside": i.outside, "repeats": i.repeats,
            "one_source": i.one_source, "pressed_at": i.pressed_at, "seen_at": i.seen_at,
            "acknowledged_at": i.acknowledged_at,
            "acknowledged_by": i.acknowledged_by,
            "acknowledged_by_name": names.get(f"account:{i.acknowledged_by}") if i.acknowledged_by else None,
            "dispatched_at": i.dispatched_at, "coming_at": i.coming_at, "arrived_at": i.arrived_at,
            "resolved_at": i.resolved_at, "closed_at": i.closed_at, "outcome": i.outcome, "outcome_note": i.outcome_note,
            "original_id": i.original_id, "agency": i.agency, "duress": i.duress, "escalated_at": i.escalated_at,
            "moved_by": i.moved_by, "moved_by_name": names.get(i.moved_by, i.moved_by), "moved_at": i.moved_at,
            "moved_verb": i.moved_verb, "call": list(kind_of(i.kind).call), "due_at": due_at,
            "waiting_s": round(waiting_s(i.received_at, i.acknowledged_at, timezone.now()), 1),
            "may_ring_back": may_ring_back(i.silent, i.duress), "verbs": verbs, "actions": verbs}


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
        rows = rows.filter(Q(received_at__lt=when) | Q(received_at=when, id__lt=UUID(last)),
                           received_at__lte=when)  # where the index is entered
    found = list(rows.order_by("-received_at", "-id")[:limit + 1])
    more = found[limit - 1] if len(found) > limit else None
    return found[:limit], f"{more.received_at.isoformat()}_{more.id}" if more else None


def urgent_page(wards: Iterable[int], cursor: str | None, limit: int) -> tuple[list[Incident], str | None]:
    """Open incidents as a desk must know them: whoever waits to be acknowledged, the longest wait first, all of them
    before the first of the others (2 queries at most). One that is acknowledged meanwhile comes later, none is missed."""
    turn, at, last = from_cursor(cursor, 3) if cursor else (0, None, None)
    if turn not in (0, 1):
        raise bad_cursor()
    found: list[Incident] = []
    for now in range(turn, 2):
        states = [str(s) for s in UNDECIDED if (s == Turn.RECEIVED) == (now == 0)]
        rows = Incident.objects.filter(ward_id__in=list(wards), state__in=states)
        if at is not None and now == turn:
            when = _when(at)
            rows = rows.filter(Q(received_at__gt=when) | Q(received_at=when, id__gt=UUID(last)))
        found += rows.order_by("received_at", "id")[:limit + 1 - len(found)]
        if len(found) > limit:
            break
    more = found[limit - 1] if len(found) > limit else None
    return found[:limit], as_cursor(int(more.state != Turn.RECEIVED), more.received_at, more.id) if more else None


def _when(text: object) -> datetime:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        raise bad_cursor() from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def count_open(wards: Iterable[int]) -> int:
    """How many incidents are open there (1 query)."""
    return Incident.objects.filter(ward_id__in=list(wards), state__in=[str(s) for s in UNDECIDED]).count()


def heads(wards: Iterable[int]) -> dict[int, int]:
    """The last journal seq of each ward (1 query). Read it BEFORE a snapshot: events after it may repeat
    what the snapshot shows, but none is missed."""
    return dict(Head.objects.filter(ward_id__in=list(wards)).values_list("ward_id", "seq"))


def audience(ward_id: int, names: Sequence[str], at: datetime) -> list[UUID]:
    """The accounts that a rung with this audience calls: by duty seat, otherwise by role (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sos_audience(%s, %s, %s)", [ward_id, list(names), at])
        return [row[0] for row in cursor.fetchall()]


def messages_json(incident: Incident, before: UUID | None = None) -> tuple[list[ChatLine], str | None]:
    """The latest lines of the chat, or those before the line `before`, oldest first; and what to ask with for those before
    them, null at the beginning (4 queries at most). `other`: of another reporter, also of each of many from one source."""
    found, older = _back_from(Fact.objects.filter(incident_id=incident.id, kind="chat"), before, CHAT_PAGE)
    rows = found[::-1]
    names = display_names({r.by for r in rows}) if rows else {}
    theirs = {r.press_id for r in rows if r.press_id}
    raised = dict(Press.objects.filter(press_id__in=theirs).values_list("press_id", "incident_id"))
    own = None if incident.one_source else incident.id
    lines: list[ChatLine] = [
        {"id": str(r.id), "at": r.received_at, "by": "resident" if r.by == "resident" else "desk",
         "by_name": names[r.by], "text": r.data.get("text", ""),
         "other": r.press_id is not None and raised.get(r.press_id, own) != own} for r in rows]
    return lines, older


def has_said(incident_id: UUID, message_id: UUID, text: str) -> bool:
    """Whether just these words are kept under this id (1 query)."""
    return Fact.objects.filter(id=message_id, incident_id=incident_id, kind="chat", data__text=text).exists()


def _back_from(facts: QuerySet[Fact], before: UUID | None, count: int) -> tuple[list[Fact], str | None]:
    """The newest `count` of these, or those before one of them, newest first; and the last of them where there are more."""
    if before is not None:
        at = facts.filter(id=before).values_list("received_at", flat=True).first()
        if at is None:
            raise bad_cursor()
        facts = facts.filter(Q(received_at__lt=at) | Q(received_at=at, id__lt=before))
    found = list(facts.order_by("-received_at", "-id")[:count + 1])
    return found[:count], str(found[count - 1].id) if len(found) > count else None


def presses_json(incident: Incident, before: UUID | None) -> tuple[list[CollapsedPress], str | None]:
    """The presses that were collapsed into an incident, newest first, each with what its phone has said since; and what to
    ask with for more (5 queries at most)."""
    found, older = _back_from(Fact.objects.filter(incident_id=incident.id, kind="press"), before, PRESS_PAGE)
    since: dict[UUID, list[Fact]] = {fact.id: [] for fact in found}
    of_these = Fact.objects.filter(press_id__in=list(since), incident_id=incident.id)
    # Of the positions the newest of each press; of all else everything (a press has an end of what it may say): no press
    # may push out what its neighbour says.
    newest = of_these.filter(kind="fix").order_by("press_id", "-received_at", "-id").distinct("press_id")
    for fact in (*of_these.exclude(kind__in=("press", "fix")).order_by("received_at", "id"), *newest):
        since[fact.press_id or fact.id].append(fact)
    places = place_names({f.data["place_code"] for f in found if f.data.get("place_code")})
    return [_press(fact, since[fact.id], places) for fact in found], older


def _press(fact: Fact, since: list[Fact], places: dict[str, str]) -> CollapsedPress:
    """One press with the latest of each thing that was said."""
    known = dict(fact.data)
    for later in since:
        if later.kind in ("fix", "phone", "kind"):
            known |= later.data
    kinds = {later.kind for later in since}
    words = [fact.data.get("note", ""), *(f.data.get("text", "") for f in since if f.kind in ("note", "chat"))]
    kind = kind_of(known.get("kind"))
    return {"press_id": str(fact.id), "at": fact.at, "received_at": fact.received_at, "kind": kind.code,
            "kind_name": {"vi": kind.vi, "en": kind.en}, "phone": known.get("phone"),
            "note": "\n".join(filter(None, words))[:4000], "lat": known.get("lat"), "lon": known.get("lon"),
            "accuracy_m": known.get("accuracy_m"), "place_name": places.get(known.get("place_code") or ""),
            "drill": bool(known.get("drill")), "cancelled": bool(kinds & {"cancel", "safe"}), "duress": "duress" in kinds,
            "may_ring_back": may_ring_back(bool(known.get("silent")), "duress" in kinds)}


def timeline_json(incident: Incident, assignment_ids: Iterable[UUID]) -> list[Entry]:
    """The journal of an incident and its assignments, with the words that belong to each row (3 queries)."""
    subjects = [incident.id, *assignment_ids]
    unsaid = ["read", "merge_press"] if incident.one_source else ["read"]  # the presses are a list of their own there
    rows = list(JournalEntry.objects.filter(ward_id=incident.ward_id, subject_id__in=subjects).exclude(verb__in=unsaid)
                .order_by("seq")[:1000])
    names = display_names({r.actor for r in rows}) if rows else {}
    said = [r.facts["fact_id"] for r in rows if r.facts.get("fact_id")]
    words = {str(f.id): f.data for f in Fact.objects.filter(incident_id=incident.id, id__in=said)}
    return [{"seq": r.seq, "at": r.at, "actor": r.actor, "actor_name": names[r.actor], "verb": r.verb,
             "subject_kind": r.subject_kind, "subject_id": str(r.subject_id), "facts": r.facts,
             "text": words.get(str(r.facts.get("fact_id")), {}).get("text")} for r in rows]
