import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Assignment } from "../../../src/contract/types";
import { Session } from "../../../src/sos/patrol/session";

type Answer = { status?: number; body: unknown };
const SHIFT = {
  id: "s1",
  unit_id: "u1",
  ward_id: 25888,
  call_sign: "Mẫu-01",
  kind: "motorbike",
  capabilities: [],
  started_at: "",
  ended_at: null,
  tracker_key: "k",
};
const me = (unit: object | null) => ({
  account: { id: "me" },
  roles: { "25888": ["responder"] },
  csrf: "",
  wards: [],
  unit,
  desk_shift: null,
  server_time: new Date().toISOString(),
});
const task = (over: object = {}) =>
  ({ id: "a1", incident_id: "i1", unit_id: "u1", state: "accepted", incident: {}, ...over }) as unknown as Assignment;
let answers: Record<string, () => Answer>;
let asked: string[];
let stream: ReadableStreamDefaultController<Uint8Array> | null;
const open: Session[] = [];

/** A server by hand: what is not named is unreachable. */
beforeEach(() => {
  // The database keeps its own beat.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  vi.stubGlobal("indexedDB", new IDBFactory());
  localStorage.clear();
  asked = [];
  stream = null;
  answers = {
    "GET /api/me": () => ({ body: me(null) }),
    "GET /api/units": () => ({ body: { items: [{ unit_id: "u1", ward_id: 25888, call_sign: "Mẫu-01" }] } }),
    "POST /api/unit-shifts": () => ({ body: SHIFT }),
    "GET /api/assignments": () => ({ body: { items: [task()] } }),
    "GET /api/incidents/i1": () => ({ body: { messages: [] } }),
    "GET /api/desk/stream-token": () => ({ body: { token: "t" } }),
    "POST /live/position": () => ({ body: {} }),
  };
  vi.stubGlobal("navigator", {
    onLine: true,
    geolocation: { watchPosition: () => 1, clearWatch: () => undefined },
    wakeLock: { request: async () => ({ release: async () => undefined }) },
  });
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    const name = `${init?.method ?? "GET"} ${path.split("?")[0]}`;
    asked.push(name);
    if (name === "GET /live/desk/events") return new Response(new ReadableStream({ start: (c) => void (stream = c) }));
    const answer = answers[name]?.();
    if (!answer) throw new TypeError("no network");
    return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 });
  });
});
afterEach(async () => {
  for (const s of open.splice(0)) await s.goOff().catch(() => undefined);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const session = () => {
  const made = new Session(() => undefined);
  open.push(made);
  answers["POST /api/unit-shifts/s1/end"] ??= () => ({ body: SHIFT });
  return made;
};
const once = (bad: Answer | null, good: () => Answer) => {
  let first = true;
  return () => {
    if (!first) return good();
    first = false;
    if (!bad) throw new TypeError("no network");
    return bad;
  };
};

describe("opening the page", () => {
  it("gets its units although they could not be read the first time", async () => {
    answers["GET /api/units"] = once({ status: 503, body: {} }, answers["GET /api/units"]!);
    const s = session();
    void s.open();
    await vi.waitFor(() => expect(s.error).toBe("offline"));
    await vi.advanceTimersByTimeAsync(3500);
    await vi.waitFor(() => expect(s.units).toHaveLength(1));
    expect(s.error).toBeNull();
    expect(s.read).toBe(true);
  });
  it("goes on with the running shift even while the units cannot be read", async () => {
    answers["GET /api/me"] = () => ({ body: me(SHIFT) });
    delete answers["GET /api/units"];
    const s = session();
    await s.open();
    await vi.waitFor(() => expect(s.tasks).toHaveLength(1));
  });
  it("knows its task after a reload without a network; sends what is pressed when the network is back", async () => {
    answers["GET /api/me"] = () => ({ body: me(SHIFT) });
    const before = session();
    await before.open();
    await vi.waitFor(() => expect(localStorage.getItem("binhan-patrol-shift")).toContain("a1"));
    const kept = answers;
    answers = {};
    const s = session();
    void s.open();
    await vi.waitFor(() => expect(s.tasks.map((a) => a.state)).toEqual(["accepted"]));
    s.verb(s.tasks[0]!, "depart");
    expect(s.tasks[0]!.state).toBe("en_route");
    answers = {
      ...kept,
      "POST /api/assignments/a1/depart": () => ({ body: task({ state: "en_route" }) }),
      "GET /api/assignments": () => ({ body: { items: [task({ state: "en_route" })] } }),
    };
    await vi.advanceTimersByTimeAsync(9000);
    await vi.waitFor(() => expect(s.outbox.pending).toHaveLength(0));
    expect(asked).toContain("POST /api/assignments/a1/depart");
  });
});

describe("on shift", () => {
  const onShift = async () => {
    const s = session();
    await s.open();
    await s.goOn("u1");
    answers["GET /api/me"] = () => ({ body: me(SHIFT) });
    await vi.waitFor(() => expect(s.connection).toBe("open"));
    await vi.waitFor(() => expect(s.tasks).toHaveLength(1));
    return s;
  };
  const say = (verb: string, kind: string, id: string, facts: object) =>
    stream!.enqueue(
      new TextEncoder().encode(
        `id: 5\ndata: ${JSON.stringify({ seq: 5, at: "", verb, subject_kind: kind, subject_id: id, facts })}\n\n`,
      ),
    );

  it("learns that the shift was ended from another phone, and says so", async () => {
    const s = await onShift();
    answers["GET /api/me"] = () => ({ body: me(null) });
    say("shift_end", "unit", "u1", { last: true });
    await vi.waitFor(() => expect(s.shift).toBeNull());
    expect(s.endedElsewhere).toBe(true);
    await vi.waitFor(() => expect(s.units).toHaveLength(1));
  });
  it("says that the login has ended, keeps what is pressed, and sends it after the next sign-in", async () => {
    const s = await onShift();
    const before = { ...answers };
    for (const name of Object.keys(answers))
      if (name.includes("/api/")) answers[name] = () => ({ status: 401, body: { code: "sign_in" } });
    answers["POST /api/assignments/a1/depart"] = () => ({ status: 401, body: {} });
    s.verb(s.tasks[0]!, "depart");
    await vi.waitFor(() => expect(s.signedOut).toBe(true));
    expect(s.outbox.pending).toHaveLength(1);
    answers = { ...before, "POST /api/assignments/a1/depart": () => ({ body: task({ state: "en_route" }) }) };
    await vi.advanceTimersByTimeAsync(9000);
    await vi.waitFor(() => expect(s.outbox.pending).toHaveLength(0));
    expect(s.signedOut).toBe(false);
  });
  it("an answer that comes after a later one is old: an offer just heard of does not vanish again", async () => {
    const s = await onShift();
    const quick = fetch;
    let late: ((answer: Response) => void) | undefined;
    vi.stubGlobal("fetch", (path: string, init?: RequestInit) =>
      path.startsWith("/api/assignments") ? new Promise((done) => (late = done)) : quick(path, init),
    );
    const first = s.refresh();
    await vi.waitFor(() => expect(late).toBeDefined());
    vi.stubGlobal("fetch", quick);
    answers["GET /api/assignments"] = () => ({ body: { items: [task({ id: "a2", state: "offered" })] } });
    await s.refresh();
    late!(new Response(JSON.stringify({ items: [] })));
    await first;
    expect(s.tasks.map((a) => a.id)).toEqual(["a2"]);
  });
  it("a decline whose answer got lost is done, not a conflict", async () => {
    const s = await onShift();
    answers["POST /api/assignments/a1/decline"] = once(null, () => ({
      status: 409,
      body: { state: "declined", detail: "đã từ chối" },
    }));
    answers["GET /api/assignments"] = () => ({ body: { items: [] } });
    s.verb(task(), "decline", { reason: "Hỏng xe" });
    await vi.advanceTimersByTimeAsync(4000);
    await vi.waitFor(() => expect(s.outbox.pending).toHaveLength(0));
    expect(s.outbox.conflicts).toHaveLength(0);
  });
  it("keeps each task's chat apart, shows what is not sent yet, and calls backup only once it is called", async () => {
    const s = await onShift();
    answers["GET /api/incidents/i1"] = () => ({
      body: { messages: [{ id: "m", at: "", by: "resident", by_name: "Người báo", text: "cửa sau" }] },
    });
    await s.refresh();
    s.say("i1", "đang tới");
    s.backup(task());
    expect(s.chat("i1").map((m) => m.text)).toEqual(["cửa sau", "đang tới"]);
    expect(s.chat("i2")).toEqual([]);
    expect(s.calling("a1")).toBe(true);
    const call = s.outbox.pending.find((v) => v.path === "/patrol/backup")!;
    expect((call.body as { id: string }).id).toBe(call.id);
    answers["POST /api/incidents/i1/messages"] = () => ({ body: { messages: [] } });
    answers["POST /api/patrol/backup"] = () => ({ body: task() });
    await vi.advanceTimersByTimeAsync(9000);
    await vi.waitFor(() => expect(s.calling("a1")).toBe(false));
  });
  it("shows the units again after the shift although they could not be read at once", async () => {
    const s = await onShift();
    answers["GET /api/units"] = once({ status: 500, body: {} }, answers["GET /api/units"]!);
    s.units = [];
    await s.goOff();
    expect(s.shift).toBeNull();
    await vi.advanceTimersByTimeAsync(3500);
    await vi.waitFor(() => expect(s.units).toHaveLength(1));
  });
});
