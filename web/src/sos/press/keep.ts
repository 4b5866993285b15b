/**
 * Durable on the phone, twice: localStorage at once (it is synchronous, so a page that is closed in the next
 * instant has written it) and IndexedDB (which survives a crash better, and which the service worker can read).
 */
import { openDB, type IDBPDatabase } from "idb";
import type { Answer, Record_ } from "./state";

export const KEY = "binhan-press";
let durable = true;
let opened: Promise<IDBPDatabase> | null = null;
const db = () => (opened ??= openDB("binhan-press", 1, { upgrade: (d) => void d.createObjectStore("now") }));

function parse(text: string | null | undefined): Record_ | null {
  try {
    const found = text ? (JSON.parse(text) as Record_) : null;
    return found?.body?.press_id && Array.isArray(found.facts) ? found : null;
  } catch {
    return null;
  }
}

export function loadRecord(): Record_ | null {
  return parse(keepText(KEY));
}

/** What IndexedDB kept, for a phone whose localStorage is shut or was lost. */
export async function loadSpare(): Promise<Record_ | null> {
  try {
    return parse((await (await db()).get("now", "record")) as string | undefined);
  } catch {
    return null;
  }
}

/** Whether the last record was written to at least one of the two; false means that closing the page loses it. */
export const isKept = () => durable;

/** The answer to this press that another tab, or the service worker while the page was closed, has had. */
export async function answerOf(pressId: string): Promise<Answer | null> {
  const record = loadRecord();
  if (record?.body.press_id === pressId && record.answer) return record.answer;
  try {
    const answer = (await (await db()).get("now", "answered")) as Answer | undefined;
    return answer?.press_id === pressId ? answer : null;
  } catch {
    return null;
  }
}

/** Keep the record; the promise is only for whoever must know that the second copy is written too. */
export async function saveRecord(record: Record_ | null): Promise<void> {
  const text = record ? JSON.stringify(record) : null;
  keepText(KEY, text);
  const here = text === null || keepText(KEY) === text;
  try {
    const tx = (await db()).transaction("now", "readwrite");
    void (text ? tx.store.put(text, "record") : tx.store.delete("record"));
    // The service worker sends this body when the page was closed before it could.
    if (!text) void tx.store.delete("answered"); // a silent SOS leaves nothing behind, the worker's answer neither
    void (record && !record.answer ? tx.store.put(record.body, "press") : tx.store.delete("press"));
    await tx.done;
    durable = true;
  } catch {
    opened = null; // private mode or a lost database: localStorage alone
    durable = here;
  }
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
