import { expect, test, vi } from "vitest";
import { openField } from "../../src/offline/db";
import { PHONES } from "../../src/casework/field/phones";
import type { Draft } from "../../src/casework/field/types";
import { Drafts } from "../../src/offline/drafts";
import type { Documents } from "../../src/offline/kinds";
import type { OpenVault } from "../../src/offline/store";
import { newId } from "../../src/kernel/ids";
import { atWork, draftOf, phone, PIN, until } from "./phone";

async function reopened(ward: Parameters<typeof phone>[0], name: string) {
  const { session } = await phone(ward, name);
  expect(await session.unlock("member-1", PIN)).toEqual({ ok: true });
  return session;
}

test("a page killed after a keystroke has it; the latest text wins however fast it was typed", async () => {
  const { session, ward, name } = await atWork();
  const draft = draftOf();
  const typed = "Đường ngập, đèn hỏng";
  const all = [...typed].map((_, i) => session.keep({ ...draft, note: typed.slice(0, i + 1) }));
  await Promise.all(all);
  expect((await reopened(ward, name)).draft("door-1")).toEqual({ ...draft, note: typed });
});

test("many keystrokes are few writes", async () => {
  const { session, name } = await atWork();
  const puts = vi.spyOn(IDBObjectStore.prototype, "put");
  const draft = draftOf();
  await Promise.all(Array.from({ length: 200 }, (_, i) => session.keep({ ...draft, note: "x".repeat(i) })));
  expect(puts.mock.calls.length).toBeLessThan(10);
  puts.mockRestore();
  expect((await openField(name)).name).toBe(name);
});

test("a keystroke in the very moment of finishing does not bring the draft back", async () => {
  const { session, ward, name } = await atWork();
  ward.down = true;
  const draft = draftOf();
  void session.keep({ ...draft, note: "a" });
  void session.keep({ ...draft, note: "ab" });
  await session.finish({ ...draft, note: "abc" });
  expect(session.draft("door-1")).toBeNull();
  const again = await reopened(ward, name);
  expect(again.draft("door-1")).toBeNull();
  expect(again.unsentItems.map((i) => (i.body as { note: string }).note)).toEqual(["abc"]);
});

test("locking in the middle of a word loses none of it", async () => {
  const { session } = await atWork();
  void session.keep(draftOf("door-1", { note: "nửa ch" }));
  session.lock();
  await session.unlock("member-1", PIN);
  expect(session.draft("door-1")?.note).toBe("nửa ch");
});

test("a draft that an older version kept gets what this one has more, and keeps what it does not know", () => {
  const old = {
    id: "1",
    dwelling: "d",
    round: "r",
    outcome: "met",
    note: "n",
    future: 7,
    issues: [{ id: "i", kind: "request" }],
  } as unknown as Draft;
  const now = PHONES.whole(old) as Draft & { future: number };
  expect([now.files, now.questions, now.future, now.issues[0]!.urgency]).toEqual([[], "", 7, "ordinary"]);
});

test("an empty draft is nobody's work", () => {
  expect(PHONES.isEmpty(draftOf("d", { outcome: "" }))).toBe(true);
  expect(PHONES.isEmpty(draftOf("d", { outcome: "", edits: { landmark: "" } }))).toBe(false);
});

test("what another tab types at other doors comes in; what is being typed here stays", async () => {
  const { session, ward, name } = await atWork();
  const other = await reopened(ward, name);
  await session.keep(draftOf("door-1", { note: "của tôi" }));
  await other.keep(draftOf("door-2", { id: newId(), note: "tab kia" }));
  await until(() => session.draft("door-2")?.note === "tab kia");
  expect(session.draft("door-1")?.note).toBe("của tôi");
});

test("a letter typed while another tab's drafts are being read is not overwritten by what was read", async () => {
  let read!: (rows: unknown[]) => void;
  const vault = {
    kinds: PHONES,
    drafts: new Map(),
    read: () => new Promise((done) => (read = done)),
    row: async () => ({}),
    write: async () => true,
    changed: () => undefined,
  };
  const drafts = new Drafts(vault as unknown as OpenVault, { get: () => null, all: () => [] } satisfies Documents);
  const draft = draftOf("door-1", { note: "a" });
  const gone = draftOf("door-2", { note: "x" });
  await drafts.keep(draft);
  const reading = drafts.reload();
  await Promise.resolve();
  await drafts.keep({ ...draft, note: "ab" } as Draft);
  await drafts.drop("door-2");
  read([
    { v: 1, draft, bases: {} },
    { v: 1, draft: gone, bases: {} },
    { v: 1, draft: draftOf("door-3", { note: "tab kia" }), bases: {} },
  ]);
  await reading;
  expect(["door-1", "door-2", "door-3"].map((d) => (drafts.get(d) as Draft | null)?.note)).toEqual([
    "ab",
    undefined,
    "tab kia",
  ]);
});
