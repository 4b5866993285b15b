import { expect, it } from "vitest";
import { QUIET, hush } from "../../../src/sos/desk/alarm";
import { SHOWN, type DeskQueue } from "../../../src/sos/desk/desk-queue";
import "../../../src/sos/desk/desk-queue";
import { incident } from "./make";
import { mount, text } from "./mount";

const row = (id: string) => ({ incident: incident({ id }), assignments: [], asOf: 1, touched: 1 });

it("says plainly that nothing waits", async () =>
  expect(text(await mount<DeskQueue>("desk-queue", { rows: [] }))).toContain("Không có vụ việc đang mở"));
it("draws no more cards than fit a burst and says how many more there are", async () => {
  const queue = await mount<DeskQueue>("desk-queue", {
    rows: Array.from({ length: SHOWN + 7 }, (_, n) => row(`i${n}`)),
  });
  expect(queue.querySelectorAll("desk-card")).toHaveLength(SHOWN);
  expect(text(queue)).toContain("và 7 vụ nữa");
});
it("counts down a hushed card", async () => {
  const queue = await mount<DeskQueue>("desk-queue", {
    rows: [row("i1")],
    alarm: hush(QUIET, incident(), "x", 0),
    now: 5000,
  });
  await queue.updateComplete;
  expect(text(queue)).toContain("Tạm im 10s");
});
