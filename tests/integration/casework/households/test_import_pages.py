"""Importing a file in the office: looked at, columns changed, errors named and downloaded, all or nothing, then gone."""
from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook  # type: ignore[import-untyped]

from binhan.casework.households.models import Dwelling, Person, Upload
from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.models import Clock
from binhan.commons.clocks.tasks import sweep
from binhan.commons.context import clock_actions
from binhan.commons.places.actions import WayDraft, create_area, create_way
from binhan.commons.places.models import Area, Way
from tests.integration.casework.visits.browser import browser, page, press
from tests.integration.casework.visits.ground import HOME, again, khu_pho

pytestmark = pytest.mark.django_db
HEAD = "Họ và tên,Số nhà,Đường,KP,Năm sinh,SĐT,Dân tộc\n"
GOOD = HEAD + "Nguyễn Văn Thử,12,Đường Thử A,KP Thử 1,1970,0901234567,Kinh\n" \
              "Trần Thị Thử,14,Đường Thử A,KP Thử 1,1980,,Kinh\n"
BAD = GOOD + "Lê Văn Thử,16,Đường Thử A,KP Thử 1,1790,,Kinh\n"


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        khu_pho("KP Thử 1", 1)
        yield


def send(who: Client, text: str, status: int = 200, name: str = "so.csv", sheet: str = "") -> str:
    """Upload a file; what the page then shows."""
    file = SimpleUploadedFile(name, text.encode())
    answer = who.post("/office/households/import", {"file": file, "ward": HOME, "sheet": sheet}, follow=True)
    again()
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def columns(shown: str, **change: str) -> dict[str, str]:
    """The form as it stands, with some columns (by their header) meaning something else."""
    heads = dict(re.findall(r'name="head_(\d+)" value="([^"]*)"', shown))
    given = {f"head_{n}": head for n, head in heads.items()}
    for n, head in heads.items():
        box = re.search(rf'<select id="field_{n}".*?</select>', shown, re.S)
        picked = re.search(r'value="(\w*)" selected', box[0]) if box else None
        given[f"field_{n}"] = change.get(head, picked[1] if picked else "")
    return given


def test_looked_at_then_all_of_it() -> None:
    who = browser("social_officer")
    assert "Nhập sổ hộ từ tệp" in page(who, "households/")
    shown = send(who, GOOD)
    assert "Nguyễn Văn Thử" in shown and "không giữ loại dữ liệu đó" in shown and "Nhập vào sổ" in shown
    assert not Person.objects.exists()
    key = Upload.objects.get().id
    shown = press(who, f"households/import/{key}", verb="import", **columns(shown))
    assert "Đã nhập 2 dòng" in shown
    assert Person.objects.count() == 2 and not Upload.objects.exists() and not Clock.objects.filter(subject_id=key).exists()
    page(who, f"households/import/{key}", 404)
    again_shown = send(who, GOOD)
    assert "Đã có trong sổ, giữ nguyên (2)" in again_shown


def test_one_wrong_row_and_nothing_is_written() -> None:
    who = browser("social_officer")
    shown = send(who, BAD)
    assert "Năm hoặc ngày sinh: " in shown and "birth:" not in shown and "chủ sở hữu" in shown and "owner<" not in shown
    key, doors = Upload.objects.get().id, Dwelling.objects.count()
    assert "dòng 4" in shown and "năm sinh 1790" in shown and 'value="import"' not in shown
    assert "còn dòng sai" in press(who, f"households/import/{key}", 422, verb="import", **columns(shown))
    assert not Person.objects.exists() and Dwelling.objects.count() == doors
    answer = who.get(f"/office/households/import/{key}/can-xem-lai.xlsx")
    again()
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[0][:4] == ("row", "kind", "reason", "Họ và tên") and rows[1][0] == "4" and rows[1][3] == "Lê Văn Thử"
    assert len(rows) == 2


def test_a_guessed_column_can_be_changed_or_left_out() -> None:
    who = browser("social_officer")
    shown = send(who, GOOD.replace("Năm sinh", "Sinh ngày lạ"))
    key = Upload.objects.get().id
    assert "Năm sinh" not in "".join(re.findall(r"<th>.*?</th>", shown))
    shown = press(who, f"households/import/{key}", verb="look", **columns(shown, **{"Sinh ngày lạ": "birth", "SĐT": ""}))
    assert "<th>Năm sinh</th>" in shown and "<th>Điện thoại</th>" not in shown
    given = columns(shown)
    assert Upload.objects.get().columns["SĐT"] == ""
    assert "chỉ lấy từ một cột" in press(who, f"households/import/{key}", 422, verb="look", **{
        **given, "field_5": "birth"})
    press(who, f"households/import/{key}", verb="import", **given)
    assert Person.objects.get(full_name="Nguyễn Văn Thử").birth_year == 1970
    assert Person.objects.filter(phone__isnull=True).count() == 2


def test_columns_that_nobody_recognises_are_chosen_by_hand() -> None:
    who = browser("social_officer")
    shown = send(who, "Ai,Chỗ nào\nNguyễn Văn Thử,\"12 Đường Thử A, KP Thử 1\"\n")
    assert "Chưa nhận ra cột nào" in shown and "Chỗ nào" in shown and "--map" not in shown
    key = Upload.objects.get().id
    shown = press(who, f"households/import/{key}", verb="look", **columns(shown, Ai="full_name", **{"Chỗ nào": "address"}))
    assert "Nhập vào sổ" in shown and "Nguyễn Văn Thử" in shown


def test_a_file_that_cannot_be_read_is_not_kept() -> None:
    who = browser("social_officer")
    assert "rỗng" in send(who, " ", 422)
    assert "trang web" in send(who, "<html><table>", 422)
    assert "Hãy chọn tệp" in press(who, "households/import", 422, ward=HOME)
    assert not Upload.objects.exists()


def test_somebody_elses_file_is_not_there() -> None:
    send(browser("social_officer"), GOOD)
    key = Upload.objects.get().id
    for path in (f"households/import/{key}", f"households/import/{key}/can-xem-lai.xlsx"):
        assert "Nguyễn" not in page(browser("social_officer"), path, 404)
    press(browser("social_officer"), f"households/import/{key}", 404, verb="drop")
    assert Upload.objects.exists()


def test_only_who_keeps_the_whole_register_imports() -> None:
    area = Area.objects.get(name="KP Thử 1")
    for who in (browser("leadership"), browser("desk_officer"), browser("team_member", area.id)):
        page(who, "households/import", 403)
        send(who, GOOD, 403)
    assert not Upload.objects.exists()


def test_thrown_away_or_forgotten_it_is_gone() -> None:
    who = browser("social_officer")
    send(who, GOOD)
    assert "Đã bỏ tệp" in press(who, f"households/import/{Upload.objects.get().id}", verb="drop")
    assert not Upload.objects.exists()
    send(who, GOOD)
    send(who, BAD)
    assert Upload.objects.count() == 1
    Clock.objects.filter(subject_kind="upload").update(due_at=timezone.now() - timedelta(minutes=1))
    sweep({}, clock_actions())
    again()
    assert not Upload.objects.exists()


def test_ways_and_groups_are_added_and_renamed() -> None:
    who, area = browser("khu_pho_board"), Area.objects.get(name="KP Thử 1")
    assert "KP Thử 1" in page(who, "ways/")
    assert "Đã thêm tổ" in press(who, "ways/", verb="group", area=area.id, name="Tổ 7", ward=HOME)
    assert Area.objects.get(name="Tổ 7").parent_id == area.id
    assert "Tên này đã có" in press(who, "ways/", 409, verb="group", area=area.id, name="Tổ 7", ward=HOME)
    assert "Đã thêm tuyến" in press(who, "ways/", verb="way", kind="alley", name="Hẻm 7", area=area.id, ward=HOME)
    way = Way.objects.get(name="Hẻm 7")
    press(who, "ways/", verb="rename", way=way.id, name="Hẻm Hoa Sứ", ward=HOME)
    way.refresh_from_db()
    assert (way.name, way.aliases) == ("Hẻm Hoa Sứ", "Hẻm 7")
    assert "Hẻm Hoa Sứ" in page(who, "ways/?q=hem 7")
    create_way(HOME, "test", WayDraft("alley", "Hẻm 8"))
    assert "Tên này đã có" in press(who, "ways/", 409, verb="rename", way=way.id, name="Hẻm 8", ward=HOME)
    assert "value=\"Hẻm gõ dở\"" in press(who, "ways/", 422, verb="way", kind="strange", name="Hẻm gõ dở", ward=HOME)


def test_ways_of_elsewhere_are_left_alone() -> None:
    here, there = Area.objects.get(name="KP Thử 1"), create_area(HOME, "test", "KP Thử 2")
    way = create_way(HOME, "test", WayDraft("alley", "Hẻm 9", area=there))
    who: Client = browser("khu_pho_board", here.id)
    press(who, "ways/", 404, verb="group", area=there.id, name="Tổ 1", ward=HOME)
    press(who, "ways/", 403, verb="rename", way=way.id, name="Hẻm lạ", ward=HOME)
    press(who, "ways/", 403, verb="way", kind="street", name="Đường qua nhiều khu", ward=HOME)
    press(browser("leadership"), "ways/", 403, verb="rename", way=way.id, name="Hẻm lạ", ward=HOME)
    page(browser("desk_officer"), "ways/", 403)
    way.refresh_from_db()
    assert way.name == "Hẻm 9" and isinstance(way.id, UUID)
