"""What stands in the way of a move, in the same words and shape for every noun."""
from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils import timezone

from binhan.commons.cases.models import Moved
from binhan.commons.cases.rules import Step
from binhan.commons.people.queries import display_name
from binhan.kernel.errors import Problem
from binhan.kernel.lifecycle import Lifecycle, Refused


def target_of(lifecycle: Lifecycle, row: Moved, step: Step, **more: Any) -> StrEnum:
    """The state that the step leads to. Raises Problem: 422 for missing needs, 403 for the wrong role, 409 for a race that
    was lost – with `more` in its body."""
    try:
        return lifecycle.move(step.verb, row.state, step.by, step.facts)
    except Refused as refused:
        raise refusal(lifecycle, row, refused, **more) from None


def refusal(lifecycle: Lifecycle, row: Moved, refused: Refused, **more: Any) -> Problem:
    """The table's no, as what a person and a program are told."""
    if refused.reason == "needs":
        vi, en = (", ".join(lifecycle.names.needs[n].said(lang) for n in refused.missing) for lang in ("vi", "en"))
        return Problem(422, "needs_missing", f"Còn thiếu: {vi}. Hãy bổ sung rồi gửi lại.", f"Missing: {en}. Add it and send"
                       " again.", missing=list(refused.missing))
    if refused.reason == "actor":
        return Problem(403, "forbidden", "Vai trò của bạn không làm được thao tác này. Hãy nhờ người phụ trách.",
                       "Your role may not do this. Ask whoever is in charge.", state=row.state)
    return lost_race(lifecycle, row, **more)


def lost_race(lifecycle: Lifecycle, row: Moved, who: str = "", **more: Any) -> Problem:
    """409: somebody moved it first; says where it is now, who brought it there (`who`: in other words than the account's
    name) and when."""
    who, at = who or display_name(row.moved_by), f"{timezone.localtime(row.moved_at):%H:%M:%S %d/%m/%Y}"
    noun, state = lifecycle.names.noun, lifecycle.names.states[row.state]
    return Problem(409, "state_changed",
                   f"Không thực hiện được: {noun.vi} đang ở bước “{state.vi}”, do {who} chuyển lúc {at}.",
                   f"Not possible now: this {noun.en} is “{state.en}”, moved by {who} at {at}.",
                   state=row.state, moved_by=who, moved_at=row.moved_at.isoformat(), moved_verb=row.moved_verb, **more)


def is_replay(row: Moved, verb: str, actor: str) -> bool:
    """The same person's same verb again: a retry after a lost answer. Nothing to do, nothing to refuse."""
    return (row.moved_by, row.moved_verb) == (actor, verb)
