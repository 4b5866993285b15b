/**
 * The doors of today in walking order, as they stand with what this phone knows beyond the server. Pure but for the
 * session it reads.
 */
import { fold } from "../../kernel/text";
import type { DoorDoc, DoorState, Id, Outcome, Session } from "./types";

export interface Door {
  id: Id;
  body: DoorDoc;
  state: DoorState;
  comeBackAt: string | null;
  sent: boolean;
  draft: boolean;
  declined: boolean;
}
export type Filter = "todo" | "again" | "all";
const AFTER: Record<Outcome, DoorState> = {
  met: "reached",
  not_home: "not_home",
  come_back: "come_back",
  refused: "refused",
  vacant: "vacant",
  moved: "vacant",
};

/**
 * Met once is reached; a refusal stands until somebody is met; else the last outcome counts – as the server reckons.
 */
export function overlay(server: DoorState, outcome: Outcome | undefined): DoorState {
  if (!outcome) return server;
  const next = AFTER[outcome];
  return server === "reached" || (server === "refused" && next !== "reached") ? server : next;
}

export function doors(session: Session): Door[] {
  const order = new Map(session.chosen().map((id, at) => [id, at]));
  const waiting = new Map(
    session.unsentItems
      .filter((i) => i.kind === "visit")
      .map((i) => {
        const visit = i.body as { dwelling: Id; come_back_at?: string };
        return [visit.dwelling, visit.come_back_at ?? null];
      }),
  );
  const agreed = session.all("appointment").map((a) => a.body);
  const declined = new Set(agreed.filter((a) => a.state === "declined").map((a) => a.dwelling));
  for (const a of agreed) if (a.state === "booked") declined.delete(a.dwelling);
  return session
    .all("door")
    .filter(({ body }) => body.active)
    .map(({ id, body }) => ({ ...look(session, id, body, waiting.get(id)), declined: declined.has(id) }))
    .sort((a, b) => (order.get(a.body.turf) ?? 99) - (order.get(b.body.turf) ?? 99) || a.body.place - b.body.place);
}

function look(session: Session, id: Id, body: DoorDoc, comeBackAt: string | null | undefined): Omit<Door, "declined"> {
  const local = session.claim("visit", id);
  const draft = session.draft(id);
  const pressed = draft && draft.outcome !== "" && draft.outcome !== "met" ? draft.outcome : undefined;
  const outcome = pressed ?? local?.outcome;
  const again =
    pressed === "come_back"
      ? draft!.come_back_at
      : (comeBackAt ?? local?.back ?? (local && local.outcome !== "come_back" ? null : body.come_back_at));
  return {
    id,
    body,
    state: overlay(body.state, outcome),
    comeBackAt: again || null,
    sent: local?.sent ?? true,
    draft: draft !== null && !pressed && worth(draft),
  };
}

/** Whether anything was really entered, beyond that the page was opened. */
export function worth(draft: {
  outcome: string;
  issues: unknown[];
  topics: unknown[];
  note: string;
  consents: object;
  files: unknown[];
  edits: object;
  form_xml: string;
  questions: string;
  notice_version: string;
}): boolean {
  return (
    draft.outcome === "met" ||
    draft.issues.length + draft.topics.length + draft.files.length > 0 ||
    Object.keys(draft.consents).length + Object.keys(draft.edits).length > 0 ||
    Boolean(draft.note || draft.form_xml || draft.questions || draft.notice_version)
  );
}

/** To be knocked at again – unless the resident has asked us not to come. */
export const again = (d: Door): boolean => !d.declined && (d.state === "come_back" || d.state === "not_home");

/** The next door to knock at: the first untouched one after here, else before here, else one to come back to. */
export function next(all: Door[], after: Id | null = null): Door | null {
  const from = after ? all.findIndex((d) => d.id === after) + 1 : 0;
  const rest = [...all.slice(from), ...all.slice(0, Math.max(0, from - 1))];
  return rest.find((d) => d.state === "not_yet" && !d.declined) ?? rest.find(again) ?? null;
}

export function progress(all: Door[]): { doors: number; approached: number; reached: number } {
  return {
    doors: all.length,
    approached: all.filter((d) => d.state !== "not_yet").length,
    reached: all.filter((d) => d.state === "reached").length,
  };
}

export function find(all: Door[], query: string, filter: Filter): Door[] {
  const asked = query.split(/\s+/).map(fold).filter(Boolean); // "7/1" stays together
  if (!asked.length)
    return filter === "all"
      ? all
      : all.filter((d) => (filter === "again" ? again(d) : d.state === "not_yet" || d.draft));
  return all.filter((d) => {
    const text = fold(`${d.body.address} ${d.body.way} ${d.body.group} ${d.body.landmark}`);
    return asked.every((part) => text.includes(part));
  });
}
