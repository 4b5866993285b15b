import { beforeEach, describe, expect, test } from "vitest";
import { PRESS } from "../../../src/i18n/press";
import { translator } from "../../../src/i18n";
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
  show(record({ ...silent, answer: answer(), status: status({ seen_at: iso(2), acknowledged_at: iso(3), state: "acknowledged" }) }), 41);
  expect([...$("cover-list").children].map((e) => e.classList.contains("done"))).toEqual([true, true, true, false, false]);
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
  const messages = [{ id: "m1", at: iso(6), by: "resident" as const, text: "Có ai không?" }, { id: "m2", at: iso(7), by: "desk" as const, text: "<b>Có</b>" }];
  show(record({ answer: answer(), facts, status: status({ messages }) }), 8);
  expect($("chat").firstChild).toBe(first);
  expect(text("chat")).not.toContain("Chưa gửi được");
  expect($("chat").querySelector("b")).toBeNull();
});

test("a closed case can be followed by a new SOS", () => {
  show(record({ answer: answer(), status: status({ state: "closed", closed_at: iso(60) }) }), 61);
  expect([$("again").hidden, $("more").hidden]).toEqual([false, true]);
});
