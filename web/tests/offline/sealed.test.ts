import { expect, test } from "vitest";
import { openField, ROW_STORES } from "../../src/offline/db";
import { random, vaultKeys } from "../../src/offline/seal";
import { Sealed } from "../../src/offline/sealed";
import { atWork, draftOf } from "./phone";

test("a value opens only in its place: not under another name, store or vault, nor with a bit changed", async () => {
  const keys = await vaultKeys(random(32));
  const sealed = new Sealed("v1", keys);
  const whole = await sealed.seal("docs", "a", { door: 1 });
  expect(await sealed.open("docs", "a", whole)).toEqual({ door: 1 });
  await expect(sealed.open("docs", "b", whole)).rejects.toThrow();
  await expect(sealed.open("held", "a", whole)).rejects.toThrow();
  await expect(new Sealed("v2", keys).open("docs", "a", whole)).rejects.toThrow();
  await expect(new Sealed("v1", await vaultKeys(random(32))).open("docs", "a", whole)).rejects.toThrow();
  whole[20]! ^= 1;
  await expect(sealed.open("docs", "a", whole)).rejects.toThrow();
});

test("the same value is never sealed to the same bytes; the same name is always the same digest", async () => {
  const sealed = new Sealed("v1", await vaultKeys(random(32)));
  expect(await sealed.seal("docs", "a", 1)).not.toEqual(await sealed.seal("docs", "a", 1));
  expect(await sealed.name("door/1")).toBe(await sealed.name("door/1"));
  expect(await sealed.name("door/1")).not.toBe(await sealed.name("door/2"));
});

test("on the disk nothing readable names a person, a door, a turf or a word that was typed", async () => {
  const { session, ward, name } = await atWork();
  ward.down = true;
  await session.keep(draftOf("door-3", { note: "chữ đang gõ" }));
  await session.finish(draftOf("door-1", { note: "lời người dân" }));
  await session.addFile(draftOf("door-2"), "photo", new Blob(["BYTES-OF-A-PHOTO"], { type: "image/jpeg" }));
  const db = await openField(name);
  let dump = "";
  let rows = 0;
  for (const store of ["vaults", "counts", "reports", ...ROW_STORES] as const) {
    for (const [i, value] of (await db.getAll(store)).entries()) {
      rows++;
      dump += JSON.stringify((await db.getAllKeys(store))[i]);
      const parts = value instanceof Uint8Array || typeof value !== "object" ? [value] : Object.values(value);
      for (const part of parts)
        dump +=
          part instanceof Uint8Array
            ? new TextDecoder("latin1").decode(part) + new TextDecoder().decode(part)
            : JSON.stringify(part);
    }
  }
  expect(rows).toBeGreaterThan(10);
  for (const secret of [
    "door-",
    "turf-",
    "round-",
    "đường Mẫu",
    "Thử",
    "member-1",
    "chữ",
    "lời",
    "token-",
    "BYTES",
    "not_home",
    "met",
    "Tân Uyên", // whole: three letters may well stand in so many random bytes
  ])
    expect(dump, secret).not.toContain(secret);
});
