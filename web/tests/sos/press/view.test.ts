import { beforeEach, describe, expect, test, vi } from "vitest";
import { PRESS } from "../../../src/i18n/press";
import { translator } from "../../../src/i18n";
import * as keep from "../../../src/sos/press/keep";
import { drawCover } from "../../../src/sos/press/cover";
import { $, paint, speak } from "../../../src/sos/press/view";
import html from "../../../press.html?raw";
import { answer, iso, record, status, T0 } from "./make";
import type { Record_ } from "../../../src/sos/press/state";

const t = translator(PRESS, "vi");
const at = (s: number) => T0 + s * 1000;
const lost = { lost: null as number | null };
const show = (r: Record_, s: number) => paint(r, t, at(s), lost);
const text = (id: string) => $(id).textContent;

beforeEach(() => {
  document.body.innerHTML = /<body>([\s\S]*)<\/body>/.exec(html)![1]!.replace(/<script[\s\S]*?<\/script>/g, "");
  lost.lost = null;
  speak(t);
  drawCover(t);
});

describe("the state line", () => {
  test("not sent: says so, says whom to call, and grows louder after 10 s", () => {
    show(record({ tries: 1 }), 1);
    expect(text("line-text")).toBe("CHƯA GỬI ĐƯỢC – HÃY GỌI 113");
    expect($("line").dataset["tone"]).toBe("bad");
    expect($("callnow").hidden).toBe(false);
    expect($<HTMLAnchorElement>("callnow-link").getAttribute("href")).toBe("tel:113");
    show(record({ tries: 5 }), 11);
    expect($("line").dataset["tone"]).toBe("alarm");
    expect(text("elapsed")).toContain("0:11");
  });
  test("seen is said with its time, in Vietnam's clock", () => {
    show(record({ answer: answer(), status: status({ seen_at: "2026-11-24T05:03:05Z" }) }), 6);
    expect(text("line-text")).toBe("Trực ban đã THẤY lúc 12:03:05.");
    expect($("callnow").hidden).toBe(true);
  });
  test("unseen for 30 s: call now; without contact it does not claim that nobody saw it", () => {
    show(record({ answer: answer() }), 31);
    expect(text("line-text")).toContain("Chưa ai xem");
    lost.lost = at(5);
    show(record({ answer: answer() }), 32);
    expect(text("line-text")).toContain("không rõ");
  });
  test("words that did not change are not written again, so that they are not read aloud again", () => {
    const r = record({ answer: answer(), status: status({ seen_at: iso(5) }) });
    show(r, 6);
    const node = $("line-text").firstChild;
    const step = $("steps").firstChild;
    show(r, 7);
    expect($("line-text").firstChild).toBe(node);
    expect($("steps").firstChild).toBe(step);
  });
});

test("a silent press never shows a call button or asks for a phone; its list ticks as the steps come", () => {
  const silent = { body: { press_id: "x", at: iso(0), silent: true } };
  show(record({ ...silent, tries: 1 }), 12);
  expect([$("callnow").hidden, $("callnow-link").hidden, $("share").hidden]).toEqual([false, true, false]);
  show(record({ ...silent, answer: answer() }), 40);
  expect($("callnow").hidden).toBe(true);
  expect($("phone-form").hidden).toBe(true);
  show(
    record({
      ...silent,
      answer: answer(),
      status: status({ seen_at: iso(2), acknowledged_at: iso(3), state: "acknowledged" }),
    }),
    41,
  );
  expect([...$("cover-list").children].map((e) => e.classList.contains("done"))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test("a mistake and duress show the very same screen, and say 'told' only when it was", () => {
  const seen = ["cancel", "duress"].map((kind) => {
    show(record({ calm: true, answer: answer(), facts: [{ fact_id: "1", kind }] }), 5);
    const before = text("calm-text");
    show(record({ calm: true, answer: answer(), facts: [{ fact_id: "1", kind, sent_at: iso(6) }] }), 7);
    return [before, text("calm-text"), $("line").hidden, $("course").hidden, $("app").innerText];
  });
  expect(seen[0]).toEqual(seen[1]);
  expect(seen[0]![0]).not.toBe(seen[0]![1]);
});

test("chat keeps its lines; what is not sent yet says so", () => {
  const facts = [{ fact_id: "m1", kind: "chat", text: "Có ai không?" }];
  show(record({ answer: answer(), facts }), 5);
  expect(text("chat")).toContain("Chưa gửi được");
  const first = $("chat").firstChild;
  const messages = [
    { id: "m1", at: iso(6), by: "resident" as const, text: "Có ai không?" },
    { id: "m2", at: iso(7), by: "desk" as const, text: "<b>Có</b>" },
  ];
  show(record({ answer: answer(), facts, status: status({ messages }) }), 8);
  expect($("chat").firstChild).toBe(first);
  expect(text("chat")).not.toContain("Chưa gửi được");
  expect($("chat").querySelector("b")).toBeNull();
});

test("what the desk writes stands at the top until it is answered, and as (1) on the shopping list", () => {
  const messages = [{ id: "m1", at: iso(6), by: "desk" as const, text: "Bạn ở tầng mấy?" }];
  show(record({ answer: answer(), status: status({ messages }) }), 7);
  expect([$("said").hidden, text("said-text"), text("cover-more")]).toEqual([false, "Bạn ở tầng mấy?", "Thêm món (1)"]);
  show(
    record({
      answer: answer(),
      status: status({ messages: [...messages, { id: "m2", at: iso(9), by: "resident", text: "3" }] }),
    }),
    9,
  );
  expect([$("said").hidden, text("cover-more")]).toEqual([true, "Thêm món"]);
});

test("after a mistake the desk can still ask, and nothing said before is shown", () => {
  const messages = [{ id: "m1", at: iso(6), by: "desk" as const, text: "Đang đến" }];
  show(record({ answer: answer(), status: status({ messages }) }), 7);
  const calm = record({ answer: answer(), calm: true, calm_after: 1, status: status({ messages }) });
  show(calm, 8);
  expect([$("course").hidden, text("chat")]).toEqual([true, ""]);
  show(
    {
      ...calm,
      status: status({ messages: [...messages, { id: "m2", at: iso(9), by: "desk", text: "Bạn có sao không?" }] }),
    },
    9,
  );
  expect([$("course").hidden, $("course").className, $("chat").children.length]).toEqual([false, "talk", 1]);
  expect(text("chat")).toContain("Bạn có sao không?");
});

test("seen but not taken for a minute: the telephone is named; a silent press is not told to talk", () => {
  const seen = { answer: answer(), status: status({ seen_at: iso(5) }) };
  show(record(seen), 59);
  expect(text("line-more")).toBe("");
  show(record(seen), 61);
  expect(text("line-more")).toBe("Chưa ai tiếp nhận. Nếu nguy cấp, hãy gọi 113.");
  show(record({ ...seen, body: { press_id: "x", at: iso(0), silent: true } }), 61);
  expect(text("line-more")).toBe("");
});

test("an unsent SOS on a phone that keeps nothing: do not close the page", () => {
  const kept = vi.spyOn(keep, "isKept").mockReturnValue(false);
  show(record({ tries: 1 }), 2);
  expect(text("line-more")).toContain("đừng đóng trang");
  kept.mockRestore();
});

test("in another language everything is said anew, what was drawn once too", () => {
  show(record({ tries: 1 }), 1);
  const en = translator(PRESS, "en");
  speak(en);
  drawCover(en);
  paint(record({ tries: 1 }), en, at(1), lost);
  expect(text("callnow-link")).toBe("Call 113");
  expect(text("steps")).toContain("Stored");
  expect($("app").textContent).not.toMatch(/[ạảấầậắđ]/);
});

test("a closed case can be followed by a new SOS", () => {
  show(record({ answer: answer(), status: status({ state: "closed", closed_at: iso(60) }) }), 61);
  expect([$("again").hidden, $("more").hidden]).toEqual([false, true]);
});
