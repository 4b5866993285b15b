"""Pictures of the field app: one member's day on a phone, and every screen of it on a desktop."""
from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Page

from tests.e2e.browser import context, sign_in
from tests.support.stack import Stack

PIN = "482915"
Take = Callable[[Page, str], None]


def press(page: Page, pin: str) -> None:
    """The PIN, on the app's own keys."""
    for digit in pin:
        page.locator(".pad button", has_text=re.compile(f"^{digit}$")).click()


def field(browser: Browser, stack: Stack, lang: str, size: dict[str, int], name: str, take: Take) -> None:
    """From the sign-in to the settings, on the turf that the scene was played on: it has a conflict and promises."""
    page = context(browser, size).new_page()
    page.set_default_timeout(30_000)
    tag = f"{name}-{lang}"
    page.goto(f"{stack.base}/field?lang={lang}")
    take(page, f"field-hello-{tag}")
    sign_in(page, stack, "tothanhvien1", "/field")
    page.locator("pin-pad").wait_for()
    if lang == "en":
        page.locator("header button", has_text="English").click()
    take(page, f"field-pin-{tag}")
    press(page, PIN)
    page.get_by_text(re.compile("Nhập lại mã PIN|same PIN again")).wait_for()
    press(page, PIN)
    page.locator(".turf").first.wait_for()
    take(page, f"field-turfs-{tag}")
    page.locator(".turf").first.click()
    page.locator(".foot .go").click()
    page.locator("button.next").wait_for()
    take(page, f"field-today-{tag}")
    page.locator(".tabs button").nth(1).click()
    page.locator("door-map canvas").wait_for()
    take(page, f"field-map-{tag}")
    page.locator(".tabs button").nth(0).click()
    at_the_door(page, tag, take)
    beside(page, tag, take)
    locked(page, tag, take)
    page.context.close()


def at_the_door(page: Page, tag: str, take: Take) -> None:
    """A door, its time to come back, its slip and its correction, and a whole talk."""
    page.locator("button.next").click()
    page.locator(".outcomes .met").wait_for()
    take(page, f"field-door-{tag}")
    page.locator(".outcomes .come_back").click()
    take(page, f"field-back-when-{tag}")
    page.reload()
    page.locator(".member").click()
    press(page, PIN)
    page.locator("field-slip summary").click()
    page.locator(".qr svg").wait_for()
    page.locator("field-door-edit summary").first.click()
    take(page, f"field-slip-and-correction-{tag}")
    page.locator(".outcomes .not_home").click()
    page.locator(".toast.up").wait_for()
    take(page, f"field-undo-{tag}")
    page.locator(".toast button").click()
    page.locator(".outcomes .met").click()
    page.locator("field-notice .tall").wait_for()
    take(page, f"field-notice-{tag}")
    page.locator("field-notice .tall").click()
    page.locator("[data-kind=report]").click()
    page.locator(".issue.open textarea").first.fill("Cống trước nhà 12 nghẹt, mưa là ngập")
    page.locator(".issue.open .chips button").nth(2).click()
    take(page, f"field-visit-{tag}")
    page.locator("field-issues .elsewhere summary").click()
    page.locator("field-issues .elsewhere button").nth(3).click()
    take(page, f"field-not-written-here-{tag}")
    page.keyboard.press("Escape")


def beside(page: Page, tag: str, take: Take) -> None:
    """The emergency sheet, what needs a decision, answers to tell, settings, and leaving."""
    page.locator("field-emergency .open").click()
    page.locator("field-emergency dialog .kind").first.click()
    take(page, f"field-emergency-{tag}")
    page.keyboard.press("Escape")
    for place in ("mend", "tell", "settings"):
        page.evaluate(f"location.hash = '#/{place}'")
        page.locator(f"field-{place}").wait_for()
        take(page, f"field-{place}-{tag}")
    page.context.set_offline(True)
    page.evaluate("location.hash = '#/today'")
    page.locator("button.next").wait_for()
    take(page, f"field-offline-{tag}")
    page.context.set_offline(False)


def locked(page: Page, tag: str, take: Take) -> None:
    """Who holds the phone, and a wrong PIN."""
    page.locator("header .corner").click()
    page.locator(".member").wait_for()
    take(page, f"field-who-{tag}")
    page.locator(".member").click()
    press(page, "111222")
    page.get_by_role("alert").wait_for()
    take(page, f"field-wrong-pin-{tag}")
