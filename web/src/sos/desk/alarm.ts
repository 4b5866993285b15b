/**
 * The alarm as a state machine without a clock or a loudspeaker of its own: what sounds now, and how loudly.
 *
 * An unacknowledged SOS always sounds. One incident can be hushed for 15 s by a deliberate long press with a reason;
 * it comes back by itself, and at once when its level rises or the person presses again.
 */
import type { Incident } from "../../contract/types";

export const HUSH_MS = 15_000;
export const HOLD_MS = 2_000;

export interface Hush {
  until: number;
  level: number;
  repeats: number;
  reason: string;
}
export interface Alarm {
  hushed: ReadonlyMap<string, Hush>;
  log: readonly { id: string; at: number; reason: string }[];
}
export interface Sound {
  ringing: boolean;
  level: number;
  volume: number;
  count: number;
  hushedCount: number;
}
export const QUIET: Alarm = { hushed: new Map(), log: [] };

type Ringer = Pick<Incident, "id" | "level" | "repeats"> & Partial<Pick<Incident, "one_source">>;

export function hush(alarm: Alarm, incident: Ringer, reason: string, now: number): Alarm {
  if (!reason.trim()) return alarm;
  const entry: Hush = { until: now + HUSH_MS, level: incident.level, repeats: incident.repeats, reason: reason.trim() };
  return {
    hushed: new Map(alarm.hushed).set(incident.id, entry),
    log: [...alarm.log, { id: incident.id, at: now, reason: entry.reason }],
  };
}

export function isHushed(alarm: Alarm, incident: Ringer, now: number): boolean {
  const entry = alarm.hushed.get(incident.id);
  if (entry === undefined || now >= entry.until || incident.level > entry.level) return false;
  return incident.one_source === true || incident.repeats <= entry.repeats; // a machine would never let it be hushed
}

/** What must sound for these unacknowledged incidents. Louder with every rung: 0.55, 0.7, 0.85, 1. */
export function sounding(alarm: Alarm, waiting: readonly Ringer[], now: number): Sound {
  const loud = waiting.filter((i) => !isHushed(alarm, i, now));
  const level = loud.reduce((top, i) => Math.max(top, i.level), 0);
  return {
    ringing: loud.length > 0,
    level,
    volume: loud.length ? Math.min(1, 0.55 + 0.15 * level) : 0,
    count: waiting.length,
    hushedCount: waiting.length - loud.length,
  };
}

/** Drops hushes that have run out or whose incident no longer waits. */
export function tidy(alarm: Alarm, waiting: readonly Ringer[], now: number): Alarm {
  const kept = new Map([...alarm.hushed].filter(([id, h]) => h.until > now && waiting.some((i) => i.id === id)));
  return kept.size === alarm.hushed.size ? alarm : { ...alarm, hushed: kept };
}
