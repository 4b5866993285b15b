/**
 * What the desk knows, as one value, and the pure functions that change it.
 *
 * Rows come from snapshots, each with the journal seq that it already shows (`asOf`); events only say that
 * something was touched (`touched`). A row is stale while touched > asOf. So a lost, doubled, late or shuffled
 * event can delay the truth but never replace it: whoever has the newest snapshot agrees with the server.
 */
import type { Assignment, DeskEvent, Incident, Unit, UnitFix } from "../../contract/types";
import { verbsIn } from "./verbs";

export interface Row {
  incident: Incident;
  assignments: Assignment[];
  asOf: number;
  touched: number;
}
export interface Board {
  seq: number; // the last event applied
  rows: ReadonlyMap<string, Row>;
  units: ReadonlyMap<string, Unit>;
  gap: number; // > 0: an event is missing, a snapshot as of this seq or later is needed
  unitsStale: boolean;
  lastEventAt: number | null;
  gone: ReadonlyMap<string, number>; // ended incidents, and the seq at which they ended
}
export const OPEN_STATES = ["received", "acknowledged", "responding", "resolved"] as const;
export const EMPTY: Board = {
  seq: 0,
  rows: new Map(),
  units: new Map(),
  gap: 0,
  unitsStale: false,
  lastEventAt: null,
  gone: new Map(),
};
const UNTOUCHING = new Set(["read", "push", "deliver"]); // journalled, but changes nothing that the queue shows

export const isOpen = (state: string) => (OPEN_STATES as readonly string[]).includes(state);

/** The incident that an event is about, or null. */
export function incidentOf(event: DeskEvent): string | null {
  if (event.subject_kind === "incident") return event.subject_id;
  const id = event.facts["incident_id"];
  return typeof id === "string" ? id : null;
}

/** A place or an officer has another name: incidents show it, and which of them only the server knows. */
export const renames = (event: DeskEvent) =>
  event.verb === "update" && (event.subject_kind === "place" || event.subject_kind === "account");

/** `list`: the queue was read; `complete`: all of it. */
export interface Snapshot {
  asOf: number;
  items: (Incident & { assignments?: Assignment[] })[];
  list: boolean;
  complete: boolean;
  assignments?: Assignment[];
}

/** Rows as the server had them at `asOf`. A complete snapshot also says what is no longer open. */
export function applySnapshot(board: Board, shot: Snapshot): Board {
  const rows = new Map(board.rows);
  const seen = new Set<string>();
  for (const item of shot.items) {
    seen.add(item.id);
    const was = rows.get(item.id);
    if ((was && was.asOf > shot.asOf) || (board.gone.get(item.id) ?? -1) > shot.asOf) continue;
    const { assignments, ...incident } = item;
    const mine =
      assignments ??
      (shot.assignments ? shot.assignments.filter((a) => a.incident_id === item.id) : (was?.assignments ?? []));
    if (isOpen(incident.state))
      rows.set(item.id, { incident, assignments: mine, asOf: shot.asOf, touched: was?.touched ?? shot.asOf });
    else rows.delete(item.id);
  }
  for (const [id, row] of rows)
    if (shot.list && !seen.has(id) && row.touched <= shot.asOf && row.asOf <= shot.asOf) leave(rows, id, row, shot);
  return {
    ...board,
    rows,
    // What this reading covers will not be heard any more, and may have been about a unit.
    unitsStale: board.unitsStale || shot.asOf > board.seq,
    seq: Math.max(board.seq, shot.asOf),
    gap: shot.list && shot.asOf >= board.gap ? 0 : board.gap,
  };
}

/** A row that the list does not show: ended, or beyond the pages that were read. */
function leave(rows: Map<string, Row>, id: string, row: Row, shot: Snapshot): void {
  if (shot.complete) rows.delete(id);
  else rows.set(id, { ...row, asOf: shot.asOf });
}

/** One incident read whole; `asOf` is the board's seq when the reading began. */
export function applyIncident(board: Board, incident: Incident, assignments: Assignment[], asOf: number): Board {
  const shot = applySnapshot(board, {
    asOf,
    items: [{ ...incident, assignments: assignments.filter((a) => !a.ended_at) }],
    list: false,
    complete: false,
  });
  return { ...shot, seq: board.seq };
}

/** One event of the stream. A repeated one changes nothing. */
export function applyEvent(board: Board, event: DeskEvent, receivedAt: number): Board {
  if (event.seq <= board.seq) return board;
  const next: Board = {
    ...board,
    seq: event.seq,
    gap: event.seq > board.seq + 1 ? event.seq : board.gap,
    lastEventAt: receivedAt,
  };
  if (event.subject_kind === "unit" || event.subject_kind === "assignment") next.unitsStale = true;
  if (renames(event)) next.gap = event.seq;
  const id = incidentOf(event);
  return id && !UNTOUCHING.has(event.verb) ? touch(next, id, event) : next;
}

function touch(board: Board, id: string, event: DeskEvent): Board {
  const was = board.rows.get(id);
  const state =
    event.subject_kind === "incident" && typeof event.facts["state"] === "string" ? event.facts["state"] : null;
  const rows = new Map(board.rows);
  if (state && !isOpen(state)) {
    rows.delete(id);
    return { ...board, rows, gone: new Map(board.gone).set(id, event.seq) };
  }
  if (was) rows.set(id, { ...was, incident: patched(was.incident, event, state), touched: event.seq });
  else if (event.verb === "raise")
    rows.set(id, { incident: provisional(id, event), assignments: [], asOf: 0, touched: event.seq });
  else return { ...board, gap: event.seq }; // moved, but unknown here: only a snapshot can tell
  return { ...board, rows };
}

/** What an event itself says, shown at once; the snapshot that follows has the rest. */
function patched(incident: Incident, event: DeskEvent, state: string | null): Incident {
  const level = event.facts["level"];
  return {
    ...incident,
    ...(state && state !== incident.state ? { state: state as Incident["state"], verbs: verbsIn(state) } : {}),
    ...(event.verb === "escalate" && typeof level === "number" ? { level: Math.max(level, incident.level) } : {}),
    ...(event.verb === "merge_press" ? { repeats: incident.repeats + 1 } : {}),
    ...(event.verb === "split_press" ? { repeats: Math.max(0, incident.repeats - 1) } : {}),
    ...(event.verb === "seen" ? { seen_at: incident.seen_at ?? event.at } : {}),
    // Another reporter neither calls it a mistake nor, as one of many from one source, speaks for it at all.
    ...(event.verb === "cancel" && !event.facts["of_press"]
      ? { cancel_requested_at: incident.cancel_requested_at ?? event.at }
      : {}),
    ...(event.verb === "duress" && !event.facts["apart"] ? { duress: true, may_ring_back: false } : {}),
  };
}

/** What nobody can say yet of an incident of which only the journal row is here. */
const UNKNOWN = {
  ward_id: 0,
  ward_code: "",
  level: 0,
  kind_name: { vi: "", en: "" },
  lat: null,
  lon: null,
  accuracy_m: null,
  located_at: null,
  place_code: null,
  place_name: null,
  phone: null,
  device_id: null,
  seen_at: null,
  acknowledged_at: null,
  acknowledged_by: null,
  acknowledged_by_name: null,
  dispatched_at: null,
  coming_at: null,
  arrived_at: null,
  resolved_at: null,
  closed_at: null,
  outcome: "",
  original_id: null,
  agency: "",
  cancel_requested_at: null,
  escalated_at: null,
  due_at: null,
  location_source: "none",
  note: "",
  lang: "",
  repeats: 0,
  one_source: false,
  outcome_note: "",
  duress: false,
  moved_by_name: "",
  waiting_s: 0,
  call: [],
} as const;

/** A card for an SOS of which only the journal row is here: enough to sound the alarm. */
function provisional(id: string, event: DeskEvent): Incident {
  const f = event.facts;
  const silent = f["silent"] === true;
  return {
    ...UNKNOWN,
    id,
    state: "received",
    priority: (f["priority"] as Incident["priority"]) ?? "P1",
    kind: String(f["kind"] ?? "unknown"),
    silent,
    channel: String(f["channel"] ?? "web"),
    outside: f["outside"] === true,
    one_source: f["one_source"] === true,
    drill: f["drill"] === true,
    pressed_at: event.at,
    received_at: event.at,
    moved_by: event.actor,
    moved_at: event.at,
    moved_verb: "raise",
    call: [],
    may_ring_back: !silent,
    verbs: verbsIn("received"),
  };
}

export function applyUnits(board: Board, units: Unit[]): Board {
  return { ...board, units: new Map(units.map((u) => [u.unit_id, u])), unitsStale: false };
}

/** New positions; a unit that is not known yet asks for the whole list. */
export function applyFixes(board: Board, fixes: UnitFix[], receivedAt: number): Board {
  const units = new Map(board.units);
  let unitsStale = board.unitsStale;
  for (const fix of fixes) {
    const was = units.get(fix.unit_id);
    if (was) units.set(fix.unit_id, { ...was, ...fix });
    else unitsStale = true;
  }
  return { ...board, units, unitsStale, lastEventAt: receivedAt };
}

/** True while some row is older than the last event about it. */
export const isStale = (board: Board) => board.gap > 0 || [...board.rows.values()].some((r) => r.touched > r.asOf);
/** Incidents whose alarm must sound. */
export const unacknowledged = (board: Board) =>
  [...board.rows.values()].map((r) => r.incident).filter((i) => i.state === "received");
