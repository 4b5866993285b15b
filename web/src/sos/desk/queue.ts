/** The order of the one queue, and the words of time and accuracy on its cards. Pure. */
import type { Incident } from "../../contract/types";
import type { Row } from "./board";

const TURN: Record<string, number> = { received: 0, acknowledged: 1, responding: 1, resolved: 2 };

/** Not yet acknowledged first, the merely unfinished last; inside, by priority, then the longest wait. */
export function ordered(rows: Iterable<Row>): Row[] {
  return [...rows].sort((a, b) => compare(a.incident, b.incident));
}

export function compare(a: Incident, b: Incident): number {
  return (
    (TURN[a.state] ?? 9) - (TURN[b.state] ?? 9) ||
    a.priority.localeCompare(b.priority) ||
    Date.parse(a.received_at) - Date.parse(b.received_at) ||
    a.id.localeCompare(b.id)
  );
}

/** Seconds that the person has waited: until the acknowledgement, or until now. */
export function waitedS(incident: Incident, now: number): number {
  const end = incident.acknowledged_at ? Date.parse(incident.acknowledged_at) : now;
  return Math.max(0, (end - Date.parse(incident.received_at)) / 1000);
}

/** Seconds left of the running clock; negative when it is overdue, null without a clock. */
export const leftS = (incident: { due_at: string | null }, now: number) =>
  incident.due_at ? (Date.parse(incident.due_at) - now) / 1000 : null;

export const ageS = (at: string | null, now: number) =>
  at ? Math.max(0, Math.round((now - Date.parse(at)) / 1000)) : null;

/** The neighbour in the queue: `step` +1 is down. Without a choice, the first or the last. */
export function neighbour(ids: string[], chosen: string | null, step: 1 | -1): string | null {
  if (!ids.length) return null;
  const at = chosen ? ids.indexOf(chosen) : -1;
  if (at < 0) return step > 0 ? ids[0]! : ids[ids.length - 1]!;
  return ids[Math.min(ids.length - 1, Math.max(0, at + step))]!;
}

/** A fix counts as fresh for 30 s, as old up to 60 s, after that as unknown. */
export function freshness(ageSeconds: number | null): "fresh" | "stale" | "lost" {
  return ageSeconds === null || ageSeconds > 60 ? "lost" : ageSeconds > 30 ? "stale" : "fresh";
}
