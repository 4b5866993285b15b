import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { translator } from "../../../src/i18n";
import { PATROL } from "../../../src/i18n/patrol";
import "../../../src/sos/patrol/offer";
import type { Offer } from "../../../src/sos/patrol/offer";
import { mount, told } from "../desk/mount";

const task = (id: string) => ({
  id,
  offer_expires_at: new Date(Date.now() + 20_000).toISOString(),
  incident: { priority: "P1", kind_name: { vi: "Cháy", en: "Fire" }, lat: null, lon: null },
});
const offer = (id = "a1") => mount<Offer>("patrol-offer", { t: translator(PATROL, "vi"), task: task(id) });
beforeEach(() => vi.useFakeTimers({ now: 1_800_000_000_000 }));
afterEach(() => vi.useRealTimers());

const touch = () => document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));

it("takes the first touch of a hand that was not using the phone", async () => {
  const element = await offer();
  const heard = told(element, "task-verb");
  element.querySelector<HTMLElement>(".go")!.click();
  expect(heard).toHaveLength(1);
});
it("does not take a touch that was meant for what it covered, and takes the next", async () => {
  touch();
  const element = await offer();
  const heard = told(element, "task-verb");
  element.querySelector<HTMLElement>(".go")!.click();
  expect(heard).toHaveLength(0);
  vi.setSystemTime(Date.now() + 700);
  element.querySelector<HTMLElement>(".go")!.click();
  expect(heard).toHaveLength(1);
});
it("takes the focus away from what somebody is typing, but does not put it on the button", async () => {
  const element = await offer();
  expect(document.activeElement).toBe(element.querySelector(".offer"));
});
it("the next offer in the same place is guarded anew", async () => {
  const element = await offer();
  vi.setSystemTime(Date.now() + 5000);
  touch();
  Object.assign(element, { task: task("a2") });
  await element.updateComplete;
  const heard = told(element, "task-decline");
  element.querySelector<HTMLElement>(".plain")!.click();
  expect(heard).toHaveLength(0);
});
it("shows while it takes no touch, and when it does", async () => {
  touch();
  const element = await offer();
  const go = element.querySelector(".go")!;
  expect(go.getAttribute("aria-disabled")).toBe("true");
  await vi.advanceTimersByTimeAsync(650);
  expect(go.getAttribute("aria-disabled")).toBe("false");
});
it("an offer that comes in the place of another is not answered by the touch meant for the other", async () => {
  const element = await offer();
  vi.setSystemTime(Date.now() + 60_000); // nobody has touched the phone: somebody reads
  Object.assign(element, { task: task("a2") });
  await element.updateComplete;
  const heard = told(element, "task-verb");
  element.querySelector<HTMLElement>(".go")!.click();
  expect(heard).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(650);
  element.querySelector<HTMLElement>(".go")!.click();
  expect(heard).toHaveLength(1);
});
