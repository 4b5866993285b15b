import { beforeEach, expect, test, vi } from "vitest";
import { Field, type FieldSet } from "../../src/sw/field";

async function sum(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes.slice(0, 8)].map((b) => b.toString(16).padStart(2, "0")).join("");
}
async function build(version: string, files: Record<string, string>): Promise<FieldSet> {
  return {
    page: "/field",
    version,
    files: Object.fromEntries(
      await Promise.all(Object.entries(files).map(async ([f, text]) => [f, await sum(text)] as const)),
    ),
  };
}
const ONE = {
  "/field": "page one",
  "/assets/main-1.js": "main one",
  "/assets/lazy-1.js": "lazy",
  "/assets/engine.wasm": "wasm",
};
const TWO = {
  "/field": "page two",
  "/assets/main-2.js": "main two",
  "/assets/lazy-1.js": "lazy",
  "/assets/engine.wasm": "wasm",
};

let disk: Map<string, Map<string, string>>;
let server: Record<string, string>;
let asked: string[];
let dies: number; // the network goes away after so many answers

vi.stubGlobal("caches", {
  keys: async () => [...disk.keys()],
  delete: async (name: string) => disk.delete(name),
  open: async (name: string) => {
    if (!disk.has(name)) disk.set(name, new Map());
    const files = disk.get(name)!;
    return {
      match: async (path: string) => (files.has(path) ? new Response(files.get(path)) : undefined),
      put: async (path: string, r: Response) => void files.set(path, await r.text()),
    };
  },
});
vi.stubGlobal("fetch", async (path: string) => {
  if (dies-- <= 0) throw new TypeError("no network");
  asked.push(path);
  return path in server ? new Response(server[path]) : new Response("", { status: 404 });
});
const opens = async (field: Field) => (await field.page())?.text();
const finds = async (field: Field, path: string) => (await field.file(path))?.text();

beforeEach(() => {
  disk = new Map();
  server = { ...ONE };
  asked = [];
  dies = Infinity;
});

test("once kept, the page and each lazy part open without a network, also for a worker that just started", async () => {
  expect(await new Field(await build("1", ONE)).keep()).toEqual({ complete: true, have: 4, of: 4 });
  dies = 0;
  const later = new Field(await build("1", ONE));
  expect(await opens(later)).toBe("page one");
  for (const [path, text] of Object.entries(ONE)) expect(await finds(later, path)).toBe(text);
});

test("a page without all of its files is never opened; the next try fetches only what is missing", async () => {
  const field = new Field(await build("1", ONE));
  dies = 2;
  expect(await field.keep()).toEqual({ complete: false, have: 2, of: 4 });
  expect(await opens(field)).toBeUndefined();
  dies = Infinity;
  asked = [];
  expect((await field.keep()).complete).toBe(true);
  expect(asked).toEqual(["/assets/engine.wasm", "/field"]);
});

test("an update that is cut off leaves the old build as it was, whole; then both are replaced at once", async () => {
  await new Field(await build("1", ONE)).keep();
  server = { ...TWO };
  const next = new Field(await build("2", TWO));
  for (const answers of [0, 1]) {
    dies = answers;
    expect((await next.keep()).complete).toBe(false);
    expect(await opens(next)).toBe("page one");
    expect(await finds(next, "/assets/main-1.js")).toBe("main one");
  }
  dies = Infinity;
  expect((await next.keep()).complete).toBe(true);
  expect(await opens(next)).toBe("page two");
  expect(await finds(next, "/assets/main-1.js")).toBe("main one"); // a page that is still open
});

test("what has not changed is not fetched again", async () => {
  await new Field(await build("1", ONE)).keep();
  server = { ...TWO };
  asked = [];
  await new Field(await build("2", TWO)).keep();
  expect(asked).toEqual(["/assets/main-2.js", "/field"]);
});

test("a server gone on to another build, or a portal in its place, is not taken for this build", async () => {
  const field = new Field(await build("1", ONE));
  server = { ...TWO };
  expect((await field.keep()).complete).toBe(false);
  server = Object.fromEntries(Object.keys(ONE).map((f) => [f, "<h1>Wi-Fi login</h1>"]));
  expect((await field.keep()).have).toBe(0);
  server = { ...ONE, "/field": "page two" }; // only the page is newer
  expect((await field.keep()).complete).toBe(false);
  expect(await opens(field)).toBeUndefined();
});

test("of older builds one stays, and never one that was not whole", async () => {
  await new Field(await build("1", ONE)).keep();
  const THREE = { ...TWO, "/field": "page three" };
  dies = 1;
  server = { "/assets/main-2.js": "main two" };
  await new Field(await build("2", TWO)).keep();
  dies = Infinity;
  server = { ...THREE };
  await new Field(await build("3", THREE)).keep();
  expect([...disk.keys()]).toEqual(["field-1", "field-3"]);
  server = { ...ONE };
  await new Field(await build("1", ONE)).keep(); // the server went back
  expect(await opens(new Field(await build("1", ONE)))).toBe("page one");
});

test("no room on the phone: nothing is taken for kept", async () => {
  const full = {
    keys: async () => [],
    open: async () => ({
      match: async () => undefined,
      put: async () => Promise.reject(new DOMException("full", "QuotaExceededError")),
    }),
  };
  const before = globalThis.caches;
  vi.stubGlobal("caches", full);
  expect(await new Field(await build("1", ONE)).keep()).toEqual({ complete: false, have: 0, of: 4 });
  vi.stubGlobal("caches", before);
});
