"""The office admin: administrators of a ward, in that ward, every change journalled, one door for signing in."""
from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.test import Client, RequestFactory
from django.utils import timezone

from binhan.commons.access.models import Grant
from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.actions import policy_amounts, policy_s
from binhan.commons.clocks.models import Policy
from binhan.commons.journal.models import Entry
from binhan.commons.people.models import Account
from binhan.sos.incidents.models import Rung
from binhan.sos.patrols.actions import UnitSheet, register_unit
from binhan.sos.patrols.models import Unit
from tests.integration.commons.access.people import HOME, NEXT, PASSWORD, signed_in, staff

pytestmark = pytest.mark.django_db
PAGES = [(f"/office/admin/{m._meta.app_label}/{m._meta.model_name}/", shown) for m, shown in admin.site._registry.items()]


@pytest.fixture
def office() -> Client:
    """An administrator of the home ward."""
    staff("qt", (HOME, "administrator"))
    return signed_in("qt")


def verbs(**where: Any) -> list[str]:
    """What the home ward's journal says of a subject."""
    with ward_scope([HOME], "test"):
        return list(Entry.objects.filter(ward_id=HOME, **where).order_by("seq").values_list("verb", flat=True))


@pytest.mark.parametrize(("url", "office_admin"), PAGES, ids=[url for url, _ in PAGES])
def test_every_page_opens_for_an_administrator_and_for_nobody_else(office: Client, url: str, office_admin: Any) -> None:
    assert office.get(url).status_code == 200
    assert office.get(url + "add/").status_code == (200 if office_admin.may_add else 403)
    assert Client().get(url, follow=True).redirect_chain[-1][0].startswith("/account/login/?next=")
    staff("truc", (HOME, "desk_officer"))
    assert signed_in("truc").get(url, follow=True).status_code == 403


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda m: str(m._meta.model_name))
def test_columns_and_filters_are_named_in_vietnamese_and_still_sort(office: Client, rf: RequestFactory, model: Any) -> None:
    office_admin = admin.site._registry[model]
    named = [label_for_field(column, model, office_admin) for column in office_admin.get_list_display(rf.get("/"))]
    english = {f.name.replace("_", " ").lower() for f in model._meta.fields} - {"email"}
    assert not english & {str(name).lower() for name in named}
    filters = [f for f in office_admin.get_list_filter(rf.get("/")) if isinstance(f, str)]
    assert not [f for f in filters if model._meta.get_field(f).verbose_name == f.replace("_", " ")]
    for n in range(1, 4):
        assert office.get(f"/office/admin/{model._meta.app_label}/{model._meta.model_name}/?o={n}").status_code == 200


def test_the_admins_own_sign_in_form_is_closed() -> None:
    answer = Client().post("/office/admin/login/", {"username": "qt", "password": PASSWORD})
    assert answer["Location"].startswith("/account/login/")


def test_a_unit_is_registered_changed_and_journalled(office: Client) -> None:
    answer = office.post("/office/admin/patrols/unit/add/", {
        "ward_id": HOME, "call_sign": "Thử-1", "kind": "car", "capabilities": ["medical_kit"]})
    assert answer.status_code == 302, answer.content.decode()
    with ward_scope([HOME], "test"):
        unit = Unit.objects.get(call_sign="Thử-1")
    assert unit.capabilities == ["medical_kit"] and unit.tracker_key
    office.post(f"/office/admin/patrols/unit/{unit.id}/change/", {"call_sign": "Thử-2", "kind": "foot"})
    office.post("/office/admin/patrols/unit/", {"action": "renew", "_selected_action": [str(unit.id)]})
    with ward_scope([HOME], "test"):
        again = Unit.objects.get(id=unit.id)
    assert (again.call_sign, again.active) == ("Thử-2", False) and again.tracker_key != unit.tracker_key
    assert verbs(subject_id=unit.id) == ["register", "update", "renew_tracker"]


def test_a_call_sign_that_is_taken_is_a_sentence_and_changes_nothing(office: Client) -> None:
    body = {"ward_id": HOME, "call_sign": "Thử-3", "kind": "car"}
    office.post("/office/admin/patrols/unit/add/", body)
    answer = office.post("/office/admin/patrols/unit/add/", body, follow=True)
    assert answer.status_code == 200 and "errornote" in answer.content.decode(), "the form says so"
    with ward_scope([HOME], "test"):
        assert Unit.objects.filter(call_sign="Thử-3").count() == 1


def test_another_wards_rows_are_not_there(office: Client) -> None:
    with ward_scope([NEXT], "test"):
        unit = register_unit(NEXT, "test", UnitSheet("Của-người-khác", "car"))
    assert "Của-người-khác" not in office.get("/office/admin/patrols/unit/").content.decode()
    assert office.get(f"/office/admin/patrols/unit/{unit.id}/change/").status_code == 302  # "does not exist"
    answer = office.post("/office/admin/patrols/unit/add/", {"ward_id": NEXT, "call_sign": "Lẻn", "kind": "car"})
    assert answer.status_code == 200, "the form refuses a ward that one does not administer"
    with ward_scope([NEXT], "test"):
        assert not Unit.objects.filter(call_sign="Lẻn").exists()


def test_a_new_officer_can_sign_in_with_their_first_role(office: Client) -> None:
    answer = office.post("/office/admin/people/account/add/", {
        "login": "moi", "display_name": "Cán bộ mới Mẫu", "email": "", "lang": "vi", "ward_id": HOME,
        "role": "desk_officer", "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    account = Account.objects.get(login="moi")
    assert account.password != PASSWORD and verbs(subject_id=account.id) == ["create"]
    assert signed_in("moi").get("/api/me").json()["roles"] == {str(HOME): ["desk_officer"]}
    with ward_scope([HOME], "test"):
        grant = Grant.objects.get(account=account)
    office.post("/office/admin/access/grant/", {"action": "end_now", "_selected_action": [str(grant.id)]})
    assert verbs(subject_id=grant.id) == ["grant", "revoke"]
    assert signed_in("moi").get("/api/me").json()["roles"] == {}


def test_a_new_password_ends_the_sessions_of_before(office: Client) -> None:
    account = staff("quen", (HOME, "desk_officer"))
    before = signed_in("quen")
    url = f"/office/admin/people/account/{account.id}/change/"
    kept = {"login": "quen", "display_name": "Mẫu", "email": "", "lang": "vi", "is_active": "on", "password": ""}
    office.post(url, {**kept, "password": "mot mat khau khac"})
    assert before.get("/api/me").status_code == 401
    assert "set_password" in verbs(subject_id=account.id)
    answer = office.post(url, {k: v for k, v in kept.items() if k != "is_active"})
    assert answer.status_code == 302, answer.context["errors"]
    assert not Account.objects.get(id=account.id).is_active


def test_an_account_that_serves_another_ward_too_cannot_be_taken_over(office: Client) -> None:
    both = staff("haiphuong", (HOME, "desk_officer"), (NEXT, "administrator"))
    answer = office.post(f"/office/admin/people/account/{both.id}/change/", {
        "login": "haiphuong", "display_name": "x", "email": "", "lang": "vi", "is_active": "on",
        "password": "chiem lay tai khoan"})
    assert answer.status_code == 403
    assert Account.objects.get(id=both.id).check_password(PASSWORD)


def test_an_administrator_does_not_end_their_own_rights(office: Client) -> None:
    with ward_scope([HOME], "test"):
        grant = Grant.objects.get(account__login="qt")
    office.post("/office/admin/access/grant/", {"action": "end_now", "_selected_action": [str(grant.id)]})
    with ward_scope([HOME], "test"):
        assert Grant.objects.get(id=grant.id).valid_to is None


def test_a_wards_own_clock_takes_over_and_can_be_given_up(office: Client) -> None:
    now = timezone.now()
    with ward_scope([HOME], "test"):
        default = policy_s(HOME, "sos.ack_within", now)
    answer = office.post("/office/admin/clocks/policy/add/", {
        "ward_id": HOME, "name": "sos.ack_within", "amount": default + 5, "unit": "s", "source": "thử",
        "valid_from_0": "2026-01-01", "valid_from_1": "00:00:00"})
    assert answer.status_code == 302, answer.content.decode()
    with ward_scope([HOME], "test"):
        assert policy_s(HOME, "sos.ack_within", now) == default + 5
    with ward_scope([NEXT], "test"):
        assert policy_s(NEXT, "sos.ack_within", now) == default
    assert "set_policy" in verbs(subject_kind="policy")


def test_what_is_counted_and_what_takes_working_days_keeps_its_unit(office: Client) -> None:
    with ward_scope([HOME], "test"):
        national = dict(Policy.objects.filter(ward_id=0, track="", priority="").values_list("name", "unit"))
    wanted = {"field.turfs_max": "n", "conflict.settle_within": "wd", "files.photo_most": "n", "promise.quiet_from": "s"}
    page = office.get("/office/admin/clocks/policy/add/").content.decode()
    for name, unit in wanted.items():
        assert f'value="{name}"' in page and national[name] == unit
        answer = office.post("/office/admin/clocks/policy/add/", {
            "ward_id": HOME, "name": name, "amount": 7, "unit": "wh", "source": "thử", "valid_from_0": "2026-02-01",
            "valid_from_1": "00:00:00"})
        assert answer.status_code == 302, answer.content.decode()
    with ward_scope([HOME], "test"):
        mine = dict(Policy.objects.filter(ward_id=HOME, name__in=wanted).values_list("name", "unit"))
        assert policy_amounts(HOME, ["field.turfs_max"], timezone.now()) == {"field.turfs_max": 7}
    assert mine == wanted


def test_one_changed_rung_keeps_the_rest_of_the_ladder(office: Client) -> None:
    answer = office.post("/office/admin/incidents/rung/add/", {
        "ward_id": HOME, "rung": 2, "after_s": 25, "audience": ["shift_lead", "ward_chief"],
        "channels": ["inapp", "webpush"], "source": "thử", "valid_from_0": "2026-02-01", "valid_from_1": "00:00:00"})
    assert answer.status_code == 302, answer.content.decode()
    with ward_scope([HOME], "test"):
        mine = {r.rung: r.after_s for r in Rung.objects.filter(ward_id=HOME, valid_to=None)}
        national = {r.rung: r.after_s for r in Rung.objects.filter(ward_id=0, valid_to=None)}
    assert mine == {**national, 2: 25}
    assert verbs(subject_kind="ladder") == ["set_rung"]


def test_national_rows_can_be_read_only(office: Client) -> None:
    with ward_scope([HOME], "test"):
        row = Rung.objects.filter(ward_id=0).first()
    assert row is not None
    assert office.post(f"/office/admin/incidents/rung/{row.pk}/change/", {"after_s": 1}).status_code == 403
