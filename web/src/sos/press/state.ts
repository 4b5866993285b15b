/** What the SOS page knows, and what it may honestly say. Pure: no browser, no clock but the one passed in. */
import { before, latest, type Lines } from "../../kernel/chat";

export interface PressBody {
  press_id: string;
  at: string;
  lat?: number;
  lon?: number;
  accuracy_m?: number;
  kind?: string;
  silent?: boolean;
  place_code?: string;
  phone?: string;
  note?: string;
  lang?: string;
  device_id?: string;
  drill?: boolean;
}
export interface Answer {
  press_id: string;
  incident_id: string;
  ward_id?: number;
  ward_name: string;
  track_token: string;
  stored_at: string;
  seen_at: string | null;
  outside: boolean;
  call: string[];
  demo: boolean;
}
export interface ChatLine {
  id: string;
  at: string;
  by: "resident" | "desk";
  text: string;
}
export interface Status {
  seq: number;
  ward_id?: number;
  ward_name?: string | null;
  state: string;
  stored_at: string;
  seen_at: string | null;
  acknowledged_at: string | null;
  coming_at: string | null;
  arrived_at: string | null;
  resolved_at: string | null;
  closed_at: string | null;
  eta_s: number | null;
  agency: string | null;
  units: { call_sign: string; state: string }[];
  cancel_requested_at: string | null;
  messages: ChatLine[];
  /** There are lines before these: ask with it; null at the beginning. */
  messages_older?: string | null;
  /** How many lines there are in all. */
  messages_total?: number;
  outside: boolean;
}
/** What has changed since the last status; of the chat only the new lines. */
export type Change = Partial<Status> & { seq: number };
export interface Fact {
  fact_id: string;
  kind: string;
  at?: string;
  sent_at?: string;
  [key: string]: unknown;
}
export interface Record_ {
  body: PressBody;
  made_at: number;
  tries: number;
  answer?: Answer;
  status?: Status;
  status_at?: number;
  facts: Fact[];
  /** Told the desk that it was a mistake: the screen is calm, whichever PIN was given. */
  calm?: boolean;
  /** How many chat lines there were when it became calm: only what the desk asks afterwards may be shown there. */
  calm_after?: number;
}
export type Line =
  | "sending"
  | "unsent"
  | "stored"
  | "seen"
  | "acknowledged"
  | "coming"
  | "arrived"
  | "resolved"
  | "closed"
  | "transferred";

/** The one line that is true now. "unsent" as soon as a first try has failed or 3 s have passed without an answer. */
export function lineOf(record: Record_, now: number): Line {
  const s = record.status;
  if (!record.answer) return record.tries > 0 || now - record.made_at > 3000 ? "unsent" : "sending";
  if (!s) return record.answer.seen_at ? "seen" : "stored";
  if (s.state === "transferred") return "transferred";
  if (s.state === "closed" || s.state === "duplicate") return "closed";
  if (s.state === "resolved") return "resolved";
  // A unit that was called back is not coming: only units that are on it now count.
  if (s.units.some((u) => u.state === "on_scene")) return "arrived";
  if (s.units.some((u) => u.state === "accepted" || u.state === "en_route")) return "coming";
  if (s.acknowledged_at) return "acknowledged";
  return (s.seen_at ?? record.answer.seen_at) ? "seen" : "stored";
}

export const SEEN_WITHIN_MS = 30_000;

/** True when the telephone is better: not sent, outside the area, or nobody has seen it for 30 s. */
export function shouldCall(record: Record_, now: number): boolean {
  const line = lineOf(record, now);
  return (
    line === "unsent" ||
    (line === "stored" && now - record.made_at > SEEN_WITHIN_MS) ||
    (isOutside(record) && !isOver(record))
  );
}

/** A better fix may have moved the case into a ward that is served. */
export function isOutside(record: Record_): boolean {
  return record.status?.outside ?? record.answer?.outside ?? false;
}

const CALL: Record<string, string> = { fire: "114", rescue: "114", medical: "115", child: "111", disaster: "112" };

export function kindOf(record: Record_): string | undefined {
  const chosen = record.facts.filter((f) => f.kind === "kind" && f.sent_at !== "refused").at(-1)?.["value"];
  return typeof chosen === "string" ? chosen : record.body.kind;
}

/** The number to ring first. */
export function numberOf(record: Record_): string {
  return CALL[kindOf(record) ?? ""] ?? (isOutside(record) ? record.answer?.call[0] : undefined) ?? "113";
}

/** When each step happened; a step that is not true any more (a unit called back) is open again. */
export function steps(record: Record_, now: number): (string | null)[] {
  const s = record.status;
  const line = lineOf(record, now);
  const came = line !== "acknowledged" && line !== "seen" && line !== "stored";
  return [
    record.answer?.stored_at ?? null,
    s?.seen_at ?? record.answer?.seen_at ?? null,
    s?.acknowledged_at ?? null,
    came ? (s?.coming_at ?? null) : null,
    came && line !== "coming" ? (s?.arrived_at ?? null) : null,
    s?.closed_at ?? null,
  ];
}

/** Whole minutes until a unit is there, counted down since the server said it; null when nobody can say. */
export function minutesLeft(record: Record_, now: number): number | null {
  const eta = record.status?.eta_s;
  if (eta == null) return null;
  const left = eta - (now - (record.status_at ?? now)) / 1000;
  return left > 0 ? Math.max(1, Math.round(left / 60)) : null;
}

export function isOver(record: Record_): boolean {
  return ["closed", "transferred", "duplicate"].includes(record.status?.state ?? "");
}

/** Whether to go on with this press when the page is opened again. */
export function worthResuming(record: Record_, now: number): boolean {
  const age = now - record.made_at;
  if (isOver(record)) return !record.body.silent && age < 600_000; // a silent press leaves no history on the phone
  return age < 7 * 86_400_000;
}

/**
 * Whether a fresh SOS may be offered: the old one is over, called a mistake, or so old that this may be another matter.
 */
export function mayPressAgain(record: Record_, now: number): boolean {
  return (
    isOver(record) ||
    record.calm === true ||
    (record.answer !== undefined && now - record.made_at > 900_000) ||
    record.facts.some((f) => f.kind === "safe")
  );
}

/** A newer snapshot replaces an older one; one that arrives late does not. Every ward counts for itself: a case that a
 * better fix moved to another ward starts again at that ward's number. */
export function takeStatus(record: Record_, status: Status, now: number): Record_ {
  const kept = record.status;
  if (kept && kept.ward_id === status.ward_id && kept.seq > status.seq) return record;
  const chat = latest(linesOf(kept), linesOf(status));
  return {
    ...record,
    status: { ...status, messages: chat.lines, messages_older: chat.older },
    status_at: now,
  };
}

const linesOf = (s: Status | undefined) => ({ lines: s?.messages ?? [], older: s?.messages_older ?? null });

/** What has changed, laid over what was known: never over something newer. */
export function takeChange(record: Record_, change: Change, now: number): Record_ {
  const kept = record.status;
  const sameWard = (change.ward_id ?? kept?.ward_id) === kept?.ward_id;
  if (!kept || (sameWard && kept.seq > change.seq)) return record; // a whole status that is newer has it already
  const known = new Set(kept.messages.map((m) => m.id));
  const messages = [...kept.messages, ...(change.messages ?? []).filter((m) => !known.has(m.id))];
  return { ...record, status: { ...kept, ...change, messages }, status_at: now };
}

/** The lines of the chat before those that are known. */
export function takeOlder(record: Record_, page: Lines<ChatLine>): Record_ {
  const kept = record.status;
  if (!kept) return record;
  const chat = before(linesOf(kept), page);
  return { ...record, status: { ...kept, messages: chat.lines, messages_older: chat.older } };
}

/** How many lines of the chat there are, known or not. */
export const saidSoFar = (record: Record_ | undefined) =>
  record?.status?.messages_total ?? record?.status?.messages.length ?? 0;

/** What two tabs know of the same press, together: no fact is lost, none is sent again that the other has sent. */
export function merge(mine: Record_, theirs: Record_): Record_ {
  const other = new Map(theirs.facts.map((f) => [f.fact_id, f]));
  const facts = mine.facts.map((f) => (f.sent_at ? f : (other.get(f.fact_id) ?? f)));
  const known = new Set(facts.map((f) => f.fact_id));
  const answer = mine.answer ?? theirs.answer;
  const joined: Record_ = {
    ...mine,
    tries: Math.max(mine.tries, theirs.tries),
    facts: [...facts, ...theirs.facts.filter((f) => !known.has(f.fact_id))],
  };
  if (answer) joined.answer = answer;
  // "Mistake" said in the other tab counts here too; taking it back is a chat line and comes with the facts.
  const told = theirs.facts.some(
    (f) => !mine.facts.some((m) => m.fact_id === f.fact_id) && ["cancel", "safe", "duress", "chat"].includes(f.kind),
  );
  if (told && theirs.calm !== undefined) Object.assign(joined, { calm: theirs.calm, calm_after: theirs.calm_after });
  return theirs.status ? takeStatus(joined, theirs.status, theirs.status_at ?? 0) : joined;
}

/** The chat as it may be shown: on the calm screen only what came after it, since somebody else may be looking on. */
export function chatOf(record: Record_): ChatLine[] {
  const lines = record.status?.messages ?? [];
  if (!record.calm || isOver(record)) return lines;
  return lines.slice(Math.max(0, (record.calm_after ?? 0) - (saidSoFar(record) - lines.length)));
}

/** What the desk said last, while nobody has answered it. */
export function deskWord(record: Record_): ChatLine | null {
  const last = chatOf(record).at(-1);
  const answered = record.facts.some((f) => f.kind === "chat" && !f.sent_at);
  return last?.by === "desk" && !answered && !isOver(record) ? last : null;
}

/** The ward that has it now; null when it went to another one, whose name this phone was not told. */
export function wardOf(record: Record_): string | null {
  if (record.status?.ward_name) return record.status.ward_name;
  const now = record.status?.ward_id;
  return now === undefined || record.answer?.ward_id === undefined || now === record.answer.ward_id
    ? (record.answer?.ward_name ?? null)
    : null;
}

/** How to send again what was refused: a press must never be lost to a wrong detail. */
export function mend(body: PressBody, fields: string[], serverTime: string | undefined, freshId: string): PressBody {
  const next: PressBody = { ...body };
  for (const field of fields) {
    if (field === "at") next.at = serverTime ?? new Date().toISOString();
    else if (field === "lat" || field === "lon") {
      delete next.lat;
      delete next.lon;
      delete next.accuracy_m;
    } else if (field === "press_id") next.press_id = freshId;
    else delete (next as unknown as Record<string, unknown>)[field];
  }
  // Nothing that could be mended was named: send the least that a press can be.
  if (JSON.stringify(next) === JSON.stringify(body)) return { press_id: freshId, at: serverTime ?? body.at };
  return next;
}

export interface Fix {
  lat: number;
  lon: number;
  accuracy_m: number;
  at: number;
}

/** Whether a fix is worth sending: clearly better, clearly elsewhere, or a minute old. */
export function worthSending(last: Fix | null, next: Fix, movedM: number): boolean {
  if (!last) return true;
  const age = next.at - last.at;
  return (
    (age > 1500 && next.accuracy_m < last.accuracy_m * 0.7) ||
    (age > 4000 && movedM > Math.max(15, next.accuracy_m)) ||
    age > 60_000
  );
}
