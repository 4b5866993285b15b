import { expect, test } from "vitest";
import { newId } from "../../src/kernel/ids";
import { atWork, door, draftOf, phone, PIN, until, quick } from "./phone";
import type { ConflictDoc, Item } from "../../src/casework/field/types";

const CARD: ConflictDoc = {
  dwelling: "door-1",
  address: "1 đường Mẫu",
  field: "landmark",
  a: { value: "A", by: "x", at: "" },
  b: { value: "B", by: "me", at: "" },
  both: true,
};
const edit = { dwelling: "door-1", field: "landmark" as const, base: "", value: "B" };

async function conflicted() {
  const made = await atWork();
  const id = newId();
  made.ward.refuse.set("edit", { status: "conflict", conflict: { id, ...CARD } });
  made.ward.doc(`conflict/${id}`, CARD);
  await made.session.act("edit", edit);
  await until(() => made.session.held.length === 1 && !made.session.sync.busy);
  return { ...made, card: id };
}

test.each([
  ["mine", "b"],
  ["theirs", "a"],
  ["both", "both"],
] as const)("a conflict kept as %s is settled as %s, in the queue and offline", async (keep, sent) => {
  const { session, ward, card } = await conflicted();
  ward.down = true;
  await session.resolve(session.held[0]!, keep);
  expect(session.held).toEqual([]);
  expect(session.unsentItems.map((i) => [i.kind, i.body])).toEqual([["settle", { conflict: card, keep: sent }]]);
  expect(session.get("door", "door-1")!.landmark).toBe(keep === "theirs" ? "" : keep === "mine" ? "B" : "");
  ward.down = false;
  await session.syncNow();
  expect(ward.device().items.size).toBe(1);
});

test("mine is shown until the ward says it, and then what the ward says", async () => {
  const { session, ward } = await conflicted();
  ward.down = true;
  await session.resolve(session.held[0]!, "mine");
  expect(session.get("door", "door-1")!.landmark).toBe("B");
  ward.down = false;
  ward.doc("door/door-1", door(1, { landmark: "B" }), "settled");
  await session.syncNow();
  await session.syncNow();
  expect(session.claim("edits", "door-1")).toBeNull();
  ward.doc("door/door-1", door(1, { landmark: "C" }), "later");
  await session.syncNow();
  expect(session.get("door", "door-1")!.landmark).toBe("C");
});

test("a card that came is decided on what the ward has now: documents are read at once, changes shown", async () => {
  const { session, ward, card } = await conflicted();
  expect(session.get("conflict", card)).toEqual(CARD);
  ward.doc(`conflict/${card}`, { ...CARD, a: { value: "A2", by: "y", at: "" } });
  await session.syncNow();
  expect(session.held[0]!.result.conflict!.a.value).toBe("A2");
});

test("settled at the office, the card goes by itself", async () => {
  const { session, ward, card } = await conflicted();
  ward.docs.delete(`conflict/${card}`);
  ward.doc("door/door-1", door(1, { landmark: "A" }));
  await new Promise((done) => setTimeout(done, 5));
  await session.syncNow();
  expect([session.held, session.get("door", "door-1")!.landmark]).toEqual([[], "A"]);
});

test("held survives a restart; sent again it has the same id and a new number", async () => {
  const { session, ward, name } = await atWork();
  const draft = draftOf("door-1", { note: "n" });
  ward.refuse.set("visit", { code: "round_closed" });
  await session.finish(draft);
  await until(() => session.held.length === 1);
  const again = (await phone(ward, name)).session;
  await again.unlock("member-1", PIN);
  expect(again.held[0]!.item.body).toMatchObject({ dwelling: "door-1", note: "n" });
  ward.refuse.clear();
  await again.resolve(again.held[0]!, "mine");
  await until(() => again.unsentItems.length === 0 && again.held.length === 0);
  expect(ward.device().seen.map((i) => [i.n, i.id])).toEqual([
    [1, draft.id],
    [2, draft.id],
  ]);
  expect(again.claim("visit", "door-1")?.sent ?? true).toBe(true); // or the ward's documents already say it
});

test("an id that was used for something else: mine goes under a new id, and what hangs on it follows", async () => {
  const { session, ward } = await atWork();
  const draft = draftOf("door-1", {
    issues: [
      {
        id: newId(),
        kind: "report",
        words: "w",
        place: "",
        urgency: "ordinary",
        reply_by: "",
        promised_on: "",
        confidential: false,
        answer: "",
      },
    ],
  });
  ward.refuse.set(draft.id, { code: "id_reused" }).set("issue", { code: "no_visit" });
  await session.finish(draft);
  await until(() => session.held.length === 2);
  ward.refuse.clear();
  await session.resolve(
    session.held.find((h) => h.item.kind === "visit")!,
    "mine",
  );
  await until(() => session.unsentItems.length === 0);
  const [visit, issue] = [...ward.device().items.values()] as [Item<"visit">, Item<"issue">];
  expect(visit.id).not.toBe(draft.id);
  expect(visit.body.dwelling).toBe("door-1");
  expect([issue.id, issue.body.visit]).toEqual([draft.issues[0]!.id, visit.id]);
  expect([session.held, session.claim("visit", "door-1")]).toEqual([
    [],
    expect.objectContaining({ id: visit.id, sent: true }),
  ]);
});

test("theirs: mine is dropped, and the door is again what the ward says", async () => {
  const { session, ward } = await atWork();
  ward.refuse.set("visit", { code: "round_closed" });
  await quick(session, "door-1", "met");
  await until(() => session.held.length === 1);
  expect(session.claim("visit", "door-1")).toMatchObject({ outcome: "met", sent: false });
  await session.resolve(session.held[0]!, "theirs");
  expect([session.held, session.unsentItems, session.claim("visit", "door-1")]).toEqual([[], [], null]);
});

test("what must wait goes again by itself, in its old order, and not at every moment", async () => {
  const { session, ward } = await atWork();
  ward.refuse.set("visit", { status: "wait", code: "not_open" });
  await quick(session, "door-1", "met");
  await quick(session, "door-2", "met");
  await until(() => session.held.length === 2);
  await session.syncNow();
  const before = ward.device().seen.length;
  await session.syncNow();
  expect(ward.device().seen.length).toBe(before);
  ward.refuse.clear();
  const real = Date.now;
  Date.now = () => real() + 11 * 60_000;
  const clock = globalThis.Date;
  globalThis.Date = class extends clock {
    constructor(...a: []) {
      if (a.length) super(...a);
      else super(real() + 11 * 60_000);
    }
  } as DateConstructor;
  await session.syncNow();
  globalThis.Date = clock;
  Date.now = real;
  expect([
    session.held,
    [...ward.device().items.values()].map((i) => (i.body as { dwelling: string }).dwelling),
  ]).toEqual([[], ["door-1", "door-2"]]);
});
