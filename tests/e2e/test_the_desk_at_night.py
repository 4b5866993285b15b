"""A tired officer: keys held down, the mouse on the alarm while a form is open, a login that has ended."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browser import SLOW_MS, choose, chromium
from tests.e2e.test_the_whole_loop import open_desk
from tests.support.stack import Stack


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def state(stack: Stack, incident: str) -> str:
    """Where an incident is now."""
    return str(stack.call("GET", f"/api/incidents/{incident}", token=stack.token("trucban"))[1]["state"])


def test_a_form_closes_the_incident_for_which_it_was_opened(browser: Browser, stack: Stack) -> None:
    desk = open_desk(browser, stack)
    token = stack.token("trucban")
    mine = stack.press(note="đã xong")[1]["incident_id"]
    stack.call("POST", f"/api/incidents/{mine}/acknowledge", {}, token=token)
    expect(desk.locator(f"[data-id='{mine}'].acknowledged")).to_be_visible(timeout=SLOW_MS)
    choose(desk, mine)
    desk.keyboard.press("c")
    desk.wait_for_selector("#form-ok")
    desk.keyboard.press("1")
    fresh = stack.press(kind="fire", note="mới bấm")[1]["incident_id"]
    expect(desk.locator(f"[data-id='{fresh}']")).to_be_visible(timeout=SLOW_MS)
    choose(desk, fresh)  # looks at the new one while the form is still open
    expect(desk.locator(".dialog .about")).to_contain_text("đã xong")
    desk.click("#form-ok")
    expect(desk.locator(f"[data-id='{mine}']")).to_have_count(0, timeout=SLOW_MS)
    assert (state(stack, mine), state(stack, fresh)) == ("closed", "received")
    stack.call("POST", f"/api/incidents/{fresh}/acknowledge", {}, token=token)


def test_words_for_one_person_never_reach_another(browser: Browser, stack: Stack) -> None:
    desk = open_desk(browser, stack)
    one, two = (stack.press(note=n)[1]["incident_id"] for n in ("một", "hai"))
    for incident in (one, two):
        expect(desk.locator(f"[data-id='{incident}']")).to_be_visible(timeout=SLOW_MS)
    choose(desk, one)
    desk.keyboard.press("m")
    desk.keyboard.type("mở cửa sau")
    choose(desk, two)
    expect(desk.locator("#chat-text")).to_have_value("")
    choose(desk, one)
    expect(desk.locator("#chat-text")).to_have_value("mở cửa sau")


def test_a_login_that_has_ended_is_said_at_once_and_mended_in_another_window(browser: Browser, stack: Stack) -> None:
    desk = open_desk(browser, stack)
    incident = stack.press()[1]["incident_id"]
    expect(desk.locator(f"[data-id='{incident}']")).to_be_visible(timeout=SLOW_MS)
    choose(desk, incident)
    desk.context.clear_cookies()
    desk.keyboard.press("a")
    expect(desk.locator(".lamp.red a")).to_be_visible(timeout=SLOW_MS)
    expect(desk.locator(".alarm")).to_be_visible()  # and it goes on ringing
    with desk.context.expect_page() as opened:
        desk.locator(".lamp a").click()
    form = opened.value
    form.fill("#id_login", "trucban")
    form.fill("#id_password", stack.login("trucban")["password"])
    form.click("main button")
    form.wait_for_url("**/desk*", timeout=20_000)
    form.close()
    expect(desk.locator(".lamp.green")).to_be_visible(timeout=SLOW_MS)
    choose(desk, incident)
    desk.keyboard.press("a")
    expect(desk.locator(f"[data-id='{incident}'].acknowledged")).to_be_visible(timeout=SLOW_MS)
