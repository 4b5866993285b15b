import { beforeEach, expect, test, vi } from "vitest";
import { PART, uploadFile, type Sending } from "../../src/offline/upload";
import { Refusal, Unreachable } from "../../src/live/http";

const bytes = Uint8Array.from({ length: 600_000 }, (_, n) => (n * 7) % 251);
const blob = new Blob([bytes]);
const FILE: Sending = {
  id: "01a20dfa-9e50-78f5-bee1-8ee94c884ffc",
  kind: "voice",
  mime: "audio/webm;codecs=opus",
  size: bytes.length,
  sha256: "ab".repeat(32),
};
let here: Uint8Array; // what the server has
let sent: number; // bytes on the wire
let cutAfter: number; // the connection dies when so many more parts have been answered
let damage: number; // so many wholes arrive damaged
let asked: string[];

const json = (status: number, body: object) => new Response(JSON.stringify(body), { status });
async function server(url: string, init: RequestInit): Promise<Response> {
  const q = new URL(url, "http://x").searchParams;
  const token = (init.headers as Record<string, string>)["Authorization"];
  asked.push(`${init.method} ${init.credentials} ${token} ${q.get("mime")} ${q.get("sha256")!.length}`);
  const part = new Uint8Array(await (init.body as Blob).arrayBuffer());
  if (cutAfter-- <= 0) throw new TypeError("cut");
  expect(part.length).toBeLessThanOrEqual(PART);
  sent += part.length;
  if (q.get("anew") === "true") here = new Uint8Array();
  const size = Number(q.get("size"));
  if (here.length === size) return json(200, { have: size, size, done: true });
  if (Number(q.get("offset")) !== here.length) return json(409, { code: "have", have: here.length });
  if (here.length + part.length === size && damage-- > 0) return json(422, { code: "damaged" });
  const longer = new Uint8Array(here.length + part.length);
  longer.set(here);
  longer.set(part, here.length);
  here = longer;
  return json(200, { have: here.length, size, done: here.length === size });
}
const whole = () => here.length === bytes.length && here.every((b, n) => b === bytes[n]);
const up = (file = FILE, b = blob) => uploadFile("tok", 25888, file, b, server);

beforeEach(() => {
  [here, sent, cutAfter, damage, asked] = [new Uint8Array(), 0, Infinity, 0, []];
});

test("in parts, with the device's own token and never the cookie", async () => {
  await up();
  expect(whole()).toBe(true);
  expect(sent).toBe(bytes.length);
  expect(new Set(asked)).toEqual(new Set([`PUT omit Bearer tok audio/webm;codecs=opus 64`]));
});

test("cut in the middle it goes on where it was, and sends nothing twice", async () => {
  cutAfter = 2;
  await expect(up()).rejects.toThrow(Unreachable);
  expect(here.length).toBe(PART);
  cutAfter = Infinity;
  await up();
  expect(whole()).toBe(true);
  expect(sent).toBe(bytes.length);
});

test("a lost answer, also the last one, costs no second sending", async () => {
  for (const n of [1, 2, 3]) {
    // of the question, of a part, of the last part
    [here, sent] = [new Uint8Array(), 0];
    let calls = 0;
    const losing = async (url: string, init: RequestInit) => {
      const answer = await server(url, init);
      if (++calls === n + 1) throw new TypeError("answer lost");
      return answer;
    };
    await expect(uploadFile("tok", 25888, FILE, blob, losing)).rejects.toThrow(Unreachable);
    await up();
    expect([here.length, sent]).toEqual([bytes.length, bytes.length]);
  }
});

test("a small file goes at once, in one request", async () => {
  await up({ ...FILE, size: 1000 }, blob.slice(0, 1000));
  expect([asked.length, here.length]).toEqual([1, 1000]);
});

test("damaged on its way it is sent anew once; damaged again it is said", async () => {
  damage = 1;
  await up();
  expect(whole()).toBe(true);
  [here, damage] = [new Uint8Array(), 2];
  await expect(up()).rejects.toThrow(Refusal);
});

test.each([413, 415, 429, 403])("%i is handed on as it is", async (status) => {
  const wrong = uploadFile("tok", 25888, FILE, blob, async () => json(status, { code: "x", detail: "Không" }));
  await expect(wrong).rejects.toMatchObject({ problem: { status, detail: "Không" } });
});

test("a server that never moves on is not asked for ever", async () => {
  let n = 0;
  await expect(
    uploadFile("tok", 25888, FILE, blob, async () => {
      n++;
      return json(409, { have: 5 });
    }),
  ).rejects.toThrow(Unreachable);
  expect(n).toBeLessThan(6);
});

test("stopped by the caller", async () => {
  const stop = new AbortController();
  stop.abort();
  await expect(
    uploadFile(
      "tok",
      25888,
      FILE,
      blob,
      async (_, init) => {
        init.signal!.throwIfAborted();
        return json(200, {});
      },
      stop.signal,
    ),
  ).rejects.toThrow(Unreachable);
});

test("goes on a browser that cannot join two signals, and stops when the vault is locked", async () => {
  vi.stubGlobal(
    "AbortSignal",
    class {
      static any = undefined;
      static timeout = undefined;
    },
  );
  try {
    await up();
    expect(whole()).toBe(true);
    const locked = new AbortController();
    const never = (_: string, init: RequestInit) =>
      new Promise<Response>((_done, failed) =>
        init.signal!.addEventListener("abort", () => failed(new Error("aborted"))),
      );
    const going = uploadFile("tok", 25888, FILE, blob, never, locked.signal);
    locked.abort();
    await expect(going).rejects.toThrow(Unreachable);
  } finally {
    vi.unstubAllGlobals();
  }
});
