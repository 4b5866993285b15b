/** Puts a record on the page: only what is known, in large words. */
import { clock, span } from "../../kernel/time";
import {
  chatOf,
  deskWord,
  isOutside,
  isOver,
  kindOf,
  lineOf,
  mayPressAgain,
  minutesLeft,
  numberOf,
  shouldCall,
  steps,
  wardOf,
  type Fact,
  type Line,
  type Record_,
} from "./state";
import { icon } from "./icons";
import { isKept } from "./keep";
import { PRESS } from "../../i18n/press";
import type { translator } from "../../i18n";

export type T = ReturnType<typeof translator<typeof PRESS>>;
export interface Contact {
  lost: number | null;
}
export const $ = <E extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as E;
const KINDS = [
  "security",
  "fire",
  "medical",
  "traffic",
  "rescue",
  "domestic_violence",
  "child",
  "disaster",
  "other",
] as const;
const TONE: Partial<Record<Line, string>> = { sending: "wait", unsent: "bad", stored: "wait" };
const STRONG_AFTER_MS = 10_000;
const LOST_AFTER_MS = 8000;
const TAKEN_WITHIN_MS = 60_000;

export function speak(t: T): void {
  document
    .querySelectorAll<HTMLElement>("[data-t]")
    .forEach((e) => (e.textContent = t(e.dataset["t"] as keyof typeof PRESS)));
  $<HTMLInputElement>("note").placeholder = t("noteHint");
  $<HTMLInputElement>("chat-text").placeholder = t("chatHint");
  $("kinds").replaceChildren(
    ...KINDS.map((code) => {
      const button = document.createElement("button");
      button.append(icon(code), t(code));
      button.dataset["kind"] = code;
      button.type = "button";
      return button;
    }),
  );
  delete $("steps").dataset["times"]; // these two are drawn only when they change: now they do
  delete $("callnow-link").dataset["n"];
}

export function setText(id: string, text: string): void {
  const element = $(id);
  if (element.textContent !== text) element.textContent = text; // unchanged words must not be read aloud again
}

/** What the telephone is better for, in words; "" when it is not, or when whoever pressed must not be heard. */
function advice(record: Record_, line: Line, now: number, lost: boolean, t: T): string {
  if (line === "unsent" || record.body.silent || !shouldCall(record, now)) return "";
  const n = numberOf(record);
  return isOutside(record) ? t("outside", { n }) : t(lost ? "notKnown" : "notSeen", { n });
}

function sentence(record: Record_, line: Line, now: number, t: T): string {
  const s = record.status;
  const at = (time?: string | null) => ({ t: time ? clock(time) : "" });
  if (line === "coming") {
    const n = minutesLeft(record, now);
    return n === null ? t("coming") : t("comingEta", { n });
  }
  if (line === "unsent") return record.body.silent ? t("unsentSilent") : t("unsent", { n: numberOf(record) });
  if (line === "stored") return t("stored", at(record.answer!.stored_at));
  if (line === "seen") return t("seen", at(s?.seen_at ?? record.answer!.seen_at));
  if (line === "acknowledged") return t("acknowledged", at(s?.acknowledged_at));
  if (line === "arrived") return t("arrived", at(s?.arrived_at));
  if (line === "transferred") return t("transferred", { agency: s?.agency || t("otherAgency") });
  return t(line);
}

function more(record: Record_, line: Line, now: number, lost: number | null, advised: boolean, t: T): string {
  if (line === "unsent")
    return [
      navigator.onLine ? t("unsentMore", { n: Math.max(1, record.tries) }) : t("offline"),
      isKept() ? "" : t("notKept"),
    ]
      .join(" ")
      .trim();
  if (lost) return t("streamLost", { t: clock(lost) });
  if (line === "coming")
    return (record.status?.units ?? [])
      .filter((u) => u.state !== "on_scene")
      .map((u) => t("unitsComing", { unit: u.call_sign }))
      .join(", ");
  // Seen is a screen's word, not yet a person's: whoever waits on must hear of the telephone.
  if (line === "seen" && !advised)
    return now - record.made_at > TAKEN_WITHIN_MS && !record.body.silent ? t("notTaken", { n: numberOf(record) }) : "";
  if (!record.answer || (line !== "stored" && !advised)) return "";
  const ward = wardOf(record);
  const by = ward === null ? "" : t(advised ? "storedBy" : "storedAt", { ward, t: clock(record.answer.stored_at) });
  return advised || record.body.silent ? by : `${by} ${t("ifUnseen", { n: numberOf(record) })}`.trim();
}

export function paint(record: Record_, t: T, now: number, contact: Contact): void {
  const line = lineOf(record, now);
  const over = isOver(record);
  const calm = record.calm === true && !over;
  const lost = contact.lost && record.answer && !over && now - contact.lost > LOST_AFTER_MS ? contact.lost : null;
  $("idle").hidden = true;
  $("after").hidden = false;
  $("line").hidden = calm;
  const word = deskWord(record);
  $("course").hidden = calm && !chatOf(record).length;
  $("course").classList.toggle("talk", calm);
  $("said").hidden = word === null;
  setText("said-text", word?.text ?? "");
  $("calm").hidden = !calm;
  const call = advice(record, line, now, lost !== null, t);
  const alarm = line === "unsent" && now - record.made_at > STRONG_AFTER_MS;
  $("line").dataset["tone"] = alarm ? "alarm" : call ? "bad" : (TONE[line] ?? "good");
  setText("line-text", call || sentence(record, line, now, t));
  setText("line-more", more(record, line, now, lost, call !== "", t));
  setText(
    "elapsed",
    over || record.status?.resolved_at ? "" : t("elapsed", { s: span((now - record.made_at) / 1000) }),
  );
  paintCall(record, line, !calm && shouldCall(record, now), t);
  paintCalm(record, t);
  paintSteps(record, now, t);
  paintSent(record, t);
  paintChat(record, t);
  paintCover(record, now, t);
  $("phone-form").hidden = record.body.silent === true;
  $("again").hidden = !mayPressAgain(record, now);
  $("more").hidden = over;
}

function paintCall(record: Record_, line: Line, wanted: boolean, t: T): void {
  const silent = record.body.silent === true;
  const n = numberOf(record);
  // Whoever pressed silently may be overheard: text and share stay, the call button does not.
  $("callnow").hidden = !wanted || (silent && line !== "unsent");
  const link = $<HTMLAnchorElement>("callnow-link");
  link.hidden = silent;
  if (link.dataset["n"] === n) return;
  link.dataset["n"] = n;
  link.href = `tel:${n}`;
  link.replaceChildren(icon("phone"), t("callButton", { n }));
}

function paintCalm(record: Record_, t: T): void {
  const told = record.facts.some((f) => (f.kind === "cancel" || f.kind === "duress") && f.sent_at);
  setText("calm-text", record.calm ? t(told ? "cancelled" : "cancelling") : "");
}

function paintSteps(record: Record_, now: number, t: T): void {
  const times = steps(record, now);
  const list = $("steps");
  if (list.dataset["times"] === times.join()) return;
  list.dataset["times"] = times.join();
  const names = ["step1", "step2", "step3", "step4", "step5", "step6"] as const;
  list.replaceChildren(
    ...times.map((at, i) => {
      const item = document.createElement("li");
      item.className = at ? "done" : "";
      item.append(
        t(names[i]!),
        Object.assign(document.createElement("b"), { textContent: at ? clock(at) : t("waitingStep") }),
      );
      return item;
    }),
  );
}

function foot(fact: Fact | undefined, t: T, told: "kept" | "safeTold" = "kept"): string {
  if (!fact) return "";
  return !fact.sent_at ? t("keptNot") : fact.sent_at === "refused" ? t("refused") : t(told, { t: clock(fact.sent_at) });
}

function paintSent(record: Record_, t: T): void {
  for (const kind of ["note", "phone", "kind", "safe"] as const) {
    const last = record.facts.filter((f) => f.kind === kind).at(-1);
    setText(`${kind}-kept`, foot(last, t, kind === "safe" ? "safeTold" : "kept"));
    $(`${kind}-kept`).toggleAttribute("data-bad", last?.sent_at === "refused");
  }
  const kind = kindOf(record);
  document
    .querySelectorAll<HTMLElement>("#kinds button")
    .forEach((b) => b.setAttribute("aria-pressed", String(b.dataset["kind"] === kind)));
}

function paintChat(record: Record_, t: T): void {
  const messages = chatOf(record);
  const known = new Set((record.status?.messages ?? []).map((m) => m.id));
  const waiting = record.facts.filter((f) => f.kind === "chat" && !known.has(f.fact_id));
  const lines = [
    ...messages.map((m) => ({ id: m.id, by: m.by, text: m.text, foot: clock(m.at) })),
    ...waiting.map((f) => ({ id: f.fact_id, by: "resident" as const, text: String(f["text"]), foot: foot(f, t) })),
  ];
  $("chat-older").hidden = !record.status?.messages_older || (record.calm === true && !isOver(record));
  const list = $("chat");
  const drawn = new Map([...list.children].map((e) => [(e as HTMLElement).dataset["id"], e as HTMLElement]));
  for (const [id, item] of drawn) if (!lines.some((m) => m.id === id)) item.remove();
  for (const m of lines) {
    const item = drawn.get(m.id) ?? document.createElement("li");
    const words = `${t(m.by === "resident" ? "you" : "desk")} · ${m.foot}`;
    if (item.dataset["words"] !== words) {
      Object.assign(item.dataset, { id: m.id, words });
      item.className = m.by === "resident" ? "mine" : "desk";
      item.replaceChildren(m.text, Object.assign(document.createElement("small"), { textContent: words }));
    }
    if (!drawn.has(m.id)) list.append(item);
  }
  // Lines of before that were asked for stand where they belong.
  lines.forEach((m, i) => {
    const item = list.querySelector<HTMLElement>(`[data-id="${m.id}"]`);
    if (item && list.children[i] !== item) list.insertBefore(item, list.children[i] ?? null);
  });
}

function paintCover(record: Record_, now: number, t: T): void {
  const done = steps(record, now);
  setText("cover-more", t("coverMore") + (deskWord(record) ? " (1)" : "")); // the desk asks something
  [...$("cover-list").children].forEach((e, i) => e.classList.toggle("done", Boolean(done[i])));
}
