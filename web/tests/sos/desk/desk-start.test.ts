import { expect, it } from "vitest";
import type { DeskStart } from "../../../src/sos/desk/desk-start";
import "../../../src/sos/desk/desk-start";
import { mount, text, tick, told } from "./mount";

const me = { account: { display_name: "Trực ban Mẫu" } };
const ward = (id: number) => ({ ward_id: id, full_name: `Phường ${id}` });
function siren(voice: "blocked" | "none" = "blocked", unlocks = true) {
  const rung: number[] = [];
  return { voice, rung, unlock: async () => unlocks, ring: (v: number) => rung.push(v) };
}

it("opens the desk only after the alarm was really played and heard", async () => {
  const horn = siren();
  const start = await mount<DeskStart>("desk-start", { me, wards: [ward(1)], siren: horn });
  const heard = told<object>(start, "start");
  const yes = start.querySelector<HTMLButtonElement>("#hear-yes")!;
  expect(yes.disabled).toBe(true);
  start.querySelector<HTMLElement>("#play")!.click();
  await tick(5);
  expect(horn.rung.at(-1)).toBeGreaterThan(0);
  expect(yes.disabled).toBe(false);
  yes.click();
  expect(horn.rung.at(-1)).toBe(0);
  expect(heard).toEqual([{ ward: 1, seat: "desk" }]);
});
it("asks for the ward when there are several, and for the seat", async () => {
  const start = await mount<DeskStart>("desk-start", { me, wards: [ward(1), ward(2)], siren: siren() });
  const heard = told<object>(start, "start");
  const select = start.querySelector<HTMLSelectElement>("#ward")!;
  select.value = "2";
  select.dispatchEvent(new Event("change"));
  start.querySelectorAll<HTMLInputElement>('input[name="seat"]')[1]!.dispatchEvent(new Event("change"));
  start.querySelector<HTMLElement>("#play")!.click();
  await tick(5);
  start.querySelector<HTMLElement>("#hear-yes")!.click();
  expect(heard).toEqual([{ ward: 2, seat: "second" }]);
});
it("helps somebody who hears nothing, and refuses a machine without sound", async () => {
  const start = await mount<DeskStart>("desk-start", { me, wards: [ward(1)], siren: siren("blocked", false) });
  start.querySelector<HTMLElement>("#play")!.click();
  await tick(5);
  expect(text(start)).toContain("Kiểm tra: dây loa");
  expect(text(await mount<DeskStart>("desk-start", { me, wards: [ward(1)], siren: siren("none") }))).toContain(
    "không phát được âm thanh",
  );
});
