import { expect, it } from "vitest";
import type { DeskCard } from "../../../src/sos/desk/desk-card";
import "../../../src/sos/desk/desk-card";
import { assignment, incident } from "./make";
import { mount, text, told } from "./mount";

const now = Date.parse("2026-11-24T05:00:12Z");
const card = (over = {}, tasks = [] as ReturnType<typeof assignment>[]) =>
  mount<DeskCard>("desk-card", { row: { incident: incident(over), assignments: tasks, asOf: 1, touched: 1 }, now });

it("says what, how long, where and how exactly", async () => {
  const words = text(await card());
  for (const part of ["P1", "An ninh, trật tự", "0:12", "±35 m, 12 giây trước", "còn 0:03", "0900000000"])
    expect(words).toContain(part);
});
it("shows a note as text, never as markup", async () => {
  const element = await card({ note: "<img src=x onerror=alert(1)>" });
  expect(element.querySelector("img")).toBeNull();
  expect(text(element)).toContain("<img src=x onerror=alert(1)>");
});
it("hides the number of a silent one and says not to call", async () => {
  const words = text(await card({ silent: true, may_ring_back: false }));
  expect(words).not.toContain("0900000000");
  expect(words).toContain("Không gọi lại");
});
it("marks cancel, duress, outside, drill, rung and repeats", async () => {
  const element = await card({
    cancel_requested_at: "2026-11-24T05:00:05Z",
    duress: true,
    outside: true,
    drill: true,
    level: 2,
    repeats: 3,
  });
  expect([...element.querySelectorAll(".tag")].map((e) => e.classList[1])).toEqual([
    "drill",
    "duress",
    "cancel",
    "outside",
    "level",
    "repeats",
  ]);
  expect(text(element)).toContain("vẫn phải kiểm tra");
});
it("is overdue in words, names its units, and is chosen by a click", async () => {
  const element = await card({ due_at: "2026-11-24T05:00:00Z" }, [assignment()]);
  expect(text(element)).toContain("quá hạn 0:12");
  expect(text(element)).toContain("Mẫu-01");
  const chosen = told<string>(element, "choose");
  element.querySelector("button")!.click();
  expect(chosen).toEqual(["i1"]);
});
