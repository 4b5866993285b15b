import { beforeEach, describe, expect, it, test } from "vitest";
import "../../../src/casework/field/gate";
import "../../../src/casework/field/turfs";
import { guessable } from "../../../src/casework/field/set-pin";
import { mount, text } from "../../sos/desk/mount";
import { button, FakeSession, session, settle, TURF } from "./fake";
import type { Offer } from "../../../src/casework/field/types";

let s: FakeSession;
beforeEach(() => {
  s = session();
  s.phase = "none";
  s.member = null;
});
const gate = () => mount("field-gate");
const enter = async (root: Element, pin: string) => {
  for (const digit of pin) button(root.querySelector(".pad")!, digit).click();
  await new Promise((done) => setTimeout(done, 150));
  await settle(root);
};

describe("a phone that nobody has used", () => {
  it("sends to the sign-in page, and back here", async () => {
    expect(button(await gate(), "Đăng nhập").getAttribute("href")).toBe("/account/login/?next=/field");
  });
  it("without a network says so instead", async () => {
    s.sync = { ...s.sync, online: false };
    expect(text(await gate())).toContain("Lần đầu cần có mạng");
  });
  it("signed in: says what ten wrong PINs do, takes it twice, refuses what is easily guessed", async () => {
    s.signedIn = { id: "m", name: "Nguyễn Văn An" };
    const root = await gate();
    expect(text(root)).toContain("Sai 10 lần liền");
    await enter(root, "123456");
    expect(text(root)).toContain("dễ đoán");
    await enter(root, "482915");
    await enter(root, "482916");
    expect(text(root)).toContain("không giống nhau");
    await enter(root, "482915");
    await enter(root, "482915");
    expect(s.asked).toEqual([["createVault", "482915"]]);
  });
});

describe("a shared phone", () => {
  beforeEach(() => {
    s.phase = "locked";
    s.members = [
      { id: "a", name: "Trần An", unsent: 3, lastAt: null },
      { id: "b", name: "Lê Bình", unsent: 0, lastAt: "2026-11-25T05:03:00Z" },
    ];
  });
  it("shows each member and how much of theirs waits, and opens with the PIN", async () => {
    const root = await gate();
    expect(text(button(root, "Trần An"))).toContain("Còn 3 mục chưa gửi – máy vẫn giữ");
    button(root, "Lê Bình").click();
    await settle(root);
    await enter(root, "000000");
    expect(text(root)).toContain("Còn 9 lần thử");
    await enter(root, "482915");
    expect(s.phase).toBe("open");
  });
  it("warns before the last tries, and says what was lost after them", async () => {
    s.left = 4;
    const root = await gate();
    button(root, "Lê Bình").click();
    await settle(root);
    await enter(root, "111111");
    expect(text(root)).toContain("Chỉ còn 3 lần");
    s.left = 1;
    await enter(root, "111111");
    expect(text(root)).toContain("Đã xóa phần của Lê Bình");
    expect(text(root)).toContain("Những gì đã gửi vẫn còn");
  });
  it("a forgotten PIN with something unsent is not thrown away", async () => {
    s.signedIn = { id: "a", name: "Trần An" };
    const root = await gate();
    button(root, "Trần An").click();
    await settle(root);
    expect(text(root)).toContain("chỉ mã PIN mở được");
    expect(text(root)).not.toContain("Đặt mã PIN mới");
  });
});

test("guessable", () =>
  expect(["111111", "123456", "654321", "482915", "121212"].map(guessable)).toEqual([true, true, true, false, false]));

describe("today's turfs", () => {
  const offer = (id: string, mine: boolean): Offer => ({
    id,
    number: 1,
    round: "r",
    round_name: "Đợt 1",
    area: `Khu ${id}`,
    team: "Tổ 2",
    group: 1,
    priority: 2,
    doors: 40,
    done: 3,
    length_m: 900,
    minutes: 130,
    mine,
    open: true,
  });
  it("mine come first, others only when asked for, and the choice goes to the session", async () => {
    s.phase = "open";
    s.turfs = [];
    s.offered = { items: [offer("x", false), offer(TURF, true)], budget: { documents: 2000, turfs: 3 } };
    const root = (await mount("field-turfs")) as unknown as HTMLElement;
    await settle(root);
    expect(text(root)).not.toContain("Khu x");
    button(root, "Khu").click();
    await settle(root);
    button(root, "Mang theo 40 căn").click();
    await settle(root);
    expect(s.asked).toContainEqual(["choose", [TURF]]);
  });
  it("too much is said plainly, with both numbers, and that the old list is still there", async () => {
    s.phase = "open";
    s.offered = { items: [offer(TURF, true)], budget: { documents: 2000, turfs: 3 } };
    const root = (await mount("field-turfs")) as unknown as HTMLElement;
    await settle(root);
    s.refuse = Object.assign(new Error(), { problem: { code: "over_budget", documents: 3120, budget: 2000 } });
    button(root, "Mang theo").click();
    await settle(root);
    expect(text(root)).toMatch(/3120 mục, máy chỉ mang được 2000.*Danh sách cũ vẫn còn nguyên/);
  });
});
