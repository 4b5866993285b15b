import { beforeEach, expect, it } from "vitest";
import type { Assignment, UnitShift } from "../../../src/contract/types";
import { forget, recall, remember } from "../../../src/sos/patrol/memory";

const shift = { id: "s1" } as UnitShift;
beforeEach(() => localStorage.clear());

it("knows the shift again, but not the one of yesterday, and nothing once it has ended", () => {
  remember({ at: 1000, shift, items: [], demo: true });
  expect(recall(2000)?.shift.id).toBe("s1");
  expect(recall(1000 + 15 * 3600_000)).toBeNull();
  forget();
  expect(recall(2000)).toBeNull();
});
it("keeps where to go, and no word of the person who needs help", () => {
  const task = {
    id: "a",
    note: "x",
    reason: "",
    incident: { lat: 11, lon: 106, note: "trốn trong bếp" },
  } as unknown as Assignment;
  remember({ at: 1000, shift, items: [task], demo: true });
  expect(localStorage.getItem("binhan-patrol-shift")).not.toContain("bếp");
  expect(recall(2000)!.items[0]!.incident).toEqual({ lat: 11, lon: 106, note: "" });
});
it("takes spoilt storage for none", () => {
  localStorage.setItem("binhan-patrol-shift", "{");
  expect(recall(0)).toBeNull();
});
