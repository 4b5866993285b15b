"""The only writers of questionnaires and their answers. The journal has ids; what was answered stays in the record."""
from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from binhan.casework.forms.imports.loaded import Loaded
from binhan.casework.forms.models import Answers, Form, RoundForm
from binhan.casework.forms.queries import shape
from binhan.casework.forms.rules.shape import judge
from binhan.casework.phones.actions.outbox import insert_new
from binhan.casework.phones.rules.batch import Fault, RowAnswer
from binhan.casework.visits.lifecycle import RUNNING
from binhan.casework.visits.models import Round
from binhan.casework.visits.rules.codes import SPOKEN
from binhan.commons.journal.actions import JournalRow, append, append_rows
from binhan.kernel.errors import Problem, not_found
from binhan.kernel.ids import is_v7

NOT_V7 = Fault("not_v7", "Mã phải là UUIDv7.", "The id is a UUIDv7.")
NO_VISIT = Fault("no_visit", "Chưa có lượt thăm này của tổ bạn. Hãy gửi lượt thăm trước.",
                 "No such visit of your team. Send the visit first.")
NOBODY_SPOKE = Fault("nobody_spoke", "Không ai tiếp chuyện thì không có phiếu trả lời.",
                     "Where nobody spoke there are no answers.")
NO_FORM = Fault("no_form", "Đợt này không hỏi mẫu phiếu đó.", "The round does not ask this form.")
WRONG_VERSION = Fault("another_version", "Phiếu trả lời ghi bản khác với mẫu phiếu.",
                      "The answers name another version than the form's.")
REUSED = Fault("id_reused", "Mã này đã dùng cho nội dung khác. Không ghi gì; hãy giữ bản trong máy và xem lại.",
               "This id was already used with other contents. Nothing was written.")
ANSWERED = Fault("already_answered", "Lượt thăm này đã có phiếu trả lời khác. Không ghi gì; bản trong máy vẫn còn.",
                 "This visit already has other answers to the form. Nothing was written.")


ASKED_AT = """
SELECT v.id, v.outcome, f.id, f.version FROM casework_visit v
LEFT JOIN casework_round_form a ON a.round_id = v.round_id
LEFT JOIN casework_form f ON f.id = a.form_id AND f.ward_id = v.ward_id
WHERE v.ward_id = %s AND v.team_id = ANY(%s::uuid[]) AND v.id = ANY(%s)"""


@dataclass(frozen=True, slots=True)
class Filled:
    """Answers as the phone sends them. `form` is the id of the form in that version."""

    id: UUID
    visit: UUID
    form: UUID
    version: str
    xml: str

    def digest(self) -> bytes:
        """Stands for all of it."""
        return hashlib.sha256("\0".join((str(self.visit), str(self.form), self.version, self.xml)).encode(
            "utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class FormGrounds:
    """Why the ward asks this, what allows it, and the file it came from."""

    purpose: str
    legal_basis: str
    source_name: str


def store_form(ward_id: int, actor: str, loaded: Loaded, grounds: FormGrounds) -> tuple[Form, bool]:
    """Keep a form in this version; the very same again changes nothing (False). A version is never overwritten."""
    digest = hashlib.sha256(loaded.xml.encode()).digest()
    with transaction.atomic():
        kept, new = Form.objects.get_or_create(
            ward_id=ward_id, form_id=loaded.form_id, version=loaded.version,
            defaults={"title": loaded.title, "purpose": grounds.purpose, "legal_basis": grounds.legal_basis,
                      "xml": loaded.xml, "digest": digest, "source_name": grounds.source_name[:200],
                      "languages": loaded.languages, "questions": loaded.questions,
                      "notes": [n.json() for n in loaded.notes], "made_by": actor})
        if new:
            append(JournalRow(ward_id, actor, "load", "form", kept.id, {"digest": digest.hex()[:16]}))
        elif bytes(kept.digest) != digest:
            raise Problem(409, "version_taken", f"Phiếu “{loaded.form_id}” đã có bản “{loaded.version}” với nội dung khác."
                          " Hãy đổi ô version ở trang settings rồi tải lại.", f"“{loaded.form_id}” already has a version"
                          f" “{loaded.version}” with other contents. Change the version in the settings sheet.")
    return kept, new


def attach_form(round_id: UUID, form_id: UUID | None, actor: str) -> None:
    """The round asks this form from now on (None: no form any more)."""
    with transaction.atomic():
        row = Round.objects.select_for_update().filter(id=round_id).first()
        if row is None:
            raise not_found("đợt này", "round")
        if row.state not in RUNNING:
            raise Problem(409, "state_changed", "Đợt đã đóng: không đổi phiếu được nữa.", "The round is over.",
                          state=row.state)
        if form_id is not None and not Form.objects.filter(id=form_id, ward_id=row.ward_id).exists():
            raise not_found("phiếu này", "form")
        now, current = timezone.now(), RoundForm.objects.filter(round=row, until_at=None)
        if form_id == current.values_list("form_id", flat=True).first():
            return
        current.update(until_at=now)
        if form_id is not None:
            RoundForm.objects.create(ward_id=row.ward_id, round=row, form_id=form_id, from_at=now, made_by=actor)
        append(JournalRow(row.ward_id, actor, "attach_form" if form_id else "detach_form", "round", row.id,
               {"form_id": str(form_id)} if form_id else {}))


def record_answers(ward_id: int, actor: str, rows: Sequence[Filled], teams: Collection[UUID]) -> list[RowAnswer]:
    """Store answers that were given at visits of the caller's `teams`, in order; sent again they change nothing."""
    with transaction.atomic(savepoint=False):
        now = timezone.now()
        batch = _Batch(ward_id, rows, teams, now)
        answers = [batch.judge(filled) for filled in rows]
        made = [batch.made[key] for key in sorted(batch.made)]
        new = insert_new(made)
        append_rows([JournalRow(ward_id, actor, "answer", "answers", a.id,
                                {"visit_id": str(a.visit_id), "form_id": str(a.form_id)}) for a in made if a.id in new])
        return batch.known_before(answers, new)


class _Batch:
    """What the database knows of a batch: its visits, and every version that their rounds ask or have asked (1 query)."""

    def __init__(self, ward_id: int, rows: Sequence[Filled], teams: Collection[UUID], at: datetime) -> None:
        self.ward_id, self.at, self.rows = ward_id, at, rows
        with connection.cursor() as cursor:
            cursor.execute(ASKED_AT, [ward_id, list(teams), [f.visit for f in rows]])
            found = cursor.fetchall()
        self.outcomes: dict[UUID, str] = {visit: outcome for visit, outcome, _, _ in found}
        self.versions: dict[tuple[UUID, UUID], str] = {(visit, form): version for visit, _, form, version in found if form}
        self.known: dict[UUID, bytes] = {}
        self.answered: set[tuple[UUID, UUID]] = set()
        self.made: dict[UUID, Answers] = {}

    def known_before(self, answers: Sequence[RowAnswer], new: Collection[UUID]) -> list[RowAnswer]:
        """The answers, now that only the rows `new` turned out to be so: what was stored before is the same again, and
        nothing stands beside what a visit answered already (1 query, where there is any)."""
        doubtful = {a.id for a in answers if a.id not in new}
        if not doubtful:
            return list(answers)
        known = {key: bytes(digest) for key, digest in
                 Answers.objects.filter(id__in=doubtful).values_list("id", "digest")}
        return [a if a.id in new else self._again(a, filled.digest(), known.get(a.id))
                for a, filled in zip(answers, self.rows, strict=True)]

    def _again(self, answer: RowAnswer, digest: bytes, known: bytes | None) -> RowAnswer:
        if known is not None:
            return RowAnswer(answer.id, "same") if known == digest else RowAnswer(answer.id, "refused", REUSED)
        return RowAnswer(answer.id, "refused", ANSWERED) if answer.id in self.made else answer

    def judge(self, filled: Filled) -> RowAnswer:
        """The answer to one row; a good new one is kept to be stored."""
        digest = filled.digest()
        if (known := self.known.get(filled.id)) is not None:
            return RowAnswer(filled.id, "same") if known == digest else RowAnswer(filled.id, "refused", REUSED)
        values, wrong = self._values(filled)
        if wrong is not None:
            return RowAnswer(filled.id, "refused", wrong)
        self.known[filled.id] = digest
        self.answered.add((filled.visit, filled.form))
        self.made[filled.id] = Answers(id=filled.id, ward_id=self.ward_id, visit_id=filled.visit, form_id=filled.form,
                                       xml=filled.xml, values=values, received_at=self.at, digest=digest)
        return RowAnswer(filled.id, "stored")

    def _values(self, filled: Filled) -> tuple[dict[str, str], Fault | None]:
        if filled.visit not in self.outcomes:
            return {}, NO_VISIT
        if not is_v7(filled.id):
            return {}, NOT_V7
        version = self.versions.get((filled.visit, filled.form))
        if version is None:
            return {}, NO_FORM
        if filled.version != version:
            return {}, WRONG_VERSION
        if self.outcomes[filled.visit] not in SPOKEN:
            return {}, NOBODY_SPOKE
        if (filled.visit, filled.form) in self.answered:
            return {}, ANSWERED
        return judge(shape(filled.form), filled.xml)
