import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { begin } from "../../../src/casework/field/draft";
import { Undo, UNDO_MS } from "../../../src/casework/field/undo";
import { door, session } from "./fake";

beforeEach(() => vi.useFakeTimers({ now: 1_800_000_000_000 }));
afterEach(() => vi.useRealTimers());

it("an outcome goes out after ten seconds, and not before", async () => {
  const s = session();
  const undo = new Undo(s);
  await undo.press(begin(s, door(1)), "not_home");
  await vi.advanceTimersByTimeAsync(UNDO_MS - 1);
  expect(s.finished).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(s.finished.map((d) => d.outcome)).toEqual(["not_home"]);
});
it("taken back, it leaves no trace, and what was typed before is there again", async () => {
  const s = session();
  const undo = new Undo(s);
  await s.keep({ ...begin(s, door(1)), edits: { landmark: "cổng xanh" } });
  await undo.press(begin(s, door(1)), "refused");
  await undo.undo();
  await vi.advanceTimersByTimeAsync(UNDO_MS * 2);
  expect(s.finished).toEqual([]);
  expect(s.draft(door(1))?.edits).toEqual({ landmark: "cổng xanh" });
});
it("a press at another door sends the first at once", async () => {
  const s = session();
  const undo = new Undo(s);
  await undo.press(begin(s, door(1)), "vacant");
  await undo.press(begin(s, door(2)), "moved");
  expect(s.finished.map((d) => d.dwelling)).toEqual([door(1)]);
});
it("a phone that died within the ten seconds sends it at the next start, once; a talk stays a draft", async () => {
  const s = session();
  const undo = new Undo(s);
  await undo.press(begin(s, door(1)), "not_home");
  await s.keep({ ...begin(s, door(2)), outcome: "met", note: "…" });
  const reborn = new Undo(s);
  await reborn.recover();
  await reborn.recover();
  expect(s.finished.map((d) => d.dwelling)).toEqual([door(1)]);
  expect(s.draft(door(2))?.note).toBe("…");
});
it("a vault closed within the ten seconds keeps it for its owner; who opens theirs next does not send it", async () => {
  const s = session();
  const undo = new Undo(s);
  await undo.press(begin(s, door(1)), "not_home");
  undo.forget();
  await vi.advanceTimersByTimeAsync(UNDO_MS * 2);
  expect(s.finished).toEqual([]);
  await undo.recover();
  expect(s.finished.map((d) => d.outcome)).toEqual(["not_home"]);
});
it("a correction of the door made within the ten seconds goes with it, and stays when it is taken back", async () => {
  const s = session();
  const undo = new Undo(s);
  // As the door's screen does.
  const correct = (landmark: string) => s.keep({ ...s.draft(door(1))!, edits: { landmark } });
  await undo.press(begin(s, door(1)), "not_home");
  await correct("cổng xanh");
  await undo.undo();
  expect(s.draft(door(1))).toMatchObject({ outcome: "", edits: { landmark: "cổng xanh" } });
  await undo.press({ ...begin(s, door(1)), edits: { landmark: "cổng xanh" } }, "not_home");
  await correct("cổng đỏ");
  await vi.advanceTimersByTimeAsync(UNDO_MS);
  expect(s.finished).toMatchObject([{ outcome: "not_home", edits: { landmark: "cổng đỏ" } }]);
});
