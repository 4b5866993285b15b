/** A noun of the tests' own, in an app of its own: all that the engine knows of it is in these few lines. */
import { expect, test } from "vitest";
import { newId } from "../../src/kernel/ids";
import {
  fresh,
  Kinds,
  type PhoneClaim,
  type PhoneDraft,
  type PhoneItem,
  type PhoneNoun,
} from "../../src/offline/kinds";
import { openSession } from "../../src/offline/session";
import type { Draft, Item, ItemResult, Session } from "../../src/offline/types";
import { PIN, toPutDown, until } from "./phone";
import { Ward } from "./ward";

interface ParcelItem {
  box: string;
  weight: number;
}
interface ParcelDraft extends Draft {
  box: string;
  weight: number;
}
interface Parcels {
  docs: { box: { parcels: number } };
  items: { parcel: ParcelItem; label: { parcel: string } };
  claims: { parcels: string[] };
  draft: ParcelDraft;
  result: ItemResult;
  offer: { id: string };
}

const claim: PhoneClaim<{ id: string; sent: boolean }[], ParcelItem> = {
  slot: "parcels",
  none: [],
  made: (known, { id }) => [...known, { id, sent: false }],
  each: (known, change) =>
    known.flatMap((parcel) => {
      const now = change({ item: parcel.id, sent: parcel.sent });
      return now ? [{ id: now.item, sent: now.sent }] : [];
    }),
  shown: { kind: "box", over: (box, known) => ({ parcels: (box as { parcels: number }).parcels + known.length }) },
};
const parcel: PhoneItem<ParcelItem> = {
  kind: "parcel",
  place: (body) => body.box,
  claim,
  words: (body) => [`${body.weight} g`],
};
const label: PhoneItem<{ parcel: string }> = { kind: "label", hangsOn: ["parcel"], words: () => ["label"] };
const draft: PhoneDraft<ParcelDraft> = {
  empty: { weight: 0 },
  isTyped: (d) => d.weight > 0,
  items: (d, { now }) => [
    fresh("parcel", { box: d.box, weight: d.weight }, now, d.id),
    fresh("label", { parcel: d.id }, now, newId()),
  ],
};
const PARCELS: PhoneNoun = {
  items: [parcel, label],
  documents: [{ kind: "box", isPlace: true }],
  draft,
};

async function atWork() {
  const ward = new Ward();
  ward.doc("box/box-1", { parcels: 3 });
  const kinds = new Kinds("box", [PARCELS]);
  const settings = { name: "parcels", iterations: 1000, fetch: ward.fetch, timeoutMs: 2000 };
  const session: Session<Parcels> = openSession(kinds, settings);
  toPutDown.push(session as never);
  const real = globalThis.fetch;
  globalThis.fetch = ward.fetch;
  await session.start();
  await session.createVault(PIN);
  await session.choose(["turf-1"]);
  globalThis.fetch = real;
  return { session, ward, kinds };
}

test("a noun that the engine has never heard of is carried, typed, sent, shown and settled", async () => {
  const { session, ward, kinds } = await atWork();
  const begun = kinds.whole({ id: newId(), box: "box-1" } as ParcelDraft);
  expect([begun.weight, kinds.isEmpty(begun)]).toEqual([0, true]);
  await session.keep({ ...begun, weight: 250 });
  expect(session.draft("box-1")?.weight).toBe(250);

  ward.down = true;
  await session.finish(session.draft("box-1")!);
  expect([session.draft("box-1"), session.get("box", "box-1")?.parcels]).toEqual([null, 4]);
  expect(session.unsentItems.map((i) => [i.n, i.kind])).toEqual([
    [1, "parcel"],
    [2, "label"],
  ]);

  ward.down = false;
  ward.doc("box/box-1", { parcels: 4 }, "newer");
  await session.syncNow();
  await session.syncNow(); // what had arrived before a whole download, its documents say
  await until(() => !session.sync.busy);
  expect([session.unsentItems, session.get("box", "box-1")?.parcels]).toEqual([[], 4]);
});

test("what hangs on an item is found by it, and follows it under a new id", () => {
  const kinds = new Kinds("box", [PARCELS]);
  const first: Item = { n: 1, kind: "parcel", id: "p", at: "", body: { box: "box-1", weight: 1 } };
  const second: Item = { n: 2, kind: "label", id: "l", at: "", body: { parcel: "p" } };
  const nothing = { get: () => null, all: () => [] };
  expect(kinds.placeOfItem(second, nothing, [first, second])).toBe("box-1");
  expect(kinds.following(second, "p", "q")).toEqual({ parcel: "q" });
  expect(kinds.following(first, "p", "q")).toEqual(first.body);
});

test("an item of a kind that this version does not know is neither lost nor touched", () => {
  const kinds = new Kinds("box", [PARCELS]);
  const strange: Item = { n: 1, kind: "telegram", id: "t", at: "", body: { parcel: "p" } };
  expect([kinds.item("telegram"), kinds.isFile(strange), kinds.hangsOn(strange)]).toEqual([undefined, false, []]);
  expect(kinds.following(strange, "p", "q")).toEqual(strange.body);
});

test.each<[string, PhoneNoun]>([
  ["items of the kind label", { items: [label] }],
  ["documents of the kind box", { documents: [{ kind: "box" }] }],
  ["claims in the slot parcels", { items: [{ ...parcel, kind: "letter" }] }],
  ["the draft's field weight", { draft }],
])("two nouns that bring %s are refused by name", (what, noun) => {
  expect(() => new Kinds("box", [PARCELS, noun])).toThrow(`two nouns bring ${what}`);
});
