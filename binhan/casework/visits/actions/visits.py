"""Recording visits: a batch from a phone, each row with its own answer, and the same batch again changes nothing."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from binhan.casework.phones.actions.outbox import insert_new
from binhan.casework.phones.rules.batch import Fault, RowAnswer, skew_of
from binhan.casework.visits.events import VISITED
from binhan.casework.visits.lifecycle import DRAFT, PLANNED
from binhan.casework.visits.models import Turf, Visit
from binhan.casework.visits.queries.rounds import topics_on
from binhan.casework.visits.rules.record import VisitRecord, fault
from binhan.commons.context import reactions
from binhan.commons.journal.actions import JournalRow, append_rows

REUSED = Fault("id_reused", "Mã lượt thăm này đã dùng cho nội dung khác. Không ghi gì; hãy giữ bản trong máy và xem lại.",
               "This id was already used with other contents. Nothing was written.")
ELSEWHERE = Fault("not_yours", "Căn này không có trong đợt, hoặc không thuộc tổ của bạn.",
                  "This door is not in the round, or not your team's.")
DOORS = """
SELECT d.round_id, d.dwelling_id, t.id, t.team_id, t.begun_at, r.state, r.from_on
FROM casework_turf_door d JOIN casework_turf t ON t.id = d.turf_id JOIN casework_round r ON r.id = d.round_id
WHERE d.ward_id = %s AND d.round_id = ANY(%s) AND d.dwelling_id = ANY(%s)
ORDER BY t.id FOR UPDATE OF t"""
NOT_OPEN = Fault("not_open", "Đợt chưa mở. Lượt thăm vẫn còn trong máy; hãy gửi lại sau.",
                 "The round is not open yet. Send again later.")


def record_visits(ward_id: int, actor: str, rows: Sequence[VisitRecord], teams: Collection[UUID],
                  sent_at: datetime | None) -> list[RowAnswer]:
    """Store the visits of the caller's `teams`, in order. A turf is begun by its first visit."""
    with transaction.atomic(savepoint=False):
        now = timezone.now()
        skew = skew_of(sent_at, now)
        batch = _Batch(ward_id, rows, teams, now, skew)
        answers = [batch.judge(record) for record in rows]
        made = batch.fresh()
        new = insert_new(made)
        fresh = [v for v in made if v.id in new]
        answers = batch.known_before(answers, new)
        doors = {v.id: batch.doors[(v.round_id, v.dwelling_id)] for v in fresh}
        if begun := {door.turf_id for door in doors.values() if door.begun_at is None}:
            Turf.objects.filter(id__in=begun, begun_at=None).update(begun_at=now)
        followed = [row for after in reactions(VISITED) for row in after(ward_id, actor, fresh)]
        visited = [JournalRow(ward_id, actor, "visit", "visit", v.id,
                              {"round_id": str(v.round_id), "turf_id": str(doors[v.id].turf_id)}) for v in fresh]
        append_rows([*visited, *followed])
    return answers


class _Door(NamedTuple):
    """A door of a round: the turf that it is in, whose that is, and how the round stands."""

    turf_id: UUID
    team_id: UUID
    begun_at: datetime | None
    state: str
    from_on: date


class _Batch:
    """What the database knows of a batch's doors. Their turfs are locked, in one order for everybody, so that re-planning
    waits: it must not take a turf away that is just being begun."""

    def __init__(self, ward_id: int, rows: Sequence[VisitRecord], teams: Collection[UUID], at: datetime,
                 skew: timedelta) -> None:
        self.ward_id, self.rows, self.teams, self.at, self.skew = ward_id, rows, teams, at, skew
        wanted = {(s.round, s.dwelling) for s in rows}
        for _ in range(2):
            self.doors = self._doors()
            if wanted <= self.doors.keys():
                break  # else not in the round – or re-planned meanwhile: the doors are in other turfs now
        self.known: dict[UUID, bytes] = {}
        self.topics: dict[tuple[UUID, object], set[str]] = {}
        self.made: dict[UUID, Visit] = {}

    def _doors(self) -> dict[tuple[UUID, UUID], _Door]:
        with connection.cursor() as cursor:
            cursor.execute(DOORS, [self.ward_id, [s.round for s in self.rows], [s.dwelling for s in self.rows]])
            return {(row[0], row[1]): _Door(*row[2:]) for row in cursor.fetchall()}

    def known_before(self, answers: Sequence[RowAnswer], new: Collection[UUID]) -> list[RowAnswer]:
        """The answers, now that only the visits `new` turned out to be so. What was stored before – by this phone or by
        another, just now – is not refused, whatever has become of its door since (1 query, where there is any)."""
        doubtful = {a.id for a in answers if a.id not in new}
        if not doubtful:
            return list(answers)
        rows = Visit.objects.filter(id__in=doubtful).values_list("id", "digest")
        known = {key: bytes(digest) for key, digest in rows}
        return [a if a.id in new or (a.id not in known and a.id not in self.made)
                else RowAnswer(a.id, "same") if known.get(a.id) == record.digest else RowAnswer(a.id, "refused", REUSED)
                for a, record in zip(answers, self.rows, strict=True)]

    def judge(self, record: VisitRecord) -> RowAnswer:
        """The answer to one row; a good new one is kept to be stored."""
        if (known := self.known.get(record.id)) is not None:
            return RowAnswer(record.id, "same") if known == record.digest else RowAnswer(record.id, "refused", REUSED)
        door = self.doors.get((record.round, record.dwelling))
        if door is None or door.team_id not in self.teams:
            return RowAnswer(record.id, "refused", ELSEWHERE)
        if door.state in (DRAFT, PLANNED):
            return RowAnswer(record.id, "refused", NOT_OPEN)
        if (wrong := fault(record, self.at, self.skew) or self._strange_topics(record, door.from_on)) is not None:
            return RowAnswer(record.id, "refused", wrong)
        self.known[record.id] = record.digest
        self.made[record.id] = Visit(
            id=record.id, ward_id=self.ward_id, round_id=record.round, team_id=door.team_id,
            dwelling_id=record.dwelling, outcome=record.outcome, come_back_at=record.come_back_at,
            started_at=record.started_at + self.skew, ended_at=record.ended_at + self.skew, received_at=self.at,
            skew_s=round(self.skew.total_seconds()),
            present=dict(record.present), notice_lang=record.notice_lang, notice_version=record.notice_version,
            consents=dict(record.consents), topics=sorted(set(record.topics)), note=record.note, digest=record.digest)
        return RowAnswer(record.id, "stored")

    def fresh(self) -> list[Visit]:
        """The visits to be stored, in one order for everybody."""
        return [self.made[key] for key in sorted(self.made)]

    def _strange_topics(self, record: VisitRecord, from_on: date) -> Fault | None:
        """A topic that was in the list neither on that day nor when the round began (a phone may be a month behind)."""
        for day in (from_on, timezone.localdate(record.started_at + self.skew)):
            if (record.round, day) not in self.topics and record.topics:
                self.topics[(record.round, day)] = {t.code for t in topics_on(self.ward_id, day)}
        known = {code for (key, _), codes in self.topics.items() if key == record.round for code in codes}
        if not (strange := sorted(set(record.topics) - known)):
            return None
        return Fault("unknown_topic", f"Nội dung không có trong danh mục: {', '.join(strange)}.",
                     f"Not in the list of topics: {', '.join(strange)}.")
