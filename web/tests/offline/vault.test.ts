import "fake-indexeddb/auto";
import { beforeEach, expect, test } from "vitest";
import { openField, type Db } from "../../src/offline/db";
import { ITERATIONS } from "../../src/offline/seal";
import { Sealed } from "../../src/offline/sealed";
import { Vaults, waitAfter, type Card, type Opened } from "../../src/offline/vault";

let db: Db;
let now = 0;
let vaults: Vaults;
let opened: Opened;
let n = 0;
const CARD: Card = {
  id: "m1",
  name: "Trần Thị Thử",
  device: "d1",
  ward: "Tân Uyên",
  demo: true,
  lastAt: null,
  pin: { digits: 6, tries: 5, idle_s: 300 },
};
const wrong = () => vaults.unlock(opened.vault, "000000");
beforeEach(async () => {
  db = await openField(`vault-${++n}`);
  now = 1_000_000;
  vaults = new Vaults(db, 1000, () => now);
  opened = await vaults.create(CARD, "135790");
});

test("the right PIN opens what was sealed before; the card is read without it", async () => {
  const sealed = await new Sealed(opened.vault, opened.keys).seal("docs", "a", { x: 1 });
  const again = await new Vaults(db, 1000, () => now).unlock(opened.vault, "135790");
  if (!again.ok) throw new Error("not opened");
  expect(await new Sealed(opened.vault, again.opened.keys).open("docs", "a", sealed)).toEqual({ x: 1 });
  expect((await vaults.list()).map((l) => l.card.name)).toEqual(["Trần Thị Thử"]);
});

test("a wrong PIN is counted; after three, waiting grows and a try in the meantime is not counted", async () => {
  expect(await wrong()).toEqual({ ok: false, left: 4, wiped: false, wait_s: 0 });
  await wrong();
  expect(await wrong()).toEqual({ ok: false, left: 2, wiped: false, wait_s: 30 });
  now += 10_000;
  expect(await vaults.unlock(opened.vault, "135790")).toEqual({ ok: false, left: 2, wiped: false, wait_s: 20 });
  now += 20_000;
  expect(await wrong()).toEqual({ ok: false, left: 1, wiped: false, wait_s: 60 });
  now += 60_000;
  expect((await vaults.unlock(opened.vault, "135790")).ok).toBe(true);
  expect(await wrong()).toMatchObject({ left: 4, wait_s: 0 }); // the right PIN begins the count anew
  expect([3, 4, 5, 9].map(waitAfter)).toEqual([30, 60, 120, 900]);
});

test("a clock set back makes no wait longer than it was", async () => {
  for (let i = 0; i < 3; i++) await wrong();
  now -= 365 * 86_400_000;
  expect(await wrong()).toMatchObject({ ok: false, wait_s: 30 });
  now += 30_000;
  expect((await vaults.unlock(opened.vault, "135790")).ok).toBe(true);
});

test("the last wrong PIN erases that member's rows and nobody else's", async () => {
  const other = await vaults.create({ ...CARD, id: "m2" }, "246802");
  for (const store of ["docs", "drafts", "queue", "files"] as const)
    for (const vault of [opened.vault, other.vault]) await db.put(store, new Uint8Array([1]), [vault, "x"]);
  for (let i = 0; i < 4; i++) {
    await wrong();
    now += 3_600_000;
  }
  expect(await wrong()).toEqual({ ok: false, left: 0, wiped: true, wait_s: 0 });
  for (const store of ["docs", "drafts", "queue", "files"] as const)
    expect((await db.getAllKeys(store)).map((k) => k[0])).toEqual([other.vault]);
  expect((await vaults.list()).map((l) => l.card.id)).toEqual(["m2"]);
  expect((await vaults.unlock(other.vault, "246802")).ok).toBe(true);
});

test("a page killed in the middle of a try has used it up", async () => {
  const derive = crypto.subtle.deriveKey;
  crypto.subtle.deriveKey = () => Promise.reject(new Error("killed"));
  await expect(wrong()).rejects.toThrow("killed");
  crypto.subtle.deriveKey = derive;
  expect((await db.get("vaults", opened.vault))?.tries).toBe(1);
  expect(await wrong()).toMatchObject({ left: 3 });
});

test("killed in the middle of the last try, the vault is erased at the next one, even with the right PIN", async () => {
  await db.put("vaults", { ...(await db.get("vaults", opened.vault))!, tries: 5 }, opened.vault);
  expect(await vaults.unlock(opened.vault, "135790")).toMatchObject({ ok: false, wiped: true });
});

test("a new PIN wraps the same key: old values open, the old PIN does not", async () => {
  const sealed = await new Sealed(opened.vault, opened.keys).seal("drafts", "a", "typed");
  const before = await db.get("vaults", opened.vault);
  expect("ok" in (await vaults.changePin(opened.vault, "135790", "112233"))).toBe(false);
  expect((await db.get("vaults", opened.vault))!.wrapped).not.toEqual(before!.wrapped);
  expect((await vaults.unlock(opened.vault, "135790")).ok).toBe(false);
  const again = await vaults.unlock(opened.vault, "112233");
  if (!again.ok) throw new Error("not opened");
  expect(await new Sealed(opened.vault, again.opened.keys).open("drafts", "a", sealed)).toBe("typed");
});

test("a wrong old PIN at changing counts like any other", async () => {
  expect(await vaults.changePin(opened.vault, "000000", "112233")).toMatchObject({ ok: false, left: 4 });
});

test("the PIN alone opens nothing: copied to another phone, without this phone's key, the vault is lost", async () => {
  const other = await openField(`vault-copy-${n}`);
  await other.put("vaults", (await db.get("vaults", opened.vault))!, opened.vault);
  expect(await new Vaults(other, 1000).list()).toEqual([]);
  expect(await other.get("vaults", opened.vault)).toBeUndefined();
});

test("the phone's key and the vault's keys cannot be read out, and a PIN costs what it must", async () => {
  const key = (await db.get("keys", "device"))!;
  await expect(crypto.subtle.exportKey("raw", key)).rejects.toThrow();
  for (const k of [opened.keys.data, opened.keys.names, opened.pin.key])
    await expect(crypto.subtle.exportKey("raw", k)).rejects.toThrow();
  expect(ITERATIONS).toBeGreaterThanOrEqual(310_000);
  expect((await db.get("vaults", (await new Vaults(db).create(CARD, "135790")).vault))!.iterations).toBe(ITERATIONS);
});
