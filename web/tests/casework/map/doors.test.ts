import { describe, expect, it } from "vitest";
import type { DoorState } from "../../../src/casework/field/types";
import { beside, counts, doorAt, HIT_PX, locate, together, walks, type MapDoor } from "../../../src/casework/map/doors";
import { LOOKS, paintMark, svgOf, type Brush } from "../../../src/casework/map/marks";
import { STATES } from "../../../src/casework/map/doors";
import { barOf, fit, middleOf, moved, planeAt, toGround, toScreen, zoomed } from "../../../src/casework/map/plane";

const SIZE = { w: 390, h: 400 };
const door = (
  id: string,
  lat: number | null,
  lon: number | null,
  place = 0,
  state: DoorState = "not_yet",
): MapDoor => ({ id, lat, lon, state, label: `số ${id}`, place });
const DOORS = [
  door("a", 10.75, 106.7, 1),
  door("b", 10.7502, 106.7, 2),
  door("c", 10.7502, 106.7, 3, "reached"),
  door("d", 10.751, 106.701, 1),
  door("x", null, null, 2),
];
const plane = planeAt(middleOf(DOORS.filter((d) => d.lat !== null) as { lat: number; lon: number }[]));
const LOCATED = locate(DOORS, plane);
const VIEW = fit(LOCATED, SIZE);
const on = (id: string) =>
  toScreen(
    LOCATED.find((l) => l.door.id === id)!,
    VIEW,
    SIZE,
  );

describe("the plane", () => {
  it("keeps metres", () => {
    const a = plane({ lat: 10.75, lon: 106.7 });
    const b = plane({ lat: 10.751, lon: 106.7 });
    expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeCloseTo(111.2, 0);
  });
  it("shows every door with room around it", () => {
    for (const l of LOCATED) {
      const p = toScreen(l, VIEW, SIZE);
      expect(p.x).toBeGreaterThan(20);
      expect(p.x).toBeLessThan(370);
      expect(p.y).toBeGreaterThan(20);
      expect(p.y).toBeLessThan(380);
    }
  });
  it("zooms where the finger is, and no further than sense", () => {
    const at = { x: 40, y: 300 };
    const before = toGround(at, VIEW, SIZE);
    const near = zoomed(VIEW, 3, at, SIZE);
    const after = toGround(at, near, SIZE);
    expect([after.x, after.y]).toEqual([expect.closeTo(before.x, 6), expect.closeTo(before.y, 6)]);
    expect(zoomed(VIEW, 1e9, at, SIZE).scale).toBe(zoomed(VIEW, 1e12, at, SIZE).scale);
  });
  it("drags with the finger", () => {
    const p = toScreen({ x: 5, y: 5 }, VIEW, SIZE);
    const q = toScreen({ x: 5, y: 5 }, moved(VIEW, 30, -20), SIZE);
    expect([q.x - p.x, q.y - p.y]).toEqual([expect.closeTo(30, 6), expect.closeTo(-20, 6)]);
  });
  it.each([0.003, 0.05, 1, 11])("has a scale bar of round metres at %s", (scale) => {
    const { m, px } = barOf(scale);
    expect(String(m).replace(/[.0]/g, "")).toMatch(/^[125]$/);
    expect(px).toBeLessThanOrEqual(110);
    expect(px).toBeGreaterThan(35);
  });
  it("does not break without doors", () => expect(fit([], SIZE).scale).toBe(1));
});

describe("doors", () => {
  it("are hit within a fingertip and not beyond", () => {
    const p = on("a");
    expect(doorAt(LOCATED, { x: p.x + HIT_PX - 1, y: p.y }, VIEW, SIZE, null)?.id).toBe("a");
    expect(doorAt(LOCATED, { x: p.x + HIT_PX + 1, y: p.y + HIT_PX }, VIEW, SIZE, null)).toBeNull();
    expect(HIT_PX * 2).toBeGreaterThanOrEqual(48);
  });
  it("at one spot come up one after the other", () => {
    const p = on("b");
    const press = (before: string | null) => doorAt(LOCATED, p, VIEW, SIZE, before)!.id;
    expect([press(null), press("b"), press("c"), press("a")]).toEqual(["b", "c", "b", "b"]);
    expect([together(DOORS, "b"), together(DOORS, "a"), together(DOORS, "x"), together(DOORS, null)]).toEqual([
      2, 1, 0, 0,
    ]);
  });
  it("make a walk of their own where the numbers start anew", () =>
    expect(walks(LOCATED).map((w) => w.map((l) => l.door.id))).toEqual([["a", "b", "c"], ["d"]]));
  it("follow each other by keys, ends included", () => {
    expect([
      beside(DOORS, null, 1)?.id,
      beside(DOORS, null, -1)?.id,
      beside(DOORS, "a", 1)?.id,
      beside(DOORS, "a", -1)?.id,
      beside(DOORS, "x", 1)?.id,
    ]).toEqual(["a", "x", "b", "a", "x"]);
    expect(beside([], null, 1)).toBeNull();
  });
  it("are counted by state", () => expect(counts(DOORS)).toMatchObject({ not_yet: 4, reached: 1, refused: 0 }));
});

const luminance = (hex: string) => {
  const [r, g, b] = [1, 3, 5]
    .map((n) => parseInt(hex.slice(n, n + 2), 16) / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
};
const contrast = (a: string, b: string) => {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (hi! + 0.05) / (lo! + 0.05);
};

describe("marks", () => {
  it("differ in shape, not only in colour", () =>
    expect(new Set(STATES.map((s) => svgOf(s).outline)).size).toBe(STATES.length));
  it.each(STATES)("%s is seen in the sun", (state) => {
    expect(contrast(LOOKS[state].line, "#ffffff")).toBeGreaterThan(7);
    expect(contrast(LOOKS[state].sign, LOOKS[state].fill)).toBeGreaterThan(4.5);
  });
  it("leave the sign away where it could not be read", () => {
    const strokes = (r: number) => {
      let n = 0;
      const brush = {
        beginPath() {},
        moveTo() {},
        lineTo() {},
        closePath() {},
        fill() {},
        stroke: () => void n++,
      } as unknown as Brush;
      paintMark(brush, "reached", 0, 0, r);
      return n;
    };
    expect([strokes(3.5), strokes(10)]).toEqual([1, 2]);
  });
});
