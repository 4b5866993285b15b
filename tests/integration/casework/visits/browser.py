"""Somebody's browser on the office pages, for the tests: signed in, asking and pressing."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django.test import Client

from binhan.commons.access.models import Grant
from binhan.commons.access.scope import ward_scope
from binhan.kernel.ids import new_id
from tests.integration.casework.visits.ground import HOME, again
from tests.integration.commons.access.people import staff


def browser(role: str, inside: UUID | None = None, lang: str = "") -> Client:
    """Signed in with that role, in one khu phố or the whole ward."""
    account = staff(f"{role}-{new_id().hex[-8:]}", (HOME, role))
    with ward_scope([HOME], "test"):
        if inside is not None:
            Grant.objects.filter(account=account).update(area_id=inside)
    made = Client()
    made.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    made.account = account  # type: ignore[attr-defined]
    if lang:
        made.cookies["django_language"] = lang
    again()
    return made


def page(who: Client, path: str, status: int = 200) -> str:
    """The page at that address."""
    answer = who.get(f"/office/{path}")
    again()
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def press(who: Client, path: str, status: int = 200, **given: Any) -> str:
    """What is shown after a button; a redirect is followed."""
    answer = who.post(f"/office/{path}", given, follow=True)
    again()
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()
