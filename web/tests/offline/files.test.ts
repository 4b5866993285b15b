import { expect, test } from "vitest";
import { openField } from "../../src/offline/db";
import { sha256 } from "../../src/offline/seal";
import { atWork, draftOf, phone, PIN, quick } from "./phone";

const bytes = (n: number) => Uint8Array.from({ length: n }, (_, i) => i % 251);
const photo = (n: number) => new Blob([bytes(n)], { type: "image/jpeg" });

test("a photo is kept with its draft at once, sent in parts before the item naming it, then dropped", async () => {
  const { session, ward, name } = await atWork();
  ward.down = true;
  const file = await session.addFile(draftOf("door-1"), "photo", photo(600_000));
  expect(file).toMatchObject({
    kind: "photo",
    mime: "image/jpeg",
    size: 600_000,
    sha256: await sha256(bytes(600_000)),
  });
  const again = (await phone(ward, name)).session; // the page was killed right after
  await again.unlock("member-1", PIN);
  const draft = again.draft("door-1")!;
  expect(draft.files).toEqual([file]);
  const kept = (await again.file(file.id))!;
  expect([kept.type, await sha256(await kept.arrayBuffer())]).toEqual(["image/jpeg", file.sha256]);
  await again.finish(draft);
  await quick(again, "door-2", "not_home");
  ward.down = false;
  await again.syncNow();
  expect(await sha256(ward.files.get(file.id)!.bytes)).toBe(file.sha256);
  expect(ward.calls.filter((c) => c.startsWith("PUT")).length).toBe(4); // asked once, then three parts
  expect(ward.device().seen.map((i) => i.kind)).toEqual(["visit", "file", "visit"]);
  expect(ward.device().items.get(file.id)!.body).toMatchObject({
    subject_kind: "visit",
    subject: draft.id,
    size: 600_000,
  });
  expect([await again.file(file.id), await (await openField(name)).count("files")]).toEqual([null, 0]);
});

test("a part whose answer was lost, or that was there already: it goes on where the server is", async () => {
  const { session, ward } = await atWork();
  ward.down = true;
  const file = await session.addFile(draftOf("door-1"), "voice", photo(600_000));
  await session.finish(session.draft("door-1")!);
  ward.files.set(file.id, { bytes: bytes(256_000), size: 600_000 });
  ward.down = false;
  await session.syncNow();
  expect(await sha256(ward.files.get(file.id)!.bytes)).toBe(file.sha256);
  expect(session.unsentItems).toEqual([]);
});

test("a file that the server will never take is held with the reason; what comes behind it arrives", async () => {
  const { session, ward } = await atWork();
  ward.down = true;
  await session.addFile(draftOf("door-1"), "photo", photo(1000));
  await session.finish(session.draft("door-1")!);
  await quick(session, "door-2", "met");
  ward.down = false;
  ward.tooLarge = true;
  await session.syncNow();
  expect(session.held.map((h) => [h.item.kind, h.result.code])).toEqual([["file", "too_large"]]);
  expect(ward.device().seen.map((i) => [i.n, i.kind])).toEqual([
    [1, "visit"],
    [2, "visit"],
  ]);
  expect((await session.file(session.held[0]!.item.id))!.size).toBe(1000); // still here until somebody decides
  await session.resolve(session.held[0]!, "theirs");
  expect(session.held).toEqual([]);
});

test("a photo taken out of its draft is gone from the phone after the next opening; others stay", async () => {
  const { session, ward, name } = await atWork();
  ward.down = true;
  const one = await session.addFile(draftOf("door-1"), "photo", photo(10));
  const two = await session.addFile(session.draft("door-1")!, "photo", photo(20));
  const draft = session.draft("door-1")!;
  expect(draft.files.map((f) => f.id)).toEqual([one.id, two.id]);
  await session.keep({ ...draft, files: [two] });
  const again = (await phone(ward, name)).session;
  await again.unlock("member-1", PIN);
  expect([await again.file(one.id), (await again.file(two.id))!.size]).toEqual([null, 20]);
});

test("typing while a photo is being kept loses neither", async () => {
  const { session, ward, name } = await atWork();
  ward.down = true;
  const draft = draftOf("door-1", { note: "a" });
  const adding = session.addFile(draft, "photo", photo(300_000));
  await session.keep({ ...draft, note: "ab" });
  const file = await adding;
  expect(session.draft("door-1")).toMatchObject({ note: "ab", files: [file] });
  const again = (await phone(ward, name)).session;
  await again.unlock("member-1", PIN);
  expect(again.draft("door-1")).toMatchObject({ note: "ab", files: [file] });
});

test("a voice note taken out, alone or with what was said, is off the disk at once; not behind an undo", async () => {
  const { session, name } = await atWork();
  const draft = draftOf();
  const voice = await session.addFile(draft, "voice", new Blob(["a"], { type: "audio/mp4" }));
  const photo = await session.addFile(session.draft("door-1")!, "photo", new Blob(["b"], { type: "image/jpeg" }));
  const db = await openField(name);
  await session.keep({ ...session.draft("door-1")!, files: [photo] });
  expect([await db.count("files"), await session.file(voice.id)]).toEqual([1, null]);
  const before = session.draft("door-1")!;
  await session.keep(draftOf("door-1", { outcome: "refused" }));
  await session.keep(before);
  expect(await (await session.file(photo.id))!.text()).toBe("b");
});
