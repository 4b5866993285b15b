/** The phone of an earlier build (tests/fixtures/earlier_phone): opened here without a ward, as its member left it. */
import { expect, test } from "vitest";
import recorded from "../../../tests/fixtures/earlier_phone/phone.json";
import { PHONES } from "../../src/casework/field/phones";
import type { Field } from "../../src/casework/field/types";
import { MIGRATIONS, openField } from "../../src/offline/db";
import { fromBase64 } from "../../src/offline/seal";
import { openSession } from "../../src/offline/session";
import type { OpenVault } from "../../src/offline/store";
import { toPutDown } from "./phone";

const PIN = "482915";
type Kept = { bytes?: string; key?: string } | Record<string, unknown> | number;

async function back(value: Kept): Promise<unknown> {
  if (typeof value !== "object" || value === null) return value;
  if (typeof value["bytes"] === "string") return fromBase64(value["bytes"]);
  if (typeof value["key"] === "string")
    return crypto.subtle.importKey("raw", fromBase64(value["key"]), "AES-GCM", false, ["encrypt", "decrypt"]);
  const inner = Object.entries(value).map(async ([name, one]) => [name, await back(one as Kept)] as const);
  return Object.fromEntries(await Promise.all(inner));
}

/** Everything as it lay on that phone, under the layout of then. */
async function phoneOfThen(name: string): Promise<void> {
  const db = await openField(name, undefined, MIGRATIONS.slice(0, recorded.version));
  for (const [store, rows] of Object.entries(recorded.stores))
    for (const [key, value] of rows as [string, Kept][])
      await db.put(store as "counts", (await back(value)) as number, key);
  db.close();
}

test("what an earlier build kept is opened with its PIN, all of it, and read as it was meant", async () => {
  await phoneOfThen("earlier");
  const nowhere = (() => Promise.reject(new TypeError("Failed to fetch"))) as typeof fetch;
  const session = openSession<Field>(PHONES, { name: "earlier", fetch: nowhere });
  toPutDown.push(session);
  await session.start();
  expect(await session.unlock(session.members[0]!.id, PIN)).toEqual({ ok: true });
  expect(session.unsentItems.map((i) => i.kind).sort()).toEqual(
    ["answers", "appointment", "edit", "file", "issue", "issue", "issue_verb", "settle"].concat(Array(6).fill("visit")),
  );
  expect(session.held.map((h) => [h.item.kind, h.result.status])).toEqual([
    ["edit", "conflict"],
    ["visit", "wait"],
  ]);
  expect([session.all("door").length, session.chosen().length]).toEqual([42, 1]);
  const { dwelling } = session.unsentItems.find((i) => i.kind === "edit")!.body as { dwelling: string };
  expect(session.get("door", dwelling)?.landmark).toBe("cổng xanh");
  expect(session.claim("visit", dwelling)).toMatchObject({ outcome: "met", sent: false });
  const { local } = (session as unknown as { desk: { vault: OpenVault } }).desk.vault;
  const slots = new Set([...local.values()].flatMap((row) => Object.keys(row)));
  expect(slots).toEqual(new Set(["dwelling", ...PHONES.claims.map((claim) => claim.slot)]));
  const photo = session.unsentItems.find((i) => i.kind === "file")!;
  expect((await session.file(photo.id))?.size).toBe((photo.body as { size: number }).size);
  const drafts = session.all("door").flatMap(({ id }) => session.draft(id) ?? []);
  expect(drafts.map((d) => d.issues.map((i) => i.words))).toEqual([["Xin thêm ghế đá ở công viê"]]);
});
