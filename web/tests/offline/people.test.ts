import { expect, test, vi } from "vitest";
import { openDB } from "idb";
import { MIGRATIONS, openField } from "../../src/offline/db";
import { atWork, draftOf, phone, PIN, until, wardWith, quick } from "./phone";

test("two members share a phone: each sees only their own, and sends with their own token", async () => {
  const { session, ward } = await atWork();
  ward.down = true;
  await quick(session, "door-1", "met");
  session.lock();
  ward.down = false;
  ward.me = { id: "member-2", name: "Lê Văn Hai" };
  await session.start();
  expect(session.signedIn?.id).toBe("member-2");
  await session.createVault("246802");
  expect([session.member?.name, session.unsentItems.length, session.all("door").length]).toEqual(["Lê Văn Hai", 0, 0]);
  expect(session.members.map((m) => [m.id, m.unsent]).sort()).toEqual([
    ["member-1", 1],
    ["member-2", 0],
  ]);
  session.lock();
  await session.unlock("member-1", PIN); // the browser is still signed in as the other
  await until(() => session.unsentItems.length === 0);
  expect([...ward.made.values()].map((m) => m.items.size)).toEqual([1, 0]);
});

test("one member's wrong PINs leave the other's vault alone", async () => {
  const { session, ward } = await atWork();
  ward.pin.tries = 1;
  ward.me = { id: "member-2", name: "Lê Văn Hai" };
  await session.start();
  await session.createVault("246802");
  session.lock();
  expect(await session.unlock("member-2", "000000")).toMatchObject({ wiped: true });
  expect([session.phase, session.sync.error?.en]).toEqual(["wiped", expect.stringContaining("Too many wrong PINs")]);
  expect(await session.unlock("member-1", PIN)).toEqual({ ok: true });
  expect([session.phase, session.all("door").length]).toEqual(["open", 3]);
});

test("leaving sends what is left and erases; with something unsent it is refused", async () => {
  const { session, ward, name } = await atWork();
  ward.down = true;
  await quick(session, "door-1", "met");
  await expect(session.leave()).rejects.toThrow("chưa gửi");
  expect(session.phase).toBe("open");
  ward.down = false;
  await session.keep(draftOf("door-2", { note: "nháp" }));
  await expect(session.leave()).rejects.toThrow("chưa gửi");
  await session.drop("door-2");
  await session.leave();
  expect([session.phase, ward.device().items.size, await (await openField(name)).count("docs")]).toEqual([
    "none",
    1,
    0,
  ]);
});

test("a PIN of the wrong shape is refused with the ward's own rule, and the phone is registered once", async () => {
  const ward = wardWith();
  ward.pin.digits = 4;
  const { session } = await phone(ward);
  await expect(session.createVault(PIN)).rejects.toThrow("chữ số");
  expect(session.pinRules.digits).toBe(4);
  await session.createVault("1357");
  expect([session.phase, ward.owners.size]).toEqual(["open", 1]);
});

test("a second vault of the same member is refused while the first has something unsent", async () => {
  const { session, ward } = await atWork();
  ward.down = true;
  await quick(session, "door-1", "met");
  session.lock();
  ward.down = false;
  await expect(session.createVault("112233")).rejects.toThrow("chưa gửi");
  await session.unlock("member-1", PIN);
  await until(() => session.unsentItems.length === 0);
  await session.keep(draftOf("door-2", { note: "nháp" }));
  session.lock();
  await expect(session.createVault("112233")).rejects.toThrow("chưa gửi"); // a draft counts too
  await session.unlock("member-1", PIN);
  await session.drop("door-2");
  session.lock();
  await session.createVault("112233"); // the PIN was forgotten, nothing is lost
  expect([session.phase, session.members.length]).toEqual(["open", 1]);
});

test("nobody there for a while: locked, also when the clock was set back in between", async () => {
  const { session } = await atWork();
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date", "performance"] });
  session.touched();
  vi.advanceTimersByTime(200_000);
  expect(session.phase).toBe("open"); // its own timer began before; it is looked at on being seen again
  dispatchEvent(new Event("pagehide"));
  expect(session.phase).toBe("open");
  vi.advanceTimersByTime(101_000);
  vi.setSystemTime(Date.now() - 86_400_000);
  Object.defineProperty(document, "visibilityState", { value: "visible", configurable: true });
  dispatchEvent(new Event("visibilitychange"));
  vi.useRealTimers();
  expect([session.phase, session.all("door")]).toEqual(["locked", []]);
});

test("a new PIN: the old one no longer opens", async () => {
  const { session } = await atWork();
  expect(await session.changePin("000000", "112233")).toBe(false);
  expect(await session.changePin("000000", "112233")).toBe(false);
  await expect(session.changePin("000000", "112233")).rejects.toThrow("chờ 30 giây");
  await expect(session.changePin(PIN, "112233")).rejects.toThrow("chờ"); // the right one too, before that
  vi.setSystemTime(Date.now() + 31_000);
  expect(await session.changePin(PIN, "112233")).toBe(true);
  vi.useRealTimers();
  session.lock();
  expect((await session.unlock("member-1", PIN)).ok).toBe(false);
  expect((await session.unlock("member-1", "112233")).ok).toBe(true);
  expect(session.all("door").length).toBe(3);
});

test("a database of version 1 is brought up to date and keeps what is in it", async () => {
  const old = await openDB("upgrade", 1, { upgrade: (db) => MIGRATIONS[0]!(db as never) });
  expect([...old.objectStoreNames]).toEqual(["counts", "docs", "drafts", "held", "keys", "queue", "state", "vaults"]);
  await old.put("queue", new Uint8Array([7]), ["v", 1]);
  await old.put("counts", 1, "v");
  old.close();
  const now = await openField("upgrade");
  expect([
    now.version,
    now.objectStoreNames.contains("files"),
    await now.get("queue", ["v", 1]),
    await now.get("counts", "v"),
  ]).toEqual([MIGRATIONS.length, true, new Uint8Array([7]), 1]);
});

test("an older page on a newer database says so and breaks nothing; an open one steps aside", async () => {
  const { session, ward, name } = await atWork();
  const newer = await openField(name, undefined, [...MIGRATIONS, () => undefined]);
  await until(() => session.phase === "unsupported");
  expect([session.sync.error?.en, newer.version]).toEqual([
    expect.stringContaining("newer version"),
    MIGRATIONS.length + 1,
  ]);
  expect((await phone(ward, name)).session.phase).toBe("unsupported");
});

test("a ward that asks for longer PINs locks nobody out: each PIN is asked for with its own digits", async () => {
  const { session, ward, name } = await atWork();
  ward.pin.digits = 8;
  session.lock();
  await session.unlock("member-1", PIN); // the ward's new rule comes with the next sync
  await until(() => session.pinRules.digits === 8);
  session.lock();
  const again = await phone(ward, name);
  await until(() => again.session.members.length === 1);
  expect(again.session.members[0]!.digits).toBe(6);
  await again.session.unlock("member-1", PIN);
  await expect(again.session.changePin(PIN, "112233")).rejects.toThrow("chữ số");
  expect(await again.session.changePin(PIN, "11223344")).toBe(true);
  expect(again.session.members[0]!.digits).toBe(8);
  again.session.lock();
  expect((await again.session.unlock("member-1", "11223344")).ok).toBe(true);
});

test("a storage that fails for a moment erases nobody", async () => {
  const { session, ward, name } = await atWork();
  ward.down = true;
  await quick(session, "door-1", "met");
  session.lock();
  const get = vi.spyOn(IDBObjectStore.prototype, "get").mockImplementation(() => {
    throw new DOMException("closing", "InvalidStateError");
  });
  const bad = await phone(ward, name);
  get.mockRestore();
  expect([bad.session.phase, bad.session.sync.error?.en]).toEqual([
    "unsupported",
    expect.stringContaining("storage failed"),
  ]);
  await bad.session.start();
  expect([bad.session.phase, bad.session.members.map((m) => m.unsent)]).toEqual(["locked", [1]]);
});

test("an address without https says so", async () => {
  vi.stubGlobal("isSecureContext", false);
  vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
  const { session } = await phone(wardWith());
  vi.unstubAllGlobals();
  expect([session.phase, session.sync.error?.vi]).toEqual(["unsupported", expect.stringContaining("https://")]);
});

test("a phone that was erased says why also when the page is opened again, until somebody opens it", async () => {
  const { session, ward, name } = await atWork();
  ward.order = "wipe";
  await session.syncNow();
  expect([session.phase, session.members, ward.wiped.length]).toEqual(["wiped", [], 1]);
  ward.order = "none";
  const again = (await phone(ward, name)).session;
  expect([again.phase, again.sync.error?.en]).toEqual(["wiped", expect.stringContaining("ward ordered")]);
  await again.createVault(PIN);
  again.lock();
  const later = (await phone(ward, name)).session;
  expect([later.phase, later.sync.error]).toEqual(["locked", null]);
});
