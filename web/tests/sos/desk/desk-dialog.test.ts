import { describe, expect, it } from "vitest";
import { hush, QUIET } from "../../../src/sos/desk/alarm";
import type { DeskDialog } from "../../../src/sos/desk/desk-dialog";
import "../../../src/sos/desk/desk-dialog";
import { draftNote, type DeskHandover } from "../../../src/sos/desk/desk-handover";
import type { DeskHelp } from "../../../src/sos/desk/desk-help";
import "../../../src/sos/desk/desk-toasts";
import type { DeskToasts } from "../../../src/sos/desk/desk-toasts";
import { incident } from "./make";
import { mount, text, tick, told } from "./mount";

describe("desk-dialog", () => {
  it("takes the focus when it opens and gives it back", async () => {
    const before = document.body.appendChild(document.createElement("button"));
    before.focus();
    const dialog = await mount<DeskDialog>("desk-dialog", { alarm: QUIET });
    expect(dialog.querySelector('[role="dialog"]')).toBeNull();
    dialog.what = "new";
    await dialog.updateComplete;
    await tick(5);
    expect(document.activeElement?.id).toBe("in-phone");
    dialog.what = null;
    await dialog.updateComplete;
    expect(document.activeElement).toBe(before);
  });
  it("gives the focus to the incident when the button that opened it is gone", async () => {
    const title = document.body.appendChild(
      Object.assign(document.createElement("h2"), { id: "case-title", tabIndex: -1 }),
    );
    const button = document.body.appendChild(document.createElement("button"));
    button.focus();
    const dialog = await mount<DeskDialog>("desk-dialog", { alarm: QUIET });
    dialog.what = "help";
    await dialog.updateComplete;
    await tick(5);
    button.remove();
    dialog.what = null;
    await dialog.updateComplete;
    expect(document.activeElement).toBe(title);
  });
  it("never locks the screen behind it: the alarm stays usable", async () => {
    const dialog = await mount<DeskDialog>("desk-dialog", { what: "help", alarm: QUIET });
    expect(dialog.querySelector("[aria-modal], dialog")).toBeNull();
  });
});
describe("desk-handover", () => {
  it("lists what is open and how often the alarm was paused", () => {
    const note = draftNote([incident({ state: "responding" })], hush(QUIET, incident(), "Đang nghe điện thoại", 0));
    expect(note).toContain("P1 An ninh, trật tự 12:00:00: Đang xử lý");
    expect(note).toContain("Đã tạm im còi 1 lần: Đang nghe điện thoại");
  });
  it("wants a confirmation while an SOS is not acknowledged", async () => {
    const hand = await mount<DeskHandover>("desk-handover", { open: [incident()], alarm: QUIET });
    const heard = told<string>(hand, "handover");
    const end = () => hand.querySelector<HTMLButtonElement>(".danger")!;
    expect(end().disabled).toBe(true);
    const sure = hand.querySelector<HTMLInputElement>('input[type="checkbox"]')!;
    sure.checked = true;
    sure.dispatchEvent(new Event("change"));
    await hand.updateComplete;
    expect(end().disabled).toBe(false);
    hand.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
    expect(heard[0]).toContain("Còn 1 vụ đang mở");
    expect(
      (await mount<DeskHandover>("desk-handover", { open: [], alarm: QUIET })).querySelector<HTMLButtonElement>(
        ".danger",
      )!.disabled,
    ).toBe(false);
  });
});
describe("desk-help and desk-toasts", () => {
  it("names every key", async () => {
    const help = await mount<DeskHelp>("desk-help");
    for (const key of ["A", "S", "C", "N", "M", "?"])
      expect([...help.querySelectorAll("kbd")].map(text)).toContain(key);
  });
  it("reads refusals out loud, the rest politely, and lets both be dismissed", async () => {
    const toasts = await mount<DeskToasts>("desk-toasts", {
      toasts: [
        { id: 1, text: "mất lượt", bad: true },
        { id: 2, text: "xong", bad: false },
      ],
    });
    expect(text(toasts.querySelector('[role="alert"]'))).toContain("mất lượt");
    expect(text(toasts.querySelector('[role="status"]'))).toContain("xong");
    const heard = told<number>(toasts, "dismiss");
    toasts.querySelector("button")!.click();
    expect(heard).toEqual([1]);
  });
});
