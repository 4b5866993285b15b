import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PRESS } from "../../../src/i18n/press";
import { translator } from "../../../src/i18n";
import { Position } from "../../../src/sos/press/position";
import { answer, record, status } from "./make";

const t = translator(PRESS, "vi");
type Good = (p: { coords: { latitude: number; longitude: number; accuracy: number } }) => void;
type Bad = (e: { code: number }) => void;
let watchers: { good: Good; bad: Bad }[] = [];
let once: Good[] = [];
const coords = (accuracy: number) => ({ coords: { latitude: 11.09, longitude: 106.79, accuracy } });
const told: number[] = [];
const make = () =>
  new Position(
    (fix) => {
      told.push(fix.accuracy_m);
      return true;
    },
    () => undefined,
  );

beforeEach(() => {
  watchers = [];
  once = [];
  told.length = 0;
  vi.stubGlobal("navigator", {
    geolocation: {
      watchPosition: (good: Good, bad: Bad) => watchers.push({ good, bad }),
      getCurrentPosition: (good: Good) => once.push(good),
      clearWatch: () => undefined,
    },
  });
});
afterEach(() => vi.unstubAllGlobals());

test("waiting, found, with its accuracy; over: nothing", () => {
  const p = make();
  p.start();
  expect(p.words(record(), t)).toBe(t("whereWait"));
  watchers[0]!.good(coords(12));
  expect(p.words(record(), t)).toBe("Vị trí: sai số khoảng 12 m");
  expect(p.words(record({ status: status({ state: "closed" }) }), t)).toBe("");
  expect(told).toEqual([12]);
});

test("refused: says what to do, and starts again once it is allowed", () => {
  const p = make();
  p.start();
  watchers[0]!.bad({ code: 1 });
  expect(p.words(record(), t)).toBe(t("whereDenied"));
  p.start();
  expect(watchers).toHaveLength(2);
});

test("no satellite fix: the coarse one of the network is taken, and a better one replaces it", () => {
  const p = make();
  p.start();
  watchers[0]!.bad({ code: 3 });
  expect(p.words(record(), t)).toBe(t("whereNone"));
  once[0]!(coords(1500));
  expect(p.words(record(), t)).toContain("1,5 km");
  once[0]!(coords(900)); // late: the watch has something by now
  expect(told).toEqual([1500]);
});

test("a phone without geolocation says so; a page opened again knows what was sent", () => {
  vi.stubGlobal("navigator", {});
  const p = make();
  p.start();
  expect(p.words(record(), t)).toBe(t("whereNone"));
  expect(p.words(record({ facts: [{ fact_id: "1", kind: "fix", accuracy_m: 30 }] }), t)).toContain("30 m");
});

test("a place code is called sent only when the press is stored", () => {
  const p = make();
  const body = { ...record().body, place_code: "TU-01" };
  p.start();
  expect(p.words(record({ body }), t)).not.toContain("TU-01");
  expect(p.words(record({ body, answer: answer() }), t)).toBe("Đã gửi mã điểm TU-01");
});
