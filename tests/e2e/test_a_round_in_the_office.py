"""The planner in a real browser: a round drafted, planned, adjusted on the map, opened, and its coverage looked at."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browser import DESKTOP, SLOW_MS, chromium, context, sign_in
from tests.support.stack import Stack


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def test_from_a_draft_to_its_coverage(browser: Browser, stack: Stack) -> None:
    stack.command("demo", "load", "--households", "120")
    page = context(browser, DESKTOP).new_page()
    page.set_default_timeout(SLOW_MS)
    sign_in(page, stack, "chihuy", "/office/rounds/")
    page.click("text=Lập đợt mới")
    page.fill("#name", "Đợt thử trình duyệt")
    page.fill("#purpose", "Lắng nghe người dân")
    page.locator("input[name=areas]").first.check()
    page.fill("#max_doors", "8")
    page.locator("main form button:visible", has_text="Lưu nháp").click()
    expect(page.locator("h1")).to_contain_text("bản nháp")
    page.click("button:has-text('Chia cụm')")
    expect(page.locator("#plan")).to_be_visible()
    page.locator("a[aria-label^='Mở cụm']").first.click()

    # The map chooses in the form; the form moves the door.
    canvas = page.locator("turf-map canvas")
    expect(canvas).to_be_visible()
    canvas.focus()
    page.keyboard.press("PageDown")
    expect(page.locator("input[name=dwelling]:checked")).to_have_count(1)
    first = page.locator(".walk li").nth(0).get_attribute("id")
    page.click("button[value=down]")
    expect(page.locator(".walk li").nth(1)).to_have_attribute("id", first or "")
    expect(page.locator("turf-map [role=status]")).to_contain_text("thứ 2")

    page.locator(".crumb a").click()
    page.click("button:has-text('Mở đợt')")
    expect(page.locator("h1")).to_contain_text("đang đi")
    page.click("text=Xem độ phủ")
    expect(page.locator("coverage-map canvas")).to_be_visible()
    expect(page.locator("coverage-map .dm-legend")).to_contain_text("Chưa tới")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.click("button[name=language][value=en]")
    expect(page.locator("h1")).to_contain_text("Coverage")
