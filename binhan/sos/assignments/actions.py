"""The only writers of assignments, and the incident verbs that touch them: dispatch, resolve, merge, transfer."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from binhan.commons.cases import actions as cases
from binhan.commons.cases.queries import is_replay, lost_race, target_of
from binhan.commons.cases.rules import Step
from binhan.commons.clocks.actions import DueClock, look_again, policy_s, rearm, start_clock, stop_clocks
from binhan.commons.clocks.models import Clock
from binhan.commons.journal.actions import JournalRow, append_rows
from binhan.commons.notify.actions import queue_messages
from binhan.kernel.errors import Problem, not_found
from binhan.kernel.ids import new_id
from binhan.sos.assignments.lifecycle import ACTIVE, ASSIGNMENT, By, State
from binhan.sos.assignments.models import Assignment
from binhan.sos.assignments.queries import taken
from binhan.sos.incidents.actions import (
    apply_move,
    check_agency,
    fact_kept,
    lock_incident,
    record_fact,
)
from binhan.sos.incidents.lifecycle import INCIDENT, OPEN, UNDECIDED
from binhan.sos.incidents.lifecycle import By as IncidentBy
from binhan.sos.incidents.lifecycle import State as IncidentState
from binhan.sos.incidents.models import Incident
from binhan.sos.incidents.queries import audience
from binhan.sos.patrols.actions import end_shift
from binhan.sos.patrols.models import Shift, Unit
from binhan.sos.patrols.queries import crew_of
from binhan.sos.recommend.queries import recommend

STAMPS = {"accept": "accepted_at", "depart": "en_route_at", "arrive": "on_scene_at", "finish": "done_at"}


def send_unit(incident_id: UUID, unit_id: UUID, actor: str, verb: str, by: IncidentBy = IncidentBy.DESK) -> Incident:
    """`dispatch` or `reinforce`: offer the incident to a unit. The crew's phones are rung in the same transaction."""
    with transaction.atomic():
        incident = lock_incident(incident_id)
        now = timezone.now()
        step = Step(verb, by, actor, now, {"unit": unit_id})
        target_of(INCIDENT, incident, step)
        offer = offer_unit(incident, unit_id, actor, now)
        append_rows([apply_move(incident, step, {"unit_id": str(unit_id)}), offer])
    return incident


def offer_unit(incident: Incident, unit_id: UUID, actor: str, at: datetime, level: int = 0) -> JournalRow:
    """A new offer on a locked incident; answers its journal row."""
    unit = Unit.objects.filter(id=unit_id, active=True).first()
    if unit is None or unit.ward_id != incident.ward_id:
        raise Problem(422, "unknown_unit", "Không có tổ này trong phường. Hãy chọn tổ khác.",
                      "No such unit in this ward. Choose another.")
    if Assignment.objects.filter(incident=incident, unit=unit, state__in=ACTIVE).exists():
        raise Problem(409, "already_assigned", f"Tổ {unit.call_sign} đã được giao vụ này.",
                      f"{unit.call_sign} is already on this incident.", state=incident.state)
    ranked = next(((i + 1, r) for i, r in enumerate(recommend(incident)[0]) if r.unit_id == unit_id), None)
    assignment = Assignment.objects.create(
        id=new_id(), ward_id=incident.ward_id, incident=incident, unit=unit, state=State.OFFERED, offered_at=at,
        offered_by=actor, moved_at=at, moved_by=actor, moved_verb="offer",
        rank=ranked[0] if ranked else None, eta_s=ranked[1].eta_s if ranked else None,
        distance_m=ranked[1].distance_m if ranked else None, level=level)
    start_clock(incident.ward_id, "assignment", assignment.id, ASSIGNMENT.clock_of(State.OFFERED), at)
    queue_messages(incident.ward_id, crew_of(unit_id), ["inapp", "webpush"], "sos_offer", "assignment", assignment.id)
    return JournalRow(incident.ward_id, actor, "offer", "assignment", assignment.id, _ids(assignment))


def _ids(assignment: Assignment) -> dict[str, Any]:
    return {"incident_id": str(assignment.incident_id), "unit_id": str(assignment.unit_id),
            "state": str(assignment.state)}


def lock_assignment(assignment_id: UUID) -> tuple[Assignment, Incident]:
    """The assignment and its incident, locked in the order incident, assignment; 404 outside the caller's wards."""
    found = Assignment.objects.filter(id=assignment_id).values_list("incident_id", flat=True).first()
    if found is None:
        raise not_found("nhiệm vụ này", "assignment")
    incident = lock_incident(found)
    return Assignment.objects.select_for_update().select_related("unit").get(id=assignment_id), incident


def move_assignment(assignment_id: UUID, verb: str, by: By, actor: str, facts: Mapping[str, Any]) -> Assignment:
    """One verb of the crew or the desk, with what it means for the incident, in one transaction."""
    with transaction.atomic():
        assignment, incident = lock_assignment(assignment_id)
        step = Step(verb, by, actor, timezone.now(), facts)
        if _is_there(assignment, step):
            return assignment
        assignment.note = str(facts.get("note") or "") or assignment.note
        append_rows([_apply(assignment, step), *_follow(assignment, incident, step)])
    return assignment


def leave_shift(shift_id: UUID, account_id: UUID, actor: str) -> Shift:
    """Go off shift. With its last member a unit gives back what it has not reached yet, and the next unit is asked;
    from a scene nobody just leaves."""
    with transaction.atomic():
        last = Shift.objects.filter(id=shift_id, ended_at=None, crew=[account_id]).first()
        rows = _give_back(last.unit_id, actor, timezone.now()) if last else []
        Shift.objects.select_for_update().filter(id=shift_id).first()  # rows first, journal heads last
        append_rows(rows)
        return end_shift(shift_id, account_id, actor)


def _give_back(unit_id: UUID, actor: str, at: datetime) -> list[JournalRow]:
    """Decline every task of a unit whose last member leaves; answers the journal rows."""
    mine = Assignment.objects.filter(unit_id=unit_id, state__in=ACTIVE)
    wanted = list(mine.values_list("incident_id", flat=True))
    incidents = {i.id: i for i in Incident.objects.select_for_update().filter(id__in=wanted).order_by("id")}
    rows: list[JournalRow] = []
    for task in mine.filter(incident_id__in=wanted).select_for_update(of=("self",)).select_related("unit").order_by("id"):
        if task.state == State.ON_SCENE:
            raise Problem(409, "task_running", f"Tổ {task.unit.call_sign} đang tại hiện trường. Hãy bấm xong việc trước khi"
                          " ra ca.", f"{task.unit.call_sign} is at a scene. Finish that task first.", state=task.state)
        step = Step("decline", By.CREW, actor, at, {"reason": "off_shift"})
        rows += [_apply(task, step), *_follow(task, incidents[task.incident_id], step)]
    return rows


def _is_there(assignment: Assignment, step: Step) -> bool:
    """True when a crew's retry asks for what already is."""
    rows = [m for m in ASSIGNMENT.moves if (m.verb, m.by) == (step.verb, step.by)]
    return step.by == By.CREW and step.verb in STAMPS and bool(rows) and assignment.state == rows[0].target


def _apply(assignment: Assignment, step: Step) -> JournalRow:
    target = target_of(ASSIGNMENT, assignment, step)
    if stamp := STAMPS.get(step.verb):
        setattr(assignment, stamp, step.at)
    if target in (State.EN_ROUTE, State.ON_SCENE) and assignment.accepted_at is None:
        assignment.accepted_at = step.at
    if target not in ACTIVE:
        assignment.ended_at, assignment.reason = step.at, str(step.facts.get("reason") or "")
    if target == State.WITHDRAWN:
        queue_messages(assignment.ward_id, crew_of(assignment.unit_id), ["inapp", "webpush"], "sos_withdrawn", "assignment",
                       assignment.id)
    ids = {key: value for key, value in _ids(assignment).items() if key != "state"}
    return cases.apply_move(ASSIGNMENT, assignment, step, ids, level=assignment.level)


def _follow(assignment: Assignment, incident: Incident, step: Step) -> list[JournalRow]:
    """What a crew's verb means for its incident."""
    verb, actor, at = step.verb, step.actor, step.at
    if verb in ("accept", "depart") and incident.coming_at is None:
        incident.coming_at = at
        incident.save(update_fields=["coming_at"])
    elif verb == "arrive" and incident.arrived_at is None:
        incident.arrived_at = at
        incident.coming_at = incident.coming_at or at
        incident.save(update_fields=["arrived_at", "coming_at"])
    if incident.state != IncidentState.RESPONDING or verb not in ("finish", "decline", "withdraw") or taken(incident):
        return []
    if verb == "finish":  # who was only asked need not come any more
        return [apply_move(incident, Step("resolve", IncidentBy.CREW, actor, at), {"unit_id": str(assignment.unit_id)}),
                *withdraw_all(incident, actor, "resolve", at)]
    if incident.arrived_at is None and incident.coming_at is not None:
        incident.coming_at = None  # the resident must not wait for somebody who is not coming
        incident.save(update_fields=["coming_at"])
    if verb == "decline" and (rows := _ask_next(incident, IncidentBy.CREW, actor, at)):
        return rows
    if Assignment.objects.filter(incident=incident, state__in=ACTIVE).exists():
        return []
    by = IncidentBy.CREW if verb == "decline" else IncidentBy.DESK  # nobody is left: the desk must send someone again
    return [apply_move(incident, Step("stand_down", by, actor, at, {"reason": verb}), {"why": verb})]


def _ask_next(incident: Incident, by: IncidentBy, actor: str, at: datetime, level: int = 0) -> list[JournalRow]:
    """Offer the incident to the next free unit as well, unless another offer's first wait is still running."""
    open_offers = Assignment.objects.filter(incident=incident, state=State.OFFERED).values_list("id", flat=True)
    if Clock.objects.filter(subject_id__in=list(open_offers), rung=1, due_at__gt=at).exists():
        return []
    if (next_id := next_unit(incident)) is None:
        return []
    return [offer_unit(incident, next_id, actor, at, level), _reinforce(incident, by, actor, next_id, at)]


def _reinforce(incident: Incident, by: IncidentBy, actor: str, unit_id: UUID, at: datetime) -> JournalRow:
    return apply_move(incident, Step("reinforce", by, actor, at, {"unit": unit_id}), {"unit_id": str(unit_id)})


def withdraw_all(incident: Incident, actor: str, why: str, at: datetime) -> list[JournalRow]:
    """End every active assignment of a locked incident; answers their journal rows."""
    rows: list[JournalRow] = []
    for assignment in Assignment.objects.select_for_update().filter(incident=incident, state__in=ACTIVE).order_by("id"):
        rows.append(_apply(assignment, Step("withdraw", By.DESK, actor, at, {"reason": why})))
    return rows


def end_incident(incident_id: UUID, verb: str, actor: str, facts: Mapping[str, Any]) -> Incident:
    """`resolve`, `merge`, `transfer` or `stand_down` by the desk: every unit still on it is withdrawn."""
    with transaction.atomic():
        incident = _lock_pair(incident_id, facts["original"]) if "original" in facts else lock_incident(incident_id)
        if verb == "resolve" and is_replay(incident, verb, actor):
            return incident
        step = Step(verb, IncidentBy.DESK, actor, timezone.now(), facts)
        note: dict[str, Any] = {}
        target_of(INCIDENT, incident, step)
        if verb == "merge":
            note = _merge(incident, UUID(str(facts["original"])))
        elif verb == "transfer":
            check_agency(str(facts["agency"]))
            incident.agency = str(facts["agency"])
            note = {"agency": incident.agency}
        elif verb == "stand_down" and incident.arrived_at is None:
            incident.coming_at = None
        if reason := str(facts.get("reason") or facts.get("note") or ""):
            record_fact(incident, "reason", actor, {"verb": verb, "text": reason})
        append_rows([apply_move(incident, step, note), *withdraw_all(incident, actor, verb, step.at)])
    return incident


def _lock_pair(incident_id: UUID, original_id: UUID) -> Incident:
    """The incident, locked together with its original and its own duplicates, in one order for everybody: two desks
    that merge two incidents into each other must not make a ring that nobody answers."""
    rows = Incident.objects.select_for_update().filter(Q(id__in=[incident_id, original_id]) | Q(original_id=incident_id))
    found = {row.id: row for row in rows.order_by("id")}
    return found.get(incident_id) or lock_incident(incident_id)


def _merge(incident: Incident, original_id: UUID) -> dict[str, Any]:
    original = Incident.objects.filter(id=original_id, ward_id=incident.ward_id).first()
    if original is None or original.id == incident.id or original.state not in UNDECIDED:
        raise Problem(422, "bad_original", "Vụ gốc không hợp lệ. Hãy chọn một vụ khác đang mở trong phường.",
                      "The original must be another incident of this ward that is still open.")
    Incident.objects.filter(original_id=incident.id).update(original_id=original.id)  # no chains
    incident.original_id = original.id
    return {"original": str(original.id)}


def call_backup(assignment_id: UUID, actor: str, note: str, call_id: UUID | None = None) -> Assignment:
    """A crew asks for more people: the desk and the shift lead are rung, and the best free unit is offered at once.
    The same call_id again is the same call: an answer lost on the way must not send a second unit."""
    with transaction.atomic():
        assignment, incident = lock_assignment(assignment_id)
        if call_id is not None and fact_kept(call_id):
            return assignment
        if assignment.state not in ACTIVE or incident.state not in OPEN:
            raise lost_race(ASSIGNMENT, assignment)
        now = timezone.now()
        record_fact(incident, "backup", actor, {"text": note, "unit": assignment.unit.call_sign}, call_id)
        queue_messages(incident.ward_id, audience(incident.ward_id, ["second_seat", "shift_lead"], now),
                       ["inapp", "webpush"], "sos_backup", "incident", incident.id)
        rows = [JournalRow(incident.ward_id, actor, "backup", "incident", incident.id, _ids(assignment))]
        if incident.state == IncidentState.RESPONDING and (next_id := next_unit(incident)) is not None:
            rows += [offer_unit(incident, next_id, actor, now),
                     _reinforce(incident, IncidentBy.CREW, actor, next_id, now)]
        append_rows(rows)
    return assignment


def next_unit(incident: Incident) -> UUID | None:
    """The best unit that has not yet been on this incident: a free one, or one that has not answered another offer
    (an old offer must not keep a unit from everybody else)."""
    tried = set(Assignment.objects.filter(incident=incident).values_list("unit_id", flat=True))
    return next((r.unit_id for r in recommend(incident)[0]
                 if not r.excluded and r.status in ("free", "stale", "offered") and r.unit_id not in tried), None)


def _claimed(due: DueClock) -> tuple[Assignment, Incident] | None:
    """The clock's assignment and incident, locked; None where the clock is over, or while somebody moves them (looked at
    again in a moment).
    The clock's row is ours already: waiting for a row that a crew's own move holds could lock both out."""
    found = Assignment.objects.filter(id=due.subject_id).values_list("incident_id", flat=True).first()
    incident = Incident.objects.select_for_update(skip_locked=True).filter(id=found).first() if found else None
    if incident is None:
        look_again(due.id, timezone.now())
        return None
    assignment = cases.claim_late(ASSIGNMENT, Assignment.objects.all(), due)
    return None if assignment is None else (assignment, incident)


def pass_on(due: DueClock) -> None:
    """An offer was not accepted in time: it stays open, and the next unit is offered the incident as well."""
    if (claimed := _claimed(due)) is None:
        return
    (assignment, incident), now = claimed, timezone.now()
    if incident.state != IncidentState.RESPONDING:
        stop_clocks(assignment.id)
        return
    rows: list[JournalRow] = []
    if not taken(incident):
        rows = _ask_next(incident, IncidentBy.CLOCK, "clock", now, assignment.level + 1)
        if not rows:  # nobody else to ask: ring the same crew again
            queue_messages(incident.ward_id, crew_of(assignment.unit_id), ["webpush"], "sos_offer", "assignment",
                           assignment.id)
    wait = policy_s(due.ward_id, due.policy, now, 20)
    _again(due, assignment, rows, now, wait * min(due.rung + 1, 6))


def chase(due: DueClock) -> None:
    """A crew has been in one step for too long: it is asked. One that is off shift meanwhile cannot answer: the next
    unit is offered the incident as well."""
    if (claimed := _claimed(due)) is None:
        return
    (assignment, incident), now = claimed, timezone.now()
    rows: list[JournalRow] = []
    if crew := crew_of(assignment.unit_id):
        queue_messages(assignment.ward_id, crew, ["webpush"], "sos_chase", "assignment", assignment.id)
    elif incident.state == IncidentState.RESPONDING and not taken(incident):
        rows = _ask_next(incident, IncidentBy.CLOCK, "clock", now, assignment.level + 1)
    _again(due, assignment, rows, now, policy_s(due.ward_id, due.policy, now))


def _again(due: DueClock, assignment: Assignment, rows: list[JournalRow], at: datetime, wait_s: int) -> None:
    """Let the clock run once more, and journal what it did."""
    rearm(due.id, at + timedelta(seconds=wait_s), at)
    note = {**_ids(assignment), "late_ms": round((at - due.due_at).total_seconds() * 1000)}
    if due.verb == "pass_on":
        note["next_unit_id"] = rows[0].facts["unit_id"] if rows else None
    append_rows([*rows, JournalRow(assignment.ward_id, "clock", due.verb, "assignment", assignment.id, note)])
