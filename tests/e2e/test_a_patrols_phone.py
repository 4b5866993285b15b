"""A patrol's phone in bad air: no network, reloaded in the middle of a task, signed out; and the same account twice."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import SLOW_MS, chromium, context, kept_whole, sign_in
from tests.support.stack import Stack
from tests.support.waiting import wait_until

UNIT = "Mẫu-02"
SMALL = {"width": 320, "height": 568}
WRITTEN_DOWN = """() => new Promise((done) => { const asked = indexedDB.open("binhan-patrol"); asked.onsuccess = () => {
  const rows = asked.result.transaction("verbs").objectStore("verbs").count();
  rows.onsuccess = () => { asked.result.close(); done(rows.result > 0); }; }; })"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def on_shift(browser: Browser, stack: Stack) -> Page:
    """A patrol on shift with a small, cheap phone."""
    page = context(browser, SMALL).new_page()
    sign_in(page, stack, "tuantra2", "/patrol")
    page.locator(f"button:has-text('{UNIT}')").click(timeout=SLOW_MS)
    expect(page.locator("header b")).to_contain_text(UNIT, timeout=SLOW_MS)  # or "online" is still said of who is off shift
    expect(page.locator(".net.online")).to_be_visible(timeout=SLOW_MS)
    return page


def offered(stack: Stack) -> str:
    """A new incident, offered to the unit."""
    token = stack.token("trucban")
    incident: str = stack.press()[1]["incident_id"]
    units = stack.call("GET", "/api/units", token=token)[1]["items"]
    unit = next(u["unit_id"] for u in units if u["call_sign"] == UNIT)
    assert stack.call("POST", f"/api/incidents/{incident}/dispatch", {"unit": unit}, token=token)[0] == 200
    return incident


def test_a_phone_reloaded_without_network_still_knows_its_task(browser: Browser, stack: Stack) -> None:
    page = on_shift(browser, stack)
    kept_whole(page)
    incident = offered(stack)
    accept = page.locator(f".offer[data-incident='{incident}'] .go")
    expect(accept).to_be_in_viewport(timeout=SLOW_MS)  # without scrolling, on the smallest screen
    accept.click(timeout=SLOW_MS)  # right after another touch, the first 0.6 s of an offer take none: it waits for them
    depart = page.locator("patrol-task .go")
    expect(depart).to_contain_text("ĐANG ĐI")
    expect(page.locator("patrol-app")).not_to_contain_text("chưa gửi", timeout=SLOW_MS)
    page.context.set_offline(True)
    expect(page.locator(".net")).to_contain_text("Mất mạng")
    depart.click()
    expect(depart).to_contain_text("TỚI NƠI")
    page.wait_for_function(WRITTEN_DOWN)
    page.reload()
    expect(page.locator("patrol-task .go")).to_contain_text("TỚI NƠI", timeout=SLOW_MS)
    page.context.set_offline(False)
    expect(page.locator(".net.online")).to_be_visible(timeout=SLOW_MS)
    token = stack.token("trucban")

    def states() -> list[str]:
        return [a["state"] for a in stack.call("GET", f"/api/incidents/{incident}", token=token)[1]["assignments"]]
    wait_until(lambda: states() == ["en_route"], states)


def test_a_shift_ended_on_another_phone_ends_on_this_one_too(browser: Browser, stack: Stack) -> None:
    page = on_shift(browser, stack)
    token = stack.token("tuantra2")
    shift = stack.call("GET", "/api/me", token=token)[1]["unit"]["id"]
    assert stack.call("POST", f"/api/unit-shifts/{shift}/end", {}, token=token)[0] == 200
    expect(page.locator("patrol-app")).to_contain_text("kết thúc từ máy khác", timeout=SLOW_MS)
    expect(page.locator(f"button:has-text('{UNIT}')")).to_be_visible(timeout=SLOW_MS)


def test_a_phone_whose_login_has_ended_says_so_and_keeps_what_is_pressed(browser: Browser, stack: Stack) -> None:
    page = on_shift(browser, stack)
    page.context.clear_cookies()
    link = page.locator(".alert a[href*='/account/login/']")
    expect(link).to_be_visible(timeout=SLOW_MS)
    link.click()
    page.fill("#id_login", "tuantra2")
    page.fill("#id_password", stack.login("tuantra2")["password"])
    page.click("main button")
    expect(page.locator(".net.online")).to_be_visible(timeout=SLOW_MS)
