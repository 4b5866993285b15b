import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EventStream, Parser, type Connection, type StreamEvent } from "../../src/live/sse";

test("events come whole, however the network cuts them", () => {
  const text = ': ping\n\nid: 7\nevent: status\ndata: {"a":1,\ndata: "b":2}\n\nid: 8\r\ndata: x\r\n\r\n';
  for (const size of [1, 3, 7, 1000]) {
    const parser = new Parser();
    const got: StreamEvent[] = [];
    for (let i = 0; i < text.length; i += size) got.push(...parser.push(text.slice(i, i + size)));
    expect(got).toEqual([
      { event: "status", id: "7", data: '{"a":1,\n"b":2}' },
      { event: "message", id: "8", data: "x" },
    ]);
  }
});

type Said = {
  lastId: string | undefined;
  controller: ReadableStreamDefaultController<Uint8Array>;
  signal: AbortSignal;
};
let opened: Said[] = [];
let refuse: number | null = null;
beforeEach(() => {
  opened = [];
  refuse = null;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
    if (refuse) return new Response("", { status: refuse });
    let controller!: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({ start: (c) => void (controller = c) });
    init.signal!.addEventListener("abort", () => controller.error(new DOMException("aborted", "AbortError")));
    opened.push({
      lastId: (init.headers as Record<string, string>)["Last-Event-ID"],
      controller,
      signal: init.signal!,
    });
    return { ok: true, status: 200, body };
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const send = (text: string) => opened.at(-1)!.controller.enqueue(new TextEncoder().encode(text));
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

function open(more = {}) {
  const events: StreamEvent[] = [];
  const states: Connection[] = [];
  const stream = new EventStream({
    url: () => "/x",
    onEvent: (e) => events.push(e),
    onState: (s) => states.push(s),
    ...more,
  });
  return { stream, events, states };
}

test("a cut line is opened again from the last event", async () => {
  const { stream, events, states } = open();
  await settle();
  send("id: 41\ndata: a\n\n");
  await settle();
  opened[0]!.controller.close();
  await settle(400);
  expect(opened).toHaveLength(2);
  expect(opened[1]!.lastId).toBe("41");
  expect(events.map((e) => e.data)).toEqual(["a"]);
  expect(states).toEqual(["connecting", "open", "waiting", "connecting", "open"]);
  stream.close();
});

test("12 s without so much as a ping is a dead line; pings keep it", async () => {
  const { stream } = open();
  await settle();
  for (let i = 0; i < 4; i++) {
    await settle(5000);
    send(": ping\n\n");
  }
  await settle();
  expect(opened).toHaveLength(1);
  await settle(12_500);
  expect(opened).toHaveLength(2);
  stream.close();
});

test("a line that was silent while the phone slept is not trusted when the network comes back", async () => {
  const { stream } = open({ quietMs: 60_000 });
  await settle();
  send(": ping\n\n");
  await settle();
  dispatchEvent(new Event("online"));
  await settle(1000);
  expect(opened).toHaveLength(1);
  await settle(9000);
  dispatchEvent(new Event("online"));
  await settle(1000);
  expect(opened).toHaveLength(2);
  stream.close();
});

test("refused for good it stays away; closed it lets go", async () => {
  refuse = 401;
  const asked: number[] = [];
  const { stream, states } = open({
    onRefused: (s: number) => {
      asked.push(s);
      return false;
    },
  });
  await settle(20_000);
  expect(asked).toEqual([401]);
  stream.close();
  expect(states.at(-1)).toBe("closed");
});
