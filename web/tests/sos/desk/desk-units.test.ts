import { expect, it } from "vitest";
import type { RankedUnit, Recommendation } from "../../../src/contract/types";
import { usable, type DeskUnits } from "../../../src/sos/desk/desk-units";
import "../../../src/sos/desk/desk-units";
import { mount, text, told } from "./mount";

const ranked = (n: number, over: Partial<RankedUnit> = {}): RankedUnit => ({
  unit_id: `u${n}`,
  call_sign: `Mẫu-0${n}`,
  kind: "motorbike",
  capabilities: [],
  status: "free",
  age_s: 3,
  distance_m: 1400,
  eta_s: 170,
  rank: n,
  excluded: false,
  reasons: { vi: [`lý do ${n}`], en: [`reason ${n}`] },
  ...over,
});
const rec: Recommendation = {
  incident_id: "i1",
  units: [ranked(1), ranked(2, { status: "busy" }), ranked(3, { status: "stale", excluded: true })],
  method: "straight_line",
  factor: 1.35,
  computed_ms: 1,
};

it("gives the best first with its reasons, and says how distance was reckoned", async () => {
  const list = await mount<DeskUnits>("desk-units", { rec });
  const words = text(list);
  for (const part of [
    "Nên điều nhất",
    "3 phút",
    "1,4 km",
    "lý do 1",
    "đang bận",
    "Đường chim bay × 1,35",
    "Không dùng được (1)",
  ])
    expect(words).toContain(part);
  expect([...list.querySelectorAll(".unit kbd")].map((k) => k.textContent)).toEqual(["S", "2"]);
});
it("sends the unit of the button; an excluded one has none", async () => {
  const list = await mount<DeskUnits>("desk-units", { rec });
  const heard = told<RankedUnit>(list, "send");
  list.querySelectorAll<HTMLElement>(".unit button")[1]!.click();
  expect(heard.map((u) => u.unit_id)).toEqual(["u2"]);
  expect(list.querySelectorAll(".out button")).toHaveLength(0);
  expect(usable(null)).toEqual([]);
});
it("reinforces in its own words, and tells when nobody is on shift", async () => {
  expect(text(await mount<DeskUnits>("desk-units", { rec, more: true }))).toContain("Tăng cường");
  expect(text(await mount<DeskUnits>("desk-units", { rec: { ...rec, units: [] } }))).toContain("Chưa có tổ nào vào ca");
});
it("calls no unit the best that is not free", async () => {
  expect(
    text(await mount<DeskUnits>("desk-units", { rec: { ...rec, units: [ranked(1, { status: "offered" })] } })),
  ).not.toContain("Nên điều nhất");
});
