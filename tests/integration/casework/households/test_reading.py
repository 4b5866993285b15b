"""A file that takes its time: the page says how far it is, may be left and come back to, and ends it when told to."""
from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from binhan.casework.households import tasks
from binhan.casework.households.actions.uploads import keep_refusal, keep_table, note_reading
from binhan.casework.households.imports import apart
from binhan.casework.households.imports.table import Table, pack
from binhan.casework.households.models import Upload
from binhan.casework.households.pages import uploads
from binhan.casework.households.tasks import Reading
from binhan.commons.access.scope import ward_scope
from tests.integration.casework.visits.browser import browser, page, press
from tests.integration.casework.visits.ground import HOME, again, khu_pho

pytestmark = pytest.mark.django_db
TABLE = Table("t", [(1, ["Họ và tên", "Số nhà", "Đường", "KP"]), (2, ["Nguyễn Văn Thử", "12", "Đường Thử A", "KP Thử 1"])])


class Slow:
    """A reading that is not done when the page has waited."""

    handed: list[tuple[int, UUID]] = []

    def __init__(self, *_: Any) -> None: ...

    def start(self) -> Slow:
        return self

    def result(self, _within: float) -> None:
        return None

    def hand_over(self, ward: int, key: UUID) -> None:
        self.handed.append((ward, key))


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        khu_pho("KP Thử 1", 1)
        yield


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> tuple[Client, UUID]:
    """An officer whose file is being read."""
    monkeypatch.setattr(uploads, "Reading", Slow)
    Slow.handed.clear()
    who = browser("social_officer")
    with django_capture_on_commit_callbacks(execute=True):
        answer = who.post("/office/households/import", {"file": SimpleUploadedFile("so.csv", b"x"), "ward": HOME})
    again()
    upload = Upload.objects.get()
    assert answer.headers["Location"] == f"/office/households/import/{upload.id}"
    assert Slow.handed == [(HOME, upload.id)]
    assert bytes(upload.table) == b"" and upload.reading_at is not None
    return who, upload.id


def test_the_page_says_how_far_it_is_and_loads_itself_again(begun: tuple[Client, UUID]) -> None:
    who, key = begun
    assert note_reading(HOME, key, 12_000)
    answer = who.get(f"/office/households/import/{key}")
    again()
    text = answer.content.decode()
    assert answer.status_code == 200 and answer.headers["Refresh"] == "2" and "<script" not in text.split("</head>")[1]
    assert "12.000" in text and "Huỷ" in text and 'value="import"' not in text
    assert "12,000" in page(browser_in_english(who), f"households/import/{key}")
    keep_table(HOME, key, pack(TABLE))
    shown = who.get(f"/office/households/import/{key}")
    again()
    assert "Nguyễn Văn Thử" in shown.content.decode() and "Refresh" not in shown.headers


def browser_in_english(who: Client) -> Client:
    who.cookies["django_language"] = "en"
    return who


def test_nothing_is_written_or_downloaded_before_it_is_read(begun: tuple[Client, UUID]) -> None:
    who, key = begun
    assert "Đang đọc tệp" in press(who, f"households/import/{key}", verb="import")
    assert "Đang đọc tệp" in page(who, f"households/import/{key}/can-xem-lai.xlsx")
    assert "so.csv" in page(who, f"households/import?ward={HOME}")  # come back to it from the form


def test_cancelled_it_is_gone_and_whoever_reads_it_hears_so(begun: tuple[Client, UUID]) -> None:
    who, key = begun
    assert "Đã bỏ tệp" in press(who, f"households/import/{key}", verb="drop")
    assert not Upload.objects.exists()
    assert not note_reading(HOME, key, 1)
    keep_table(HOME, key, pack(TABLE))
    assert not Upload.objects.exists()


def test_what_cannot_be_read_is_said_where_it_was_waited_for(begun: tuple[Client, UUID]) -> None:
    who, key = begun
    keep_refusal(HOME, key, [("x", "tệp cần hơn 60 giây để đọc", "too long")])
    shown = page(who, f"households/import/{key}", 422)
    assert "tệp cần hơn 60 giây để đọc" in shown and 'type="file"' in shown
    assert "Đang giữ tệp" not in page(who, f"households/import?ward={HOME}")
    page(browser("social_officer"), f"households/import/{key}", 404)


def test_when_the_office_has_restarted_the_file_is_asked_for_again(begun: tuple[Client, UUID]) -> None:
    who, key = begun
    Upload.objects.update(reading_at=timezone.now() - timedelta(seconds=30))
    assert "Hãy chọn lại tệp" in page(who, f"households/import/{key}", 422)


@pytest.mark.parametrize("kept", [b"", b"PK\x03\x04 a file, as the version before kept it", b"BA1\n broken"])
def test_what_another_version_kept_is_asked_for_again(begun: tuple[Client, UUID], kept: bytes) -> None:
    who, key = begun
    Upload.objects.update(table=kept, reading_at=None)
    for path in ("", "/can-xem-lai.xlsx"):
        assert "Hãy chọn lại tệp" in page(who, f"households/import/{key}{path}", 422)


class Rows:
    """In the place of the database: what a reading tells of itself."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, wanted: bool = True) -> None:
        self.noted, self.kept, self.over = threading.Event(), [], threading.Event()
        self.wanted = wanted
        monkeypatch.setattr(tasks, "note_reading", self.note)
        monkeypatch.setattr(tasks, "keep_table", self.keep)
        monkeypatch.setattr(tasks, "keep_refusal", self.keep)
        monkeypatch.setattr(tasks, "NOTE_EVERY_S", 0.1)

    def note(self, _ward: int, _key: UUID, _rows: int) -> bool:
        self.noted.set()
        return self.wanted

    def keep(self, _ward: int, _key: UUID, what: Any) -> None:
        self.kept.append(what)
        self.over.set()


KEY = UUID(int=1)


def test_a_small_file_shows_no_page_in_between() -> None:
    assert Reading("Họ tên,Địa chỉ\n".encode(), None).start().result(60) == pack(Table("CSV", [(1, ["Họ tên", "Địa chỉ"])]))


def test_a_long_one_tells_its_row_and_then_what_came_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = Rows(monkeypatch)
    reading = Reading("Họ tên,Địa chỉ\n".encode(), None)
    reading.hand_over(HOME, KEY)
    reading.start()
    assert rows.over.wait(60) and rows.noted.is_set()
    assert rows.kept == [pack(Table("CSV", [(1, ["Họ tên", "Địa chỉ"])]))]


def test_one_that_nobody_wants_any_more_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "WORK", "tests.unit.commons.sandbox.labour:asleep")
    rows = Rows(monkeypatch, wanted=False)
    reading = Reading(b"x", None).start()
    assert reading.result(0.2) is None
    reading.hand_over(HOME, KEY)
    assert rows.over.wait(60)
    assert rows.kept[0][0][0] == "stopped"


def test_one_whose_request_came_to_nothing_is_ended_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "WORK", "tests.unit.commons.sandbox.labour:asleep")
    monkeypatch.setattr(tasks, "UNWANTED_AFTER_S", 0.5)
    reading = Reading(b"x", None).start()
    assert reading.done.wait(60)


def test_no_more_are_read_at_once_than_the_machine_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_turns", turns := threading.BoundedSemaphore(1))
    monkeypatch.setattr(tasks, "NOTE_EVERY_S", 0.1)
    turns.acquire()
    reading = Reading(b"a,b\n", None).start()
    assert reading.result(0.5) is None
    turns.release()
    assert reading.done.wait(60)
