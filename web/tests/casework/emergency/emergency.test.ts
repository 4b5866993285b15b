import { afterEach, beforeEach, expect, test, vi } from "vitest";
import "../../../src/casework/emergency/field-emergency";
import type { FieldEmergency } from "../../../src/casework/emergency/field-emergency";

const text = (el: Element) => el.textContent.replace(/\s+/g, " ").trim();
const touched: string[] = [];

beforeEach(() => {
  touched.length = 0;
  for (const name of ["fetch", "indexedDB", "localStorage", "sessionStorage"]) {
    vi.stubGlobal(name, new Proxy(() => undefined, { get: () => touched.push(name), apply: () => touched.push(name) }));
  }
  for (const name of ["pushState", "replaceState"] as const)
    vi.spyOn(history, name).mockImplementation(() => void touched.push(name));
  HTMLDialogElement.prototype.showModal ??= () => undefined;
});
afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function opened(lang: "vi" | "en" = "vi"): Promise<FieldEmergency> {
  const el = Object.assign(document.createElement("field-emergency") as FieldEmergency, { lang });
  document.body.append(el);
  await el.updateComplete;
  el.querySelector<HTMLButtonElement>(".open")!.click();
  await el.updateComplete;
  return el;
}
const links = (el: Element, within = "") => [...el.querySelectorAll(`${within} a`)].map((a) => a.getAttribute("href"));
async function step(el: FieldEmergency, words: string): Promise<void> {
  [...el.querySelectorAll<HTMLButtonElement>(".kind")].find((b) => text(b).includes(words))!.click();
  await el.updateComplete;
}

test("one touch: SOS and every number, with no data at all", async () => {
  const el = await opened();
  expect(links(el)).toEqual(["/sos", "tel:113", "tel:114", "tel:115", "tel:111", "tel:112"]);
  expect(text(el.querySelector(".numbers")!)).toBe("113Công an114Cháy, cứu nạn115Cấp cứu111Trẻ em112Thiên tai");
});

test("violence at home: never mediate, 113, the police, the Women's Union, and nothing is written down", async () => {
  const el = await opened();
  await step(el, "Bạo lực gia đình");
  expect(text(el.querySelector(".steps")!)).toMatch(
    /Không hòa giải, không hỏi trước mặt người gây bạo lực.*Hội Phụ nữ.*Không ghi gì vào máy/,
  );
  expect(links(el, ".steps")).toEqual(["tel:113"]);
  await step(el, "Trẻ em bị xâm hại");
  expect([el.querySelectorAll(".steps").length, links(el, ".steps")]).toEqual([1, ["tel:111", "tel:113"]]);
});

test("opened, read and closed, it has left no trace and asked nobody; opened again it begins anew", async () => {
  const before = location.href;
  const el = await opened();
  await step(el, "Bạo lực gia đình");
  el.querySelector("dialog")!.dispatchEvent(new Event("close"));
  await el.updateComplete;
  expect(el.querySelector("dialog")).toBeNull();
  expect([touched, location.href]).toEqual([[], before]);
  el.querySelector<HTMLButtonElement>(".open")!.click();
  await el.updateComplete;
  expect(el.querySelector(".steps")).toBeNull();
});

test("in English too", async () => {
  const el = await opened("en");
  await step(el, "Domestic violence");
  expect(text(el)).toContain("Never mediate");
});
