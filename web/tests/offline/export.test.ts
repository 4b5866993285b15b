import { expect, test } from "vitest";
import { newId } from "../../src/kernel/ids";
import { atWork, draftOf, phone, PIN, until, quick } from "./phone";

async function stranded() {
  const made = await atWork();
  made.ward.refuse.set("visit", { code: "round_closed" });
  await quick(made.session, "door-3", "met");
  await until(() => made.session.held.length === 1);
  made.ward.refuse.clear();
  made.ward.down = true;
  await made.session.addFile(
    draftOf("door-1", { note: "lời nói" }),
    "photo",
    new Blob([new Uint8Array([1, 2, 3])], { type: "image/png" }),
  );
  await made.session.finish(made.session.draft("door-1")!);
  await made.session.keep(draftOf("door-2", { note: "đang ghi" }));
  return { ...made, file: await made.session.exportUnsent() };
}

test("what is unsent can be carried to another phone and arrives from there once, files and drafts too", async () => {
  const { session, ward, file } = await stranded();
  ward.down = false;
  const other = (await phone(ward)).session;
  await other.createVault("112233");
  await other.choose(["turf-1"]);
  expect(await other.importUnsent(file, PIN)).toBe(3);
  await until(() => other.unsentItems.length === 0);
  expect([...ward.device().items.values()].map((i) => i.kind)).toEqual(["visit", "visit", "file"]);
  expect(other.draft("door-2")?.note).toBe("đang ghi");
  expect(await other.importUnsent(file, PIN)).toBe(3); // again: the server knows them
  await until(() => other.unsentItems.length === 0);
  await session.syncNow(); // and the first phone, found again, sends them too
  await until(() => session.unsentItems.length === 0);
  expect([...ward.made.values()].reduce((n, m) => n + m.items.size, 0)).toBe(3);
});

test("the file tells nothing without the PIN; a wrong one, a damaged or another's file is refused", async () => {
  const { ward, file } = await stranded();
  const text = await file.text();
  for (const secret of ["lời", "door-", "member-1", "Thử"]) expect(text).not.toContain(secret);
  ward.down = false;
  const other = (await phone(ward)).session;
  await other.createVault("112233");
  await expect(other.importUnsent(file, "112233")).rejects.toThrow("khôi phục");
  await expect(
    other.importUnsent(new Blob([text.replace('"iterations":1000', '"iterations":1001')]), PIN),
  ).rejects.toThrow("khôi phục");
  await expect(other.importUnsent(new Blob(["xyz"]), PIN)).rejects.toThrow("khôi phục");
  ward.me = { id: newId(), name: "Khác" };
  const third = (await phone(ward)).session;
  await third.createVault("445566");
  await expect(third.importUnsent(file, PIN)).rejects.toThrow("người khác");
});
