"""Real Chromium, three people: a resident's phone, the duty desk, a patrol's phone."""
from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, expect, sync_playwright

from tests.support.stack import Stack

ARGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-dev-shm-usage",
        "--autoplay-policy=no-user-gesture-required"]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
# The SOS page has understood: it shows what follows, or that something broke on it.
TAKEN = """() => document.getElementById("idle").hidden || !document.getElementById("trouble").hidden"""
KEPT_WHOLE = """async () => { const loaded = performance.getEntriesByType("resource").map((r) => new URL(r.name))
    .filter((u) => u.pathname.startsWith("/assets/")).map((u) => u.pathname);
  const { active } = await navigator.serviceWorker.ready;
  const kept = await Promise.all([location.pathname, ...loaded].map((path) => caches.match(path)));
  return active.state === "activated" && kept.every(Boolean); }"""
SLOW_MS = 30_000  # how long a step may take on a machine that does much else
expect.set_options(timeout=SLOW_MS)
HEARD: WeakKeyDictionary[BrowserContext, deque[Request | str]] = WeakKeyDictionary()  # what each window said and was told


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
    its = browser.new_context(viewport={"width": size["width"], "height": size["height"]}, locale="vi-VN",
                              geolocation={"latitude": lat, "longitude": lon, "accuracy": 12},
                              permissions=["geolocation", "notifications"])
    heard = HEARD[its] = deque(maxlen=40)
    its.on("console", lambda m: heard.append(f"{m.type}: {m.text}") if m.type in ("error", "warning") else None)
    its.on("weberror", lambda e: heard.append(f"error: {e.error}"))
    its.on("requestfailed", lambda r: heard.append(f"failed: {r.method} {r.url} {r.failure}"))
    its.on("requestfinished", lambda r: heard.append(r) if "/api/" in r.url or "/live/" in r.url else None)
    return its


def what_is_shown(browser: Browser, stack: Stack | None) -> str:
    """Every open window in words, with its errors and the last answers it got; and what the server has."""
    parts = [f"--- {page.url}\n{_text(page)}\n" + "\n".join(map(_heard, list(HEARD.get(its, ()))))
             for its in browser.contexts for page in its.pages]
    if stack is not None:
        parts += [f"--- {path}\n{stack.call('GET', path, token=stack.token('trucban'))}"
                  for path in ("/api/incidents?state=open", "/api/assignments")]
    return "\n".join(parts)


def _text(page: Page) -> str:
    try:
        lines = page.locator("body").inner_text(timeout=3000).splitlines()
    except Error as error:
        return str(error)
    return "\n".join(line for line in lines if line.strip())[:3000]


def _heard(what: Request | str) -> str:
    if isinstance(what, str):
        return what
    try:
        answer = what.response()
        said = f"{answer.status} {answer.text()[:300]}" if answer else "?"
        return f"{what.method} {what.url} {what.post_data or ''} → {said}"
    except Error as error:
        return f"{what.method} {what.url}: {str(error)[:100]}"


def calm(stack: Stack) -> None:
    """A ward without anything under way: every incident ended, no patrol of the browser tests on shift."""
    token = stack.token("trucban")
    for state, verb, body in (("received,acknowledged,responding", "resolve", {"reason": "thử xong"}),
                              ("resolved", "close", {"outcome": "false_accidental"})):
        for row in stack.call("GET", f"/api/incidents?state={state}&limit=500", token=token)[1]["items"]:
            stack.call("POST", f"/api/incidents/{row['id']}/{verb}", body, token=token)
    for login in ("tuantra1", "tuantra2"):
        mine: dict[str, Any] | None = stack.call("GET", "/api/me", token=stack.token(login))[1]["unit"]
        if mine:
            stack.call("POST", f"/api/unit-shifts/{mine['id']}/end", {}, token=stack.token(login))


def choose(desk: Page, incident: str) -> None:
    """The officer's click on a card. The queue may be reordered under a mouse at any moment, so it is the card's own."""
    card = desk.locator(f".card[data-id='{incident}']")
    expect(card).to_be_visible(timeout=SLOW_MS)
    card.evaluate("card => card.click()")
    expect(desk.locator(f".card.chosen[data-id='{incident}']")).to_be_visible(timeout=SLOW_MS)


def sign_in(page: Page, stack: Stack, login: str, then: str) -> None:
    """Through the login form, to the page asked for."""
    page.goto(f"{stack.base}/account/login/?next={then}")
    page.fill("#id_login", login)
    page.fill("#id_password", stack.login(login)["password"])
    page.click("main button")
    page.wait_for_url(f"**{then}*", timeout=20_000)


def hold(page: Page, selector: str) -> None:
    """A finger on the SOS button, until the page takes it as pressed."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_function(TAKEN, timeout=SLOW_MS)
    page.mouse.up()


def kept_whole(page: Page) -> None:
    """Wait until this screen, with everything that it has loaded, is kept for the time without a network."""
    page.wait_for_function(KEPT_WHOLE, timeout=SLOW_MS)
