"""A picture of every screen, phone and desktop, Vietnamese and English, into shots/ (git ignores it): make shots."""
from __future__ import annotations

import itertools
import sys
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.e2e import shots_field, shots_office, shots_scene
from tests.e2e.browser import DESKTOP, PHONE, choose, chromium, context, hold, sign_in
from tests.support.stack import Stack, new_stack
from tests.support.waiting import wait_until

SMALL = {"width": 320, "height": 640}
OUT = Path(__file__).resolve().parents[2] / "shots"


def take(page: Page, name: str) -> None:
    """One picture of the whole page, once nothing moves on it any more (a clock or a map may go on for ever)."""
    page.evaluate("document.fonts.ready.then(() => true)")
    shown = [b""]

    def still() -> bool:
        before, shown[0] = shown[0], page.screenshot(animations="disabled")
        return before == shown[0]
    with suppress(AssertionError):
        wait_until(still, "it moves on", patience_s=5, every_s=0.2)
    page.screenshot(path=OUT / f"{name}.png", full_page=not name.startswith("desk"))


def open_shift(page: Page) -> None:
    """Past the desk's sound check."""
    page.wait_for_selector("#play, .duty")
    if page.locator("#play").count():
        page.click("#play")
        page.click("#hear-yes")
    page.wait_for_selector(".duty")


def desk(browser: Browser, stack: Stack, lang: str) -> None:
    """The desk, quiet and alarmed, on a desktop and on a phone."""
    page = context(browser, DESKTOP).new_page()
    sign_in(page, stack, "trucban", "/desk")
    page.goto(f"{stack.base}/desk?lang={lang}")
    page.wait_for_selector("#play, .duty")
    take(page, f"desk-start-{lang}")
    open_shift(page)
    take(page, f"desk-quiet-{lang}")
    stack.press(kind="medical", note="Người già ngã cầu thang")
    incident = stack.press(kind="security", lat=11.0842, lon=106.7923)[1]["incident_id"]
    choose(page, incident)
    take(page, f"desk-alarm-{lang}")
    page.keyboard.press("a")
    page.locator(f"[data-id='{incident}'].acknowledged").wait_for()
    take(page, f"desk-acknowledged-{lang}")
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    take(page, f"desk-phone-{lang}")
    page.context.close()


def resident(browser: Browser, stack: Stack, lang: str, size: dict[str, int], name: str) -> None:
    """The SOS page before and after a press, and without a network."""
    page = context(browser, size).new_page()
    page.goto(f"{stack.base}/sos?lang={lang}")
    take(page, f"sos-{name}-{lang}")
    hold(page, "#sos")
    page.locator("#steps li.done").first.wait_for()
    take(page, f"sos-sent-{name}-{lang}")
    page.context.close()
    page = context(browser, size).new_page()
    page.goto(f"{stack.base}/sos?lang={lang}")
    page.context.set_offline(True)
    hold(page, "#sos")
    page.locator("#callnow a[href='tel:113']").wait_for()
    take(page, f"sos-offline-{name}-{lang}")
    page.context.close()


def patrol(browser: Browser, stack: Stack, lang: str) -> None:
    """Choosing a unit, and on shift."""
    page = context(browser, PHONE).new_page()
    sign_in(page, stack, "tuantra2", "/patrol")
    page.goto(f"{stack.base}/patrol?lang={lang}")
    take(page, f"patrol-{lang}")
    page.context.close()


def office(browser: Browser, stack: Stack) -> None:
    """Landing, login, office and administration."""
    page = context(browser, DESKTOP).new_page()
    for path, name in (("/", "office-landing"), ("/account/login/", "office-login")):
        page.goto(stack.base + path)
        take(page, name)
    sign_in(page, stack, "quantri", "/office/")
    take(page, "office-home")
    page.goto(f"{stack.base}/office/admin/")
    take(page, "office-admin")
    page.context.close()


def from_door_to_door(browser: Browser, stack: Stack) -> None:
    """The field app, the office's casework pages and the resident's slip."""
    turf = shots_scene.build(stack)
    screens = ((PHONE, "phone"), (DESKTOP, "desktop"))
    for lang, (size, name) in itertools.product(("vi", "en"), screens):
        shots_field.field(browser, stack, lang, size, name, take)
        shots_office.casework(browser, stack, lang, size, name, take)
    for lang, size, name in (("vi", SMALL, "small"), ("en", PHONE, "phone")):
        shots_office.slips(browser, stack, turf, lang, size, name, take)


def main() -> int:
    """Take them all."""
    OUT.mkdir(exist_ok=True)
    stack = new_stack().start()
    try:
        with chromium() as browser:
            for lang in ("vi", "en"):
                desk(browser, stack, lang)
                resident(browser, stack, lang, PHONE, "phone")
                patrol(browser, stack, lang)
            resident(browser, stack, "vi", SMALL, "small")
            resident(browser, stack, "vi", DESKTOP, "desktop")
            office(browser, stack)
            from_door_to_door(browser, stack)
    finally:
        stack.stop()
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
