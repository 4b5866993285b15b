"""Real Chromium, three people: a resident's phone, the duty desk, a patrol's phone."""
from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.stack import Stack

ARGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-dev-shm-usage",
        "--autoplay-policy=no-user-gesture-required"]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser; the test is skipped, saying so, where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium is not installed (as root, `make test` installs it)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGS)
        try:
            yield browser
        finally:
            browser.close()


def context(browser: Browser, size: dict[str, int], lat: float = 11.0914, lon: float = 106.799) -> BrowserContext:
    """Somebody's browser, at a place in the sample ward."""
    return browser.new_context(viewport={"width": size["width"], "height": size["height"]}, locale="vi-VN",
                               geolocation={"latitude": lat, "longitude": lon, "accuracy": 12},
                               permissions=["geolocation", "notifications"])


def sign_in(page: Page, stack: Stack, login: str, then: str) -> None:
    """Through the login form, to the page asked for."""
    page.goto(f"{stack.base}/account/login/?next={then}")
    page.fill("#id_login", login)
    page.fill("#id_password", stack.login(login)["password"])
    page.click("main button")
    page.wait_for_url(f"**{then}*", timeout=20_000)


def hold(page: Page, selector: str, seconds: float = 1.3) -> None:
    """A finger on a button."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(seconds * 1000)
    page.mouse.up()
