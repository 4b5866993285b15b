import { expect, test } from "vitest";
import { newId } from "../../src/kernel/ids";
import { clock, dayAndClock, span } from "../../src/kernel/time";
import { bearing, distanceM, metres } from "../../src/kernel/geo";

test("times are Vietnam's, whatever the machine's zone", () => {
  expect(clock("2026-11-24T17:00:05Z")).toBe("00:00:05");
  expect(dayAndClock("2026-12-31T17:30:00Z")).toBe("01/01/2027 00:30");
  expect([span(5), span(125), span(3725), span(-3)]).toEqual(["0:05", "2:05", "1:02:05", "0:00"]);
});

test("ids are UUIDs of version 7 that sort by time", () => {
  const ids = [1, 2, 3].map((n) => newId(1_700_000_000_000 + n));
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect([...ids].sort()).toEqual(ids);
  expect(parseInt(ids[0]!.replace("-", "").slice(0, 12), 16)).toBe(1_700_000_000_001);
});

test("distance, bearing and their words", () => {
  expect(distanceM(11, 106, 11.01, 106)).toBeCloseTo(1112, 0);
  expect(bearing(11, 106, 11, 106.1)).toBeCloseTo(90, 1);
  expect([metres(18.4), metres(1250)]).toEqual(["18 m", "1,3 km"]);
});
