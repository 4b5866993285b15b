"""Two workers beside each other: rows held by one are skipped by the other, not waited for."""
from __future__ import annotations

import threading
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from binhan.commons.access.scope import ward_scope
from binhan.commons.notify.actions import claim_messages, queue_messages, subscribe
from binhan.commons.notify.models import Message
from binhan.commons.notify.rules import Note
from binhan.commons.people.actions import create_account
from binhan.commons.people.models import Account
from binhan.kernel.ids import new_id
from tests.integration.commons.access.people import HOME


@pytest.fixture
def waiting(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Ten messages that are really committed, outside of any test's transaction."""
    with django_db_blocker.unblock():
        with ward_scope([HOME], "test"):
            people = [create_account(f"hai-tho-{new_id().hex[-12:]}", "Mẫu", None) for _ in range(10)]
            for one in people:
                subscribe(one, f"https://push.example/{one.id}", "p" * 87, "a" * 22, "")
            queue_messages(HOME, [one.id for one in people], ["webpush"], Note("test", "two_workers"))
        yield
        with ward_scope([HOME], "test"):
            Message.objects.filter(subject_kind="two_workers").delete()
            Account.objects.filter(id__in=[one.id for one in people]).delete()


def test_no_message_is_taken_twice(waiting: None) -> None:
    second: set[UUID] = set()

    def other() -> None:
        try:
            with ward_scope([HOME], "test"):
                second.update(m.id for m in claim_messages("webpush", 100))
        finally:
            connection.close()
    with transaction.atomic(), ward_scope([HOME], "test"):
        first = {m.id for m in claim_messages("webpush", 4)}
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(20)
        assert not thread.is_alive(), "it waited for rows that the first one holds"
    assert len(first) == 4 and len(second) >= 6 and not first & second
