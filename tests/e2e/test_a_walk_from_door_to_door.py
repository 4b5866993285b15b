"""A team member of sixty with a cheap phone: PIN, today's turf, doors without a network, a talk interrupted by an empty
battery – and everything is at the ward once there is a network again."""
from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from binhan.kernel.ids import new_id
from tests.e2e.browser import chromium, context, sign_in
from tests.support.stack import Stack

PIN, SMALL = "482915", {"width": 320, "height": 640}
KEPT = """async () => { const { active } = await navigator.serviceWorker.ready;
  for (let n = 0; n < 200; n++) {
    const told = await new Promise((done) => { const c = new MessageChannel(); c.port1.onmessage = (e) => done(e.data);
      active.postMessage("keep-field", [c.port2]); });
    if (told.complete) return true;
    await new Promise((r) => setTimeout(r, 300)); }
  return false; }"""
# What was typed last is on the disk.
WRITTEN = """() => document.querySelector("field-app").session.desk.drafts.flush()"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def press(page: Page, pin: str) -> None:
    """The PIN, on the app's own keys."""
    for digit in pin:
        page.locator(".pad button", has_text=re.compile(f"^{digit}$")).click()


def walking(browser: Browser, stack: Stack) -> Page:
    """A phone that carries one turf, and the whole app."""
    page = context(browser, SMALL).new_page()
    page.set_default_timeout(30_000)
    sign_in(page, stack, "tothanhvien1", "/field")
    press(page, PIN)
    expect(page.get_by_text("Nhập lại mã PIN")).to_be_visible()
    press(page, PIN)
    page.locator(".turf").first.click()
    page.locator(".foot .go").click()
    expect(page.locator("button.next")).to_be_visible()
    assert page.evaluate(KEPT)
    return page


def reached(page: Page) -> int:
    """How many doors the screen counts as reached."""
    return int(page.locator(".progress span").inner_text().split()[-1])


def test_a_walk_without_a_network_arrives_whole(browser: Browser, stack: Stack) -> None:
    page, words = walking(browser, stack), f"Đèn hẻm hỏng {new_id().hex[-6:]}"
    met = reached(page)
    page.context.set_offline(True)
    page.locator("button.next").click()
    page.locator(".outcomes .not_home").click()  # one tap …
    expect(page.locator(".toast")).to_contain_text("Vắng nhà")
    page.locator(".toast button").click()  # … a mistake …
    page.locator(".outcomes .refused").click()  # … and the right one, worded like any other
    expect(page.locator("main")).to_contain_text("Đã ghi: Không tiếp")
    page.locator("main button.next").click()
    page.locator(".outcomes .met").click()
    page.get_by_text("Đã đọc cho người dân nghe").click()
    page.locator("[data-kind=report]").click()
    page.locator(".issue.open textarea").first.press_sequentially(words)
    page.evaluate(WRITTEN)

    page.reload()  # the battery was empty
    page.locator(".member").click()
    press(page, PIN)
    expect(page.locator(".issue")).to_contain_text(words)
    page.get_by_text("Xong – nhà tiếp theo").click()
    expect(page.locator(".sync")).to_contain_text("chưa gửi – máy vẫn giữ")
    page.wait_for_url(re.compile(r"/field#/door/[0-9a-f-]{36}$"))  # random ids, nothing else
    page.go_back()
    expect(page.locator(".progress")).to_contain_text(f"gặp được {met + 1}")

    page.context.set_offline(False)
    page.locator(".sync").click()
    page.get_by_text("Gửi và nhận ngay").click()
    expect(page.locator(".sync")).to_contain_text("Đã gửi hết")
    heard = stack.call("GET", "/api/issues?limit=100", token=stack.token("tothanhvien1"))[1]["items"]
    assert [i["words"] for i in heard].count(words) == 1


def test_the_next_person_on_the_same_phone_sees_names_and_numbers_only(browser: Browser, stack: Stack) -> None:
    page = walking(browser, stack)
    page.context.set_offline(True)
    page.locator("button.next").click()
    page.locator(".outcomes .vacant").click()
    page.get_by_label("Quay lại").first.click()
    page.locator("header .corner").click()  # lock within the ten seconds: it is not lost
    expect(page.locator(".member")).to_contain_text("Tổ viên Mẫu Một")
    assert "Đường" not in page.locator("main").inner_text()
    press_wrong(page)
    page.locator(".pad").wait_for()
    press(page, PIN)
    expect(page.locator(".sync")).to_contain_text("Còn 1 mục chưa gửi")


def press_wrong(page: Page) -> None:
    """A wrong PIN is said, with what is left; nothing opens."""
    page.locator(".member").click()
    press(page, "111222")
    expect(page.get_by_role("alert")).to_contain_text("Còn 9 lần thử")
