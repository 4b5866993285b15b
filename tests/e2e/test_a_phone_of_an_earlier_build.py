"""A phone is switched off with a day's unsent work and switched on in the evening, after the update: it opens with its PIN,
shows what it carries, sends everything once, and the sentence that was not finished is still there."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from binhan.site.environment import load
from tests.e2e.browser import PHONE, SLOW_MS, chromium, context
from tests.e2e.walkers import ONE, exchange, finish, lock, unlock
from tests.support.recorded_phone import phone_of_then, recorded, ward_of_then
from tests.support.stack import Stack

KNOWN = """() => { const { session } = document.querySelector("field-app"), { unsentItems, held } = session;
  return { items: unsentItems, held: held.map((h) => h.item),
  answers: held.map((h) => h.result.status), turfs: session.chosen(),
  doors: Object.fromEntries(session.all("door").map((d) => [d.id, d.body.landmark])) }; }"""
# Doors of which the phone still says more than the ward does.
CLAIMED = """() => { const { session } = document.querySelector("field-app");
  return session.all("door").map((d) => d.id)
    .filter((id) => session.claim("visit", id) || session.claim("edits", id)?.length); }"""
DAY = {"visit": 6, "issue": 2, "answers": 1, "edit": 1, "file": 1, "appointment": 1, "issue_verb": 1, "settle": 1}
# Rows that a kind of item makes, under the item's own id; and how many there are beside them: a visit and an issue that the
# ward had in the morning, the appointment that a visit makes which says when to come back.
MADE = {"visit": ("casework_visit", 1), "issue": ("casework_issue", 1), "answers": ("casework_answers", 0),
        "appointment": ("casework_appointment", 1), "file": ("files_file", 0)}
Items = list[dict[str, Any]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def ask(stack: Stack, question: str, *given: Any) -> list[tuple[Any, ...]]:
    """What the ward's database says."""
    env = load({"BINHAN_DATA_DIR": str(stack.folder), "BINHAN_PORT": str(stack.port)})
    with psycopg.connect(env.dsn("postgres")) as db:
        return db.execute(question, given).fetchall()  # type: ignore[arg-type]


def landmark(stack: Stack, door: str) -> str:
    """How the register says that a door is found."""
    return str(ask(stack, "SELECT landmark FROM casework_dwelling WHERE id = %s", door)[0][0])


def all_of(stack: Stack) -> dict[str, set[str]]:
    """The ids of everything that phones have made in this ward, by kind."""
    return {kind: {str(row[0]) for row in ask(stack, f"SELECT id FROM {table}")} for kind, (table, _) in MADE.items()}


def switched_on(browser: Browser, stack: Stack) -> Page:
    """The phone of then with the app of today, where there is no network."""
    page = phone_of_then(context(browser, PHONE), stack)
    page.set_default_timeout(SLOW_MS)
    page.route("**/api/**", lambda route: route.abort())
    page.goto(f"{stack.base}/field")
    return page


def arrived_once(stack: Stack, items: Items) -> None:
    """Each item has made its row, and nothing else was made."""
    for kind, ids in all_of(stack).items():
        sent = {i["id"] for i in items if i["kind"] == kind}
        assert sent <= ids, kind
        assert len(ids) == len(sent) + MADE[kind][1], kind
    body = {i["kind"]: i["body"] for i in items}
    assert landmark(stack, body["edit"]["dwelling"]) == "cổng xanh"
    conflict = body["settle"]["conflict"]
    assert ask(stack, "SELECT state, keep FROM casework_conflict WHERE id = %s", conflict) == [("settled", "b")]
    assert ask(stack, "SELECT state FROM casework_issue WHERE id = %s", body["issue_verb"]["issue"]) == [("told",)]
    assert ask(stack, "SELECT words FROM casework_issue WHERE words LIKE 'Đèn hẻm%%'") == [("Đèn hẻm hỏng từ Tết",)]
    assert ask(stack, "SELECT encode(sha256, 'hex') FROM files_file") == [(body["file"]["sha256"],)]


def test_a_days_work_of_an_earlier_build_arrives_once(browser: Browser, own_stack: Stack) -> None:
    ward_of_then(own_stack)
    page = switched_on(browser, own_stack)
    expect(page.locator(".member")).to_contain_text("Còn 16 mục chưa gửi")
    unlock(page, ONE)

    had = page.evaluate(KNOWN)
    assert Counter(i["kind"] for i in had["items"]) == DAY
    assert sorted(zip((i["kind"] for i in had["held"]), had["answers"], strict=True)) == [
        ("edit", "conflict"), ("visit", "wait")]
    assert (had["turfs"], len(had["doors"])) == (recorded("ward")["turfs"], 42)
    [edit] = [i["body"] for i in had["items"] if i["kind"] == "edit"]
    assert had["doors"][edit["dwelling"]] == "cổng xanh"  # shown corrected, though the ward has not heard of it
    expect(page.locator(".progress")).to_contain_text("gặp được 3")
    assert not any({i["id"] for i in had["items"]} & ids for ids in all_of(own_stack).values())

    page.unroute("**/api/**")
    exchange(page)
    expect(page.locator(".sync")).to_contain_text("1 việc cần bạn xem")  # the card of the two values
    work = [*had["items"], *(i for i in had["held"] if i["kind"] == "visit")]
    arrived_once(own_stack, work)

    lock(page)
    unlock(page, ONE)
    exchange(page)
    arrived_once(own_stack, work)
    assert page.evaluate(CLAIMED) == [had["held"][0]["body"]["dwelling"]]  # else the ward's own documents say it by now
    decided_and_finished(page, own_stack, had)


def decided_and_finished(page: Page, stack: Stack, had: dict[str, Any]) -> None:
    """The card is decided, and the sentence is written to its end."""
    [card] = [i for i in had["held"] if i["kind"] == "edit"]
    page.evaluate("location.hash = '#/mend'")
    page.get_by_text("Giữ của tôi, gửi lại").click()
    exchange(page)
    expect(page.locator(".sync")).to_contain_text("Đã gửi hết")
    assert landmark(stack, card["body"]["dwelling"]) == "giàn hoa giấy"

    begun = page.evaluate("""() => { const { session } = document.querySelector("field-app");
      return session.all("door").map((d) => session.draft(d.id)).filter(Boolean).map((d) => d.dwelling); }""")
    assert len(begun) == 1
    page.evaluate("(door) => { location.hash = `#/visit/${door}`; }", begun[0])
    page.locator(".issue .head").first.click()
    words = page.locator(".issue.open textarea").first
    expect(words).to_have_value("Xin thêm ghế đá ở công viê")
    words.press("End")
    words.press_sequentially("n")
    finish(page)
    exchange(page)
    expect(page.locator(".sync")).to_contain_text("Đã gửi hết")
    assert ask(stack, "SELECT count(*) FROM casework_issue WHERE words = 'Xin thêm ghế đá ở công viên'") == [(1,)]
