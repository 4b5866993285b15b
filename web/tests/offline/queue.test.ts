import { expect, test, vi } from "vitest";
import { openField } from "../../src/offline/db";
import { PHONES } from "../../src/casework/field/phones";
import { openSession } from "../../src/offline/session";
import { newId } from "../../src/kernel/ids";
import { atWork, draftOf, phone, PIN, until, wardWith, quick } from "./phone";
import type { Field, Item } from "../../src/casework/field/types";

const numbers = (items: Item[]) => items.map((i) => i.n);
const seenDoors = (items: Item[]) => items.map((i) => (i.body as { dwelling: string }).dwelling);
const count = (from: number, n: number) => Array.from({ length: n }, (_, i) => from + i);

test("a visit goes in with all that hangs on it, in order, under numbers without a gap", async () => {
  const { session, ward } = await atWork();
  ward.down = true;
  const visit = newId();
  const issue = newId();
  await session.finish(
    draftOf("door-1", {
      id: visit,
      note: "n",
      questions: "q?",
      edits: { landmark: "cây đa", access_note: "" },
      issues: [
        {
          id: issue,
          kind: "report",
          words: "đèn hỏng",
          place: "",
          urgency: "urgent",
          reply_by: "phone",
          promised_on: "",
          confidential: false,
          answer: "",
        },
      ],
    }),
  );
  await quick(session, "door-2", "vacant");
  expect(numbers(session.unsentItems)).toEqual([1, 2, 3, 4]);
  // The unchanged field is no edit.
  expect(session.unsentItems.map((i) => i.kind)).toEqual(["visit", "issue", "edit", "visit"]);
  expect(session.unsentItems[0]).toMatchObject({ id: visit, body: { outcome: "met", note: "n\nDân hỏi: q?" } });
  expect(session.unsentItems[1]).toMatchObject({
    id: issue,
    body: { visit, words: "đèn hỏng", urgency: "urgent", reply_by: "phone" },
  });
});

test("two tabs finishing at once give no number twice", async () => {
  const { session, ward, name } = await atWork(wardWith(12));
  const other = (await phone(ward, name)).session;
  await other.unlock("member-1", PIN);
  ward.down = true;
  await Promise.all(count(1, 12).map((i) => quick(i % 2 ? session : other, `door-${i}`, "not_home")));
  await until(() => session.unsentItems.length === 12 && other.unsentItems.length === 12);
  expect(numbers(session.unsentItems)).toEqual(count(1, 12));
  expect(numbers(other.unsentItems)).toEqual(count(1, 12));
  expect(new Set(seenDoors(session.unsentItems)).size).toBe(12);
});

test("finish is all or nothing: when the disk fails in the middle the whole draft is still there", async () => {
  const { session, ward, name } = await atWork();
  ward.down = true;
  const draft = draftOf("door-1", { note: "giữ lại" });
  await session.keep(draft);
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (
    this: IDBObjectStore,
    ...a: Parameters<typeof put>
  ) {
    if (this.name === "local") throw new DOMException("disk", "UnknownError");
    return put.apply(this, a);
  });
  await expect(session.finish(draft)).rejects.toThrow("disk");
  vi.restoreAllMocks();
  expect([session.unsentItems.length, session.draft("door-1")?.note]).toEqual([0, "giữ lại"]);
  const db = await openField(name);
  expect([await db.count("queue"), await db.count("drafts")]).toEqual([0, 1]);
  await session.finish(draft);
  expect([await db.count("queue"), await db.count("drafts"), numbers(session.unsentItems)]).toEqual([1, 0, [1]]);
});

test("an answer that was lost: the same items go again and are made once", async () => {
  const { session, ward } = await atWork();
  ward.loseAnswers = 1;
  await quick(session, "door-1", "met");
  await session.syncNow();
  await session.syncNow();
  await until(() => session.unsentItems.length === 0);
  expect(ward.device().items.size).toBe(1);
  expect(ward.device().seen.length).toBeGreaterThan(1);
  expect(session.held).toEqual([]);
});

test("250 items go in order, at most 100 and less than 1 MB at a time", async () => {
  const { session, ward } = await atWork(wardWith(250));
  ward.down = true;
  for (const i of count(1, 250))
    await session.finish(draftOf(`door-${i}`, { note: i > 240 ? "x".repeat(200_000) : "" }));
  const sizes: number[] = [];
  const bytes: number[] = [];
  ward.rejects = (items) =>
    void (sizes.push(items.length), bytes.push(JSON.stringify(items).length)) as unknown as null;
  ward.down = false;
  await session.syncNow();
  expect(session.unsentItems).toEqual([]);
  expect(seenDoors(ward.device().seen)).toEqual(count(1, 250).map((i) => `door-${i}`));
  expect(Math.max(...sizes)).toBe(100);
  expect(Math.max(...bytes)).toBeLessThan(1_000_000);
});

test("a clock that jumps back does not change the order, nor end a visit before it began", async () => {
  const { session, ward } = await atWork();
  ward.down = true;
  await quick(session, "door-1", "met");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 3 * 86_400_000 });
  await session.finish(draftOf("door-2", { started_at: new Date(Date.now() + 86_400_000).toISOString() }));
  vi.useRealTimers();
  const [first, second] = session.unsentItems;
  expect([first!.n, second!.n, second!.at < first!.at]).toEqual([1, 2, true]);
  const body = second!.body as { started_at: string; ended_at: string };
  expect(body.ended_at >= body.started_at).toBe(true);
  ward.down = false;
  await session.syncNow();
  expect(seenDoors(ward.device().seen)).toEqual(["door-1", "door-2"]);
});

test("a gap (a row that rotted on the disk): the server says where to go on, nothing else is lost", async () => {
  const { session, ward, name } = await atWork();
  ward.down = true;
  for (const i of [1, 2, 3]) await quick(session, `door-${i}`, "not_home");
  const db = await openField(name);
  const [key] = (await db.getAllKeys("queue")).filter((k) => k[1] === 2);
  await db.put("queue", new Uint8Array(40), key);
  ward.down = false;
  await session.syncNow();
  expect(session.unsentItems).toEqual([]);
  expect(ward.device().seen.map((i) => [i.n, (i.body as { dwelling: string }).dwelling])).toEqual([
    [1, "door-1"],
    [2, "door-3"],
  ]);
  expect(session.sync.error?.en).toContain("damaged");
  expect(ward.damaged).toBe(0); // never a batch with a hole in it
});

test("a count that had fallen behind the server's: the items get new numbers and arrive", async () => {
  const { session, ward } = await atWork();
  await quick(session, "door-1", "met");
  await session.syncNow();
  ward.device().received = 40;
  const take = vi.fn();
  ward.rejects = (items) => {
    take(items[0]!.n);
    return items[0]!.n <= 40
      ? new Response(
          JSON.stringify({
            received_to: 40,
            server_time: "",
            results: items.map((i) => ({ n: i.n, id: i.id, status: "refused", code: "number_used" })),
          }),
        )
      : null;
  };
  await quick(session, "door-2", "met");
  await session.syncNow();
  await until(() => session.unsentItems.length === 0);
  expect(take.mock.calls.map(([n]) => n)).toEqual([2, 41]);
  expect([session.held, ward.device().items.size]).toEqual([[], 2]);
});

test("a server restored from yesterday's backup: the phone counts on from where the server is", async () => {
  const { session, ward } = await atWork();
  for (const i of [1, 2]) await quick(session, `door-${i}`, "met");
  await session.syncNow();
  ward.device().received = 1;
  await quick(session, "door-3", "met");
  await session.syncNow();
  await until(() => session.unsentItems.length === 0);
  expect(ward.device().seen.at(-1)).toMatchObject({ n: 2, body: { dwelling: "door-3" } });
});

test("a poisoned item is found and held aside; those before and behind it arrive", async () => {
  const { session, ward } = await atWork(wardWith(9));
  ward.down = true;
  for (const i of count(1, 9)) await session.finish(draftOf(`door-${i}`, { note: i === 5 ? "poison" : "" }));
  ward.rejects = (items) =>
    JSON.stringify(items).includes("poison")
      ? new Response(JSON.stringify({ code: "damaged", detail: "hỏng", detail_en: "bad" }), { status: 422 })
      : null;
  ward.down = false;
  await session.syncNow();
  expect(session.unsentItems).toEqual([]);
  expect(seenDoors(ward.device().seen)).toEqual([1, 2, 3, 4, 6, 7, 8, 9].map((i) => `door-${i}`));
  expect(session.held.map((h) => [h.item.body, h.result.code])).toEqual([
    [expect.objectContaining({ dwelling: "door-5", note: "poison" }), "damaged"],
  ]);
});

test("an item that the server does not mention is not taken for sent", async () => {
  const { session, ward } = await atWork();
  ward.rejects = (items) =>
    new Response(JSON.stringify({ received_to: items.at(-1)!.n, results: [], server_time: new Date().toISOString() }));
  await quick(session, "door-1", "met");
  await session.syncNow();
  await until(() => session.unsentItems.length === 0);
  expect(session.held.map((h) => h.result.code)).toEqual(["no_answer"]);
});

test("a newer server's new kind of answer is held, not taken for stored", async () => {
  const { session, ward } = await atWork();
  ward.rejects = (items) =>
    new Response(
      JSON.stringify({
        received_to: 1,
        results: items.map((i) => ({ n: i.n, id: i.id, status: "postponed" })),
        server_time: "",
      }),
    );
  await quick(session, "door-1", "met");
  await session.syncNow();
  await until(() => session.held.length === 1);
  expect(session.claim("visit", "door-1")).toMatchObject({ sent: false });
});

test("the app opens its session with the real cost of a PIN", () => {
  const made = openSession<Field>(PHONES) as unknown as { settings: { iterations: number } };
  expect(made.settings.iterations).toBeGreaterThanOrEqual(310_000);
});
