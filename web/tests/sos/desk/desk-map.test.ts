import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DeskMap } from "../../../src/sos/desk/map/desk-map";
import "../../../src/sos/desk/map/desk-map";
import type { DeskSvgMap } from "../../../src/sos/desk/map/desk-svg-map";
import { boxOf, circle, layers, lookM, plane, unitMarks, unplane, type Scene } from "../../../src/sos/desk/map/ground";
import { distanceM } from "../../../src/kernel/geo";
import { incident, snapshot, unit } from "./make";
import { mount, text, tick, told } from "./mount";

const NOW = Date.parse("2026-11-24T05:00:05Z");
const scene = (over: Partial<Scene> = {}): Scene => ({
  ward: snapshot().ward,
  incidents: [incident()],
  units: [unit()],
  places: [],
  chosen: null,
  picked: null,
  now: NOW,
  ...over,
});

const outline = {
  features: [
    {
      geometry: {
        type: "Polygon",
        coordinates: [
          [
            [105, 20],
            [107, 20],
            [106, 21],
            [105, 20],
          ],
        ],
      },
    },
  ],
};
beforeEach(() =>
  vi.stubGlobal(
    "fetch",
    async () => new Response(JSON.stringify(outline), { headers: { "content-type": "application/json" } }),
  ),
);
afterEach(() => vi.unstubAllGlobals());

describe("the ground", () => {
  it("draws a circle of so many metres", () => {
    const centre = { lat: 11.09, lon: 106.8 };
    for (const [lon, lat] of circle(centre, 35))
      expect(distanceM(centre.lat, centre.lon, lat!, lon!)).toBeCloseTo(35, 0);
  });
  it("goes to metres and back", () => {
    const box = boxOf(scene());
    const [x, y] = plane(box)(11.07, 106.83);
    expect(unplane(box)(x, y).lat).toBeCloseTo(11.07, 9);
    expect(unplane(box)(x, y).lon).toBeCloseTo(106.83, 9);
  });
  it("ages the units: fresh, grey after 30 s, hollow after 60 s; nobody off shift", () => {
    const at = (s: number) => unitMarks([unit()], NOW + s * 1000)[0]!.fresh;
    expect([at(10), at(31), at(61)]).toEqual(["fresh", "stale", "lost"]);
    expect(unitMarks([unit({ on_shift: false }), unit({ lat: null })], NOW)).toEqual([]);
    expect(unitMarks([unit({ speed_mps: 0 })], NOW)[0]!.heading).toBeNull();
  });
  it("looks as far as the accuracy and the nearest fresh unit", () => {
    expect(lookM(incident({ accuracy_m: 2000 }), { units: [], now: NOW })).toBe(5000);
    expect(lookM(incident(), { units: [], now: NOW })).toBe(500);
    expect(lookM(incident(), scene())).toBeGreaterThan(1000);
  });
  it("leaves incidents without a position off the map", () => {
    expect(layers(scene({ incidents: [incident({ lat: null, lon: null })] })).circles.features).toEqual([]);
    expect(layers(scene()).ward.features).toHaveLength(1);
  });
});
describe("desk-svg-map", () => {
  it("has the same layers: ward, accuracy, units with call signs, incidents", async () => {
    const map = await mount<DeskSvgMap>("desk-svg-map", { scene: scene({ picked: { lat: 11.1, lon: 106.8 } }) });
    for (const part of [".ward", ".circle", ".unit-mark", ".incident-mark", ".picked"])
      expect(map.querySelector(part), part).not.toBeNull();
    expect(text(map.querySelector(".unit-mark"))).toBe("Mẫu-01");
  });
  it("is clicked for a point, and zooms by button", async () => {
    const map = await mount<DeskSvgMap>("desk-svg-map", { scene: scene() });
    const heard = told<{ lat: number; lon: number }>(map, "pick");
    const svg = map.querySelector("svg")!;
    svg.dispatchEvent(new MouseEvent("pointerdown", { clientX: 0, clientY: 0, bubbles: true }));
    svg.dispatchEvent(new MouseEvent("pointerup", { clientX: 0, clientY: 0, bubbles: true }));
    expect(heard[0]!.lat).toBeCloseTo(11.1, 3);
    const before = svg.getAttribute("viewBox");
    map.querySelector("button")!.click();
    await map.updateComplete;
    expect(svg.getAttribute("viewBox")).not.toBe(before);
  });
  it("goes to the chosen incident", async () => {
    const map = await mount<DeskSvgMap>("desk-svg-map", { scene: scene({ chosen: "i1" }) });
    expect(Number(map.querySelector("svg")!.getAttribute("viewBox")!.split(" ")[2])).toBeLessThan(10_000);
  });
});
describe("desk-map", () => {
  const load = (fail: boolean) => async () => {
    if (fail) throw new Error("no bundle");
    return {
      LargeMap: class {
        draw() {}
        remove() {}
        whole() {}
      },
    } as never;
  };
  it("fetches the large map only after the queue is live", async () => {
    let fetched = 0;
    const map = await mount<DeskMap>("desk-map", {
      scene: scene(),
      able: () => true,
      load: async () => {
        fetched++;
        return await load(false)();
      },
    });
    await tick(20);
    expect(fetched).toBe(0);
    expect(map.querySelector("desk-svg-map")).not.toBeNull();
    map.live = true;
    await vi.waitFor(() => expect(map.mode).toBe("large"), 8000);
    expect(fetched).toBe(1);
    expect(map.querySelector("desk-svg-map")).toBeNull();
  });
  it("stays with the simple map without WebGL, and says so", async () => {
    const map = await mount<DeskMap>("desk-map", { scene: scene(), able: () => false, live: true });
    await map.updateComplete;
    expect(map.mode).toBe("none");
    expect(text(map)).toContain("không có WebGL");
    expect(map.querySelector("desk-svg-map")).not.toBeNull();
  });
  it("falls back when the bundle cannot be loaded", async () => {
    const map = await mount<DeskMap>("desk-map", { scene: scene(), able: () => true, load: load(true), live: true });
    await vi.waitFor(() => expect(map.mode).toBe("none"), 8000);
    expect(map.querySelector("desk-svg-map")).not.toBeNull();
  });
  it("names Hoàng Sa and Trường Sa", async () => {
    const map = await mount<DeskMap>("desk-map", { scene: scene(), able: () => false });
    await tick(5);
    expect(map.querySelector(".locator .land")?.getAttribute("d")).toContain("M3.500");
    expect(text(map.querySelector(".locator"))).toContain("Hoàng Sa");
    expect(text(map.querySelector(".locator"))).toContain("Trường Sa");
  });
});
