/** What the SOS page knows, and what it may honestly say. Pure: no browser, no clock but the one passed in. */
export interface PressBody {
  press_id: string; at: string; lat?: number; lon?: number; accuracy_m?: number; kind?: string; silent?: boolean;
  place_code?: string; phone?: string; note?: string; lang?: string; device_id?: string;
}
export interface Answer {
  press_id: string; incident_id: string; ward_name: string; track_token: string; stored_at: string; seen_at: string | null;
  outside: boolean; call: string[]; demo: boolean;
}
export interface ChatLine { id: string; at: string; by: "resident" | "desk"; text: string }
export interface Status {
  seq: number; state: string; stored_at: string; seen_at: string | null; acknowledged_at: string | null; coming_at: string | null;
  arrived_at: string | null; resolved_at: string | null; closed_at: string | null; eta_s: number | null; agency: string | null;
  units: { call_sign: string; state: string }[]; cancel_requested_at: string | null; messages: ChatLine[]; outside: boolean;
}
export interface Fact { fact_id: string; kind: string; at: string; sent_at?: string; [key: string]: unknown }
export interface Record_ {
  body: PressBody; made_at: number; tries: number; answer?: Answer; status?: Status; facts: Fact[]; ended?: boolean;
}
export type Line =
  | "sending" | "unsent" | "stored" | "seen" | "acknowledged" | "coming" | "arrived" | "resolved" | "closed" | "transferred";

/** The one line that is true now. "unsent" as soon as a first try has failed or 3 s have passed without an answer. */
export function lineOf(record: Record_, now: number): Line {
  const s = record.status;
  if (!record.answer) return record.tries > 0 || now - record.made_at > 3000 ? "unsent" : "sending";
  if (s?.state === "transferred") return "transferred";
  if (s?.closed_at) return "closed";
  if (s?.resolved_at) return "resolved";
  if (s?.arrived_at) return "arrived";
  if (s?.coming_at) return "coming";
  if (s?.acknowledged_at) return "acknowledged";
  return s?.seen_at || record.answer.seen_at ? "seen" : "stored";
}

/** True when nobody has seen the press for 30 s: then the telephone is better. */
export function shouldCall(record: Record_, now: number): boolean {
  const line = lineOf(record, now);
  return line === "unsent" || (line === "stored" && now - record.made_at > 30_000) || Boolean(record.answer?.outside);
}

export function steps(record: Record_): (string | null)[] {
  const s = record.status;
  return [record.answer?.stored_at ?? null, s?.seen_at ?? record.answer?.seen_at ?? null, s?.acknowledged_at ?? null,
    s?.coming_at ?? null, s?.arrived_at ?? null, s?.closed_at ?? null];
}

export function isOver(record: Record_): boolean {
  return Boolean(record.ended) || ["closed", "transferred", "duplicate"].includes(record.status?.state ?? "");
}

/** A newer snapshot replaces an older one; one that arrives late does not. */
export function takeStatus(record: Record_, status: Status): Record_ {
  return (record.status?.seq ?? -1) > status.seq ? record : { ...record, status };
}

/** How to send again what was refused: a press must never be lost to a wrong detail. */
export function mend(body: PressBody, fields: string[], serverTime: string | undefined, freshId: string): PressBody {
  const next: PressBody = { ...body };
  for (const field of fields) {
    if (field === "at") next.at = serverTime ?? new Date().toISOString();
    else if (field === "lat" || field === "lon") (delete next.lat, delete next.lon, delete next.accuracy_m);
    else if (field === "press_id") next.press_id = freshId;
    else delete (next as unknown as Record<string, unknown>)[field];
  }
  if (fields.length === 0) return { press_id: freshId, at: serverTime ?? body.at };
  return next;
}

export interface Fix { lat: number; lon: number; accuracy_m: number; at: number }

/** Whether a fix is worth sending: clearly better, clearly elsewhere, or a minute old. */
export function worthSending(last: Fix | null, next: Fix, movedM: number): boolean {
  if (!last) return true;
  const age = next.at - last.at;
  return (age > 1500 && next.accuracy_m < last.accuracy_m * 0.7) || (age > 4000 && movedM > Math.max(15, next.accuracy_m)) || age > 60_000;
}
