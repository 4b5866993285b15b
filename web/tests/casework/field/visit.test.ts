import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../../../src/casework/field/door";
import "../../../src/casework/field/visit";
import { Undo } from "../../../src/casework/field/undo";
import { mount, text } from "../../sos/desk/mount";
import { button, door, FakeSession, session, settle, type } from "./fake";

let s: FakeSession;
let taps = 0;
const count = (e: Event) => (e.target as Element).closest("button, summary, label, a") && taps++;
beforeEach(() => {
  s = session();
  taps = 0;
  document.addEventListener("click", count, true);
  location.hash = "";
});
afterEach(() => document.removeEventListener("click", count, true));
const visit = async () => {
  const root = (await mount("field-visit", { door: door(1) })) as unknown as HTMLElement;
  await settle(root);
  return root;
};
const tap = async (root: Element, words: string) => {
  button(root, words).click();
  return settle(root);
};
const kind = async (root: Element, code: string) => {
  root.querySelector<HTMLElement>(`[data-kind="${code}"]`)!.click();
  return settle(root);
};
const openIssue = (root: Element) => root.querySelector(".issue.open")!;

describe("a visit", () => {
  it("with two issues, a consent and a topic takes at most 12 taps from the door to the next door", async () => {
    const at = (await mount("field-door", { door: door(1), undo: new Undo(s) })) as unknown as HTMLElement;
    await tap(at, "Gặp, nói chuyện");
    expect(location.hash).toBe(`#/visit/${door(1)}`);
    at.remove();
    const root = await visit();
    await tap(root, "Đã đọc cho người dân nghe");
    await tap(root.querySelector("[aria-label='Vi call_back']")!, "Có");
    for (const [code, words] of [
      ["request", "Đèn hẻm hỏng đã hai tháng"],
      ["procedure", "Làm căn cước cho mẹ thế nào"],
    ] as const) {
      await kind(root, code);
      type(openIssue(root).querySelector("textarea"), words);
      await tap(openIssue(root), "Vi phone");
      await tap(openIssue(root), "1 tuần");
    }
    await tap(root, "Phòng cháy");
    await tap(root, "Xong – nhà tiếp theo");
    expect(taps).toBeLessThanOrEqual(12);
    expect(taps).toBeGreaterThan(8); // the counter really counts
    const [done] = s.finished;
    expect(done).toMatchObject({
      outcome: "met",
      notice_lang: "vi",
      notice_version: "1",
      consents: { call_back: true },
      topics: ["fire"],
      present: { police: 1, front: 2 },
    });
    expect(done!.issues.map((i) => [i.kind, i.words, i.reply_by, i.promised_on !== ""])).toEqual([
      ["request", "Đèn hẻm hỏng đã hai tháng", "phone", true],
      ["procedure", "Làm căn cước cho mẹ thế nào", "phone", true],
    ]);
    expect(location.hash).toBe(`#/door/${door(2)}`);
  });

  it("is kept at every keystroke and opens again exactly as it was", async () => {
    const root = await visit();
    await kind(root, "report");
    type(openIssue(root).querySelector("textarea"), "Nước ngậ");
    type(openIssue(root).querySelector("textarea"), "Nước ngập");
    await settle(root);
    const kept = s.draft(door(1))!;
    expect(kept.issues[0]!.words).toBe("Nước ngập");
    root.remove();
    const again = await visit();
    expect(text(again)).toContain("Nước ngập");
    expect(s.draft(door(1))).toEqual(kept);
  });

  it("shows the way with what is not written here, and writes nothing", async () => {
    const root = await visit();
    await tap(root, "bạo lực – không ghi ở đây");
    await tap(root, "Bạo lực gia đình");
    expect(root.querySelector("dialog a")?.getAttribute("href")).toBe("tel:113");
    expect(text(root.querySelector("dialog"))).toContain("Không hòa giải");
    expect(s.drafts.size).toBe(0);
  });

  it("shows the way also when such words are typed as a note or a question, and erases them", async () => {
    const root = await visit();
    const [questions, note] = [
      root.querySelector<HTMLTextAreaElement>("section > .field textarea")!,
      root.querySelector<HTMLTextAreaElement>("field-visit-extra textarea")!,
    ];
    for (const [area, field] of [
      [questions, "questions"],
      [note, "note"],
    ] as const) {
      type(area, "chồng đánh, không dám nói");
      await settle(root);
      expect(s.draft(door(1))![field]).toContain("chồng đánh");
      const hint = [...root.querySelectorAll("field-sounds-like")].find((h) => text(h))!;
      expect(text(hint)).toContain("Bạo lực gia đình");
      await tap(hint, "Xóa lời đã ghi");
      expect([s.draft(door(1))![field], area.value, text(root).includes("nghe như")]).toEqual(["", "", false]);
    }
  });

  it("drops an empty thing, but points at one that has a promise and no words", async () => {
    const root = await visit();
    await kind(root, "praise");
    await kind(root, "request");
    await tap(openIssue(root), "Vi phone");
    await tap(root, "Xong – nhà tiếp theo");
    expect(s.finished).toEqual([]);
    expect(text(root)).toContain("Mục 2 chưa ghi lời người dân");
    type(openIssue(root).querySelector("textarea"), "Xin đèn đường");
    await tap(root, "Xong – nhà tiếp theo");
    expect(s.finished[0]!.issues.map((i) => i.kind)).toEqual(["request"]);
  });

  it("a promise to come again is an appointment beside the visit", async () => {
    const root = await visit();
    await tap(root, "Hẹn quay lại");
    const choice = [...root.querySelectorAll<HTMLElement>("details .chips button")].find((b) =>
      /Sáng mai|Chiều tối mai/.test(b.textContent),
    )!;
    choice.click();
    await settle(root);
    await tap(root, "Xong – nhà tiếp theo");
    expect(s.acted).toMatchObject([{ kind: "appointment", body: { dwelling: door(1) } }]);
    expect(s.finished[0]).toMatchObject({ outcome: "met", come_back_at: "" });
  });

  it("goes on with the questionnaire it began with when the round asks another version by now", async () => {
    const asks = (id: string, version: string) => {
      s.docs = [
        ...s.docs
          .filter((d) => d.kind !== "form")
          .map((d) => (d.kind === "round" ? { ...d, body: { ...d.body, form: id } } : d)),
        { kind: "form", id, digest: "", body: { title: `Phiếu ${version}`, version, xml: `<x${version}/>` } },
      ];
      s.changed();
    };
    const root = await visit();
    expect(root.querySelector("field-form")).toBeNull();
    asks("form-1", "1"); // it comes with a sync while the door is open
    await vi.waitFor(() => expect(root.querySelector("field-form")).not.toBeNull());
    const form = root.querySelector("field-form") as HTMLElement & { xml: string };
    const answer = (missing: string[]) =>
      form.dispatchEvent(
        new CustomEvent("change", {
          bubbles: true,
          composed: true,
          detail: { xml: "<answers/>", valid: !missing.length, missing },
        }),
      );
    answer(["Mấy người?"]);
    await tap(root, "Xong – nhà tiếp theo");
    expect(text(root)).toContain("Vẫn xong");
    answer([]); // answered after all: nothing is missing any more
    await settle(root);
    expect(text(root)).not.toContain("Vẫn xong");
    asks("form-2", "2");
    await settle(root);
    expect([form.xml, text(root).includes("Phiếu 1")]).toEqual(["<x1/>", true]);
    await tap(root, "Xong – nhà tiếp theo");
    expect(s.finished[0]).toMatchObject({ form_xml: "<answers/>", form: { id: "form-1", version: "1", xml: "<x1/>" } });
  });

  it("that cannot be stored stays where it is, with its words", async () => {
    const root = await visit();
    await kind(root, "request");
    type(openIssue(root).querySelector("textarea"), "Xin đèn đường");
    s.refuse = new Error("full");
    await tap(root, "Xong – nhà tiếp theo");
    expect(text(root)).toContain("Chữ vẫn còn nguyên");
    expect(s.draft(door(1))!.issues[0]!.words).toBe("Xin đèn đường");
  });
});

describe("a door", () => {
  const at = async (undo = new Undo(s)) => mount("field-door", { door: door(1), undo }) as unknown as HTMLElement;
  it("takes an outcome with one tap, and offers the next door", async () => {
    const undo = new Undo(s);
    const root = await at(undo);
    await tap(root, "Không tiếp");
    expect(taps).toBe(1);
    expect(undo.pressed?.draft.outcome).toBe("refused");
    expect(s.draft(door(1))?.outcome).toBe("refused"); // on the phone already, should it die now
    await tap(root, "Nhà tiếp theo");
    expect(location.hash).toBe(`#/door/${door(2)}`);
  });
  it("asks when to come back: one tap more", async () => {
    const undo = new Undo(s);
    const root = await at(undo);
    await tap(root, "Hẹn lại");
    root.querySelector<HTMLElement>("field-back-when button")!.click();
    await settle(root);
    expect(taps).toBe(2);
    expect(Date.parse(undo.pressed!.draft.come_back_at)).toBeGreaterThan(Date.now());
  });
  it("does not throw away a talk that was begun", async () => {
    const undo = new Undo(s);
    const root = await visit();
    await kind(root, "report");
    type(openIssue(root).querySelector("textarea"), "Nước ngập");
    const door1 = await at(undo);
    await settle(door1);
    HTMLDialogElement.prototype.showModal ??= vi.fn();
    await tap(door1, "Vắng nhà");
    expect(undo.pressed).toBeNull();
    expect(text(door1.querySelector("dialog"))).toContain("đang ghi dở");
  });
  it("asks once whether a talk that was begun may go, also when a time is chosen after that", async () => {
    HTMLDialogElement.prototype.showModal ??= vi.fn();
    const undo = new Undo(s);
    const root = await visit();
    await kind(root, "report");
    const door1 = await at(undo);
    await tap(door1, "Hẹn lại");
    await tap(door1.querySelector("dialog")!, "Bỏ phần đã ghi");
    door1.querySelector<HTMLElement>("field-back-when button")!.click();
    await settle(door1);
    expect([undo.pressed?.draft.outcome, door1.querySelector("dialog")]).toEqual(["come_back", null]);
  });
  it("keeps a correction while it is typed, and sends it with what stood there", async () => {
    const root = await at();
    root.querySelector("field-door-edit details")!.dispatchEvent(Object.assign(new Event("toggle"), {}));
    const details = root.querySelector<HTMLDetailsElement>("field-door-edit details")!;
    details.open = true;
    details.dispatchEvent(new Event("toggle"));
    await settle(root);
    type(root.querySelector("field-door-edit input"), "cổng xanh");
    await settle(root);
    expect(s.draft(door(1))?.edits).toEqual({ landmark: "cổng xanh" });
    await tap(root, "Gửi sửa đổi ngay");
    expect(s.acted).toEqual([
      { kind: "edit", body: { dwelling: door(1), field: "landmark", base: "", value: "cổng xanh" } },
    ]);
    expect(s.draft(door(1))).toBeNull();
  });
});
