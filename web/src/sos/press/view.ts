/** Puts a record on the page: only what is known, in large words. */
import { clock } from "../../kernel/time";
import { isOver, lineOf, shouldCall, steps, type Line, type Record_ } from "./state";
import { PRESS } from "../../i18n/press";
import type { translator } from "../../i18n";

export type T = ReturnType<typeof translator<typeof PRESS>>;
export const $ = <E extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as E;
export const KINDS: [string, string][] = [["security", "🚨"], ["fire", "🔥"], ["medical", "🚑"], ["traffic", "🚗"], ["rescue", "🛟"], ["domestic_violence", "🏠"], ["child", "🧒"], ["disaster", "🌊"], ["other", "❗"]];
const TONE: Record<Line, string> = { sending: "wait", unsent: "bad", stored: "wait", seen: "good", acknowledged: "good", coming: "good", arrived: "good", resolved: "good", closed: "good", transferred: "good" };

export function speak(t: T): void {
  document.querySelectorAll<HTMLElement>("[data-t]").forEach((e) => (e.textContent = t(e.dataset["t"] as keyof typeof PRESS)));
  $<HTMLInputElement>("note").placeholder = t("noteHint");
  $<HTMLInputElement>("chat-text").placeholder = t("chatHint");
  const kinds = $("kinds");
  kinds.replaceChildren(...KINDS.map(([code, icon]) => {
    const button = document.createElement("button");
    const mark = Object.assign(document.createElement("i"), { textContent: icon, ariaHidden: "true" });
    button.append(mark, document.createTextNode(t(code as keyof typeof PRESS)));
    button.dataset["kind"] = code;
    button.type = "button";
    return button;
  }));
}

function sentence(record: Record_, line: Line, t: T): string {
  const eta = record.status?.eta_s;
  if (line === "coming" && eta != null && eta > 0) return t("comingEta", { n: Math.max(1, Math.round(eta / 60)) });
  if (line === "stored") return t("stored", { ward: record.answer!.ward_name });
  if (line === "transferred") return t("transferred", { agency: record.status?.agency ?? "" });
  return t(line);
}

function setText(id: string, text: string): void {
  const element = $(id);
  if (element.textContent !== text) element.textContent = text; // unchanged words must not be read aloud again
}

export function paint(record: Record_, t: T, now: number, contact: { lost: number | null }): void {
  $("idle").hidden = true;
  $("after").hidden = false;
  $("settings").hidden = true;
  const line = lineOf(record, now);
  $("line").dataset["tone"] = TONE[line];
  setText("line-text", sentence(record, line, t));
  const waited = Math.round((now - record.made_at) / 1000);
  const lost = contact.lost && record.answer && !isOver(record) && now - contact.lost > 8000;
  setText("line-more", line === "unsent" ? (navigator.onLine ? t("unsentMore", { n: Math.max(1, record.tries), s: waited - (waited % 5) }) : t("offline")) : lost ? t("streamLost", { t: clock(contact.lost!) }) : (record.status?.units ?? []).filter((u) => u.state !== "on_scene").map((u) => t("unitsComing", { unit: u.call_sign })).join(", "));
  const silent = record.body.silent === true;
  $("callnow").hidden = !shouldCall(record, now) || silent;
  const number = record.answer?.call[0] ?? "113";
  document.querySelector("[data-callnow]")!.textContent = record.answer?.outside ? t("outside", { n: number }) : line === "unsent" ? t("unsent") : t("notSeen");
  const link = $<HTMLAnchorElement>("callnow-link");
  link.textContent = `📞 ${number}`;
  link.href = `tel:${number}`;
  paintSteps(record, t);
  paintSent(record, t);
  paintChat(record, t);
  $("phone-block").hidden = silent;
  $("cancelled").hidden = !record.facts.some((f) => ["cancel", "duress", "safe"].includes(f.kind)) && !record.status?.cancel_requested_at;
  $("again").hidden = !isOver(record);
  $("more").hidden = isOver(record);
  $("demo").hidden = !record.answer?.demo && $("demo").hidden;
}

function paintSteps(record: Record_, t: T): void {
  const names = ["step1", "step2", "step3", "step4", "step5", "step6"] as const;
  $("steps").replaceChildren(...steps(record).map((at, i) => {
    const item = document.createElement("li");
    item.className = at ? "done" : "";
    item.append(t(names[i]!), Object.assign(document.createElement("b"), { textContent: at ? clock(at) : t("waitingStep") }));
    return item;
  }));
}

function paintSent(record: Record_, t: T): void {
  for (const kind of ["note", "phone"] as const) {
    const last = record.facts.filter((f) => f.kind === kind).at(-1);
    setText(`${kind}-kept`, !last ? "" : last.sent_at && last.sent_at !== "refused" ? t("kept", { t: clock(last.sent_at) }) : t("keptNot"));
  }
  const kind = record.facts.filter((f) => f.kind === "kind").at(-1)?.["value"] ?? record.body.kind;
  document.querySelectorAll<HTMLElement>("#kinds button").forEach((b) => b.setAttribute("aria-pressed", String(b.dataset["kind"] === kind)));
}

function paintChat(record: Record_, t: T): void {
  const known = new Set((record.status?.messages ?? []).map((m) => m.id));
  const waiting = record.facts.filter((f) => f.kind === "chat" && !known.has(f.fact_id));
  const lines = [...(record.status?.messages ?? []).map((m) => ({ by: m.by, text: m.text, foot: clock(m.at) })),
    ...waiting.map((f) => ({ by: "resident" as const, text: String(f["text"]), foot: t("keptNot") }))];
  const list = $("chat");
  if (list.childElementCount === lines.length && list.dataset["foot"] === lines.at(-1)?.foot) return;
  list.dataset["foot"] = lines.at(-1)?.foot ?? "";
  list.replaceChildren(...lines.map((m) => {
    const item = document.createElement("li");
    item.className = m.by === "resident" ? "mine" : "desk";
    item.append(m.text, Object.assign(document.createElement("small"), { textContent: `${t(m.by === "resident" ? "you" : "desk")} · ${m.foot}` }));
    return item;
  }));
}
