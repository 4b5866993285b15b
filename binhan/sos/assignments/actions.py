"""The only writers of assignments, and the incident verbs that touch them: dispatch, resolve, merge, transfer."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from binhan.commons.clocks.actions import DueClock, look_again, policy_s, rearm, start_clock, stop_clocks
from binhan.commons.journal.actions import append_rows
from binhan.commons.notify.actions import queue_messages
from binhan.kernel.errors import Problem, not_found
from binhan.kernel.ids import new_id
from binhan.kernel.lifecycle import Refused
from binhan.sos.assignments.lifecycle import ACTIVE, ASSIGNMENT, By, State
from binhan.sos.assignments.models import Assignment
from binhan.sos.incidents.actions import (
    JournalRow,
    apply_move,
    check_agency,
    check_move,
    is_replay,
    lock_incident,
    record_fact,
)
from binhan.sos.incidents.lifecycle import OPEN
from binhan.sos.incidents.lifecycle import By as IncidentBy
from binhan.sos.incidents.lifecycle import State as IncidentState
from binhan.sos.incidents.models import Incident
from binhan.sos.patrols.models import Unit
from binhan.sos.patrols.queries import crew_of
from binhan.sos.recommend.queries import recommend

STAMPS = {"accept": "accepted_at", "depart": "en_route_at", "arrive": "on_scene_at", "finish": "done_at"}
STATE_VI = {State.OFFERED: "đang mời", State.ACCEPTED: "đã nhận", State.EN_ROUTE: "đang đi", State.ON_SCENE: "đã tới",
            State.DONE: "đã xong", State.DECLINED: "đã từ chối", State.WITHDRAWN: "đã rút"}


def send_unit(incident_id: UUID, unit_id: UUID, actor: str, verb: str, by: IncidentBy = IncidentBy.DESK) -> Incident:
    """`dispatch` or `reinforce`: offer the incident to a unit. The crew's phones are rung in the same transaction."""
    with transaction.atomic():
        incident = lock_incident(incident_id)
        now = timezone.now()
        check_move(incident, verb, by, {"unit": unit_id})
        offer = offer_unit(incident, unit_id, actor, now)
        rows = [apply_move(incident, verb, by, actor, {"unit": unit_id}, now, {"unit_id": str(unit_id)}), offer]
        append_rows(rows)
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
        offered_by=actor, rank=ranked[0] if ranked else None, eta_s=ranked[1].eta_s if ranked else None,
        distance_m=ranked[1].distance_m if ranked else None, level=level)
    start_clock(incident.ward_id, "assignment", assignment.id, ASSIGNMENT.clock_of(State.OFFERED), at)
    queue_messages(incident.ward_id, crew_of(unit_id), ["inapp", "webpush"], "sos_offer", "assignment", assignment.id)
    return (incident.ward_id, actor, "offer", "assignment", assignment.id, _ids(assignment))


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
        now = timezone.now()
        target = _target(assignment, verb, by, facts)
        if target is None:
            return assignment
        rows = [_apply(assignment, verb, target, actor, str(facts.get("reason") or ""), now)]
        if note := str(facts.get("note") or ""):
            assignment.note = note
            assignment.save(update_fields=["note"])
        rows += _follow(assignment, incident, verb, actor, now)
        append_rows(rows)
    return assignment


def _target(assignment: Assignment, verb: str, by: By, facts: Mapping[str, Any]) -> State | None:
    """The state after `verb`; None when a retry asks for what already is."""
    rows = [m for m in ASSIGNMENT.moves if m.verb == verb and m.by == by]
    if by == By.CREW and rows and assignment.state == rows[0].target and verb in STAMPS:
        return None
    try:
        return State(ASSIGNMENT.move(verb, assignment.state, by, facts))
    except Refused as refused:
        if refused.reason == "needs":
            raise Problem(422, "needs_missing", f"Thiếu thông tin bắt buộc: {', '.join(refused.missing)}.",
                          f"Give {', '.join(refused.missing)}.", missing=list(refused.missing)) from None
        raise Problem(409, "state_changed",
                      f"Không thực hiện được: nhiệm vụ {STATE_VI[State(assignment.state)]}.",
                      f"Not possible now: the assignment is {assignment.state}.",
                      state=assignment.state, moved_by=assignment.unit.call_sign,
                      moved_at=(assignment.ended_at or assignment.offered_at).isoformat()) from None


def _apply(assignment: Assignment, verb: str, target: State, actor: str, reason: str, at: datetime) -> JournalRow:
    assignment.state = target
    if stamp := STAMPS.get(verb):
        setattr(assignment, stamp, at)
    if target in (State.EN_ROUTE, State.ON_SCENE) and assignment.accepted_at is None:
        assignment.accepted_at = at
    if target not in ACTIVE:
        assignment.ended_at, assignment.reason = at, reason
    assignment.save()
    start_clock(assignment.ward_id, "assignment", assignment.id, ASSIGNMENT.clock_of(target), at)
    return (assignment.ward_id, actor, verb, "assignment", assignment.id, _ids(assignment))


def _follow(assignment: Assignment, incident: Incident, verb: str, actor: str, at: datetime) -> list[JournalRow]:
    """What a crew's verb means for its incident."""
    if verb in ("accept", "depart") and incident.coming_at is None:
        incident.coming_at = at
        incident.save(update_fields=["coming_at"])
    elif verb == "arrive" and incident.arrived_at is None:
        incident.arrived_at = at
        incident.coming_at = incident.coming_at or at
        incident.save(update_fields=["arrived_at", "coming_at"])
    others = Assignment.objects.filter(incident=incident, state__in=ACTIVE).exists()
    if incident.state != IncidentState.RESPONDING or others:
        return []
    if verb == "finish":
        return [apply_move(incident, "resolve", IncidentBy.CREW, actor, {}, at, {"unit_id": str(assignment.unit_id)})]
    if verb in ("decline", "withdraw"):  # nobody is left on it: the desk must send someone again
        if incident.coming_at is not None and incident.arrived_at is None:
            incident.coming_at = None
        by = IncidentBy.CREW if verb == "decline" else IncidentBy.DESK
        return [apply_move(incident, "stand_down", by, actor, {"reason": verb}, at, {"why": verb})]
    return []


def withdraw_all(incident: Incident, actor: str, why: str, at: datetime) -> list[JournalRow]:
    """End every active assignment of a locked incident; answers their journal rows."""
    rows: list[JournalRow] = []
    for assignment in Assignment.objects.select_for_update().filter(incident=incident, state__in=ACTIVE).order_by("id"):
        rows.append(_apply(assignment, "withdraw", State.WITHDRAWN, actor, why, at))
    return rows


def end_incident(incident_id: UUID, verb: str, actor: str, facts: Mapping[str, Any]) -> Incident:
    """`resolve`, `merge`, `transfer` or `stand_down` by the desk: every unit still on it is withdrawn."""
    with transaction.atomic():
        incident = lock_incident(incident_id)
        if is_replay(incident, verb, actor):
            return incident
        now = timezone.now()
        note: dict[str, Any] = {}
        check_move(incident, verb, IncidentBy.DESK, facts)
        if verb == "merge":
            note = _merge(incident, UUID(str(facts["original"])))
        elif verb == "transfer":
            check_agency(str(facts["agency"]))
            incident.agency = str(facts["agency"])
            note = {"agency": incident.agency}
        if reason := str(facts.get("reason") or facts.get("note") or ""):
            record_fact(incident, "reason", actor, {"verb": verb, "text": reason})
        rows = [apply_move(incident, verb, IncidentBy.DESK, actor, facts, now, note)]
        append_rows(rows + withdraw_all(incident, actor, verb, now))
    return incident


def _merge(incident: Incident, original_id: UUID) -> dict[str, Any]:
    original = Incident.objects.filter(id=original_id, ward_id=incident.ward_id).first()
    if original is None or original.id == incident.id or original.state == IncidentState.DUPLICATE:
        raise Problem(422, "bad_original", "Vụ gốc không hợp lệ. Hãy chọn một vụ khác đang mở trong phường.",
                      "The original must be another incident of this ward that is not itself a duplicate.")
    incident.original_id = original.id
    return {"original": str(original.id)}


def call_backup(assignment_id: UUID, actor: str, note: str) -> Assignment:
    """A crew asks for more people: the desk and the shift lead are rung, and the best free unit is offered at once."""
    with transaction.atomic():
        assignment, incident = lock_assignment(assignment_id)
        if assignment.state not in ACTIVE or incident.state not in OPEN:
            raise Problem(409, "state_changed", "Nhiệm vụ đã kết thúc.", "The assignment has ended.",
                          state=assignment.state, moved_by=assignment.unit.call_sign, moved_at=timezone.now().isoformat())
        now = timezone.now()
        record_fact(incident, "backup", actor, {"text": note, "unit": assignment.unit.call_sign})
        rows: list[JournalRow] = [(incident.ward_id, actor, "backup", "incident", incident.id, _ids(assignment))]
        if incident.state == IncidentState.RESPONDING and (next_id := next_unit(incident)) is not None:
            rows += [offer_unit(incident, next_id, actor, now),
                     apply_move(incident, "reinforce", IncidentBy.CREW, actor, {"unit": next_id}, now,
                                {"unit_id": str(next_id)})]
        append_rows(rows)
    return assignment


def next_unit(incident: Incident) -> UUID | None:
    """The best free unit that has not yet been on this incident."""
    tried = set(Assignment.objects.filter(incident=incident).values_list("unit_id", flat=True))
    return next((r.unit_id for r in recommend(incident)[0]
                 if not r.excluded and r.status in ("free", "stale") and r.unit_id not in tried), None)


def pass_on(due: DueClock) -> None:
    """An offer was not accepted in time: it stays open, and the next unit is offered the incident as well."""
    found = Assignment.objects.filter(id=due.subject_id).values_list("incident_id", flat=True).first()
    now = timezone.now()
    # The clock's row is ours already; waiting for a row that a crew's own move holds could lock both out.
    incident = Incident.objects.select_for_update(skip_locked=True).filter(id=found).first() if found else None
    assignment = Assignment.objects.select_for_update(skip_locked=True).filter(id=due.subject_id).first()
    if incident is None or assignment is None:
        look_again(due.id, now)
        return
    if assignment.state != State.OFFERED or incident.state != IncidentState.RESPONDING:
        stop_clocks(assignment.id)
        return
    taken = Assignment.objects.filter(
        incident=incident, state__in=(State.ACCEPTED, State.EN_ROUTE, State.ON_SCENE)).exists()
    newer = Assignment.objects.filter(incident=incident, state=State.OFFERED, offered_at__gt=assignment.offered_at).exists()
    next_id = None if taken or newer else next_unit(incident)
    rows: list[JournalRow] = []
    if next_id is not None:
        rows = [offer_unit(incident, next_id, "clock", now, level=assignment.level + 1),
                apply_move(incident, "reinforce", IncidentBy.CLOCK, "clock", {"unit": next_id}, now,
                           {"unit_id": str(next_id)})]
    elif not taken:  # nobody else to ask: ring the same crew again
        queue_messages(incident.ward_id, crew_of(assignment.unit_id), ["webpush"], "sos_offer", "assignment",
                       assignment.id)
    wait = policy_s(due.ward_id, due.policy, now, 20)
    rearm(due.id, now + timedelta(seconds=wait * min(due.rung + 1, 6)), now)
    late_ms = round((now - due.due_at).total_seconds() * 1000)
    append_rows([*rows, (incident.ward_id, "clock", "pass_on", "assignment", assignment.id,
                         {**_ids(assignment), "next_unit_id": str(next_id) if next_id else None, "late_ms": late_ms})])


def chase(due: DueClock) -> None:
    """A crew has been in one step for too long: the desk sees it and the crew is asked."""
    now = timezone.now()
    assignment = Assignment.objects.select_for_update(skip_locked=True).filter(id=due.subject_id).first()
    if assignment is None:
        look_again(due.id, now)
        return
    if assignment.state not in ACTIVE:
        stop_clocks(assignment.id)
        return
    queue_messages(assignment.ward_id, crew_of(assignment.unit_id), ["webpush"], "sos_offer", "assignment",
                   assignment.id)
    rearm(due.id, now + timedelta(seconds=policy_s(due.ward_id, due.policy, now)), now)
    append_rows([(assignment.ward_id, "clock", "chase", "assignment", assignment.id, _ids(assignment))])
