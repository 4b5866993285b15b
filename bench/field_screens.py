"""The field app in a real browser whose processor is made four times slower: how long until it can be used, and how many
taps a visit takes. Nothing is measured where Chromium is not installed."""
from __future__ import annotations

import re
import shutil
from statistics import median

from playwright.sync_api import Browser, Page

from bench.system import Figure
from binhan.casework.listening.rules import CHANNELS
from tests.e2e.browser import chromium, context
from tests.e2e.test_a_walk_from_door_to_door import KEPT, PIN, SMALL, press

SLOWER, TARGET_S, TAPS_MAX = 4, 3.0, 12
# when what is asked for stands there and the page has answered a turn of its own: painted, and nothing holds it up
USABLE = """(wanted) => new Promise((done) => { const look = () => document.querySelector(wanted)
  ? requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))
  : setTimeout(look, 5); look(); })"""
COUNT = """() => { window.taps = 0; document.addEventListener("click", (e) => {
  if (e.target.closest("button, summary, label, a")) window.taps++; }, true); }"""


def screens(base: str, login: str, password: str, times: int) -> list[Figure]:
    """Cold, from the service worker, unlocking, and the taps of a visit."""
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        print("  no Chromium: the screens are not measured")
        return []
    with chromium() as browser:
        cold = [_cold(browser, base) for _ in range(times)]
        page = _ready(browser, base, login, password)
        runs = [_kept(page, base) for _ in range(times)]
        taps = _taps(page)
    return [_time(f"field app, first screen usable at 1/{SLOWER} of the processor, nothing kept, median of {times}", cold),
            _time("the same from the service worker, without a network: names and PIN", [r[0] for r in runs]),
            _time("the same: last digit of the PIN → list of a turf of 60 doors", [r[1] for r in runs]),
            Figure("taps of a visit with notice, consent, two issues with a reply, a topic: door to next door", taps, "",
                   None, f"≤ {TAPS_MAX}", taps <= TAPS_MAX)]


def _time(name: str, runs: list[float]) -> Figure:
    took = median(runs)
    return Figure(name, took, "s", None, f"< {TARGET_S:.0f} s", took < TARGET_S)


def _slow(page: Page, times: int) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})


def _usable(page: Page, wanted: str) -> float:
    """Seconds since the page was asked for."""
    return float(page.evaluate(USABLE, wanted)) / 1000


def _cold(browser: Browser, base: str) -> float:
    its = context(browser, SMALL)
    page = its.new_page()
    _slow(page, SLOWER)
    page.goto(f"{base}/field", wait_until="commit")
    took = _usable(page, "field-app a.go")
    its.close()
    return took


def _ready(browser: Browser, base: str, login: str, password: str) -> Page:
    """A phone that carries its turf and the whole app."""
    page = context(browser, SMALL).new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{base}/account/login/?next=/field")
    page.fill("#id_login", login)
    page.fill("#id_password", password)
    page.click("main button")
    page.wait_for_url("**/field*")
    press(page, PIN)
    page.get_by_text("Nhập lại mã PIN").wait_for()
    press(page, PIN)
    page.locator(".turf").first.click()
    page.locator(".foot .go").click()
    page.locator("button.next").wait_for()
    assert page.evaluate(KEPT), "the service worker has not kept the app"
    return page


def _kept(page: Page, base: str) -> tuple[float, float]:
    """(until a name can be tapped, from the last digit until the list of the day can be tapped)."""
    page.context.set_offline(True)
    page.goto("about:blank")
    _slow(page, SLOWER)
    page.goto(f"{base}/field", wait_until="commit")
    first = _usable(page, ".member")
    page.locator(".member").click()
    press(page, PIN[:-1])
    before = float(page.evaluate("performance.now()")) / 1000
    page.locator(".pad button", has_text=re.compile(f"^{PIN[-1]}$")).click()
    return first, _usable(page, "button.next") - before


def _taps(page: Page) -> int:
    """A visit as tests of the screens make it, counted as they count it; typing is no tap."""
    _slow(page, 1)
    page.locator("button.next").click()
    page.locator(".outcomes .met").wait_for()
    page.evaluate(COUNT)
    page.locator(".outcomes .met").click()
    page.get_by_text("Đã đọc cho người dân nghe").click()
    page.locator("field-notice .consent button", has_text=re.compile(r"^\s*Có\s*$")).first.click()
    for kind, words in (("request", "Đèn hẻm hỏng đã hai tháng"), ("procedure", "Làm căn cước cho mẹ thế nào")):
        page.locator(f"[data-kind={kind}]").click()
        card = page.locator(".issue.open")
        card.locator("textarea").first.press_sequentially(words)
        card.locator(".chips button", has_text=CHANNELS["phone"].vi).first.click()
        card.locator(".chips button", has_text="1 tuần").click()
    page.locator(".tickrow").first.click()
    page.get_by_text("Xong – nhà tiếp theo").click()
    page.locator(".outcomes .met").wait_for()
    return int(page.evaluate("window.taps"))
