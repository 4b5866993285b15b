/** Durable on the phone: localStorage at once (it is synchronous), and IndexedDB for the service worker. */
import { openDB } from "idb";
import type { Record_ } from "./state";

const KEY = "binhan-press";
const db = () => openDB("binhan-press", 1, { upgrade: (d) => void d.createObjectStore("now") });
let memory: string | null = null;

export function loadRecord(): Record_ | null {
  try {
    memory = localStorage.getItem(KEY);
  } catch {
    /* private mode: memory only */
  }
  try {
    return memory ? (JSON.parse(memory) as Record_) : null;
  } catch {
    return null;
  }
}

export function saveRecord(record: Record_ | null): void {
  memory = record ? JSON.stringify(record) : null;
  try {
    if (memory) localStorage.setItem(KEY, memory);
    else localStorage.removeItem(KEY);
  } catch {
    /* memory only */
  }
  const unsent = record && !record.answer ? record.body : null;
  void db().then(async (d) => void (unsent ? await d.put("now", unsent, "press") : await d.delete("now", "press"))).catch(() => undefined);
}

export function keepText(key: string, value?: string | null): string | null {
  try {
    if (value === null) localStorage.removeItem(key);
    else if (value !== undefined) localStorage.setItem(key, value);
    return localStorage.getItem(key);
  } catch {
    return value ?? null;
  }
}
