"""The only writers of what was heard. The journal has codes and ids; the words stay in the record."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from binhan.casework.listening.lifecycle import ISSUE, RECEIVED, By
from binhan.casework.listening.models import Issue
from binhan.casework.listening.rules import DESKS, ROUTED
from binhan.casework.phones.actions.outbox import forget_item, insert_new
from binhan.casework.phones.rules.batch import Fault, RowAnswer
from binhan.casework.visits.models import Visit
from binhan.commons.cases.actions import apply_move, chase_late
from binhan.commons.cases.queries import is_replay, target_of
from binhan.commons.cases.rules import Step, Wait
from binhan.commons.clocks.actions import DueClock, due_for, start_clock
from binhan.commons.clocks.rules import Subject, Tier
from binhan.commons.files.actions import erase_files_of
from binhan.commons.journal.actions import JournalRow, append_rows
from binhan.kernel.errors import Problem, not_found
from binhan.kernel.ids import is_v7
from binhan.kernel.workdays import VIETNAM

REUSED = Fault("id_reused", "Mã này đã dùng cho nội dung khác. Không ghi gì; hãy giữ bản trong máy và xem lại.",
               "This id was already used with other contents. Nothing was written.")
NO_VISIT = Fault("no_visit", "Chưa có lượt thăm này của tổ bạn. Hãy gửi lượt thăm trước.",
                 "No such visit of your team. Send the visit first.")
NOT_HERE = Fault("not_here", "Loại này không ghi nội dung, địa điểm hay hẹn trả lời ở đây. Hãy xóa phần đó và hướng dẫn"
                 " người dân tới đúng nơi.", "Nothing of this kind is written down here. Show the way instead.")
FORGOTTEN = b""  # the digest of what was routed out later: not even that is kept
NOT_V7 = Fault("not_v7", "Mã phải là UUIDv7.", "The id is a UUIDv7.")
# Where what a verb needs is kept; and which of it are codes, fit for the journal.
COLUMNS = {"unit": "unit", "agency": "agency", "kind": "kind", "channel": "told_by", "answer": "answer",
           "receipt": "receipt", "reason": "reason"}
CODES = ("kind", "unit", "agency", "channel")
NO_WORDS = Fault("no_words", "Hãy ghi lời người dân nói.", "Write down what the resident said.")


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard, as the phone sends it. `answer`: what the team could say at once. `digest` stands for all of it."""

    id: UUID
    visit: UUID
    kind: str
    words: str
    place: str
    urgency: str
    reply_by: str
    promised_on: date | None
    confidential: bool
    answer: str
    digest: bytes


def record_issues(ward_id: int, actor: str, rows: Sequence[Heard], teams: Collection[UUID]) -> list[RowAnswer]:
    """Store what was heard at visits of the caller's `teams`, in order; sent again it changes nothing."""
    with transaction.atomic(savepoint=False):
        now = timezone.now()
        visits = Visit.objects.filter(ward_id=ward_id, team__in=teams, id__in={h.visit for h in rows})
        found = {v.id: v for v in visits.select_for_update().order_by("id")}
        known = {key: (bytes(digest), state) for key, digest, state in Issue.objects.filter(
            id__in=[h.id for h in rows]).values_list("id", "digest", "state")}
        made: dict[UUID, tuple[Issue, Heard]] = {}
        answers = []
        for heard in rows:
            if heard.id in known:
                same = known[heard.id][0] in (heard.digest, FORGOTTEN)
                answers.append(RowAnswer(heard.id, "same", state=known[heard.id][1]) if same
                               else RowAnswer(heard.id, "refused", REUSED))
            elif (wrong := _fault(heard, found)) is not None:
                answers.append(RowAnswer(heard.id, "refused", wrong))
            else:
                issue = _issue(ward_id, actor, heard, found[heard.visit].started_at, now)
                made[heard.id], known[heard.id] = (issue, heard), (heard.digest, issue.state)
                answers.append(RowAnswer(heard.id, "stored"))
        lost, twins = _store(actor, made, now)
    return [a if a.id not in made or a.status == "refused" else replace(a, status="refused", fault=REUSED) if a.id in lost
            else replace(a, status="same" if a.id in twins else a.status, state=str(made[a.id][0].state)) for a in answers]


def _fault(heard: Heard, visits: Mapping[UUID, Visit]) -> Fault | None:
    if heard.visit not in visits:
        return NO_VISIT
    if not is_v7(heard.id):
        return NOT_V7
    if heard.kind in ROUTED:
        return NOT_HERE if heard.words or heard.place or heard.reply_by or heard.answer else None
    return None if heard.words else NO_WORDS


def _issue(ward_id: int, actor: str, heard: Heard, at: datetime, now: datetime) -> Issue:
    """The record to be. Of what is routed out neither door nor hour is kept: it must not lead back to anybody."""
    routed = heard.kind in ROUTED
    due = None
    if heard.reply_by:
        due = (datetime.combine(heard.promised_on, time(17), VIETNAM) if heard.promised_on
               else due_for(ward_id, "issue.reply_within", at, Tier(priority=heard.urgency)))
    day = _midnight(now)
    return Issue(id=heard.id, ward_id=ward_id, visit_id=None if routed else heard.visit, kind=heard.kind, words=heard.words,
                 place=heard.place, urgency=heard.urgency, reply_by=heard.reply_by, reply_due_at=due,
                 confidential=heard.confidential, heard_at=day if routed else at, received_at=day if routed else now,
                 moved_at=now, moved_by=actor, moved_verb="record", digest=heard.digest)


def _midnight(at: datetime) -> datetime:
    return datetime.combine(timezone.localdate(at), time(), VIETNAM)


def _store(actor: str, made: Mapping[UUID, tuple[Issue, Heard]], now: datetime) -> tuple[set[UUID], set[UUID]]:
    """Insert, move on what needs no office, start the clocks, journal; answers the ids that somebody else has, and those
    that came twice at once, this time being the second."""
    new = insert_new([made[key][0] for key in sorted(made)])
    met = made.keys() - new
    found = Issue.objects.filter(id__in=met).values_list("id", "digest") if met else ()
    kept = {key: bytes(digest) for key, digest in found}
    twins = {key for key in met if kept.get(key) in (made[key][0].digest, FORGOTTEN)}
    lost = met - twins
    rows: list[JournalRow] = []
    for key, (issue, heard) in made.items():
        if key in lost | twins:
            continue
        rows.append(JournalRow(issue.ward_id, actor, "record", "issue", key,
                               {"kind": issue.kind, "state": str(RECEIVED)}))
        if issue.kind in ROUTED:
            rows.append(_apply(issue, Step("route_out", By.TEAM, actor, now, {"kind": issue.kind})))
        elif heard.answer:
            rows.append(_apply(issue, Step("answer_at_door", By.TEAM, actor, now, {"answer": heard.answer})))
        else:
            start_clock(Subject(issue.ward_id, "issue", key), ISSUE.clock_of(RECEIVED), now, Tier(priority=issue.urgency))
    append_rows(rows)
    return lost, twins


def move_issue(issue_id: UUID, verb: str, by: By, actor: str, facts: Mapping[str, Any]) -> Issue:
    """One verb of the team or the office, in one transaction. The same person's same verb again is a retry."""
    with transaction.atomic():
        issue = Issue.objects.select_for_update().filter(id=issue_id).first()
        if issue is None:
            raise not_found("nội dung này", "issue")
        if not is_replay(issue, verb, actor) or verb == "reassign":
            append_rows([_apply(issue, Step(verb, by, actor, timezone.now(), facts))])
    return issue


def _apply(issue: Issue, step: Step) -> JournalRow:
    """What was given goes into its columns, the record along its table; returns the journal row."""
    target_of(ISSUE, issue, step)
    _check(issue, step.verb, step.facts)
    for need, value in step.facts.items():
        setattr(issue, COLUMNS[need], value)
    if step.verb == "route_out":
        _erase(issue, step)
    codes = {need: value for need, value in step.facts.items() if need in CODES}
    return apply_move(ISSUE, issue, step, codes, Wait(priority=issue.urgency))


def _erase(issue: Issue, step: Step) -> None:
    """Whatever was written down before it was understood goes, with its pictures and sound."""
    erase_files_of("issue", issue.id, step.actor)
    forget_item(issue.id)
    issue.visit = None
    issue.words = issue.place = issue.answer = issue.reply_by = issue.reason = issue.unit = ""
    issue.heard_at = issue.received_at = _midnight(step.at)
    issue.reply_due_at, issue.digest = None, FORGOTTEN


def _check(issue: Issue, verb: str, facts: Mapping[str, Any]) -> None:
    """What the table cannot say: mediation is for conflicts only, only praise is just noted, and where routing leads."""
    if facts.get("unit") == "mediation" and issue.kind != "conflict":
        raise Problem(422, "no_mediation", "Tổ hòa giải chỉ nhận mâu thuẫn; không hòa giải bạo lực, xâm hại.",
                      "Only a conflict is mediated, violence never.")
    if verb == "note" and issue.kind != "praise":
        raise Problem(422, "needs_answer", "Chỉ lời khen được ghi nhận không cần trả lời. Hãy giao đơn vị hoặc trả lời.",
                      "Only praise is just noted. Assign it, or answer.")
    if verb == "route_out" and facts.get("kind") not in DESKS:
        raise Problem(422, "unknown_kind", "Hãy chọn loại cần hướng dẫn tới nơi khác.", "Name the kind that is routed out.",
                      kinds=list(DESKS))


def chase(due: DueClock) -> None:
    """A step has taken too long: its level rises, it is journalled, and it is looked at again the next working day."""
    chase_late(ISSUE, Issue.objects.all(), due, "issue.chase_within")
