"""Everything goes wrong on a team's phone – no network, a killed page, a dead battery, storage cleared or full, wrong PINs,
somebody else's correction, a wipe – and nothing that was typed is lost, doubled, or sent under another's name."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from binhan.kernel.ids import new_id
from tests.e2e.browser import DESKTOP, PHONE, chromium, context, sign_in
from tests.e2e.test_a_walk_from_door_to_door import PIN, WRITTEN, press
from tests.e2e.walkers import (
    FILL,
    LATER,
    ONE,
    OTHER_PIN,
    ROOM_AGAIN,
    ROWS,
    TWO,
    at_work,
    correct,
    exchange,
    finish,
    join,
    kill,
    lock,
    network,
    new_page,
    new_vault,
    newest,
    next_door,
    phone_in,
    say,
    storage,
    unlock,
    wipe,
)
from tests.support.field_phone import FieldPhone
from tests.support.stack import Stack

Door = dict[str, Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def mark() -> str:
    """Stands in the words of this try alone."""
    return new_id().hex[-4:].upper()


@pytest.fixture(scope="module")
def door_at_ward(stack: Stack) -> Callable[[str], Door]:
    """A door as the ward has it, told to a third phone."""
    phone = FieldPhone(stack, "mattran").register()
    turf = min(phone.offers(), key=lambda o: int(o["number"]))["id"]

    def look(key: str) -> Door:
        assert phone.sync([turf])
        return phone.of("door")[key]
    return look


def heard(stack: Stack, words: str) -> int:
    """How often the ward has these words."""
    items = stack.call("GET", "/api/issues?limit=500", token=stack.token("tothanhvien1"))[1]["items"]
    return [i["words"] for i in items].count(words)


def test_half_a_word_outlives_a_killed_page_and_a_visit_a_dead_battery(
        browser: Browser, stack: Stack, mark: str, tmp_path: Path, door_at_ward: Callable[[str], Door]) -> None:
    with phone_in(tmp_path, browser) as its:
        page = at_work(its, stack)
        network(its, False)
        door = next_door(page)
        correct(page, door, "cổng xanh")
        page.locator(".outcomes .met").click()
        say(page, "report", f"Đèn hẻm {mark} hỏng từ Tết")
        say(page, "request", f"{mark}: xin thêm thùng rác ở đầu hẻ")
        page.evaluate(WRITTEN)
        with page.expect_event("crash"):
            kill(tmp_path, only_pages=True)
        page.close()

        page = new_page(its)
        page.goto(f"{stack.base}/field#/visit/{door}")
        unlock(page, ONE)
        expect(page.locator(".issue .head small").first).to_have_text(f"Đèn hẻm {mark} hỏng từ Tết")
        page.locator(".issue .head").last.click()
        words = page.locator(".issue.open textarea").first
        expect(words).to_have_value(f"{mark}: xin thêm thùng rác ở đầu hẻ")
        words.press("End")
        words.press_sequentially("m")
        finish(page)
        expect(page.locator(".sync")).to_contain_text("Còn 4 mục chưa gửi")
        kill(tmp_path, only_pages=False)
    with phone_in(tmp_path, browser) as its:
        its.set_offline(True)
        page = new_page(its)
        page.goto(f"{stack.base}/field")
        network(its, False)
        expect(page.locator(".member")).to_contain_text("Còn 4 mục chưa gửi")
        unlock(page, ONE)
        expect(page.locator(".sync")).to_contain_text("Còn 4 mục chưa gửi")
        assert (heard(stack, f"Đèn hẻm {mark} hỏng từ Tết"), door_at_ward(door)["state"]) == (0, "not_yet")
        network(its, True)
        exchange(page)
        exchange(page)
        expect(page.locator(".sync")).to_contain_text("Đã gửi hết")
    assert [heard(stack, w) for w in (f"Đèn hẻm {mark} hỏng từ Tết", f"{mark}: xin thêm thùng rác ở đầu hẻm")] == [1, 1]
    assert (door_at_ward(door)["state"], door_at_ward(door)["landmark"]) == ("reached", "cổng xanh")


def test_a_phone_whose_storage_was_cleared_has_everything_again_and_doubles_nothing(
        browser: Browser, stack: Stack, mark: str, door_at_ward: Callable[[str], Door]) -> None:
    its = context(browser, PHONE)
    page = at_work(its, stack, "tothanhvien2")
    door = next_door(page)
    page.locator(".outcomes .met").click()
    say(page, "praise", f"Tổ dân phố nhiệt tình {mark}")
    finish(page)
    exchange(page)
    expect(page.locator(".sync")).to_contain_text("Đã gửi hết")
    before = door_at_ward(door)
    storage(page, stack, "clearDataForOrigin", storageTypes="indexeddb,cookies")
    page.goto(f"{stack.base}/field")
    page.get_by_role("link", name="Đăng nhập").click()
    sign_in(page, stack, "tothanhvien2", "/field")
    new_vault(page, OTHER_PIN)
    page.evaluate("(door) => { location.hash = `#/door/${door}`; }", door)
    expect(page.locator(".facts")).to_contain_text("đã gặp")
    exchange(page)
    expect(page.locator(".sync")).to_contain_text("Đã gửi hết")
    assert (before["state"], door_at_ward(door), heard(stack, f"Tổ dân phố nhiệt tình {mark}")) == ("reached", before, 1)


def both_write(page: Page, mark: str) -> dict[str, str]:
    """A visit of each, without a network: who → their door."""
    doors = {}
    for who, pin, sight in ((TWO, OTHER_PIN, "giàn hoa giấy"), (ONE, PIN, "cột điện số 7")):
        if who == ONE:
            lock(page)
            unlock(page, who, pin)
            page.evaluate("location.hash = '#/today'")
        doors[who] = next_door(page)
        if who == ONE:  # the other's work is not on this list: another door
            page.get_by_text("Bỏ qua, tới").click()
            doors[who] = str(page.evaluate("location.hash.split('/')[2]"))
        correct(page, doors[who], sight)
        page.locator(".outcomes .met").click()
        say(page, "report", f"Chuyện của {sight} {mark}")
        finish(page)
        expect(page.locator(".sync")).to_contain_text("Còn 3 mục chưa gửi")
    lock(page)
    return doors


def ten_wrong_pins(page: Page, who: str) -> None:
    """For one member, with the waiting in between."""
    page.locator(".member", has_text=who).click()
    for tries in range(1, 10):
        press(page, "000111")
        expect(page.get_by_role("alert")).to_contain_text(f"òn {10 - tries} lần")
        page.evaluate("later(16 * 60_000)")
        expect(page.locator(".pad button").first).to_be_enabled()
    press(page, "000111")
    expect(page.get_by_role("alert")).to_contain_text(f"Đã xóa phần của {who}")


def test_two_members_of_one_phone_and_ten_wrong_pins_for_one_of_them(
        browser: Browser, stack: Stack, mark: str, door_at_ward: Callable[[str], Door]) -> None:
    its = context(browser, PHONE)
    its.add_init_script(LATER)
    page = at_work(its, stack)
    join(page, stack, "tothanhvien2")
    network(its, False)
    doors = both_write(page, mark)
    network(its, True)
    unlock(page, TWO, OTHER_PIN)
    exchange(page)
    expect(page.locator(".sync")).to_contain_text("Đã gửi hết")
    assert door_at_ward(doors[TWO])["facts"]["landmark"]["by"] == TWO
    assert (door_at_ward(doors[ONE])["state"], heard(stack, f"Chuyện của cột điện số 7 {mark}")) == ("not_yet", 0)
    lock(page)
    unlock(page, ONE)
    exchange(page)
    expect(page.locator(".sync")).to_contain_text("Đã gửi hết")
    assert door_at_ward(doors[ONE])["facts"]["landmark"]["by"] == ONE
    assert [heard(stack, f"Chuyện của {m} {mark}") for m in ("giàn hoa giấy", "cột điện số 7")] == [1, 1]

    network(its, False)
    next_door(page)
    page.locator(".outcomes .met").click()
    say(page, "report", "Chưa gửi")
    lock(page)
    ten_wrong_pins(page, TWO)
    assert page.locator(".member").all_inner_texts()[0].startswith(ONE) and page.locator(".member").count() == 1
    unlock(page, ONE)
    page.locator("button.next").click()
    page.locator(".outcomes .met").click()
    expect(page.locator(".issue")).to_contain_text("Chưa gửi")


def test_two_phones_correct_the_same_door_and_both_words_stand(
        browser: Browser, stack: Stack, mark: str, door_at_ward: Callable[[str], Door]) -> None:
    phones = [at_work(context(browser, PHONE), stack, login) for login in ("tothanhvien1", "tothanhvien2")]
    for page in phones:
        network(page.context, False)
    door = next_door(phones[0])
    for page, sight in zip(phones, (f"hàng dừa {mark}", "quán nước"), strict=True):
        correct(page, door, sight)
        page.get_by_text("Gửi sửa đổi ngay").click()
        expect(page.locator(".sync")).to_contain_text("Còn 1 mục chưa gửi")
    for page in phones:
        network(page.context, True)
        exchange(page)
    second = phones[1]
    expect(second.locator(".sync")).to_contain_text("1 việc cần bạn xem")
    second.locator(".sync").click()
    card = second.locator("article.mend")
    expect(card).to_contain_text("quán nước")
    expect(card).to_contain_text(f"hàng dừa {mark}")
    office = new_page(context(browser, DESKTOP))
    sign_in(office, stack, "chihuy", "/office/conflicts/")
    shown = office.locator("article", has_text=f"hàng dừa {mark}")
    expect(shown.locator(".side")).to_contain_text([f"hàng dừa {mark}", "quán nước"])
    expect(shown.locator(".side")).to_contain_text([ONE, TWO])
    card.get_by_text("Giữ cả hai").click()
    expect(second.locator("main")).to_contain_text("Không còn việc nào")
    for page in reversed(phones):
        exchange(page)
        page.evaluate("(door) => { location.hash = `#/door/${door}`; }", door)
        expect(page.locator(".facts")).to_contain_text(f"hàng dừa {mark}; quán nước")
    assert door_at_ward(door)["landmark"] == f"hàng dừa {mark}; quán nước"
    office.reload()
    expect(office.locator("article", has_text=f"hàng dừa {mark}")).to_have_count(0)


def test_a_full_phone_keeps_what_is_typed_and_says_so(browser: Browser, stack: Stack) -> None:
    its = context(browser, PHONE)
    its.add_init_script(LATER)
    owner = storage(new_page(its), stack, "overrideQuotaForOrigin", quotaSize=30_000_000)
    page = at_work(its, stack)
    network(its, False)
    door = next_door(page)
    page.locator(".outcomes .met").click()
    say(page, "report", "Trước khi đầy")
    page.evaluate(FILL)
    words = page.locator(".issue.open textarea").first
    words.press_sequentially(" và sau khi đầy", delay=10)
    expect(page.get_by_role("alert")).to_contain_text("Bộ nhớ máy đã đầy")
    expect(words).to_have_value("Trước khi đầy và sau khi đầy")
    owner.send("Storage.overrideQuotaForOrigin", {"origin": stack.base})
    page.evaluate("later(6_000)")  # the list is put back once there is room, but not at every keystroke
    words.press_sequentially("!")
    page.evaluate(WRITTEN)
    page.wait_for_function(ROOM_AGAIN)
    page.goto(f"{stack.base}/field#/visit/{door}")
    page.reload()
    unlock(page, ONE)
    expect(page.locator(".issue")).to_contain_text("Trước khi đầy và sau khi đầy!")


def test_a_wipe_of_one_member_leaves_the_other_on_the_same_phone(browser: Browser, stack: Stack) -> None:
    its = context(browser, PHONE)
    page = at_work(its, stack)
    join(page, stack, "tothanhvien2")
    lost, kept = (newest(stack, who) for who in (ONE, TWO))
    lock(page)
    network(its, False)
    for who, pin in ((ONE, PIN), (TWO, OTHER_PIN)):
        unlock(page, who, pin)
        next_door(page)
        page.locator(".outcomes .met").click()
        finish(page)
        expect(page.locator(".sync")).to_contain_text("Còn 1 mục chưa gửi")
        lock(page)
    office = new_page(context(browser, DESKTOP))
    sign_in(office, stack, "chihuy", "/office/phones/")
    wipe(office, lost)
    its.set_offline(False)
    expect(page.get_by_role("alert")).to_contain_text("Theo yêu cầu của phường")
    expect(page.locator(".member")).to_have_count(1)
    expect(page.locator(".member")).to_contain_text(TWO)
    office.reload()
    expect(office.locator(f"#p-{lost} + dl")).to_contain_text("Chưa gửi khi xóa\n1", use_inner_text=True)
    unlock(page, TWO, OTHER_PIN)
    exchange(page)
    expect(page.locator(".sync")).to_contain_text("Đã gửi hết")
    wipe(office, kept)
    page.get_by_role("button", name="Gửi và nhận ngay").click()
    expect(page.get_by_role("alert")).to_contain_text("Theo yêu cầu của phường")
    expect(page.locator(".member")).to_have_count(0)
    assert page.evaluate(ROWS) == 0, "nothing of either is left on the phone"

