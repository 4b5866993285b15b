import { afterEach, describe, expect, it, vi } from "vitest";
import type { Warning } from "../../../src/contract/api";
import type { DeskEvent, Incident } from "../../../src/contract/types";
import { Refusal } from "../../../src/live/http";
import type { StreamOptions } from "../../../src/live/sse";
import { Feed, type Ports } from "../../../src/sos/desk/feed";
import { assignment, event, full, incident, snapshot, unit } from "./make";
import { tick } from "./mount";

const feeds: Feed[] = [];
afterEach(() => feeds.splice(0).forEach((f) => f.stop()));

/** A server and a wire, both by hand. */
function world(over: Partial<Ports> = {}) {
  const server = {
    seq: 10,
    open: [] as Incident[],
    calls: [] as string[],
    rendered: [] as { ids: string[]; visible: boolean }[],
  };
  const wires: { options: StreamOptions; closed: boolean }[] = [];
  const ports: Ports = {
    getBoard: async () => snapshot({ seq: server.seq, incidents: server.open }),
    getQueue: async () => {
      server.calls.push("list");
      return { items: server.open, next: null, seq: server.seq, total: server.open.length };
    },
    listIncidents: async () => ({ items: [], next: null, seq: {} }),
    listMessages: async () => ({ items: [], older: null }),
    listAssignments: async () => ({ items: [assignment()] }),
    listUnits: async () => {
      server.calls.push("units");
      return { items: [unit()] };
    },
    getIncident: async (id) => {
      server.calls.push(`full ${id}`);
      return full({ ...server.open.find((i) => i.id === id) });
    },
    getStreamToken: async () => {
      server.calls.push("token");
      return { token: "t", ward_id: 25888, expires_at: new Date(Date.now() + 900_000).toISOString() };
    },
    postRendered: async (_token, ids, visible) => {
      server.rendered.push({ ids: [...ids], visible });
      return { seen: ids, at: "" };
    },
    stream: (options) => {
      const wire = { options, closed: false };
      wires.push(wire);
      return { close: () => void (wire.closed = true) };
    },
    now: () => Date.now(),
    pause: () => tick(1),
    visible: () => true,
    ...over,
  };
  const heard: DeskEvent[] = [];
  const feed = new Feed(25888, { changed: () => undefined, event: (e) => heard.push(e) }, ports);
  feeds.push(feed);
  const say = (e: DeskEvent, wire = wires.at(-1)!) =>
    wire.options.onEvent({ event: "message", id: String(e.seq), data: JSON.stringify(e) });
  const hello = (wire = wires.at(-1)!, expires = 900) =>
    wire.options.onEvent({
      event: "hello",
      id: null,
      data: JSON.stringify({
        seq: server.seq,
        after: 10,
        ward_id: 25888,
        stream_id: "s1",
        server_time: new Date().toISOString(),
        expires_at: Date.now() / 1000 + expires,
      }),
    });
  return { server, wires, feed, heard, say, hello };
}

describe("the feed", () => {
  it("resumes the stream from the snapshot's seq, and is online only after the hello", async () => {
    const { feed, wires, hello } = world();
    await feed.start();
    expect(await wires[0]!.options.url(null)).toContain("after=10");
    expect(feed.line.open).toBe(false);
    hello();
    expect(feed.line.open).toBe(true);
  });

  it("shows a new SOS at once, then as the server has it, with one reading for many events", async () => {
    const { feed, server, say, hello } = world();
    await feed.start();
    hello();
    server.open = [incident({ note: "khói" })];
    server.seq = 13;
    say(event(11, "raise", "i1", { kind: "fire", priority: "P1" }));
    expect(feed.board.rows.get("i1")!.incident.kind).toBe("fire");
    say(event(12, "note", "i1"));
    say(event(13, "kind", "i1"));
    await vi.waitFor(() => expect(feed.board.rows.get("i1")!.incident.note).toBe("khói"), 8000);
    expect(feed.board.rows.get("i1")!.assignments).toHaveLength(1);
    expect(server.calls.filter((c) => c === "list").length).toBeLessThanOrEqual(2);
  });

  it("hears a doubled event once", async () => {
    const { feed, heard, say, hello } = world();
    await feed.start();
    hello();
    say(event(11, "note", "i1"));
    say(event(11, "note", "i1"));
    expect(heard).toHaveLength(1);
  });

  it("opens the next stream before the token ends, closes the old one after its hello, and loses nothing", async () => {
    vi.useFakeTimers();
    try {
      const { feed, wires, hello, say, heard } = world();
      await feed.start();
      hello(wires[0], 100);
      await vi.advanceTimersByTimeAsync(41_000);
      expect(wires).toHaveLength(2);
      expect(wires[0]!.closed).toBe(false);
      say(event(11, "note", "i1"), wires[0]);
      hello(wires[1]);
      expect(wires[0]!.closed).toBe(true);
      say(event(11, "note", "i1"), wires[1]);
      expect(heard.map((e) => e.seq)).toEqual([11]);
      wires[0]!.options.onState!("closed");
      expect(feed.line.open).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it("starts anew, without an empty queue in between, when the server was restored from a backup", async () => {
    const { feed, server, wires, hello } = world();
    server.open = [incident()];
    await feed.start();
    await wires[0]!.options.url(null);
    server.seq = 4;
    server.open = [incident({ id: "i2" })];
    hello();
    expect([...feed.board.rows.keys()]).toEqual(["i1"]);
    await vi.waitFor(() => expect([...feed.board.rows.keys()]).toEqual(["i2"]), 8000);
    expect(feed.board.seq).toBe(4);
  });

  it("reads everything again after a resync, and survives a server that is away for a moment", async () => {
    let away = true;
    const { feed, server, wires, hello } = world({
      listAssignments: async () => {
        if (away) throw new Error("away");
        return { items: [] };
      },
    });
    await feed.start();
    hello();
    server.open = [incident({ id: "i9" })];
    server.seq = 20;
    wires[0]!.options.onEvent({ event: "resync", id: null, data: "{}" });
    await tick(10);
    expect(feed.board.rows.size).toBe(0);
    away = false;
    await vi.waitFor(() => expect([...feed.board.rows.keys()]).toEqual(["i9"]), 8000);
  });

  it("drops a dead line at once when the machine says that it is offline", async () => {
    const { feed, wires, hello } = world();
    await feed.start();
    hello();
    dispatchEvent(new Event("offline"));
    expect(feed.line.open).toBe(false);
    expect(wires).toHaveLength(2);
    hello();
    expect(feed.line.open).toBe(true);
  });
});

describe("the feed and its receipts", () => {
  it("knows what each receipt is answered of the system itself", async () => {
    let warnings: Warning[] = [];
    const { feed } = world({ postRendered: async (_t, ids) => ({ seen: ids, at: "", warnings }) });
    await feed.receipt([]);
    expect(feed.warnings).toEqual([]);
    warnings = [{ code: "disk_low", free_mb: 900 }];
    await feed.receipt([]);
    const told = feed.warnings;
    expect(told).toEqual(warnings);
    warnings = [{ code: "disk_low", free_mb: 900 }];
    await feed.receipt([]);
    expect(feed.warnings).toBe(told); // the same again changes nothing on the screen
    warnings = [];
    await feed.receipt([]);
    expect(feed.warnings).toEqual([]);
  });

  it("sends each receipt once, none while nobody can see, and again when it did not arrive", async () => {
    let fail = true;
    let seen = false;
    const sent: string[][] = [];
    const { feed } = world({
      visible: () => seen,
      postRendered: async (_t, ids) => {
        if (fail) throw new Error("away");
        sent.push([...ids]);
        return { seen: ids, at: "" };
      },
    });
    await feed.start();
    await feed.receipt(["i1"]);
    seen = true;
    await feed.receipt(["i1"]);
    fail = false;
    await feed.receipt(["i1"]);
    await feed.receipt(["i1"]);
    expect(sent).toEqual([["i1"]]);
  });

  it("says so when the session has ended, and goes on trying", async () => {
    const { feed, wires } = world({
      getStreamToken: async () => {
        throw new Refusal({ status: 401, code: "sign_in", detail: "", detail_en: "" });
      },
    });
    await feed.start();
    await expect(wires[0]!.options.url(null)).rejects.toThrow();
    expect(feed.line.signedOut).toBe(true);
    expect(wires[0]!.options.onRefused!(401)).toBe(true);
  });

  it("reads the chosen incident whole, again when it is touched, and lets it go when it is not ours", async () => {
    const { feed, server, say, hello } = world({
      getIncident: async (id) => {
        server.calls.push(`full ${id}`);
        if (id === "gone") throw new Refusal({ status: 404, code: "not_found", detail: "", detail_en: "" });
        return full({ id });
      },
    });
    server.open = [incident()];
    await feed.start();
    hello();
    feed.select("i1");
    await vi.waitFor(() => expect(feed.full?.id).toBe("i1"), 8000);
    const before = server.calls.length;
    say(event(11, "read", "i1"));
    await tick(10);
    expect(server.calls.length).toBe(before);
    server.seq = 12;
    say(event(12, "chat", "i1"));
    await vi.waitFor(() => expect(server.calls.slice(before)).toContain("full i1"), 8000);
    feed.select("gone");
    await vi.waitFor(() => expect(feed.selected).toBeNull(), 8000);
  });
});

describe("a feed in trouble", () => {
  it("says from the first moment that it is not connected, and for how long", async () => {
    const { feed } = world({
      getBoard: async () => {
        throw new Error("away");
      },
    });
    await expect(feed.start()).rejects.toThrow();
    expect(feed.line.lostAt).not.toBeNull();
  });
  it("goes on trying whatever the server refuses with", async () => {
    const { feed, wires } = world();
    await feed.start();
    for (const status of [401, 403, 404, 429, 503]) expect(wires[0]!.options.onRefused!(status)).toBe(true);
  });
  it("says that the login has ended though the stream is still open, and takes it back after a sign-in", async () => {
    let out = true;
    const { feed, hello, say } = world({
      listAssignments: async () => {
        if (out) throw new Refusal({ status: 401, code: "sign_in", detail: "", detail_en: "" });
        return { items: [] };
      },
    });
    await feed.start();
    hello();
    say(event(11, "raise", "i1"));
    await vi.waitFor(() => expect(feed.line.signedOut).toBe(true), 8000);
    await feed.receipt([]); // the kept token proves nothing
    expect(feed.line.signedOut).toBe(true);
    out = false;
    await vi.waitFor(() => expect(feed.line.signedOut).toBe(false), 8000);
  });
  it("reads units and the chosen incident again when a reading of the queue has overtaken their events", async () => {
    const { feed, server, say, hello } = world();
    server.open = [incident()];
    await feed.start();
    hello();
    feed.select("i1");
    await vi.waitFor(() => expect(feed.full).not.toBeNull());
    server.calls.length = 0;
    server.seq = 13; // the queue, read for the first event, shows the next two already
    say(event(11, "raise", "i2"));
    await vi.waitFor(() => expect(feed.board.seq).toBe(13), 8000);
    say(event(12, "chat", "i1"));
    say(event(13, "shift_start", "u1", {}, "unit"));
    await vi.waitFor(
      () => expect(server.calls.lastIndexOf("full i1")).toBeGreaterThan(server.calls.indexOf("list")),
      8000,
    );
    expect(server.calls).toContain("units");
  });
  it("opens no stream when the desk was left while the first picture was read", async () => {
    const { feed, wires } = world();
    const started = feed.start();
    feed.stop();
    await started;
    expect(wires).toHaveLength(0);
  });
});

/** A server with so many open incidents: pages of 500 from the head of the queue; the newest 500 on demand. */
function crowded(count: number) {
  const open = Array.from({ length: count }, (_, n) =>
    incident({ id: `i${n}`, received_at: new Date(Date.UTC(2026, 10, 24, 0, 0, n)).toISOString() }),
  );
  const asked: string[] = [];
  const over: Partial<Ports> = {
    getBoard: async () => snapshot({ seq: 10, incidents: open.slice(0, 500), total: open.length }),
    getQueue: async (_ward, cursor) => {
      const at = Number(cursor ?? 0);
      asked.push(`queue ${at}`);
      const next = at + 500 < open.length ? String(at + 500) : null;
      return { items: open.slice(at, at + 500), next, seq: 10, total: open.length };
    },
    listIncidents: async () => {
      asked.push("newest");
      return { items: open.slice(-500).reverse(), next: "more", seq: { "25888": 10 } };
    },
  };
  return { open, asked, over };
}

describe("a long queue", () => {
  it("is read whole by itself where the first picture does not hold it", async () => {
    const { over, asked } = crowded(1200);
    const { feed, hello } = world(over);
    await feed.start();
    hello();
    await vi.waitFor(() => expect(feed.board.rows.size).toBe(1200), 8000);
    expect(feed.left).toBe(0);
    expect(asked).toEqual(["queue 0", "queue 500", "queue 1000"]);
  });

  it("is read from who waits longest, with what has just come; says how many are left, and reads on", async () => {
    const { over, asked } = crowded(5000);
    const { feed, hello } = world(over);
    await feed.start();
    hello();
    await vi.waitFor(() => expect(feed.left).toBe(1500), 8000);
    expect(asked).toContain("newest");
    expect(feed.board.rows.has("i0") && feed.board.rows.has("i2999") && feed.board.rows.has("i4999")).toBe(true);
    expect(feed.board.rows.has("i3500")).toBe(false);
    await vi.waitFor(() => expect(feed["settling"]).toBe(false), 8000);
    feed.readMore();
    await vi.waitFor(() => expect(feed.left).toBe(0), 8000);
    expect(feed.board.rows.size).toBe(5000);
  });

  it("keeps the lines of a chat to which somebody scrolled back when the incident is read again", async () => {
    const line = (n: number) => ({
      id: `m${n}`,
      at: "2026-11-24T05:00:00Z",
      by: "resident" as const,
      by_name: "",
      text: String(n),
      other: false,
    });
    const said = Array.from({ length: 60 }, (_, n) => line(n));
    const { feed, hello, say } = world({
      getIncident: async (id) => full({ id, messages: said.slice(-50), messages_older: `m${said.length - 50}` }),
      listMessages: async () => ({ items: said.slice(0, 10), older: null }),
    });
    await feed.start();
    hello();
    feed.select("i1");
    await vi.waitFor(() => expect(feed.full?.messages).toHaveLength(50), 8000);
    await feed.readOlder();
    expect(feed.full?.messages.map((m) => m.text)).toEqual(said.map((m) => m.text));
    said.push(line(60));
    say(event(11, "chat", "i1"));
    await vi.waitFor(() => expect(feed.full?.messages).toHaveLength(61), 8000);
    expect(feed.full?.messages_older).toBeNull();
  });
});
