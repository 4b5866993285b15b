import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isKept, loadRecord, loadSpare, saveRecord } from "../../../src/sos/press/keep";
import { Sender } from "../../../src/sos/press/sender";
import { answer, ID, record, status } from "./make";

type Call = { path: string; body: Record<string, unknown>; auth: string | undefined };
let calls: Call[] = [];
let script: ((call: Call) => { status: number; json: unknown } | "down")[] = [];
const ok = () => ({ status: 201, json: answer() });
const fine = () => ({ status: 200, json: { stored: 1, status: status({ seq: 5, seen_at: "2026-11-24T05:03:05Z" }) } });

beforeEach(() => {
  calls = [];
  script = [];
  localStorage.clear();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const call = {
      path,
      body: JSON.parse(String(init.body)) as Record<string, unknown>,
      auth: (init.headers as Record<string, string>)["Authorization"],
    };
    calls.push(call);
    const said = script.length ? script.shift()!(call) : path === "/live/press" ? ok() : fine();
    if (said === "down") throw new TypeError("network");
    return new Response(JSON.stringify(said.json), { status: said.status });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
function start(more = {}): Sender {
  const sender = new Sender(record(more), () => undefined);
  sender.put(sender.record);
  sender.now();
  return sender;
}

test("a lost answer is retried with the very same body until there is one", async () => {
  script = [() => "down", () => ({ status: 503, json: {} }), ok];
  const sender = start();
  await settle(5000);
  expect(calls).toHaveLength(3);
  expect(new Set(calls.map((c) => JSON.stringify(c.body))).size).toBe(1);
  expect(sender.record.answer?.track_token).toBe("tok");
});

test("the press is on the phone before the first request leaves it", () => {
  script = [
    () => {
      expect(loadRecord()?.body.press_id).toBe(ID);
      return "down";
    },
  ];
  start();
  expect(loadRecord()?.body.press_id).toBe(ID);
  expect.assertions(2);
});

test("facts wait for the press, go in order, and only the newest unsent fix goes", async () => {
  script = [() => "down"];
  const sender = start();
  sender.add("note", { text: "a" });
  sender.add("fix", { lat: 1, lon: 1, accuracy_m: 90 });
  sender.add("fix", { lat: 2, lon: 2, accuracy_m: 9 });
  await settle(5000);
  expect(calls.map((c) => c.body["kind"] ?? "press")).toEqual(["press", "press", "note", "fix"]);
  expect(calls.at(-1)!.body["lat"]).toBe(2);
  expect(calls.at(-1)!.auth).toBe("Bearer tok");
  expect(sender.record.facts.every((f) => f.sent_at)).toBe(true);
  expect(sender.record.status?.seq).toBe(5);
});

test("an unknown place code is left out and the same press sent again at once", async () => {
  script = [() => ({ status: 422, json: { fields: [{ field: "place_code", error: "is not known" }] } })];
  start({ body: { press_id: ID, at: "2026-11-24T05:03:00Z", place_code: "NO" } });
  await settle();
  expect(calls.map((c) => [c.body["press_id"], c.body["place_code"]])).toEqual([
    [ID, "NO"],
    [ID, undefined],
  ]);
});

test("a phone with a wrong clock sends again with the server's time", async () => {
  script = [
    () => ({
      status: 422,
      json: { fields: [{ field: "at", error: "far" }], server_time: "2026-11-24T05:00:00+00:00" },
    }),
  ];
  start();
  await settle();
  expect(calls[1]!.body["at"]).toBe("2026-11-24T05:00:00+00:00");
});

test("a fact with a wrong time goes again without one; a bad one is marked and does not hold up the rest", async () => {
  script = [
    ok,
    () => ({ status: 422, json: { fields: [{ field: "at", error: "far" }] } }),
    fine,
    () => ({ status: 422, json: { fields: [{ field: "phone", error: "no" }] } }),
  ];
  const sender = start();
  sender.add("note", { text: "a" });
  sender.add("phone", { phone: "abc" });
  sender.add("safe");
  await settle();
  expect(calls[2]!.body["at"]).toBeUndefined();
  expect(sender.record.facts.map((f) => f.sent_at === "refused")).toEqual([false, true, false]);
});

test("too many requests is not a refusal: it is tried again", async () => {
  script = [ok, () => ({ status: 429, json: {} })];
  const sender = start();
  sender.add("note", { text: "a" });
  await settle(3000);
  expect(calls.map((c) => c.body["kind"] ?? "press")).toEqual(["press", "note", "note"]);
  expect(sender.record.facts[0]!.sent_at).not.toBe("refused");
});

test("a press that the server has lost is given to it again, and then the fact", async () => {
  script = [ok, () => ({ status: 404, json: {} })];
  const sender = start();
  sender.add("note", { text: "a" });
  await settle(3000);
  expect(calls.map((c) => c.body["kind"] ?? "press")).toEqual(["press", "note", "press", "note"]);
  expect(sender.record.facts[0]!.sent_at).toBeTruthy();
});

test("kept twice: when localStorage is lost, IndexedDB still has the press; both forget it together", async () => {
  vi.useRealTimers();
  await saveRecord(record({ tries: 3 }));
  localStorage.clear();
  expect(loadRecord()).toBeNull();
  expect((await loadSpare())?.tries).toBe(3);
  await saveRecord(null);
  expect(await loadSpare()).toBeNull();
});

test("stored by another tab meanwhile under a mended body: its answer is taken, no second SOS is raised", async () => {
  script = [
    () => {
      localStorage.setItem("binhan-press", JSON.stringify(record({ answer: answer({ track_token: "theirs" }) })));
      return { status: 409, json: {} };
    },
  ];
  const sender = start();
  await settle(3000);
  expect(calls.map((c) => c.body["press_id"])).toEqual([ID]);
  expect(sender.record.answer?.track_token).toBe("theirs");
});

test("a press_id taken by somebody else's body is replaced", async () => {
  script = [() => ({ status: 409, json: {} }), ok];
  start();
  vi.useRealTimers();
  await vi.waitFor(() => expect(calls).toHaveLength(2));
  expect(calls[1]!.body["press_id"]).not.toBe(ID);
});

test("a network that needs twelve seconds gets its answer: not every try is given up after eight", async () => {
  let given = 0;
  vi.stubGlobal(
    "fetch",
    (_: string, init: RequestInit) =>
      new Promise((done, fail) => {
        given++;
        const timer = setTimeout(() => done(new Response(JSON.stringify(answer()), { status: 201 })), 12_000);
        init.signal!.addEventListener("abort", () => {
          clearTimeout(timer);
          return fail(new DOMException("", "AbortError"));
        });
      }),
  );
  const sender = start();
  await settle(45_000);
  expect([given, sender.record.answer?.track_token]).toEqual([3, "tok"]);
});

test("a page that cannot draw still sends, and lets the error be seen", async () => {
  const sender = new Sender(record(), () => {
    throw new Error("drawing");
  });
  sender.put(sender.record);
  sender.now();
  await expect(vi.advanceTimersByTimeAsync(0)).rejects.toThrow("drawing");
  vi.clearAllTimers();
  expect(calls).toHaveLength(1);
});

test("what another tab knows is taken over, and its unsent fact is sent from here", async () => {
  const sender = start({ answer: answer() });
  sender.adopt(record({ answer: answer(), facts: [{ fact_id: "n", kind: "note", text: "a" }] }));
  await settle();
  expect(calls.map((c) => c.body["fact_id"])).toEqual(["n"]);
  expect(loadRecord()?.facts[0]!.sent_at).toBeTruthy();
});

test("a phone that keeps nothing is told from one that does", async () => {
  vi.useRealTimers();
  await saveRecord(record());
  expect(isKept()).toBe(true);
  vi.stubGlobal("localStorage", {
    getItem: () => null,
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
  });
  await saveRecord(record({ tries: 1 }));
  expect(isKept()).toBe(true); // IndexedDB still has it
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  await saveRecord(record({ tries: 2 }));
  expect(isKept()).toBe(false);
  vi.restoreAllMocks();
});

test("two tabs without a network do not drive each other: a counted try is no news, an answer is", async () => {
  script = Array(50).fill(() => "down");
  const sender = new Sender(record(), () => undefined);
  sender.now();
  await vi.waitFor(() => expect(sender.record.tries).toBe(1));
  for (let n = 2; n < 6; n++) sender.adopt(record({ tries: n }));
  await Promise.resolve();
  expect(calls).toHaveLength(1);
  expect(sender.record.tries).toBe(5);
  script = [];
  sender.adopt(record({ answer: answer(), facts: [{ fact_id: "n", kind: "note", text: "a" }] }));
  await vi.waitFor(() => expect(calls.at(-1)!.path).toContain("/facts"));
});

test("a press that is put away takes the worker's answer with it", async () => {
  await saveRecord(record());
  const db = await new Promise<IDBDatabase>(
    (done) => (indexedDB.open("binhan-press").onsuccess = (e) => done((e.target as IDBOpenDBRequest).result)),
  );
  db.transaction("now", "readwrite").objectStore("now").put(answer(), "answered");
  await saveRecord(null);
  const keys = await new Promise<IDBValidKey[]>(
    (done) =>
      (db.transaction("now").objectStore("now").getAllKeys().onsuccess = (e) =>
        done((e.target as IDBRequest<IDBValidKey[]>).result)),
  );
  expect(keys).toEqual([]);
  db.close();
});

test("where there is no room for more words they are marked as not sent, and places still go through", async () => {
  script = [ok, () => ({ status: 429, json: { status: 429, code: "press_full" } }), fine];
  const sender = start();
  sender.add("chat", { text: "a" });
  sender.add("fix", { lat: 1, lon: 2 });
  await settle(1000);
  expect(sender.record.facts.map((f) => f.sent_at === "refused")).toEqual([true, false]);
  expect(sender.record.facts[1]!.sent_at).toBeTruthy();
});
