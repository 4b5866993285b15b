"""Serving wards, the register's search, QR places, and what the hot path is told of them."""
from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from binhan.commons.access.actions import grant_role, issue_token
from binhan.commons.access.scope import served_wards, ward_scope
from binhan.commons.journal.models import Entry
from binhan.commons.people.actions import create_account
from binhan.commons.places.actions import PlaceDraft, create_area, create_place, import_units, serve_wards
from binhan.commons.places.models import Place, Ward
from binhan.commons.places.queries import box_around, search_units
from binhan.kernel.errors import Problem
from binhan.kernel.geo import WardIndex
from binhan.kernel.ids import new_id

pytestmark = pytest.mark.django_db
SPOT = {"name": "Chợ Mẫu", "lat": 11.1, "lon": 106.8}


def one(sql: str, *values: Any) -> Any:
    """The JSON that an SQL function answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        (value,) = cursor.fetchone()
    return json.loads(value) if isinstance(value, str) else value


@pytest.mark.parametrize("code", ["00004", "20333", "22736", "25888", "32248"])
def test_any_unit_of_viet_nam_can_be_served(code: str) -> None:
    serve_wards([code])
    served = {w["code"]: w for w in one("SELECT live_wards()")}
    assert WardIndex({int(code): served[code]["boundary"]}).nearest(served[code]["lat"], served[code]["lon"])
    assert int(code) in served_wards()


def test_the_box_around_a_ward_is_known() -> None:
    with ward_scope([25888], "test"):
        box = box_around(25888, 2000)
        assert box_around(4, 2000) is None, "not served"
    assert box is not None
    assert box[0] < 11.0914 < box[2]
    assert box[1] < 106.799 < box[3]
    assert box[2] - box[0] < 0.3


def test_serving_twice_changes_nothing_and_is_journalled_once() -> None:
    assert [w.code for w in serve_wards(["00004", "00004"])] == ["00004"]
    assert serve_wards(["00004"]) == []
    with ward_scope([4], "system"):
        assert Entry.objects.filter(ward_id=4, verb="serve").count() == 1


def test_a_ward_given_up_can_be_served_again_with_the_boundary_it_had() -> None:
    (ward,) = serve_wards(["00004"])
    mine = {"type": "MultiPolygon", "coordinates": [[[[105.8, 21.0], [105.9, 21.0], [105.9, 21.1], [105.8, 21.0]]]]}
    with ward_scope([4], "system"):
        Ward.objects.filter(ward_id=4).update(served_to=ward.served_from, boundary=mine)
    assert 4 not in served_wards()
    assert [w.code for w in serve_wards(["00004"])] == ["00004"]
    with ward_scope([4], "system"):
        assert Ward.objects.get(ward_id=4).boundary == mine


def test_an_unknown_code_serves_nothing() -> None:
    with pytest.raises(Problem, match="99999"):
        serve_wards(["00004", "99999"])
    assert 4 not in served_wards()


def test_the_sample_wards_come_in_full_detail() -> None:
    with ward_scope([25888], "system"):
        ring = Ward.objects.get(ward_id=25888).boundary["coordinates"][0][0]
    assert len(ring) > 1000


@pytest.mark.parametrize(("typed", "first"), [
    ("tan uyen", "25888"), ("TÂN UYÊN", "25888"), ("phường tân uyên", "25888"), ("uyên hưng", "25888"),
    ("uyen hung", "25888"), ("xã Tân Mỹ", "25888"), ("25888", "25888"), ("Hoàng Sa", "20333"),
    ("đặc khu trường sa", "22736"), ("song tu tay", "22736"), ("binh duong", "79"), ("ho chi minh", "79")])
def test_a_unit_is_found_by_its_present_or_former_name(typed: str, first: str) -> None:
    import_units()
    assert first in [u.code for u in search_units(typed)]


def test_whole_present_names_come_first_and_parts_of_words_not_at_all() -> None:
    import_units()
    found = search_units("tan uyen")
    assert {u.name for u in found[:2]} == {"Tân Uyên"}
    assert search_units("hồ chí minh")[0].code == "79"
    assert [u.code for u in search_units("hcm")] == []
    assert search_units("an uyen") == []
    assert search_units("  ") == search_units("'; --") == []
    assert search_units("%") == search_units("|") == search_units("_") == []
    assert len(search_units("tan", limit=7)) == 7


def test_the_register_is_searched_with_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        search_units("tan uyen")


def test_a_place_is_made_once_and_told_to_the_hot_path() -> None:
    with ward_scope([25888], "system"):
        place = create_place(25888, "system", PlaceDraft("CHO-1", **SPOT, floor="2"))
        assert create_place(25888, "system", PlaceDraft("CHO-1", **SPOT)).id == place.id
        assert Entry.objects.filter(subject_kind="place", subject_id=place.id).count() == 1
    assert one("SELECT live_place(%s)", "CHO-1") == {
        "ward_id": 25888, "code": "CHO-1", "name": "Chợ Mẫu", "lat": 11.1, "lon": 106.8, "floor": "2", "room": ""}
    assert one("SELECT live_place(%s)", "NONE") is None
    with ward_scope([25888], "system"):
        Place.objects.filter(id=place.id).update(active=False)
    assert one("SELECT live_place(%s)", "CHO-1") is None


def test_another_wards_code_is_refused_without_telling_more() -> None:
    with ward_scope([25891], "system"):
        create_place(25891, "system", PlaceDraft("CHO-2", **SPOT))
    with pytest.raises(Problem) as refused, ward_scope([25888], "system"):
        create_place(25888, "system", PlaceDraft("CHO-2", **SPOT))
    assert refused.value.status == 409


@pytest.mark.parametrize("wrong", [{"code": "MẪU 1"}, {"code": ""}, {"name": " "}, {"lat": float("nan")},
                                   {"lat": 0.0, "lon": 0.0}, {"lat": 106.8, "lon": 11.1}])
def test_a_bad_place_is_refused_by_the_action(wrong: dict[str, Any]) -> None:
    with pytest.raises(Problem) as refused, ward_scope([25888], "system"):
        create_place(25888, "system", PlaceDraft(**{"code": "CHO-3", **SPOT, **wrong}))
    assert refused.value.status == 422


@pytest.mark.parametrize("wrong", [{"code": "MẪU 1"}, {"lat": float("nan")}, {"lon": 0.0}])
def test_a_bad_place_is_refused_by_the_database_too(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), ward_scope([25888], "system"):
        Place.objects.create(**{"ward_id": 25888, "code": "CHO-4", **SPOT, **wrong})


def test_one_wards_places_are_invisible_and_unwritable_from_another() -> None:
    with ward_scope([25891], "system"):
        create_place(25891, "system", PlaceDraft("CHO-5", **SPOT))
    with ward_scope([25888], "system"):
        assert not Place.objects.filter(code="CHO-5").exists()
        assert not Ward.objects.filter(ward_id=25891).exists()
        assert Place.objects.filter(code="CHO-5").update(name="x") == 0
    with pytest.raises(Exception, match="row-level security"), transaction.atomic(), ward_scope([25888], "system"):
        Place.objects.create(ward_id=25891, code="CHO-6", **SPOT)


def test_an_area_is_made_once() -> None:
    with ward_scope([25888], "system"):
        area = create_area(25888, "system", "  Khu phố Thử 1 ")
        assert (area.name, create_area(25888, "system", "Khu phố Thử 1").id) == ("Khu phố Thử 1", area.id)
        assert Entry.objects.filter(subject_kind="area", subject_id=area.id).count() == 1
        for wrong in ("", " \u200b ", "x" * 101, "\ud800"):
            with pytest.raises(Problem):
                create_area(25888, "system", wrong)


@pytest.fixture
def officer() -> dict[str, str]:
    """The headers of a desk officer of Tân Uyên."""
    account = create_account(f"thu-{uuid.uuid4().hex[:8]}", "Trực ban Thử", None)
    with ward_scope([25888], "system"):
        grant_role(25888, account, "desk_officer", "system")
        token = issue_token(account, "thử", (25888,))[1]
    return {"Authorization": f"Bearer {token}"}


def test_the_api_gives_ones_own_ward_and_places_only(client: Client, officer: dict[str, str]) -> None:
    with ward_scope([25888, 25891], "system"):
        create_place(25888, "system", PlaceDraft("CHO-7", **SPOT))
        create_place(25891, "system", PlaceDraft("CHO-8", **SPOT))
    ward = client.get("/api/wards/25888", headers=officer)
    assert ward.status_code == 200
    assert (ward.json()["full_name"], ward.json()["is_demo"]) == ("Phường Tân Uyên", True)
    assert ward.json()["boundary"]["type"] == "MultiPolygon"
    assert [client.get(f"/api/wards/{c}", headers=officer).status_code for c in ("25891", "99999", "x")] == [404] * 3
    assert [p["code"] for p in client.get("/api/places", headers=officer).json()] == ["CHO-7"]
    assert client.get("/api/places?ward=25891", headers=officer).json() == []
    assert client.get("/api/places").status_code == 401


def test_the_areas_of_ones_own_ward(client: Client, officer: dict[str, str]) -> None:
    with ward_scope([25888, 25891], "system"):
        create_area(25888, "system", "Khu phố Thử 2")
        create_area(25891, "system", "Khu phố Thử 3")
    assert [a["name"] for a in client.get("/api/areas", headers=officer).json()] == ["Khu phố Thử 2"]


def test_a_places_qr_code_can_be_drawn_at_any_size(client: Client, officer: dict[str, str]) -> None:
    with ward_scope([25888], "system"):
        create_place(25888, "system", PlaceDraft("CHO-9", **SPOT))
    image = client.get("/api/places/CHO-9/qr.svg", headers=officer)
    assert image["Content-Type"] == "image/svg+xml"
    assert image.content.startswith(b"<svg ")
    assert b"viewBox=" in image.content
    assert client.get("/api/places/NONE/qr.svg", headers=officer).status_code == 404


def test_a_places_poster(client: Client) -> None:
    account = create_account(f"thu-{uuid.uuid4().hex[:8]}", "Trực ban Thử", None)
    with ward_scope([25888, 25891], "system"):
        grant_role(25888, account, "desk_officer", "system")
        create_place(25888, "system", PlaceDraft("CHO-9", "<b>Chợ & Mẫu</b>", 11.1, 106.8, floor="2", room="7"))
        create_place(25891, "system", PlaceDraft("CHO-10", **SPOT))
    assert client.get("/office/places/CHO-9/poster").status_code == 302
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/office/places/CHO-9/poster").content.decode()
    assert "&lt;b&gt;Chợ &amp; Mẫu&lt;/b&gt;" in page
    assert all(text in page for text in ("<svg ", "Tầng 2, phòng 7", "113", "114", "115", "CHO-9", "DỮ LIỆU MẪU"))
    assert "BINHAN_PUBLIC_URL" in page, "a code that only works on this very machine is said to"
    assert [client.get(f"/office/places/{c}/poster").status_code for c in ("CHO-10", "NONE")] == [404, 404]


def test_the_register_over_the_api(client: Client, officer: dict[str, str]) -> None:
    import_units()
    found = client.get("/api/register", {"q": "uyên hưng"}, headers=officer).json()
    assert "25888" in [u["code"] for u in found]
    assert {u["province"] for u in found if u["code"] == "25888"} == {"Hồ Chí Minh"}


@pytest.mark.parametrize("path", ["/api/wards/%00", "/api/wards/2588%008", "/api/wards/٢٥٨٨٨", "/api/places/%00/qr.svg",
                                  "/api/places/A%00B/qr.svg", "/api/places/" + "A" * 5000 + "/qr.svg"])
def test_codes_that_are_none_are_not_found(client: Client, officer: dict[str, str], path: str) -> None:
    answer = client.get(path, headers=officer)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_phone_call_from_a_place_that_is_none(client: Client, officer: dict[str, str]) -> None:
    for code in ("\x00", "A\x00B", "NONE"):
        body = {"id": str(new_id()), "ward": 25888, "kind": "fire", "place_code": code}
        answer = client.post("/api/incidents", body, "application/json", headers=officer)
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json"), answer.content


@pytest.mark.parametrize("typed", ["tan\x00", "\x00", "'", "%", "\\", "x" * 10_000, "\u202e"])
def test_any_text_may_be_searched_for(client: Client, officer: dict[str, str], typed: str) -> None:
    assert client.get("/api/register", {"q": typed}, headers=officer).status_code == 200
