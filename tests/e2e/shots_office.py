"""Pictures of the office's casework pages, with real content, and of the resident's slip page."""
from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, Page

from tests.e2e.browser import context, sign_in
from tests.support.field_phone import FieldPhone
from tests.support.sheets import book_of
from tests.support.stack import Stack

Take = Callable[[Page, str], None]
HEAD = ["Họ và tên", "Địa chỉ", "Năm sinh", "Quan hệ với chủ hộ", "Khu phố", "Tổ", "Tôn giáo"]
GOOD = [["Nguyễn Văn Mẫu", "12/3 Đường Mẫu 1", 1971, "Chủ hộ", "Khu phố Mẫu 1", "Tổ 1", "x"],
        ["Trần Thị Mẫu", "12/3 Đường Mẫu 1", 1975, "Vợ", "Khu phố Mẫu 1", "Tổ 1", "x"],
        ["Lê Văn Mẫu", "14 Đường Mẫu 1", 1960, "Chủ hộ", "Khu phố Mẫu 2", "Tổ 2", "x"]]
WRONG = [*GOOD, ["Phạm Mẫu", "", 1980, "Chủ hộ", "Khu phố Mẫu 1", "Tổ 1", ""],
         ["Hồ Mẫu", "16 Đường Mẫu 1", 2190, "Con", "Khu phố Không Có", "Tổ 9", ""]]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def casework(browser: Browser, stack: Stack, lang: str, size: dict[str, int], name: str, take: Take) -> None:
    """Every tab, and one page of each thing in it."""
    page = context(browser, size).new_page()
    page.set_default_timeout(30_000)
    tag = f"{name}-{lang}"
    sign_in(page, stack, "chihuy", "/office/rounds/")
    speak(page, lang)
    take(page, f"office-rounds-{tag}")
    for what in ("issues", "promises", "conflicts", "phones", "forms", "ways", "households"):
        page.goto(f"{stack.base}/office/{what}/?q=Mẫu")
        take(page, f"office-{what}-{tag}")
    page.goto(f"{stack.base}/office/rounds/new")
    take(page, f"office-draft-{tag}")
    one_round(page, stack, tag, take)
    page.goto(f"{stack.base}/office/issues/")
    page.locator(".rows a.name").first.click()
    take(page, f"office-issue-{tag}")
    page.context.close()
    imports(browser, stack, lang, size, name, take)


def speak(page: Page, lang: str) -> None:
    """The office in this language; its button is there while it speaks the other."""
    button = page.locator(f"button[name=language][value={lang}]")
    if button.count():
        button.first.click()
        page.wait_for_load_state()


def one_round(page: Page, stack: Stack, tag: str, take: Take) -> None:
    """A round that is walked: its turfs, the map of one, its coverage, its questionnaire; and one that is only planned."""
    for number, row in enumerate(stack.call("GET", "/api/rounds", token=stack.token("chihuy"))[1]["items"]):
        page.goto(f"{stack.base}/office/rounds/{row['id']}")
        take(page, f"office-round-{number}-{row['state']}-{tag}")
        if row["state"] != "open":
            continue
        page.goto(f"{stack.base}/office/rounds/{row['id']}/coverage")
        page.locator("coverage-map canvas").wait_for()
        take(page, f"office-coverage-{tag}")
        page.goto(f"{stack.base}/office/rounds/{row['id']}/form")
        take(page, f"office-round-form-{tag}")
        turf = stack.call("GET", f"/api/rounds/{row['id']}/turfs", token=stack.token("chihuy"))[1]["items"][0]["id"]
        page.goto(f"{stack.base}/office/turfs/{turf}")
        page.locator("turf-map canvas").wait_for()
        take(page, f"office-turf-{tag}")


def imports(browser: Browser, stack: Stack, lang: str, size: dict[str, int], name: str, take: Take) -> None:
    """A sheet that is in order, one with wrong rows, and a file that is none; nothing is written."""
    page = context(browser, size).new_page()
    page.set_default_timeout(30_000)
    sign_in(page, stack, "mattran", "/office/households/import")
    speak(page, lang)
    take(page, f"office-import-{name}-{lang}")
    files = {"look": book_of([HEAD, *GOOD]), "wrong": book_of([HEAD, *WRONG]), "refused": b"<html>x</html>"}
    for what, body in files.items():
        page.goto(f"{stack.base}/office/households/import")
        page.set_input_files("#file", {"name": "so-ho-mau.xlsx", "mimeType": XLSX, "buffer": body})
        page.locator("main form[enctype] button").click()
        page.wait_for_load_state()
        take(page, f"office-import-{what}-{name}-{lang}")
    page.context.close()


def slips(browser: Browser, stack: Stack, turf: str, lang: str, size: dict[str, int], name: str, take: Take) -> None:
    """What a resident sees with a slip in hand: the code's page, a wrong code, the choice, and what was chosen."""
    phone = FieldPhone(stack, "tothanhvien1").register()
    assert phone.sync([turf])
    at = {"vi": 14, "en": 15}[lang]
    door = next(d for d in phone.of("door").values() if d["place"] == at)
    page = context(browser, size).new_page()
    page.goto(f"{stack.base}/hen")
    speak(page, lang)
    take(page, f"office-hen-{name}-{lang}")
    page.fill("input[name=code]", "ABCDE-12345")
    page.keyboard.press("Enter")
    take(page, f"office-hen-wrong-{name}-{lang}")
    page.goto(f"{stack.base}/hen/{door['slip']['code']}")
    take(page, f"office-hen-slip-{name}-{lang}")
    page.locator(".days a").first.click()
    take(page, f"office-hen-day-{name}-{lang}")
    page.locator("button[name=slot]:not([disabled])").last.click()
    page.wait_for_load_state()
    take(page, f"office-hen-booked-{name}-{lang}")
    page.context.close()
