"""The doorbell after a commit: what is stored stays stored and answered, whether it rang or not."""
from __future__ import annotations

import pytest
from django.db import OperationalError, transaction
from pytest_django import DjangoDbBlocker

from binhan.commons.journal import actions


def test_one_that_fails_changes_no_answer(django_db_setup: None, django_db_blocker: DjangoDbBlocker,
                                          monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    rung: list[list[int]] = []

    def away(wards: list[int]) -> None:
        rung.append(wards)
        raise OperationalError("the server went away after the commit")
    monkeypatch.setattr(actions, "_ring", away)
    with django_db_blocker.unblock(), transaction.atomic():
        actions.ring_after_commit([25891, 25888, 25891])
        assert rung == [], "not before"
    assert rung == [[25888, 25891]] and "went away after the commit" in caplog.text
