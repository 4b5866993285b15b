import { afterEach, expect, test, vi } from "vitest";
import { openField } from "../../src/offline/db";
import { atWork, door, draftOf, phone, PIN, wardWith } from "./phone";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("full: what was typed is written, documents make room, the screen is told", async () => {
  const { session, ward, name } = await atWork(wardWith(600));
  const put = IDBObjectStore.prototype.put;
  const remove = IDBObjectStore.prototype.delete;
  let room = false;
  vi.spyOn(IDBObjectStore.prototype, "delete").mockImplementation(function (
    this: IDBObjectStore,
    ...a: Parameters<typeof remove>
  ) {
    if (this.name === "docs") room = true;
    return remove.apply(this, a);
  });
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (
    this: IDBObjectStore,
    ...a: Parameters<typeof put>
  ) {
    if (!room) throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, a);
  });
  await session.keep(draftOf("door-1", { note: "chữ quý" }));
  vi.restoreAllMocks();
  expect(session.sync.error?.en).toContain("storage is full");
  const db = await openField(name);
  expect([await db.count("drafts"), await db.count("docs")]).toEqual([1, 103]);
  expect(session.all("door").length).toBe(600); // this page still has them
  const again = (await phone(ward, name)).session;
  ward.down = true;
  await again.unlock("member-1", PIN);
  expect(again.draft("door-1")?.note).toBe("chữ quý");
  expect(again.all("door").length).toBeLessThanOrEqual(103);
  again.lock();
  ward.down = false;
  await session.syncNow(); // there is room again: what this page still has goes back on the disk
  expect([await db.count("docs"), ward.syncs.at(-1)!.sent, session.sync.error]).toEqual([603, 0, null]);
});

test("full while documents come: what has arrived stays, the error says so, typing goes on", async () => {
  const { session, ward } = await atWork();
  for (let i = 4; i < 300; i++) ward.doc(`door/door-${i}`, door(i));
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (
    this: IDBObjectStore,
    ...a: Parameters<typeof put>
  ) {
    if (this.name === "docs") throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, a);
  });
  await session.syncNow();
  expect(session.sync.error?.en).toContain("storage is full");
  expect(session.all("door").length).toBe(3);
  await session.keep(draftOf("door-1", { note: "vẫn ghi được" }));
  expect(session.draft("door-1")?.note).toBe("vẫn ghi được");
  vi.restoreAllMocks();
  await session.syncNow();
  expect([session.all("door").length, session.sync.error]).toEqual([299, null]);
});

test("no room at all: the words stay in this page, the screen says so, the next keystroke tries again", async () => {
  const { session, name } = await atWork();
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  const draft = draftOf("door-1", { note: "a" });
  await session.keep(draft);
  expect(session.draft("door-1")?.note).toBe("a");
  expect(session.sync.error?.en).toContain("not saved yet");
  vi.restoreAllMocks();
  await session.keep({ ...draft, note: "ab" });
  expect(session.sync.error?.en).toContain("storage is full"); // written now, but the documents had to make room
  const db = await openField(name);
  expect([await db.count("drafts"), await db.count("docs")]).toEqual([1, 0]);
  await session.syncNow();
  expect([session.sync.error, await db.count("docs")]).toEqual([null, 6]);
});

test("room again, and still no network: the doors are on the disk for the next start", async () => {
  const { session, ward, name } = await atWork();
  ward.down = true;
  const full = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  const draft = draftOf("door-1", { note: "a" });
  const db = await openField(name);
  await session.keep(draft);
  full.mockRestore();
  await session.keep({ ...draft, note: "ab" });
  expect(await db.count("docs")).toBe(0); // not at every keystroke
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 6000);
  await session.keep({ ...draft, note: "abc" });
  await vi.waitFor(async () => expect(await db.count("docs")).toBe(6));
  vi.restoreAllMocks();
  const again = (await phone(ward, name)).session;
  await again.unlock("member-1", PIN);
  expect([again.all("door").length, again.draft("door-1")?.note]).toEqual([3, "abc"]);
});
