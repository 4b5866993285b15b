"""A resident presses; the desk sees, acknowledges and sends; the patrol accepts, drives, arrives; the desk closes; and
the resident has watched every step. Three browsers, one of them without a network for half a minute."""
from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import DESKTOP, PHONE, SLOW_MS, choose, chromium, context, hold, sign_in
from tests.support.stack import Stack

UNIT = "Mẫu-01"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def words(text: str) -> re.Pattern[str]:
    """The words, however they are set."""
    return re.compile(text, re.IGNORECASE)


def open_desk(browser: Browser, stack: Stack, login: str = "trucban", own_time: bool = False) -> Page:
    """A desk after its sound check. `own_time`: its clock can be put forward."""
    its = context(browser, DESKTOP)
    if own_time:
        its.clock.install()
    page = its.new_page()
    sign_in(page, stack, login, "/desk")
    page.wait_for_selector("#play, .duty")
    if page.locator("#play").count():  # a shift that is already open goes on where it was
        page.click("#play")
        page.click("#hear-yes")
    page.wait_for_selector(".duty")
    expect(page.locator(".lamp.green")).to_be_visible(timeout=SLOW_MS)
    return page


def open_patrol(browser: Browser, stack: Stack) -> Page:
    """A patrol on shift, a few steps from where the resident will press: the sample ward's other patrols ride about,
    and none of them may happen to be nearer."""
    page = context(browser, PHONE, 11.0915, 106.799).new_page()
    sign_in(page, stack, "tuantra1", "/patrol")
    page.locator(f"button:has-text('{UNIT}')").click(timeout=SLOW_MS)
    expect(page.locator("header b")).to_contain_text(UNIT, timeout=SLOW_MS)
    expect(page.locator(".net.online")).to_be_visible(timeout=SLOW_MS)
    expect(page.locator("patrol-app")).to_contain_text(words("Vị trí gửi lúc"), timeout=SLOW_MS)  # or nobody would send it
    return page


def press(browser: Browser, stack: Stack) -> Page:
    """A resident who has just pressed."""
    page = context(browser, PHONE).new_page()
    page.goto(f"{stack.base}/sos")
    expect(page.locator("#band")).to_be_visible(timeout=SLOW_MS)  # the page works, and knows its system
    hold(page, "#sos")
    expect(page.locator("#after")).to_be_visible(timeout=SLOW_MS)
    return page


def test_press_to_close(browser: Browser, stack: Stack) -> None:
    desk, patrol = open_desk(browser, stack), open_patrol(browser, stack)
    resident = press(browser, stack)
    incident = resident.evaluate("JSON.parse(localStorage.getItem('binhan-press')).body.press_id")

    def reads(text: str) -> None:
        expect(resident.locator("#line-text")).to_contain_text(words(text), timeout=SLOW_MS)

    reads("THẤY")
    choose(desk, incident)
    expect(desk.locator("desk-units li button").first).to_contain_text("01", timeout=SLOW_MS)
    for key in "as":  # acknowledge, send, close: all without a mouse, as fast as somebody types
        desk.keyboard.press(key)
    reads("tiếp nhận")
    patrol.locator(f".offer[data-incident='{incident}'] .go").click(timeout=SLOW_MS)
    reads("ĐANG ĐẾN")
    for step in ("ĐANG ĐI", "TỚI NƠI", "XONG VIỆC"):  # on the way, on scene, finished
        patrol.locator(f"[data-incident='{incident}'] .go", has_text=step).click(timeout=SLOW_MS)
    expect(resident.locator("#steps li.done")).to_have_count(5, timeout=SLOW_MS)
    expect(desk.locator(f"[data-id='{incident}'].resolved.chosen")).to_be_visible(timeout=SLOW_MS)
    desk.keyboard.press("c")
    desk.wait_for_selector("#form-ok")
    desk.keyboard.press("1")
    desk.click("#form-ok")
    reads("kết thúc")


def test_a_desk_without_network_for_thirty_seconds_catches_up(browser: Browser, stack: Stack) -> None:
    desk = open_desk(browser, stack, own_time=True)
    desk.context.set_offline(True)
    expect(desk.locator(".lamp.amber")).to_be_visible(timeout=SLOW_MS)
    first = stack.press()[1]["incident_id"]
    second = stack.press(kind="fire")[1]["incident_id"]
    desk.clock.run_for(30_000)
    expect(desk.locator(".lamp.red")).to_be_visible(timeout=SLOW_MS)
    assert desk.locator(f"[data-id='{first}']").count() == 0
    desk.context.set_offline(False)
    for incident in (first, second):
        expect(desk.locator(f"[data-id='{incident}']")).to_have_count(1, timeout=SLOW_MS)
    third = stack.press()[1]["incident_id"]
    expect(desk.locator(f"[data-id='{third}']")).to_have_count(1, timeout=SLOW_MS)


def test_two_desks_see_each_others_moves(browser: Browser, stack: Stack) -> None:
    one, two = open_desk(browser, stack), open_desk(browser, stack, "trucban2")
    incident = stack.press()[1]["incident_id"]
    for desk in (one, two):
        choose(desk, incident)
    one.keyboard.press("a")
    expect(two.locator(f"[data-id='{incident}'].acknowledged")).to_be_visible(timeout=SLOW_MS)


def test_a_press_without_network_is_kept_and_sent_later(browser: Browser, stack: Stack) -> None:
    page = context(browser, PHONE).new_page()
    page.goto(f"{stack.base}/sos")
    page.wait_for_function("navigator.serviceWorker && navigator.serviceWorker.controller !== null || true")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    hold(page, "#sos")
    expect(page.locator("#line-text")).to_contain_text(words("CHƯA GỬI ĐƯỢC"), timeout=SLOW_MS)
    expect(page.locator("#callnow a[href='tel:113']")).to_be_visible()
    press_id = page.evaluate("JSON.parse(localStorage.getItem('binhan-press')).body.press_id")
    page.reload()  # the installed app opens without a network, and still knows
    expect(page.locator("#line-text")).to_contain_text(words("CHƯA GỬI ĐƯỢC"), timeout=SLOW_MS)
    page.context.set_offline(False)
    expect(page.locator("#steps li.done").first).to_be_visible(timeout=SLOW_MS)
    assert stack.call("GET", f"/api/incidents/{press_id}", token=stack.token("trucban"))[0] == 200
