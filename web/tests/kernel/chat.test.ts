import { expect, test } from "vitest";
import { before, latest, type Lines } from "../../src/kernel/chat";

const lines = (from: number, to: number, older: string | null = `l${from}`): Lines<{ id: string }> => ({
  lines: Array.from({ length: to - from }, (_, n) => ({ id: `l${from + n}` })),
  older: from ? older : null,
});
const ids = (chat: Lines<{ id: string }>) => chat.lines.map((l) => l.id);

test("what was scrolled back to stays while new lines come, and the way further back stays right", () => {
  const kept = before(lines(50, 100), lines(0, 50));
  expect(kept.lines).toHaveLength(100);
  const now = latest(kept, lines(53, 103));
  expect(ids(now)).toEqual(ids(lines(0, 103)));
  expect(now.older).toBeNull();
});

test("a page that came twice changes nothing, and after a gap the newest lines stand alone", () => {
  const kept = before(lines(50, 100), lines(0, 50));
  expect(before(kept, lines(0, 50))).toBe(kept);
  expect(latest(kept, lines(200, 250))).toEqual(lines(200, 250));
  expect(latest({ lines: [], older: null }, lines(0, 2))).toEqual(lines(0, 2));
});
