"""Thirty questions at a door, in a real browser on a small phone, with the network really off."""
from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from binhan.casework.forms.imports.convert import load_form
from binhan.casework.forms.rules.shape import judge, shape_of
from tests.e2e.browser import chromium, context
from tests.support.questionnaires import plain, small, thirty
from tests.support.stack import Stack

SMALL_PHONE = {"width": 320, "height": 640}
OPEN = """([xml, value, lang]) => {
  document.querySelector("field-form")?.remove();
  window.said = [];
  const form = Object.assign(document.createElement("field-form"), { xml, value, lang });
  form.addEventListener("change", (e) => window.said.push(e.detail));
  document.body.replaceChildren(form);
}"""

LOAD = """([part, sheet]) => new Promise((loaded, failed) => {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: sheet, onerror: failed });
  link.onload = () => import(part).then(() => loaded(true), failed);
  document.head.append(link);
})"""
LOW_TARGETS = """[...document.querySelectorAll("field-form button, field-form select, field-form .option, "
        + "field-form input:not([type=checkbox]):not([type=radio])")].filter((e) => e.offsetParent
        && e.getBoundingClientRect().height < 47.5).length"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def opened(browser: Browser, stack: Stack) -> Page:
    """The field app's own page and rules, kept by the service worker, then without a network."""
    page = context(browser, SMALL_PHONE).new_page()
    page.goto(f"{stack.base}/field")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    worker = page.evaluate("fetch('/sw.js').then((answer) => answer.text())")
    part, sheet = (re.findall(rf'/assets/field-form-[^"]+[.]{kind}', worker)[0] for kind in ("js", "css"))
    kept = """async (part) => { for (let n = 0; n < 300; n++) { for (const name of await caches.keys())
        if (name.startsWith("field-") && await (await caches.open(name)).match("/field")
            && await (await caches.open(name)).match(part)) return true;
        await new Promise((r) => setTimeout(r, 100)); } return false; }"""
    assert page.evaluate(kept, part), "the questionnaire's part is kept on the phone"
    page.context.set_offline(True)
    page.reload()  # what opens now comes from the phone alone
    page.evaluate(LOAD, [part, sheet])
    return page


def last(page: Page) -> dict[str, object]:
    said: dict[str, object] = page.evaluate("window.said.at(-1)")
    return said


def test_thirty_questions_without_a_network(browser: Browser, stack: Stack) -> None:
    page = opened(browser, stack)
    xml = load_form(thirty(), "x.xlsx").xml
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.evaluate(OPEN, [xml, "", "vi"])
    people = page.get_by_label("Mấy người ở đây?")
    expect(page.get_by_label("Có", exact=True)).to_have_count(1)
    expect(people).to_have_count(0)  # nothing but the first question is asked before it is answered
    assert page.evaluate("window.said.length") == 0

    page.get_by_label("Có", exact=True).first.check()
    expect(people).to_be_visible()
    expect(page.locator("field-form .q:visible")).to_have_count(29 + 1)  # 30 questions less the loan's, and the language
    people.fill("77")
    expect(page.get_by_role("alert").filter(has_text="Từ 1 đến 30 người.")).to_be_visible()
    assert last(page)["valid"] is False
    people.fill("4")
    expect(page.get_by_role("alert").filter(has_text="Từ 1 đến 30 người.")).to_have_count(0)

    page.get_by_label("Diện tích (m²)").press_sequentially("18.5")
    expect(page.get_by_text("Mỗi người 4.625 m²")).to_be_visible()
    expect(page.get_by_label("Vay để làm gì?")).to_have_count(0)
    page.get_by_label("Vay vốn").first.check()
    page.get_by_label("Vay để làm gì?").fill("mua xe")
    page.get_by_role("button", name="Lấy vị trí của tôi").click()
    expect(page.get_by_text("Đã lấy, sai số khoảng 12 m")).to_be_visible()
    page.get_by_role("button", name="Thêm: Trẻ em").click()
    page.get_by_label("Học lớp mấy").last.fill("5")
    page.get_by_label("4", exact=True).check()
    page.get_by_role("button", name="Đưa lên: Khám bệnh").click()
    page.get_by_label("Đã xem").check()

    said = last(page)
    assert (said["valid"], said["missing"]) == (True, [])
    values, wrong = judge(shape_of(xml), str(said["xml"]))
    assert wrong is None, "what the phone writes, the server takes"
    assert {k: v for k, v in values.items() if not k.startswith("meta/")} == {
        "agree": "yes", "home/people": "4", "home/needs": "loan", "home/loan_for": "mua xe", "home/area": "18.5",
        "home/each": "4.625", "home/spot": "11.0914 106.799 0.0 12.0", "home/read": "OK", "home/child[2]/grade": "5",
        "roads": "4", "order": "job health loan"}
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL_PHONE["width"]
    assert page.evaluate(LOW_TARGETS) == 0, "every target is 48 px high"

    page.evaluate(OPEN, [xml, said["xml"], "en"])  # the next day, in the other language
    expect(page.get_by_label("A loan for what?")).to_have_value("mua xe")
    expect(page.get_by_label("Grade").last).to_have_value("5")
    assert last(page)["xml"] == said["xml"]
    assert not faults


def test_answers_to_another_form_are_not_overwritten(browser: Browser, stack: Stack) -> None:
    page = opened(browser, stack)
    page.evaluate(OPEN, [load_form(thirty(), "x.xlsx").xml, '<data id="nhu_cau" version="1"><needs>yes</needs></data>',
                         "vi"])
    expect(page.get_by_role("alert")).to_contain_text("bản khác của phiếu")
    assert page.evaluate("window.said.length") == 0
    page.get_by_role("button", name="Làm lại phiếu từ đầu").click()
    expect(page.get_by_label("Có", exact=True).first).to_be_visible()


def test_every_form_of_the_small_sibling_opens(browser: Browser, stack: Stack) -> None:
    page = opened(browser, stack)
    page.evaluate(OPEN, [load_form(small(), "x.xlsx").xml, "", "vi"])
    page.get_by_label("Có", exact=True).check()
    page.get_by_label("Tuổi").fill("abc")
    expect(page.get_by_role("alert").filter(has_text="Hãy nhập một số.")).to_be_visible()
    page.get_by_label("Tuổi").fill("7")
    assert last(page)["valid"] is True


def test_a_form_without_translations_opens(browser: Browser, stack: Stack) -> None:
    page = opened(browser, stack)
    xml = load_form(plain(), "x.xlsx").xml
    page.evaluate(OPEN, [xml, "", "vi"])
    page.get_by_label("Mấy người ở đây?").fill("4")
    page.get_by_label("Có", exact=True).check()
    assert last(page)["valid"] is True
    values, wrong = judge(shape_of(xml), str(last(page)["xml"]))
    assert (values.pop("meta/instanceID", None) is not None, values, wrong) == (True, {"needs": "yes", "people": "4"}, None)
    page.evaluate("document.querySelector('field-form').lang = 'en'")  # the screen's language; the form has but its own
    expect(page.get_by_label("Mấy người ở đây?")).to_have_value("4")
