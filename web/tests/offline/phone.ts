/** A phone for the tests: its own database, a ward to talk to, and a PIN that costs little. */
import "fake-indexeddb/auto";
import { afterEach, expect, vi } from "vitest";
import { PHONES } from "../../src/casework/field/phones";
import type { DoorDoc, Draft, Field, Outcome, Session } from "../../src/casework/field/types";
import { openSession } from "../../src/offline/session";
import { newId } from "../../src/kernel/ids";
import { Ward } from "./ward";

vi.setConfig({ testTimeout: 30_000 }); // a busy machine is no failure
export const PIN = "135790";
let phones = 0;
export const until = (done: () => boolean, what = "it") =>
  vi.waitFor(() => expect(done(), what).toBe(true), { timeout: 15_000, interval: 5 });

export function wardWith(doors = 3): Ward {
  const ward = new Ward();
  for (let i = 1; i <= doors; i++) ward.doc(`door/door-${i}`, door(i));
  ward.doc("round/round-1", { name: "Đợt 11", form: null });
  ward.doc("turf/turf-1", { number: 1 });
  ward.doc("codes/codes", { routed: [{ code: "domestic_violence", vi: "", go_to: {} }] });
  return ward;
}

export function door(i: number, more: Partial<DoorDoc> = {}): Partial<DoorDoc> {
  return {
    turf: "turf-1",
    round: "round-1",
    place: i,
    address: `${i} đường Mẫu`,
    landmark: "",
    lat: 10.9,
    lon: 106.7,
    access_note: "",
    ...more,
  };
}

/** What a phone must let go of before its test is over. */
interface Inside {
  desk: { sync: { running?: Promise<void> } } | null;
  closing: Promise<unknown>;
  tabs: { close(): void };
  relist(): Promise<void>;
}
export const toPutDown: Session[] = [];

/** A sync that outlives its test would tell an app that is no more, in the middle of somebody else's test. */
afterEach(async () => {
  vi.useRealTimers();
  const down = toPutDown.splice(0);
  for (const session of down) (session as unknown as Inside).tabs.close();
  for (const session of down) {
    const inside = session as unknown as Inside;
    const running = inside.desk?.sync.running;
    session.lock();
    await running;
    await inside.closing;
    if (session.phase !== "unsupported") await inside.relist(); // behind the one that the lock began
  }
});

/** The same name is the same phone, opened again. */
export async function phone(ward: Ward, name = `phone-${++phones}`) {
  vi.stubGlobal("fetch", ward.fetch);
  const session = openSession<Field>(PHONES, { name, iterations: 1000, fetch: ward.fetch, timeoutMs: 2000 });
  toPutDown.push(session);
  await session.start();
  return { session, name };
}

/** Registered, open, and carrying turf 1. */
export async function atWork(ward = wardWith(), name?: string) {
  const made = await phone(ward, name);
  await made.session.createVault(PIN);
  await made.session.choose(["turf-1"]);
  return { ...made, ward };
}

export function draftOf(dwelling = "door-1", more: Partial<Draft> = {}): Draft {
  const begun = { id: newId(), dwelling, round: "round-1", outcome: "met", started_at: new Date().toISOString() };
  return { ...PHONES.whole(begun as Draft), ...more };
}

/** A visit of one tap. */
export function quick(session: Session, dwelling: string, outcome: Outcome, come_back_at = ""): Promise<void> {
  return session.finish(draftOf(dwelling, { outcome, come_back_at }));
}
