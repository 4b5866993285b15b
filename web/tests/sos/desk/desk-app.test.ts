import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { DeskApp } from "../../../src/sos/desk/desk-app";
import "../../../src/sos/desk/desk-app";
import { Siren } from "../../../src/sos/desk/siren";
import { incident, snapshot, unit } from "./make";
import { mount, text, tick } from "./mount";

type Answers = Record<string, unknown>;
const me = (roles: string[], shift: object | null = null) => ({
  account: { id: "me", login: "x", display_name: "Trực ban Mẫu", lang: "vi" },
  roles: { "25888": roles },
  csrf: "",
  unit: null,
  desk_shift: shift,
  server_time: "",
  wards: [{ ward_id: 25888, code: "25888", name: "Mẫu", full_name: "Phường Mẫu", is_demo: true, lat: 11, lon: 106 }],
});
const tables = { lifecycles: { incident: { moves: [] } }, kinds: [], outcomes: [], agencies: [] };
const posted: string[] = [];
vi.setConfig({ testTimeout: 20_000 }); // a busy machine is no failure

/** A server whose stream stays open and says what it is told. */
function serve(answers: Answers): void {
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    const [name] = path.split("?");
    if (init?.method === "POST") posted.push(`${name} ${String(init.body)}`);
    if (name === "/live/desk/events") {
      const now = new Date().toISOString();
      const hello = { seq: 10, stream_id: "s", server_time: now, expires_at: Date.now() / 1000 + 900 };
      const event = new TextEncoder().encode(`event: hello\ndata: ${JSON.stringify(hello)}\n\n`);
      return new Response(new ReadableStream({ start: (c) => c.enqueue(event) }));
    }
    const found = answers[name!];
    if (found === undefined) return new Response("{}", { status: 404 });
    return found === 401
      ? new Response(JSON.stringify({ code: "sign_in" }), { status: 401 })
      : new Response(JSON.stringify(found));
  });
}
const working = (over: Answers = {}): Answers => ({
  "/api/me": me(["desk_officer"]),
  "/api/lifecycles": tables,
  "/api/places": [],
  "/api/desk/shift": {},
  "/api/desk/board": snapshot({ incidents: [{ ...incident(), assignments: [] }] }),
  "/api/units": { items: [unit()] },
  "/api/assignments": { items: [] },
  "/api/incidents": { items: [incident()], next: null, seq: { "25888": 10 } },
  "/api/desk/stream-token": { token: "t", ward_id: 25888, expires_at: new Date(Date.now() + 9e5).toISOString() },
  "/api/incidents/i1": { ...incident(), assignments: [], messages: [] },
  "/live/desk/rendered": { seen: [], at: "" },
  ...over,
});

beforeEach(() => void posted.splice(0));
afterEach(() => vi.unstubAllGlobals());

it("sends somebody who is not signed in to the login form", async () => {
  serve({ ...working(), "/api/me": 401 });
  const went = vi.spyOn(location, "assign").mockImplementation(() => undefined);
  await mount<DeskApp>("desk-app");
  await vi.waitFor(() => expect(went).toHaveBeenCalled(), 8000);
  expect(went).toHaveBeenCalledWith(expect.stringContaining("/account/login/?next="));
  went.mockRestore();
});
it("tells an account without a desk role so, in words", async () => {
  serve(working({ "/api/me": me(["responder"]) }));
  const app = await mount<DeskApp>("desk-app");
  await vi.waitFor(() => expect(text(app)).not.toContain("Đang mở"), 8000);
  expect(text(app)).toContain("không có vai trò trực ban");
});
it("asks for the sound check first, and reads nothing of the queue before", async () => {
  serve(working());
  const app = await mount<DeskApp>("desk-app");
  await vi.waitFor(() => expect(app.querySelector("desk-start")).not.toBeNull(), 8000);
  expect(app.querySelector("desk-duty")).toBeNull();
});
it("starts the shift, shows the queue online, chooses the alarm, sends the receipt of what was painted", async () => {
  serve(working());
  const app = await mount<DeskApp>("desk-app");
  await vi.waitFor(() => expect(app.querySelector("desk-start")).not.toBeNull(), 8000);
  app
    .querySelector("desk-start")!
    .dispatchEvent(new CustomEvent("start", { detail: { ward: 25888, seat: "desk" }, bubbles: true }));
  await vi.waitFor(
    () => expect(posted.some((p) => p.startsWith("/live/desk/rendered") && p.includes('"ids":["i1"]'))).toBe(true),
    8000,
  );
  await vi.waitFor(() => expect(app.querySelector("desk-panel h2")).not.toBeNull(), 8000);
  expect(posted[0]).toContain('"sound_checked":true');
  expect(text(app.querySelector(".lamp"))).toContain("Trực tuyến");
  expect(text(app.querySelector("desk-queue"))).toContain("An ninh, trật tự");
  expect(text(app.querySelector("desk-alarm"))).toContain("1 SOS CHƯA TIẾP NHẬN");
});
it("goes straight back to the queue when the page is reloaded in the middle of a shift", async () => {
  serve(
    working({
      "/api/me": me(["desk_officer"], {
        id: "s",
        ward_id: 25888,
        seat: "lead",
        started_at: "",
        ended_at: null,
        sound_checked_at: "2026-11-24T05:00:00Z",
      }),
    }),
  );
  const app = await mount<DeskApp>("desk-app");
  await vi.waitFor(() => expect(text(app.querySelector("desk-bar"))).toContain("Trưởng ca"), 8000);
});
it("acknowledges by key, and opens the intake by key, but not while somebody writes", async () => {
  serve(
    working({
      "/api/me": me(["desk_officer"], {
        id: "s",
        ward_id: 25888,
        seat: "desk",
        started_at: "",
        ended_at: null,
        sound_checked_at: "2026-11-24T05:00:00Z",
      }),
      "/api/incidents/i1/acknowledge": { ...incident({ state: "acknowledged" }), assignments: [], messages: [] },
    }),
  );
  const app = await mount<DeskApp>("desk-app");
  await vi.waitFor(() => expect(app.querySelector("#chat-text")).not.toBeNull(), 8000);
  const key = (k: string, at: EventTarget = document.body) =>
    at.dispatchEvent(new KeyboardEvent("keydown", { key: k, bubbles: true }));
  key("a", app.querySelector("#chat-text")!);
  await tick(5);
  expect(posted.some((p) => p.includes("/acknowledge"))).toBe(false);
  key("a");
  await vi.waitFor(() => expect(posted.some((p) => p.includes("/api/incidents/i1/acknowledge"))).toBe(true), 8000);
  key("n");
  await vi.waitFor(() => expect(app.querySelector("desk-intake")).not.toBeNull(), 8000);
  key("Escape");
  await vi.waitFor(() => expect(app.querySelector("desk-intake")).toBeNull(), 8000);
});
it("opens by itself once the server is back: nobody may be there to press a button", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    serve({});
    const app = await mount<DeskApp>("desk-app");
    await vi.waitFor(() => expect(text(app)).toContain("Chưa mở được"), 8000);
    serve(working());
    await vi.advanceTimersByTimeAsync(5000);
    await vi.waitFor(() => expect(app.querySelector("desk-start")).not.toBeNull(), 8000);
  } finally {
    vi.useRealTimers();
  }
});
it("a key held down acknowledges one SOS, not the whole queue", async () => {
  const two = [incident(), incident({ id: "i2" })];
  serve(
    working({
      "/api/me": me(["desk_officer"], {
        id: "s",
        ward_id: 25888,
        seat: "desk",
        started_at: "",
        ended_at: null,
        sound_checked_at: "2026-11-24T05:00:00Z",
      }),
      "/api/desk/board": snapshot({ incidents: two.map((i) => ({ ...i, assignments: [] })) }),
      "/api/incidents": { items: two, next: null, seq: { "25888": 10 } },
      "/api/incidents/i1/acknowledge": { ...incident({ state: "acknowledged" }), assignments: [], messages: [] },
      "/api/incidents/i2/acknowledge": {
        ...incident({ id: "i2", state: "acknowledged" }),
        assignments: [],
        messages: [],
      },
    }),
  );
  const app = await mount<DeskApp>("desk-app");
  await vi.waitFor(() => expect(app.querySelector("#chat-text")).not.toBeNull(), 8000);
  for (let n = 0; n < 6; n++) {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "a", repeat: n > 0, bubbles: true }));
    await tick(30);
  }
  expect(posted.filter((p) => p.includes("/acknowledge"))).toHaveLength(1);
});
it("the key that turns the sound on does nothing else; where none helps, keys still work", async () => {
  serve(
    working({
      "/api/me": me(["desk_officer"], {
        id: "s",
        ward_id: 25888,
        seat: "desk",
        started_at: "",
        ended_at: null,
        sound_checked_at: "2026-11-24T05:00:00Z",
      }),
      "/api/incidents/i1/acknowledge": { ...incident({ state: "acknowledged" }), assignments: [], messages: [] },
    }),
  );
  const app = document.createElement("desk-app") as DeskApp;
  (app as unknown as { siren: Siren }).siren = new Siren(
    () => ({ state: "suspended", resume: () => Promise.reject(new Error("no")) }) as unknown as AudioContext,
  );
  document.body.append(app);
  await vi.waitFor(() => expect(app.querySelector(".unlock")).not.toBeNull(), 8000);
  const key = () => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true }));
  key();
  await tick(30);
  expect(posted.some((p) => p.includes("/acknowledge"))).toBe(false);
  key();
  await vi.waitFor(() => expect(posted.some((p) => p.includes("/acknowledge"))).toBe(true), 8000);
});
