"""What one upload costs the database: the everyday case is a phone with a network that sends each visit as it is done."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from binhan.casework.forms.models import Answers
from binhan.casework.phones.models import Receipt
from binhan.casework.phones.queries import brought
from binhan.casework.visits.models import Topic, TurfDoor, Visit
from binhan.commons.journal.models import Entry
from tests.integration.casework.forms.test_forms import INNER, attach
from tests.integration.casework.phones.phone import item, visit
from tests.integration.casework.phones.walk import Walk
from tests.integration.casework.visits.ground import HOME, call, open_round
from tests.support.questionnaires import filled, small

pytestmark = pytest.mark.django_db
MOST = 15  # statements between BEGIN and COMMIT


def asked_for(walk: Walk, *rows: dict[str, Any]) -> list[str]:
    """What the database is asked for an upload of these, without what the test adds: BEGIN and COMMIT are a savepoint here,
    and the last one is the test's own."""
    with CaptureQueriesContext(connection) as asked:
        assert walk.phone.said(*rows) == ["stored"] * len(rows)
    return [query["sql"] for query in asked][1:-2]


def test_a_visit_with_its_answers_and_topics_costs_few_statements(walk: Walk) -> None:
    form = attach(walk.office, walk.round, small())
    Topic.objects.create(ward_id=HOME, code="pccc", vi="Cháy", en="Fire", valid_from=walk.round.from_on)
    walk.phone.said(visit(walk.round, walk.doors[0]))  # the token's use is noted once an hour, a turf is begun once
    at = visit(walk.round, walk.doors[1], topics=["pccc"])
    told = item("answers", {"visit": at["id"], "form": str(form), "version": "1", "xml": filled("nhu_cau", "1", INNER)})
    statements = asked_for(walk, at, told)
    assert len(statements) <= MOST, "\n".join(statements)
    assert (Visit.objects.count(), Answers.objects.count()) == (2, 1)
    assert len(asked_for(walk, visit(walk.round, walk.doors[2]))) <= MOST - 3, "a visit alone"


def test_what_it_costs_does_not_grow_with_the_wards_rounds(walk: Walk) -> None:
    walk.phone.said(visit(walk.round, walk.doors[0]))
    before = len(asked_for(walk, visit(walk.round, walk.doors[1])))
    call(walk.office, "post", f"/rounds/{walk.round.id}/close")
    later = open_round(walk.office, walk.area, name="Đợt sau")
    walk.phone.said(visit(later, walk.doors[0]))
    assert len(asked_for(walk, visit(later, walk.doors[1]))) == before


def test_a_fault_in_one_kind_of_a_group_leaves_the_others(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """All kinds of a group go into one savepoint first: what a later one breaks, the earlier ones are done again for."""
    form = attach(walk.office, walk.round, small())
    start = Entry.objects.filter(ward_id=HOME).count()
    at, other = visit(walk.round, walk.doors[0]), visit(walk.round, walk.doors[1])
    good, bad = (item("answers", {"visit": v["id"], "form": str(form), "version": "1",
                                  "xml": filled("nhu_cau", "1", INNER)}) for v in (at, other))
    handle = brought.items()["answers"].handle

    def fails_at_one(sender: Any, rows: Any, bodies: Any) -> Any:
        told = handle(sender, rows, bodies)
        if any(str(row.id) == bad["id"] for row in rows):
            raise KeyError("ours")
        return told
    monkeypatch.setitem(brought.items(), "answers", replace(brought.items()["answers"], handle=fails_at_one))
    assert walk.phone.said(at, good, other, bad) == ["stored", "stored", "stored", "wait:fault"]
    assert (Visit.objects.count(), Answers.objects.count()) == (2, 1)
    assert Entry.objects.filter(ward_id=HOME).count() == start + 3, "each once in the journal"


def test_what_was_stored_before_is_the_same_though_its_door_is_no_longer_theirs(walk: Walk) -> None:
    """The visit's own table answers, not only the receipt: the phone was wiped, another has its copy."""
    first = visit(walk.round, walk.doors[0])
    assert walk.phone.said(first) == ["stored"]
    TurfDoor.objects.filter(dwelling=walk.doors[0]).delete()
    Receipt.objects.all().delete()
    changed = {**first, "body": {**first["body"], "note": "khác"}}
    phone = walk.another()
    assert phone.said(first, visit(walk.round, walk.doors[0])) == ["same", "refused:not_yours"]
    assert walk.another().said(changed) == ["refused:id_reused"]
    assert Visit.objects.count() == 1
