import { afterEach, expect, it, vi } from "vitest";
import { HOLD_MS, QUIET, sounding } from "../../../src/sos/desk/alarm";
import type { DeskAlarm } from "../../../src/sos/desk/desk-alarm";
import "../../../src/sos/desk/desk-alarm";
import { incident } from "./make";
import { mount, text, told } from "./mount";

afterEach(() => vi.useRealTimers());
const alarm = () =>
  mount<DeskAlarm>("desk-alarm", {
    first: incident({ level: 1 }),
    sound: sounding(QUIET, [incident({ level: 1 })], 0),
    now: Date.parse("2026-11-24T05:00:20Z"),
  });
const press = (e: Element, type: string) => e.dispatchEvent(new Event(type, { bubbles: true }));

it("is not there while all is calm", async () =>
  expect(text(await mount<DeskAlarm>("desk-alarm", { first: null }))).toBe(""));
it("counts, names and acknowledges", async () => {
  const band = await alarm();
  expect(text(band)).toContain("1 SOS CHƯA TIẾP NHẬN");
  expect(band.querySelector(".alarm")!.className).toContain("loud");
  const heard = told<string>(band, "acknowledge");
  band.querySelector<HTMLElement>(".ack")!.click();
  expect(heard).toEqual(["i1"]);
});
it("cannot be hushed by a click, without a reason, or by letting go early; only by holding two seconds", async () => {
  vi.useFakeTimers();
  const band = await alarm();
  const heard = told<{ id: string; reason: string }>(band, "hush");
  const hold = band.querySelector<HTMLButtonElement>(".hold")!;
  expect(hold.disabled).toBe(true);
  const select = band.querySelector("select")!;
  select.value = select.options[1]!.value;
  press(select, "change");
  await band.updateComplete;
  hold.click();
  press(hold, "pointerdown");
  vi.advanceTimersByTime(HOLD_MS - 100);
  press(hold, "pointerup");
  vi.advanceTimersByTime(HOLD_MS);
  expect(heard).toEqual([]);
  press(hold, "pointerdown");
  vi.advanceTimersByTime(HOLD_MS);
  expect(heard).toEqual([{ id: "i1", reason: "Đang nghe điện thoại" }]);
});
it("a double click acknowledges one incident, not the next one as well", async () => {
  const band = await alarm();
  const heard = told<string>(band, "acknowledge");
  for (const detail of [1, 2])
    band.querySelector(".ack")!.dispatchEvent(new MouseEvent("click", { detail, bubbles: true }));
  expect(heard).toHaveLength(1);
});
