"""Team members with the field app in their hands, and what may befall their phones."""
from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, BrowserContext, CDPSession, Error, Page, expect

from tests.e2e.browser import ARGS, PHONE, SLOW_MS, sign_in
from tests.e2e.test_a_walk_from_door_to_door import KEPT, PIN, press
from tests.support.stack import Stack

ONE, TWO, OTHER_PIN = "Tổ viên Mẫu Một", "Tổ viên Mẫu Hai", "730518"
FILL = """async () => { const db = await new Promise((done) => { const asked = indexedDB.open("photos", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("photos", { autoIncrement: true });
    asked.onsuccess = () => done(asked.result); });
  for (const size of [1 << 20, 1 << 16, 1 << 12, 1 << 8, 1]) for (let room = true; room;) {
    const photo = new Uint8Array(size), tx = db.transaction("photos", "readwrite");
    for (let at = 0; at < size; at += 65536) crypto.getRandomValues(photo.subarray(at, at + 65536));
    tx.objectStore("photos").add(photo);
    room = await new Promise((done) => { tx.oncomplete = () => done(true); tx.onabort = () => done(false); }); }
  db.close(); }"""  # until there is room for nothing
ROOM_AGAIN = """() => !document.querySelector("field-app").session.desk.drafts.vault.full"""
# what had to make room for words is on the disk again
LATER = """(() => { const now = Date.now.bind(Date); let later = 0; Date.now = () => now() + later;
  window.later = (ms) => { later += ms; }; })()"""
# the phone's clock, put forward
ROWS = """() => new Promise((done) => { const asked = indexedDB.open("binhan-field"); asked.onsuccess = () => {
  const db = asked.result, names = [...db.objectStoreNames].filter((n) => n !== "keys"), tx = db.transaction(names);
  const counts = names.map((n) => tx.objectStore(n).count());
  tx.oncomplete = () => { db.close(); done(counts.reduce((sum, c) => sum + c.result, 0)); }; }; })"""
# what the app still keeps, but its own key


@contextmanager
def phone_in(folder: Path, browser: Browser) -> Iterator[BrowserContext]:
    """A phone of its own: what it keeps lies in the folder, and a battery can be taken out of it."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    its = browser.browser_type.launch_persistent_context(
        folder, executable_path=program, args=ARGS, locale="vi-VN",
        viewport={"width": PHONE["width"], "height": PHONE["height"]})
    try:
        yield its
    except Exception as error:
        error.add_note("\n".join(f"--- {p.url}\n{p.locator('body').inner_text(timeout=2000)}" for p in its.pages))
        raise
    finally:
        with suppress(Error):  # it was killed
            its.close()


def kill(folder: Path, only_pages: bool) -> None:
    """kill -9 of that phone's pages, or of all of it."""
    ours = [(p, p.cmdline()) for p in psutil.Process().children(recursive=True)]
    [whole] = [p for p, said in ours if f"--user-data-dir={folder}" in said and not any("--type=" in a for a in said)]
    pages = [p for p in whole.children(recursive=True) if "--type=renderer" in p.cmdline()]
    for process in pages if only_pages else [whole]:
        process.kill()


def new_page(its: BrowserContext) -> Page:
    """A tab."""
    page = its.new_page()
    page.set_default_timeout(SLOW_MS)
    return page


def at_work(its: BrowserContext, stack: Stack, login: str = "tothanhvien1") -> Page:
    """Signed in, a PIN set, the first turf and the whole app on the phone."""
    page = new_page(its)
    sign_in(page, stack, login, "/field")
    new_vault(page)
    assert page.evaluate(KEPT)
    return page


def new_vault(page: Page, pin: str = PIN) -> None:
    """A PIN is chosen, and a turf."""
    press(page, pin)
    expect(page.get_by_text("Nhập lại mã PIN")).to_be_visible()
    press(page, pin)
    page.locator(".turf", has_text=re.compile(r"Cụm 1\b")).first.click()
    page.locator(".foot .go").click()
    expect(page.locator("button.next")).to_be_visible()


def join(page: Page, stack: Stack, login: str) -> None:
    """A second member takes the phone: signs out whoever was signed in, and chooses a PIN."""
    lock(page)
    page.get_by_text("Thêm thành viên khác").click()
    page.wait_for_url("**/account/**")
    if "logout" in page.url:
        page.click("main button")
        page.wait_for_url("**/account/login/**")
    sign_in(page, stack, login, "/field")
    page.get_by_text("Đặt mã PIN cho").click()
    new_vault(page, OTHER_PIN)


def unlock(page: Page, who: str, pin: str = PIN) -> None:
    """By their own PIN."""
    page.locator(".member", has_text=who).click()
    press(page, pin)
    expect(page.locator(".sync")).to_be_visible()


def lock(page: Page) -> None:
    """The phone goes into another hand."""
    page.evaluate("location.hash = '#/today'")
    page.locator("header .corner", has_text="🔒").click()
    expect(page.locator(".member").first).to_be_visible()


def network(its: BrowserContext, there: bool) -> None:
    """On or off, for the pages and for the worker behind them."""
    its.set_offline(not there)
    for page in [p for p in its.pages if p.url.startswith("http")]:
        assert page.evaluate("fetch('/readyz', {cache: 'no-store'}).then((r) => r.ok, () => false)") is there


def exchange(page: Page) -> None:
    """Send and receive, now."""
    page.evaluate("location.hash = '#/settings'")
    button = page.get_by_role("button", name="Gửi và nhận ngay")
    button.click()
    expect(button).to_be_enabled()


def next_door(page: Page) -> str:
    """The door that is next; its id."""
    page.evaluate("location.hash = '#/today'")
    page.locator("button.next").click()
    expect(page.locator(".outcomes .met")).to_be_visible()
    return str(page.evaluate("location.hash.split('/')[2]"))


def correct(page: Page, door: str, landmark: str) -> None:
    """The landmark of a door is typed."""
    page.evaluate("(door) => { location.hash = `#/door/${door}`; }", door)
    page.locator("field-door-edit summary").click()
    page.get_by_label("Mốc dễ thấy").fill(landmark)
    expect(page.get_by_text("1 chỗ đã sửa")).to_be_visible()


def say(page: Page, kind: str, words: str) -> None:
    """One thing that the resident says, key by key."""
    page.locator(f"[data-kind={kind}]").click()
    page.locator(".issue.open textarea").first.press_sequentially(words, delay=10)


def finish(page: Page) -> None:
    """The visit is over: the next door is on the screen."""
    page.get_by_text("Xong – nhà tiếp theo").click()
    expect(page.locator(".outcomes .met")).to_be_visible()


def storage(page: Page, stack: Stack, method: str, **given: Any) -> CDPSession:
    """The browser's storage of this site, as its owner or the system treats it. A quota holds as long as the session."""
    session = page.context.new_cdp_session(page)
    session.send(f"Storage.{method}", {"origin": stack.base, **given})
    return session


def newest(stack: Stack, who: str) -> str:
    """The phone that this member registered last."""
    rows = stack.call("GET", "/api/field/devices", token=stack.token("chihuy"))[1]["items"]
    return str(max((r for r in rows if r["member"]["name"] == who), key=lambda r: str(r["registered_at"]))["id"])


def wipe(office: Page, phone: str) -> None:
    """By the office, with its reason."""
    form = office.locator(f"form[action*='{phone}']", has=office.locator("[value=wipe]"))
    form.locator("xpath=..").locator("summary").click()
    form.locator("[name=reason]").fill("máy bị mất")
    form.locator("button").click()
    expect(office.locator("body")).to_contain_text("Dữ liệu trên máy tự xóa khi máy có mạng")
