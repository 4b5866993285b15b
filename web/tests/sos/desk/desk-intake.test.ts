import { beforeEach, describe, expect, it } from "vitest";
import { forgetDraft, type DeskIntake } from "../../../src/sos/desk/desk-intake";
import { BLANK, checkIntake, parsePoint } from "../../../src/sos/desk/intake";
import { mount, text, told } from "./mount";

beforeEach(forgetDraft);

describe("parsePoint", () => {
  it("takes both decimal signs and refuses what is not in or near Viet Nam", () => {
    for (const s of ["11.0914, 106.7990", "11.0914;106.7990", "11,0914; 106,7990", " 11,0914 106,7990 "])
      expect(parsePoint(s)).toEqual({ lat: 11.0914, lon: 106.799 });
    for (const s of ["", "106.799, 11.09", "0,0", "abc", "11.09", "NaN, 106"]) expect(parsePoint(s)).toBeNull();
  });
});
describe("checkIntake", () => {
  it("needs something to go by", () => {
    expect(checkIntake(BLANK, "id", 1, [])).toEqual({ problem: "intakeNeeds" });
    expect(checkIntake({ ...BLANK, pasted: "x" }, "id", 1, [])).toEqual({ problem: "badLatLon" });
    expect(checkIntake({ ...BLANK, note: " say rượu ", point: { lat: 11, lon: 106 } }, "id", 1, [])).toEqual({
      intake: { id: "id", ward: 1, kind: "unknown", silent: false, note: "say rượu", lat: 11, lon: 106 },
    });
  });
});
it("keeps its id for a second try, so that a lost answer makes no second incident", async () => {
  const form = await mount<DeskIntake>("desk-intake", { kinds: [], ward: 25888, point: { lat: 11.09, lon: 106.8 } });
  expect(text(form)).toContain("11.09000, 106.80000");
  const heard = told<{ id: string }>(form, "intake");
  const phone = form.querySelector<HTMLInputElement>("#in-phone")!;
  phone.value = "0900000001";
  phone.dispatchEvent(new Event("input"));
  for (let n = 0; n < 2; n++) form.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
  expect(heard).toHaveLength(2);
  expect(heard[0]).toMatchObject({ phone: "0900000001", lat: 11.09, ward: 25888 });
  expect(heard[1]!.id).toBe(heard[0]!.id);
});
it("says what is missing", async () => {
  const form = await mount<DeskIntake>("desk-intake", { ward: 1 });
  form.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
  await form.updateComplete;
  expect(text(form.querySelector(".problem"))).toContain("ít nhất số điện thoại");
});
it("keeps a caller's words when the box was closed by mistake, and forgets them when they were cancelled", async () => {
  const write = async () => {
    const form = await mount<DeskIntake>("desk-intake", { ward: 1 });
    const note = form.querySelector<HTMLTextAreaElement>("#in-note")!;
    note.value = "cháy ở dãy B";
    note.dispatchEvent(new Event("input"));
    return form;
  };
  const before = await write();
  before.remove();
  const form = await mount<DeskIntake>("desk-intake", { ward: 1 });
  expect(form.querySelector<HTMLTextAreaElement>("#in-note")!.value).toBe("cháy ở dãy B");
  form.querySelector<HTMLElement>(".plain:not(.small)")!.click();
  form.remove();
  expect(
    (await mount<DeskIntake>("desk-intake", { ward: 1 })).querySelector<HTMLTextAreaElement>("#in-note")!.value,
  ).toBe("");
});
