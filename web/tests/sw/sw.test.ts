import "fake-indexeddb/auto";
import { openDB } from "idb";
import { beforeEach, expect, test, vi } from "vitest";

type Handler = (e: Record<string, unknown>) => void;
const handlers: Record<string, Handler> = {};
const kept = new Map<string, string>();
const ID = "01a20dfa-9e50-78f5-bee1-8ee94c884ffc";
let network: (url: string, init?: RequestInit) => Promise<Response>;

const cache = {
  addAll: async (all: string[]) => all.forEach((u) => kept.set(u, "old")),
  match: async (r: Request | string) => {
    const text = kept.get(typeof r === "string" ? r : new URL(r.url).pathname);
    return text === undefined ? undefined : new Response(text);
  },
  put: async (r: Request | string, a: Response) =>
    void kept.set(typeof r === "string" ? r : new URL(r.url).pathname, await a.text()),
};
vi.stubGlobal("VERSION", "1");
vi.stubGlobal("PRECACHE", ["/sos", "/assets/press.js"]);
vi.stubGlobal("SHELLS", { "/sos": ["/sos"], "/desk": ["/desk"] });
const bytes = new TextEncoder();
const digest = [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes.encode("whole"))).slice(0, 8)]
  .map((b) => b.toString(16).padStart(2, "0"))
  .join("");
vi.stubGlobal("FIELD", { page: "/field", version: "7", files: { "/field": digest, "/assets/field.js": digest } });
const whole = new Map<string, string>();
const wholeCache = {
  match: async (path: string) => (whole.has(path) ? new Response(whole.get(path)) : undefined),
  put: async (path: string, a: Response) => void whole.set(path, await a.text()),
};
vi.stubGlobal("caches", {
  open: async (name: string) => (name === "field-7" ? wholeCache : cache),
  keys: async () => (whole.size ? ["binhan-1", "field-7"] : ["binhan-1"]),
  delete: async (name: string) => void deleted.push(name),
});
const deleted: string[] = [];
vi.stubGlobal("fetch", (r: Request | string, init?: RequestInit) =>
  network(typeof r === "string" ? r : new URL(r.url).pathname, init),
);
vi.stubGlobal("self", {
  addEventListener: (name: string, f: Handler) => (handlers[name] = f),
  skipWaiting: () => undefined,
  clients: { claim: async () => undefined, matchAll: async () => windows },
});
let windows: { url: string }[] = [];
await import("../../src/sw/sw");

let working: Promise<unknown> | undefined;
async function get(path: string): Promise<string> {
  let answer: Promise<Response> | undefined;
  handlers["fetch"]!({
    request: new Request(location.origin + path),
    respondWith: (r: Promise<Response>) => (answer = r),
    waitUntil: (p: Promise<unknown>) => (working = p),
  });
  return (await answer!).text();
}
async function sync(): Promise<void> {
  let work: Promise<unknown> | undefined;
  handlers["sync"]!({ tag: "press", waitUntil: (p: Promise<unknown>) => (work = p) });
  await work;
}
const store = () => openDB("binhan-press", 1, { upgrade: (d) => void d.createObjectStore("now") });

beforeEach(async () => {
  kept.clear();
  whole.clear();
  windows = [];
  await cache.addAll(["/sos", "/assets/press.js"]);
  const db = await store();
  await db.clear("now");
  await db.put("now", { press_id: ID, at: "2025-01-01T00:00:00Z" }, "press");
  db.close();
});

test("the SOS page opens as it was kept, not waiting for a dead network; its place code does not matter", async () => {
  network = () => new Promise(() => undefined);
  expect([await get("/sos"), await get("/sos?p=TU-01"), await get("/assets/press.js")]).toEqual(["old", "old", "old"]);
});

test("a page is never put beside files of another build", async () => {
  kept.delete("/sos");
  network = async () => new Response("new");
  expect(await get("/sos")).toBe("new");
  expect(kept.has("/sos")).toBe(false);
});

test("another screen comes from the network, and as it was when there is none", async () => {
  network = async () => new Response("new desk");
  expect(await get("/desk")).toBe("new desk");
  network = async () => Promise.reject(new TypeError("down"));
  await vi.waitFor(async () => expect(await get("/desk")).toBe("new desk"));
});

test("the field app comes from the network once, is then kept whole, and opens without a network", async () => {
  network = async () => new Response("whole");
  expect(await get("/field")).toBe("whole");
  await working;
  network = async () => Promise.reject(new TypeError("aeroplane mode"));
  expect([await get("/field"), await get("/field?turf=1"), await get("/assets/field.js")]).toEqual([
    "whole",
    "whole",
    "whole",
  ]);
  expect(kept.has("/assets/field.js") || kept.has("/field")).toBe(false); // one copy is enough
});

test("the field app that was never kept says so, with the numbers to call, instead of a blank screen", async () => {
  network = async () => Promise.reject(new TypeError("down"));
  expect(await get("/field")).toMatch(/chưa lưu đủ[^]*tel:113/);
});

test("the open field app asks to be kept and is told how far it is", async () => {
  network = async (url) => new Response(url === "/field" ? "another build" : "whole");
  const said: unknown[] = [];
  handlers["message"]!({
    data: "keep-field",
    ports: [{ postMessage: (m: unknown) => said.push(m) }],
    waitUntil: (p: Promise<unknown>) => (working = p),
  });
  await working;
  expect(said).toEqual([{ complete: false, have: 1, of: 2 }]);
});

test("a new worker leaves the kept field app alone, and the SOS page does not wait for it", async () => {
  whole.set("/field", "whole");
  windows = [{ url: `${location.origin}/field` }];
  network = () => new Promise(() => undefined);
  let active: Promise<unknown> | undefined;
  handlers["activate"]!({ waitUntil: (p: Promise<unknown>) => (active = p) });
  await active;
  expect(deleted).not.toContain("field-7");
  expect(await get("/sos")).toBe("old");
});

test("a press left behind by a wrong clock goes with the server's time and the same id; its answer waits", async () => {
  const sent: { press_id: string; at: string }[] = [];
  network = async (_, init) => {
    sent.push(JSON.parse(String(init!.body)) as (typeof sent)[number]);
    return sent.length === 1
      ? new Response(JSON.stringify({ fields: [{ field: "at" }], server_time: "2026-11-24T05:00:00Z" }), {
          status: 422,
        })
      : new Response(JSON.stringify({ press_id: ID, track_token: "tok" }), { status: 201 });
  };
  await sync();
  expect(sent.map((b) => [b.press_id, b.at])).toEqual([
    [ID, "2025-01-01T00:00:00Z"],
    [ID, "2026-11-24T05:00:00Z"],
  ]);
  const { answerOf } = await import("../../src/sos/press/keep");
  expect((await answerOf(ID))?.track_token).toBe("tok");
});

test.each([503, 429])("%i: the browser is asked to try again", async (status) => {
  network = async () => new Response("{}", { status });
  await expect(sync()).rejects.toThrow();
});
