"""Forms as lists, phones and exports show them."""
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from typing_extensions import TypedDict

from binhan.casework.forms.imports.loaded import Loaded
from binhan.casework.forms.models import Answers, Form, RoundForm
from binhan.casework.forms.rules.finding import FormNote
from binhan.casework.forms.rules.shape import Shape, shape_of
from binhan.casework.households.rules import BASES
from binhan.casework.visits.models import Round
from binhan.commons.access.queries import Rights
from binhan.commons.wire import Id, name_in
from binhan.kernel.errors import not_found

_NUMBERS = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class AnswersTable:
    """The answers to a form in a round: one row per visit, one column per question and repeat."""

    columns: list[str]
    rows: list[list[str]]
    questions: list[tuple[str, str, str]]  # path, label, type


class FormSummary(TypedDict):
    """A version of a questionnaire as a list shows it; `notes`: what was said about it when it was loaded."""

    id: Id
    ward_id: int
    form_id: str
    version: str
    title: str
    purpose: str
    legal_basis: str
    legal_basis_name: str
    digest: str
    source_name: str
    languages: list[str]
    questions: int
    notes: list[FormNote]
    made_at: datetime
    made_by: str


class FormQuestion(TypedDict):
    """A question: its path in the answers, what it says, which type it has."""

    path: str
    label: str
    type: str


class AskingRound(TypedDict):
    """A round that asks the form, or asked it."""

    id: Id
    name: str
    from_at: datetime
    until_at: datetime | None


class FormDetail(FormSummary):
    """A form with its XForm, its questions, and the rounds that ask it."""

    xml: str
    asked: list[FormQuestion]
    rounds: list[AskingRound]


class FormCheck(TypedDict):
    """What loading a file would make; nothing was written."""

    id: None
    form_id: str
    version: str
    title: str
    languages: list[str]
    questions: int
    dry_run: Literal[True]
    notes: list[FormNote]


class FormOfRound(TypedDict):
    """The form that a round asks now, if any."""

    form: FormSummary | None


@lru_cache(maxsize=64)
def shape(form_id: UUID) -> Shape:
    """What the form's answers are checked against. A form never changes; ask only for one that may be seen."""
    return shape_of(Form.objects.get(id=form_id).xml)


def form_for(rights: Rights, form_id: UUID) -> Form:
    """The form, for anybody whose role is casework in its ward; 404 otherwise (1 query)."""
    form = Form.objects.filter(id=form_id).first()
    if form is None or not rights.may("casework", form.ward_id):
        raise not_found("phiếu này", "form")
    return form


def check_json(loaded: Loaded) -> FormCheck:
    """A form that could be stored."""
    return {"id": None, "form_id": loaded.form_id, "version": loaded.version, "title": loaded.title,
            "languages": loaded.languages, "questions": loaded.questions, "dry_run": True,
            "notes": [n.json() for n in loaded.notes]}


def form_json(form: Form) -> FormSummary:
    """A form as a list shows it."""
    return {"id": str(form.id), "ward_id": form.ward_id, "form_id": form.form_id, "version": form.version,
            "title": form.title, "purpose": form.purpose, "legal_basis": form.legal_basis,
            "legal_basis_name": name_in(BASES, form.legal_basis), "digest": bytes(form.digest).hex(),
            "source_name": form.source_name, "languages": form.languages, "questions": form.questions,
            "notes": form.notes, "made_at": form.made_at, "made_by": form.made_by}


def form_detail(form: Form) -> FormDetail:
    """A form with its questions, its XForm, and the rounds that ask it (2 queries)."""
    held = shape(form.id)
    rounds = RoundForm.objects.filter(form=form).select_related("round").order_by("from_at")
    return {**form_json(form), "xml": form.xml,
            "asked": [{"path": p, "label": held.labels.get(p, ""), "type": held.leaves[p]} for p in held.asked],
            "rounds": [{"id": str(r.round_id), "name": r.round.name, "from_at": r.from_at, "until_at": r.until_at}
                       for r in rounds]}


def form_doc(form_id: UUID) -> dict[str, Any] | None:
    """The form as a phone gets it (1 query)."""
    form = Form.objects.filter(id=form_id).only("title", "version", "xml").first()
    return {"title": form.title, "version": form.version, "xml": form.xml} if form else None


def form_of_round(round_id: UUID) -> UUID | None:
    """The id of the form that the round asks now (1 query)."""
    return RoundForm.objects.filter(round=round_id, until_at=None).values_list("form_id", flat=True).first()


def forms_of_round(row: Round) -> list[Form]:
    """Every version that the round asks or asked, the latest first (1 query)."""
    known: dict[UUID, Form] = {r.form_id: r.form for r in RoundForm.objects.filter(round=row).select_related(
        "form").order_by("-from_at")}
    return list(known.values())


def answers_table(form: Form, row: Round) -> AnswersTable:
    """All answers to that form in that round, the oldest first: by day, khu phố and team, without door or name
    (2 queries)."""
    held = shape(form.id)
    found = list(Answers.objects.filter(form=form, visit__round=row).select_related("visit__team", "visit__dwelling__area")
                 .order_by("visit__started_at", "id"))
    order = {path: n for n, path in enumerate(held.leaves)}
    paths = sorted({p for a in found for p in a.values} | {p for p in held.leaves if not _repeated(held, p)},
                   key=lambda p: (*_place(order, p), p))
    rows = [[str(a.id), timezone.localtime(a.visit.started_at).date().isoformat(),
             a.visit.dwelling.area.name if a.visit.dwelling.area else "", a.visit.team.name,
             *(a.values.get(p, "") for p in paths)] for a in found]
    return AnswersTable(["id", "day", "area", "team", *paths], rows,
                        [(p, held.labels.get(p, ""), held.leaves[p]) for p in held.leaves])


def _repeated(held: Shape, path: str) -> bool:
    return any(path.startswith(f"{repeat}/") for repeat in held.repeats)


def _place(order: dict[str, int], path: str) -> tuple[list[int], int]:
    """Repeats one after the other, each with its questions in the form's order, at the place of the first of them."""
    plain = _NUMBERS.sub("", path)
    return ([order.get(plain, len(order))] if plain == path else
            [min(n for p, n in order.items() if p.startswith(plain.partition("/")[0])), *map(int, _NUMBERS.findall(path))],
            order.get(plain, len(order)))
