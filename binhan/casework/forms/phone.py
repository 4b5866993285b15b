"""What questionnaires bring to a team's phone: the round's form, and what was answered at doors."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import Field, ValidationError

from binhan.casework.forms.actions import Filled, record_answers
from binhan.casework.forms.queries import form_doc, form_of_round
from binhan.casework.phones.phone import Bodies, Carried, PhoneDocuments, PhoneFields, PhoneItem, Result, Sender
from binhan.casework.phones.rules.batch import Item, RowAnswer
from binhan.casework.visits.phone import hangs, teams_at_visits
from binhan.casework.visits.queries.load import load_of
from binhan.commons.access.api import Body, refused_row


class AnswersItem(Body):
    """What was answered to a questionnaire at a visit."""

    visit: UUID
    form: UUID
    version: str = Field(max_length=200)
    xml: str


def answers(sender: Sender, items: Sequence[Item], bodies: Bodies) -> list[Result]:
    """What was answered to the round's questionnaire."""
    read = [_filled(item, body) for item, body in zip(items, bodies, strict=True)]
    rows = [filled for filled in read if isinstance(filled, Filled)]
    told = iter(record_answers(sender.ward_id, sender.actor, rows,
                               teams_at_visits(sender, {filled.visit for filled in rows})))
    return [hangs(sender, _shown(next(told)), filled.visit) if isinstance(filled, Filled) else filled for filled in read]


def _filled(item: Item, body: Mapping[str, Any]) -> Filled | Result:
    try:
        return Filled(id=item.id, **AnswersItem.model_validate(body).dict())
    except ValidationError as error:
        return refused_row({**body, "id": str(item.id)}, error)


def _shown(answer: RowAnswer) -> Result:
    if answer.fault is None:
        return {"status": answer.status}
    return {"status": answer.status, "code": answer.fault.code, "detail": answer.fault.vi, "detail_en": answer.fault.en}


def _forms(carried: Carried) -> dict[UUID, UUID | None]:
    """The form of each round that the phone carries (1 query each)."""
    return carried.once("forms", lambda: {key: form_of_round(key) for key in load_of(carried).rounds})


def forms(carried: Carried) -> Iterable[tuple[UUID, dict[str, Any]]]:
    """The questionnaires of the rounds."""
    for key in _forms(carried).values():
        if key is not None and (body := form_doc(key)) is not None:
            yield key, body


def form_of(carried: Carried) -> dict[UUID, dict[str, Any]]:
    """Which questionnaire a round has."""
    return {row: {"form": key} for row, key in _forms(carried).items()}


PHONE = (
    PhoneItem(kind="answers", handle=answers, group="visit"),
    PhoneDocuments("form", forms),
    PhoneFields("round", ("form",), form_of),
)
