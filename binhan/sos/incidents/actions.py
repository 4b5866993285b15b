"""The only writers of incidents: one verb, one function, one transaction; the journal row last."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from binhan.commons.cases.queries import is_replay, target_of
from binhan.commons.cases.rules import Step
from binhan.commons.clocks.actions import start_clock
from binhan.commons.clocks.models import Clock
from binhan.commons.clocks.rules import Subject, Tier
from binhan.commons.dated import holds
from binhan.commons.journal.actions import JournalRow, append, append_rows, ring_after_commit
from binhan.commons.notify.actions import carried
from binhan.commons.notify.models import CHANNELS
from binhan.kernel.errors import Problem, not_found
from binhan.kernel.ids import new_id
from binhan.kernel.kinds import BY_CODE, PRIORITIES, kind_of
from binhan.sos.incidents.lifecycle import INCIDENT, By, State
from binhan.sos.incidents.models import DeskShift, Fact, Incident, Press, Rung
from binhan.sos.incidents.rules import AGENCIES, OUTCOMES

STAMPS = {"acknowledge": "acknowledged_at", "dispatch": "dispatched_at", "resolve": "resolved_at",
          "close": "closed_at", "merge": "closed_at", "transfer": "closed_at"}


def open_incident(report: Mapping[str, Any], actor: str) -> UUID:
    """Open an incident from the office (phone, counter) through the hot path's own SQL function.

    `report`: press_id, ward_id, kind, note, phone, lat, lon, place_code, channel. A repeated press_id answers the
    same incident; the same id with other contents is refused (409).
    """
    body = dict(report)
    body["priority"] = kind_of(body.get("kind")).priority
    body["at"] = (body.get("at") or timezone.now()).isoformat()
    body["body_hash"] = hashlib.sha256(json.dumps(report, sort_keys=True, default=str).encode()).hexdigest()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT live_open(%s::jsonb)", [json.dumps([body], default=str)])
        (answer,) = json_value(cursor.fetchone()[0])
        if answer["status"] == "conflict":
            raise Problem(409, "press_id_reused", "Mã tin báo này đã dùng cho nội dung khác. Hãy tạo tin mới.",
                          "This press_id was already used with other contents. Make a new one.")
        if answer["status"] == "created":
            append(JournalRow(body["ward_id"], actor, "intake", "incident", UUID(answer["incident_id"]),
                   {"channel": body.get("channel", "phone")}))
    return UUID(answer["incident_id"])


def json_value(value: Any) -> Any:
    """A jsonb value as Python, whether or not the driver has decoded it."""
    return json.loads(value) if isinstance(value, str | bytes) else value


def lock_incident(incident_id: UUID) -> Incident:
    """The incident's row, locked for this transaction; 404 outside the caller's wards."""
    incident = Incident.objects.select_for_update().filter(id=incident_id).first()
    if incident is None:
        raise not_found("vụ việc này", "incident")
    return incident


def apply_move(incident: Incident, step: Step, note: Mapping[str, Any] | None = None) -> JournalRow:
    """State, stamps and clock of one move on a locked row; returns the journal row, to be appended last.

    Unlike other nouns an incident keeps its level (the ladder's rung) when it moves, and as mover whoever brought it to the
    state it is in: that is what the loser of a race is told, whatever else was done since.
    """
    before, target = incident.state, target_of(INCIDENT, incident, step)
    incident.state = str(target)
    if target != before:
        incident.moved_by, incident.moved_verb, incident.moved_at = step.actor, step.verb, step.at
    _stamp(incident, step, before)
    incident.save()
    if target != before:
        start_clock(Subject(incident.ward_id, "incident", incident.id), INCIDENT.clock_of(target), step.at,
                    Tier(priority=incident.priority))
    return JournalRow(incident.ward_id, step.actor, step.verb, "incident", incident.id,
                      {"state": str(target), **(note or {})})


def _stamp(incident: Incident, step: Step, before: str) -> None:
    """When what happened for the first time. A desk that sends or settles has seen the incident."""
    if (stamp := STAMPS.get(step.verb)) and getattr(incident, stamp) is None:
        setattr(incident, stamp, step.at)
    if step.by == By.DESK:
        incident.seen_at = incident.seen_at or step.at
        if before == State.RECEIVED and incident.state in (State.RESPONDING, State.RESOLVED):
            incident.acknowledged_at = incident.acknowledged_at or step.at
    if incident.acknowledged_by is None and incident.acknowledged_at == step.at and step.actor.startswith("account:"):
        incident.acknowledged_by = UUID(step.actor.split(":", 1)[1])


def acknowledge_incident(incident_id: UUID, actor: str) -> Incident:
    """A human at the desk takes the incident: the ladder stops. The second to try is told who was first."""
    with transaction.atomic():
        incident = lock_incident(incident_id)
        if not is_replay(incident, "acknowledge", actor):
            append(apply_move(incident, Step("acknowledge", By.DESK, actor, timezone.now())))
    return incident


def triage_incident(incident_id: UUID, actor: str, priority: str | None, kind: str | None) -> Incident:
    """The desk's own judgement of priority and kind; at least one of them."""
    if (priority is None and kind is None) or (priority not in (None, *PRIORITIES)) or (
            kind is not None and kind not in BY_CODE):
        raise Problem(422, "bad_triage", "Chọn mức ưu tiên (P1–P4) hoặc loại vụ việc.",
                      "Give a priority (P1–P4) or a known kind.")
    with transaction.atomic():
        incident = lock_incident(incident_id)
        incident.priority = priority or incident.priority
        incident.kind = kind or incident.kind
        append(apply_move(incident, Step("triage", By.DESK, actor, timezone.now()),
                           {"priority": incident.priority, "kind": incident.kind}))
    return incident


def reopen_incident(incident_id: UUID, actor: str, reason: str) -> Incident:
    """Resolved too early: back to the desk."""
    with transaction.atomic():
        incident = lock_incident(incident_id)
        incident.resolved_at = None
        row = apply_move(incident, Step("reopen", By.DESK, actor, timezone.now(), {"reason": reason}))
        record_fact(incident, "reason", actor, {"verb": "reopen", "text": reason})
        append(row)
    return incident


def close_incident(incident_id: UUID, actor: str, outcome: str, note: str) -> Incident:
    """The desk records the outcome; a false alarm is an outcome, judged by a human."""
    if outcome and outcome not in OUTCOMES:
        raise Problem(422, "unknown_outcome", "Kết quả không có trong danh mục.", "No such outcome.",
                      outcomes=list(OUTCOMES))
    with transaction.atomic():
        incident = lock_incident(incident_id)
        if not (is_replay(incident, "close", actor) and incident.outcome == outcome):
            incident.outcome, incident.outcome_note = outcome, note
            step = Step("close", By.DESK, actor, timezone.now(), {"outcome": outcome})
            append(apply_move(incident, step, {"outcome": outcome}))
    return incident


def record_fact(incident: Incident, kind: str, by: str, data: Mapping[str, Any], fact_id: UUID | None = None) -> bool:
    """Keep what was said or learnt beside the incident; False if that id was kept before."""
    now = timezone.now()
    _, made = Fact.objects.get_or_create(id=fact_id or new_id(), defaults={
        "ward_id": incident.ward_id, "incident_id": incident.id, "at": now, "received_at": now, "kind": kind, "by": by,
        "data": dict(data)})
    return made


def fact_kept(fact_id: UUID) -> bool:
    """True if what was said under this id is kept already. Ask with the incident locked."""
    return Fact.objects.filter(id=fact_id).exists()


def send_message(incident_id: UUID, actor: str, message_id: UUID, text: str) -> Incident:
    """A chat line from the desk or the crew to the resident. The same message_id again changes nothing."""
    with transaction.atomic():
        incident = lock_incident(incident_id)
        if record_fact(incident, "chat", actor, {"text": text}, message_id):
            append(JournalRow(incident.ward_id, actor, "chat", "incident", incident.id, {"fact_id": str(message_id)}))
    return incident


def split_press(incident_id: UUID, press_id: UUID, actor: str) -> Incident:
    """One of many presses from one source becomes an incident of its own, which waits at the desk as any other: a real SOS
    may be among them. The same press again is the same incident."""
    now = timezone.now()
    with transaction.atomic():
        crowd = lock_incident(incident_id)
        press = Press.objects.select_for_update().filter(press_id=press_id).first()
        if press is None or not crowd.one_source or not Fact.objects.filter(id=press_id, kind="press").exists():
            raise not_found("tin bấm này trong vụ việc", "press in this incident")
        if press.incident_id != crowd.id:
            return Incident.objects.get(id=press.incident_id)
        made = new_id()
        with connection.cursor() as cursor:
            cursor.execute("SELECT sos_split_press(%s, %s, %s)", [press_id, made, now])
        incident = Incident.objects.get(id=made)
        start_clock(Subject(crowd.ward_id, "incident", made), INCIDENT.clock_of(State.RECEIVED), now,
                    Tier(priority=incident.priority))
        facts = {"press_id": str(press_id), "kind": incident.kind, "priority": incident.priority, "silent": incident.silent,
                 "channel": incident.channel, "location": incident.location_source, "outside": incident.outside,
                 "drill": incident.drill, "from_incident": str(crowd.id)}
        append_rows([JournalRow(crowd.ward_id, actor, "split_press", "incident", crowd.id,
                                {"press_id": str(press_id), "to_incident": str(made)}),
                     JournalRow(crowd.ward_id, actor, "raise", "incident", made, facts)])
    return incident


def check_agency(agency: str) -> None:
    """422 for an agency that is not in the list."""
    if agency and agency not in AGENCIES:
        raise Problem(422, "unknown_agency", "Nơi nhận chuyển không có trong danh mục.", "No such agency.",
                      agencies=list(AGENCIES))


def start_desk_shift(ward_id: int, account_id: UUID, actor: str, seat: str, sound_checked: bool) -> DeskShift:
    """Sit down at the duty desk; an open shift of the same person is kept and its seat updated."""
    if seat not in DeskShift.Seat.values:
        raise Problem(422, "unknown_seat", "Vị trí trực không hợp lệ.", "No such seat.",
                      seats=list(DeskShift.Seat.values))
    now = timezone.now()
    with transaction.atomic():
        shift, made = DeskShift.objects.select_for_update().get_or_create(
            ward_id=ward_id, account_id=account_id, ended_at=None,
            defaults={"id": new_id(), "seat": seat, "started_at": now})
        shift.seat = seat
        shift.sound_checked_at = now if sound_checked else shift.sound_checked_at
        shift.save()
        append(JournalRow(ward_id, actor, "desk_start", "desk_shift", shift.id,
               {"seat": seat, "sound_checked": sound_checked, "resumed": not made}))
    return shift


def end_desk_shift(ward_id: int, account_id: UUID, actor: str, note: str) -> None:
    """Hand over and leave the desk."""
    with transaction.atomic():
        shift = DeskShift.objects.select_for_update().filter(
            ward_id=ward_id, account_id=account_id, ended_at=None).first()
        if shift is None:
            raise not_found("ca trực đang mở", "open desk shift")
        shift.ended_at, shift.handover_note = timezone.now(), note
        shift.save()
        append(JournalRow(ward_id, actor, "desk_end", "desk_shift", shift.id, {}))


def escalate_due(limit: int, without: Sequence[int] = ()) -> int:
    """Climb every due rung of the ladder (set-based; see sql/04_escalate.sql), but not in the wards `without`. Answers how
    many were climbed. OperationalError (LockNotAvailable) when somebody holds the journal of one of the others."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT sos_escalate_due(%s, %s::int[], %s)",
                       [limit, list(without), [channel for channel in CHANNELS if carried(channel)]])
        climbed: dict[str, int] = json.loads(cursor.fetchone()[0])
    ring_after_commit(map(int, climbed))
    return sum(climbed.values())


def held_wards() -> list[int]:
    """Of the wards where a rung is due those whose journal somebody else holds just now."""
    due = Clock.objects.filter(subject_kind="incident", due_at__lte=timezone.now()).values_list("ward_id", flat=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT live_held_wards(%s::text[])", [sorted({str(ward) for ward in due})])
        return [int(ward) for ward in json.loads(cursor.fetchone()[0])]


def unwatched_wards() -> list[int]:
    """Wards where a press waits for its first rung although no desk has it on screen (any more)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sos_unwatched()")
        return [int(w) for w in cursor.fetchone()[0]]


def hurry_first_rungs(wards: Iterable[int]) -> int:
    """Nobody watches these wards: the first rung of whatever waits there is due now. Answers how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT sos_hurry(%s)", [list(wards)])
        return int(cursor.fetchone()[0])


def set_rung(ward_id: int, actor: str, row: Rung) -> Rung:
    """One rung of a ward's own ladder from `row.valid_from` on. Where the ward has no rungs of its own at that time
    (it may have some that begin later), it takes over the national ones: it must never be left with one rung."""
    with transaction.atomic():
        own_rungs = Rung.objects.filter(holds(row.valid_from), ward_id=ward_id)
        if not own_rungs.exists():
            Rung.objects.bulk_create([
                Rung(ward_id=ward_id, rung=rung, after_s=after_s, audience=audience, channels=channels,
                     valid_from=row.valid_from, source=row.source)
                for rung, after_s, audience, channels in national_ladder(row.valid_from) if rung != row.rung])
        own_rungs.filter(rung=row.rung, valid_from__lt=row.valid_from).update(valid_to=row.valid_from)
        row.ward_id = ward_id
        row.save(force_insert=True)
        append(JournalRow(ward_id, actor, "set_rung", "ladder", None, {"rung": row.rung, "after_s": row.after_s,
                                                            "audience": row.audience, "channels": row.channels}))
    return row


def national_ladder(at: datetime) -> list[tuple[int, int, list[str], list[str]]]:
    """(rung, after_s, audience, channels) for wards without a ladder of their own, as of `at` (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rung, after_s, audience, channels FROM sos_ladder(0, %s)", [at])
        return list(cursor.fetchall())
