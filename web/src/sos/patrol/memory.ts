/** What a reloaded page must still know without a network: the shift and its tasks, for as long as a shift lasts. */
import type { Assignment, UnitShift } from "../../contract/types";

export interface Memory { at: number; shift: UnitShift; items: Assignment[]; demo: boolean }
const KEY = "binhan-patrol-shift", LASTS_MS = 14 * 3600_000;

export function remember(memory: Memory): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(memory));
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
