"""What the front door passes on, held against what there is: the desk's addresses, and the pages that take a file."""
from __future__ import annotations

import re

from django.conf import settings
from django.urls import reverse

from binhan.commons.context import contexts
from binhan.run.bodies import OF_ANYBODY, SESSION, UPLOAD_PAGES
from binhan.run.lanes import DESK, SIGN_IN, STATIC
from tests.laws.source import ROOT

WITH_THE_DESK = ("binhan.sos.", "binhan.commons.notify")
FORM = re.compile(r"<form[^>]*multipart/form-data[^>]*>")


def first_words(app_begins: tuple[str, ...]) -> set[str]:
    """The first part of every address of the API that these contexts bring."""
    return {path.strip("/").partition("/")[0] for c in contexts() if c.app.startswith(app_begins)
            for router in c.routers for path in router.path_operations}


def test_what_a_desk_a_patrol_or_an_sos_is_worked_with_goes_to_the_desks_process_and_nothing_else() -> None:
    asked = re.findall(r'"/api/([\w-]+)', (ROOT / "web/src/contract/api.ts").read_text(encoding="utf-8"))
    assert set(DESK) == {*first_words(WITH_THE_DESK), *asked}
    assert first_words(("binhan.casework.", "binhan.insight.")).isdisjoint(DESK)


def test_every_form_with_a_file_may_be_long_and_no_other() -> None:
    pages = set()
    for path in (ROOT / "binhan").rglob("templates/**/*.html"):
        for form in FORM.findall(path.read_text(encoding="utf-8")):
            named = re.search(r"action=\"\{% url '(\w+)' %\}\"", form)
            assert named, f"{path.name}: a form with a file says where it goes"
            pages.add(reverse(named[1]))
    assert pages == set(UPLOAD_PAGES)


def test_sign_in_and_session_are_called_as_the_front_door_thinks() -> None:
    assert settings.SESSION_COOKIE_NAME == SESSION
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"
    assert {reverse("account_login").split("/")[1], reverse("appointment_ask").split("/")[1]} == set(OF_ANYBODY)
    assert SIGN_IN in OF_ANYBODY
    assert f"/{STATIC}/" == settings.STATIC_URL
