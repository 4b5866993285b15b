import { expect, it } from "vitest";
import type { CollapsedPress } from "../../../src/contract/types";
import { hush, isHushed, QUIET } from "../../../src/sos/desk/alarm";
import { applyEvent, EMPTY } from "../../../src/sos/desk/board";
import "../../../src/sos/desk/desk-presses";
import { setLanguage } from "../../../src/sos/desk/speech";
import { tagsOf } from "../../../src/sos/desk/tags";
import { event, incident } from "./make";
import { mount } from "./mount";

const press = (over: Partial<CollapsedPress> = {}): CollapsedPress => ({
  press_id: "p1",
  at: "2026-11-24T05:00:00Z",
  received_at: "2026-11-24T05:00:00Z",
  kind: "fire",
  kind_name: { vi: "Cháy", en: "Fire" },
  phone: "+84900000000",
  note: "<b>khói</b>",
  lat: 11.09,
  lon: 106.8,
  accuracy_m: 12,
  place_name: null,
  drill: false,
  cancelled: false,
  duress: false,
  may_ring_back: true,
  ...over,
});

it("lists each press with time, place, telephone and words, and takes one out", async () => {
  setLanguage("vi");
  const list = [press(), press({ press_id: "p2", lat: null, lon: null, duress: true, may_ring_back: false })];
  const el = await mount("desk-presses", { presses: list, total: 2 });
  const asked: string[] = [];
  el.addEventListener("split", (e) => asked.push((e as CustomEvent<string>).detail));
  const [one, other] = [...el.querySelectorAll("li")];
  for (const said of ["Cháy", "11.09000, 106.80000 ±12 m", "+84900000000", "<b>khói</b>"])
    expect(one!.textContent).toContain(said);
  expect(el.querySelector("h3")!.textContent).toBe("Nhiều tin từ một nguồn (2)");
  expect(other!.textContent).not.toContain("+84900000000");
  other!.querySelector("button")!.click();
  expect(asked).toEqual(["p2"]);
});

it("is one card that says how many, from its events alone; a machine cannot break a hush", () => {
  const raise = event(1, "raise", "i9", { priority: "P1", one_source: true });
  const said = [raise, event(2, "merge_press", "i9"), event(3, "merge_press", "i9"), event(4, "split_press", "i9")];
  const crowd = said.reduce((b, e) => applyEvent(b, e, 0), EMPTY).rows.get("i9")!.incident;
  expect(tagsOf(crowd).map((tag) => tag.text)).toContain("Nhiều tin từ một nguồn (1)");
  const quiet = hush(QUIET, crowd, "bộ đàm", 0);
  expect(isHushed(quiet, { ...crowd, repeats: 500 }, 1)).toBe(true);
  expect(isHushed(hush(QUIET, incident(), "x", 0), { ...incident(), repeats: 1 }, 1)).toBe(false);
});
