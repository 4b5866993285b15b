/**
 * What a reloaded page must still know without a network: the shift and where its tasks are, for as long as a shift
 * lasts. Never a resident's own words: this lies in clear on a phone that may be lost.
 */
import type { Assignment, UnitShift } from "../../contract/types";

export interface Memory {
  at: number;
  shift: UnitShift;
  items: Assignment[];
  demo: boolean;
}
const KEY = "binhan-patrol-shift";
const LASTS_MS = 14 * 3600_000;

export function remember(memory: Memory): void {
  try {
    const items = memory.items.map((a) => ({ ...a, note: "", reason: "", incident: { ...a.incident, note: "" } }));
    localStorage.setItem(KEY, JSON.stringify({ ...memory, items }));
  } catch {
    return; // storage may be full or forbidden; with a network the page does not need it
  }
}

export function recall(now: number): Memory | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as Memory | null;
    return kept && now - kept.at < LASTS_MS ? kept : null;
  } catch {
    return null;
  }
}

export function forget(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    return;
  }
}
