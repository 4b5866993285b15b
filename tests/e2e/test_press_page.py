"""The SOS page on the phones that people really have: no storage, a wrong clock, two tabs, no JavaScript, no position,
a server that dies, somebody looking on."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.browser import DESKTOP, PHONE, chromium, context, hold
from tests.support.stack import Stack
from tests.support.waiting import wait_until

SAVED = "JSON.parse(localStorage.getItem('binhan-press'))"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    with context(browser, PHONE) as its:
        yield its


def open_page(phone: BrowserContext, stack: Stack, query: str = "") -> Page:
    page = phone.new_page()
    page.goto(f"{stack.base}/sos{query}")
    expect(page.locator("#band")).to_be_visible()  # the page knows its system
    return page


def pressed(page: Page) -> str:
    """Press, and answer the id under which it is stored."""
    hold(page, "#sos")
    expect(page.locator("#steps li.done").first).to_be_attached(timeout=10_000)
    return str(page.evaluate(f"{SAVED}.body.press_id"))


def desk(stack: Stack, incident: str, path: str = "", body: Any = None) -> Any:
    """What the duty officer does or reads."""
    status, answer = stack.call("POST" if body is not None else "GET", f"/api/incidents/{incident}{path}", body,
                                token=stack.token("trucban"))
    assert status < 300, answer
    return answer


def waiting(stack: Stack) -> int:
    """How many open incidents stand in the queue."""
    rows = stack.call("GET", "/api/incidents?state=received", token=stack.token("trucban"))[1]
    return len(rows["items"])


@pytest.mark.parametrize(("width", "height"), [(390, 844), (360, 800), (320, 568), (412, 915), (844, 390), (1280, 800)])
def test_the_button_fills_a_quarter_of_every_screen_and_nothing_runs_out_of_it(browser: Browser, stack: Stack, width: int,
                                                                               height: int) -> None:
    with context(browser, {"width": width, "height": height}) as phone:
        page = open_page(phone, stack)
        box = page.locator("#sos").bounding_box()
        assert box is not None
        round_one = page.evaluate("getComputedStyle(document.getElementById('sos')).borderRadius === '50%'")
        assert box["width"] * box["height"] * (0.785 if round_one else 1) >= 0.25 * width * height
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_by_keyboard_held_or_pressed_twice(phone: BrowserContext, stack: Stack, key: str) -> None:
    phone.clock.install()
    page = open_page(phone, stack)
    page.focus("#sos")
    if key == "Enter":
        page.keyboard.down(key)
        page.clock.run_for(1200)
        page.keyboard.up(key)
    else:
        page.keyboard.press(key)
        expect(page.locator("#hold-label")).to_have_text("Bấm lần nữa để gửi SOS")
        page.clock.run_for(500)
        page.keyboard.press(key)
    expect(page.locator("#line")).to_be_focused()
    expect(page.locator("#line-text")).to_contain_text("Đã lưu lúc")


def test_a_clock_a_year_off_still_gets_through(phone: BrowserContext, stack: Stack) -> None:
    phone.add_init_script("""const real = Date, off = -370 * 86400e3;
        window.Date = class extends real { constructor(...a) { a.length ? super(...a) : super(real.now() + off); }
                                           static now() { return real.now() + off; } };""")
    page = open_page(phone, stack)
    incident = pressed(page)
    assert desk(stack, incident)["state"] == "received"
    page.fill("#note", "hẻm 12")
    page.click("#note-form button")
    expect(page.locator("#note-kept")).to_contain_text("Đã lưu")
    assert "hẻm 12" in desk(stack, incident)["note"]


def test_a_phone_that_keeps_nothing_still_sends_and_says_what_it_cannot_do(phone: BrowserContext, stack: Stack) -> None:
    phone.add_init_script("""for (const name of ['localStorage', 'indexedDB'])
        Object.defineProperty(window, name, { get() { throw new DOMException('shut', 'SecurityError'); } });""")
    page = open_page(phone, stack)
    phone.set_offline(True)
    hold(page, "#sos")
    expect(page.locator("#line-more")).to_contain_text("đừng đóng trang", timeout=6000)
    page.click("#lang")  # nothing is reloaded, so nothing is lost
    expect(page.locator("#line-text")).to_contain_text("NOT SENT YET")
    phone.set_offline(False)
    expect(page.locator("#line-text")).to_contain_text("Stored at", timeout=15_000)


def test_two_tabs_are_one_sos(phone: BrowserContext, stack: Stack) -> None:
    one, two = open_page(phone, stack), open_page(phone, stack)
    before = waiting(stack)
    incident = pressed(one)
    expect(two.locator("#steps li.done").first).to_be_attached(timeout=5000)
    for page, words in ((one, "từ thẻ một"), (two, "từ thẻ hai")):
        page.fill("#note", words)
        page.click("#note-form button")
        expect(page.locator("#note-kept")).to_contain_text("Đã lưu")
    assert waiting(stack) == before + 1  # what a tab sends goes out in order: a second press would be here before its note
    note = desk(stack, incident)["note"]
    assert (note.count("từ thẻ một"), note.count("từ thẻ hai")) == (1, 1)
    one.click("#mistake")
    one.click("#ask-yes")
    expect(two.locator("#calm")).to_be_visible()


def test_another_language_loses_nothing_typed(phone: BrowserContext, stack: Stack) -> None:
    page = open_page(phone, stack, "?lang=vi")
    pressed(page)
    page.fill("#chat-text", "đang viết dở")
    page.click("#lang")
    expect(page.locator("#line-text")).to_contain_text("Stored at")
    expect(page.locator("#chat-text")).to_have_value("đang viết dở")
    page.reload()
    expect(page.locator("#line-text")).to_contain_text("Stored at")


def test_the_desk_is_heard_at_the_top_and_after_a_mistake_too(phone: BrowserContext, stack: Stack) -> None:
    page = open_page(phone, stack)
    incident = pressed(page)
    desk(stack, incident, "/messages", {"text": "Bạn ở tầng mấy?"})
    expect(page.locator("#said-text")).to_have_text("Bạn ở tầng mấy?", timeout=8000)
    page.click("#said")
    expect(page.locator("#chat-text")).to_be_focused()
    page.keyboard.type("Tầng 3")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_be_hidden()
    wait_until(lambda: "Tầng 3" in str(desk(stack, incident)), "the answer did not reach the desk")
    page.click("#mistake")
    page.click("#ask-yes")
    expect(page.locator("#calm")).to_be_visible()
    expect(page.locator("#chat")).to_be_hidden()
    desk(stack, incident, "/messages", {"text": "Bạn có sao không?"})
    expect(page.locator("#chat li")).to_have_count(1, timeout=8000)
    expect(page.locator("#chat li")).to_be_visible()
    expect(page.locator("#steps")).to_be_hidden()


def test_silent_no_vibration_no_ring_back_a_shopping_list(phone: BrowserContext, stack: Stack) -> None:
    phone.add_init_script("window.shaken = 0; navigator.vibrate = () => { window.shaken++; return true; };")
    page = open_page(phone, stack)
    page.check("#silent")
    incident = pressed(page)
    expect(page.locator("#cover")).to_be_visible()
    assert page.title() == "Đi chợ"
    expect(page.locator("#cover h1")).to_have_text("Đi chợ (mẫu)")
    expect(page.locator("#cover li.done")).to_have_count(1)
    desk(stack, incident, "/messages", {"text": "Bạn nhắn được không?"})
    expect(page.locator("#cover-more")).to_have_text("Thêm món (1)", timeout=8000)
    page.reload()
    expect(page.locator("#cover")).to_be_visible()  # whoever opens it sees the list again
    page.locator("#cover").dblclick()
    expect(page.locator("#chat")).to_contain_text("nhắn được không")
    expect(page.locator("#phone-form")).to_be_hidden()
    expect(page.locator("#callnow-link")).to_be_hidden()
    assert page.evaluate("window.shaken") == 0
    assert desk(stack, incident)["silent"] is True


def test_without_a_position_it_says_so_and_takes_a_place_in_words(browser: Browser, stack: Stack) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN") as phone:
        page = open_page(phone, stack, "?p=KHONG-CO")
        incident = pressed(page)
        expect(page.locator("#where")).to_contain_text("không được phép cho biết vị trí")
        expect(page.locator("#where")).not_to_contain_text("KHONG-CO")  # an unknown code was not sent
        phone.grant_permissions(["geolocation"])
        phone.set_geolocation({"latitude": 11.0914, "longitude": 106.799, "accuracy": 25})
        expect(page.locator("#where")).to_contain_text("25 m", timeout=8000)
        wait_until(lambda: desk(stack, incident)["lat"] == pytest.approx(11.0914), lambda: desk(stack, incident))


def test_the_prepared_text_message_says_where_and_to_whom(browser: Browser, stack: Stack) -> None:
    with context(browser, PHONE) as phone:
        page = open_page(phone, stack)
        phone.set_offline(True)
        hold(page, "#sos")
        page.click("[data-kind=domestic_violence]")
        expect(page.locator("#sms")).to_be_visible(timeout=6000)
        expect(page.locator("#sms-none")).to_be_visible()  # the sample ward has no number of its own
        link = page.evaluate("decodeURIComponent(document.getElementById('sms').href)")
        assert link.startswith("sms:?body=SOS. Bao luc gia dinh. Vi tri: 11.09140,106.79900. Ma: ")


def test_without_javascript_or_with_broken_javascript_the_numbers_are_there(browser: Browser, stack: Stack) -> None:
    with browser.new_context(java_script_enabled=False) as phone:
        page = phone.new_page()
        page.goto(f"{stack.base}/sos")
        expect(page.locator("noscript p")).to_be_visible()
        expect(page.locator("#sos")).to_be_hidden()
        expect(page.locator("nav a[href='tel:113']")).to_have_text("113Công an")
    with browser.new_context() as phone:
        page = phone.new_page()
        page.route("**/assets/*.js", lambda route: route.abort())
        page.goto(f"{stack.base}/sos")
        expect(page.locator("#hold-label")).to_contain_text("hãy gọi 113")


def test_an_error_while_drawing_does_not_keep_the_sos_from_leaving(phone: BrowserContext, stack: Stack) -> None:
    page = open_page(phone, stack)
    page.evaluate("document.getElementById('elapsed').remove()")
    hold(page, "#sos")
    expect(page.locator("#trouble")).to_be_visible()
    incident = page.evaluate(f"{SAVED}.body.press_id")
    wait_until(lambda: stack.call("GET", f"/api/incidents/{incident}", token=stack.token("trucban"))[0] == 200, "not sent")
    assert desk(stack, incident)["state"] == "received"


def test_it_can_be_installed(browser: Browser, stack: Stack) -> None:
    with context(browser, DESKTOP) as phone:
        page = phone.new_page()
        page.goto(f"{stack.base}/sos")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        tools = phone.new_cdp_session(page)
        missing = [e["errorId"] for e in tools.send("Page.getInstallabilityErrors")["installabilityErrors"]]
        assert [e for e in missing if e != "in-incognito"] == []


def test_a_server_that_dies_between_press_and_answer_and_while_waiting(phone: BrowserContext, own_stack: Stack) -> None:
    page = open_page(phone, own_stack)
    own_stack.kill("live")
    hold(page, "#sos")
    expect(page.locator("#steps li.done").first).to_be_attached(timeout=30_000)
    incident = page.evaluate(f"{SAVED}.body.press_id")
    own_stack.kill("live")
    own_stack.wait_ready()
    desk(own_stack, incident, "/acknowledge", {})
    expect(page.locator("#line-text")).to_contain_text("TIẾP NHẬN", timeout=15_000)
    assert waiting(own_stack) == 0
