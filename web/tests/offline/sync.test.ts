import { afterEach, expect, test, vi } from "vitest";
import { eraseVault, openField } from "../../src/offline/db";
import { newId } from "../../src/kernel/ids";
import { atWork, door, draftOf, phone, PIN, until, wardWith, quick } from "./phone";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("a delta: only what changed comes, what is gone goes, what it had is still there after a restart", async () => {
  const { session, ward, name } = await atWork();
  ward.doc("door/door-2", door(2, { landmark: "mới" }));
  ward.docs.delete("door/door-3");
  await session.syncNow();
  expect(ward.syncs.at(-1)!.sent).toBe(1);
  const again = (await phone(ward, name)).session;
  await again.unlock("member-1", PIN);
  expect(again.all("door").map((d) => [d.id, d.body.landmark])).toEqual(
    expect.arrayContaining([
      ["door-1", ""],
      ["door-2", "mới"],
    ]),
  );
  expect(again.all("door")).toHaveLength(2);
});

test("a stream that is cut goes on where it was: what was applied counts, on the disk too", async () => {
  const { session, ward, name } = await atWork(wardWith(350));
  await session.choose([]);
  ward.cutAfter = 201;
  await session.choose(["turf-1"]).catch(() => undefined);
  expect(session.all("door").length).toBe(200);
  expect(session.sync.error?.en).toContain("No network");
  const again = (await phone(ward, name)).session;
  await again.unlock("member-1", PIN);
  await again.syncNow();
  expect(ward.syncs.some((s) => s.sent === 153)).toBe(true);
  expect(again.all("door").length).toBe(350);
});

test("too much for one phone: the choice is refused with the reason, the old list stays", async () => {
  const { session, ward } = await atWork();
  await expect(session.choose(["turf-1", "turf-2", "turf-3", "turf-1"])).rejects.toMatchObject({
    problem: { code: "over_budget" },
  });
  expect([session.chosen(), session.all("door").length]).toEqual([["turf-1"], 3]);
  ward.budget.documents = 2;
  await session.syncNow();
  expect(session.sync.error?.en).toContain("more than one phone may carry");
  expect(session.all("door").length).toBe(3);
});

test("a turf that was given to another team goes off the list; the rest goes on", async () => {
  const { session, ward } = await atWork();
  await session.choose(["turf-1", "turf-2"]);
  ward.mine.delete("turf-2");
  await session.syncNow();
  expect(session.chosen()).toEqual(["turf-1"]);
  expect(session.sync.error?.en).toContain("no longer your team's");
});

test("a choice that cannot reach the ward is refused; the network back, it is carried out", async () => {
  const { session, ward } = await atWork();
  ward.down = true;
  await expect(session.choose(["turf-2"])).rejects.toThrow();
  ward.down = false;
  await session.syncNow();
  expect(ward.syncs.at(-1)!.turfs).toEqual(["turf-2"]);
});

test("a token that ended: the same member is signed in, so the phone gets a new one by itself", async () => {
  const { session, ward } = await atWork();
  ward.tokens.clear();
  await quick(session, "door-1", "met");
  await session.syncNow();
  expect([session.unsentItems.length, session.sync.error]).toEqual([0, null]);
  expect(ward.owners.size).toBe(1);
});

test.each([
  [null, "Sign in again"],
  [{ id: "member-2", name: "Khác" }, "somebody else"],
])("a token that ended, and not the same member signed in: everything is kept and said", async (me, words) => {
  const { session, ward } = await atWork();
  ward.tokens.clear();
  ward.me = me;
  await session.finish(draftOf("door-1", { note: "giữ" }));
  await session.syncNow();
  expect(session.sync.error?.en).toContain(words);
  expect([session.phase, session.unsentItems.length, session.all("door").length]).toEqual(["open", 1, 3]);
  ward.me = { id: "member-1", name: "Nguyễn Văn Thử" };
  await session.syncNow();
  expect(session.unsentItems.length).toBe(0);
});

test("an ended token that is answered with 403 when posting is seen for what it is; a real 403 is not", async () => {
  const { session, ward } = await atWork();
  const forbidden = () =>
    new Response(JSON.stringify({ code: "forbidden", detail: "cấm", detail_en: "forbidden" }), { status: 403 });
  ward.rejects = forbidden;
  await quick(session, "door-1", "met");
  await session.syncNow();
  expect([
    session.sync.error?.en,
    session.unsentItems.length,
    ward.calls.filter((c) => c === "POST /api/field/devices").length,
  ]).toEqual(["forbidden", 1, 1]);
  ward.tokens.clear();
  ward.rejects = () => null;
  ward.postsAs403 = true;
  await session.syncNow();
  expect([session.sync.error, session.unsentItems.length]).toEqual([null, 0]);
});

test("a phone that was retired goes on as a new one: what waited arrives, counted from one", async () => {
  const { session, ward } = await atWork();
  await quick(session, "door-1", "met");
  await session.syncNow();
  const old = [...ward.owners.keys()][0]!;
  ward.tokens.clear();
  const real = ward.fetch;
  const register = (path: string, init?: RequestInit) =>
    path === "/api/field/devices" && String(init?.body).includes(old)
      ? Promise.resolve(new Response(JSON.stringify({ code: "state_changed" }), { status: 409 }))
      : real(path, init);
  vi.stubGlobal("fetch", register);
  await quick(session, "door-2", "met");
  await session.syncNow();
  await until(() => session.unsentItems.length === 0);
  expect([ward.owners.size, ward.device().seen.map((i) => i.n)]).toEqual([2, [1]]);
});

test("erased by the ward's order: nothing is left, the screen is told, the ward learns what was unsent", async () => {
  const { session, ward, name } = await atWork();
  ward.down = true;
  await quick(session, "door-1", "met");
  ward.down = false;
  ward.tokens.clear();
  ward.order = "wipe";
  await session.syncNow();
  expect([session.phase, session.member, session.members]).toEqual(["wiped", null, []]);
  expect(session.sync.error?.en).toContain("ordered");
  expect(ward.wiped.map(([, unsent]) => unsent)).toEqual([1]);
  const db = await openField(name);
  for (const store of ["vaults", "docs", "queue", "local", "state", "reports"] as const)
    expect(await db.count(store), store).toBe(0);
});

test("also a phone that is locked obeys, and reports later if the network goes in between", async () => {
  const { session, ward, name } = await atWork();
  session.lock();
  ward.order = "wipe";
  const real = ward.fetch;
  let reports = 0;
  const dying = ((path: string, init?: RequestInit) =>
    path.endsWith("/wiped") && reports++ === 0
      ? Promise.reject(new TypeError("gone"))
      : real(path, init)) as typeof fetch;
  (ward as { fetch: typeof fetch }).fetch = dying;
  const again = (await phone(ward, name)).session;
  expect(again.phase).toBe("wiped");
  expect(ward.wiped).toEqual([]);
  await again.start();
  expect([ward.wiped.length, again.phase]).toEqual([1, "wiped"]);
});

test("documents that are gone or rotten come again, exactly those", async () => {
  const { session, ward, name } = await atWork(wardWith(20));
  session.lock();
  const db = await openField(name);
  const keys = await db.getAllKeys("docs");
  await db.delete("docs", keys[0]!);
  await db.put("docs", (await db.get("docs", keys[1]!))!, keys[2]); // one in the place of another
  await session.unlock("member-1", PIN);
  await until(() => !session.sync.busy && ward.syncs.length > 1);
  await session.syncNow();
  expect(session.all("door").length).toBe(20);
  expect(ward.syncs.map((s) => s.sent).filter(Boolean)).toEqual([23, 2]);
  expect(session.sync.error).toBeNull();
});

test("a phone that lost everything registers anew; what had been sent is not lost", async () => {
  const { session, ward, name } = await atWork();
  await quick(session, "door-1", "met");
  await session.syncNow();
  session.lock();
  const db = await openField(name);
  for (const vault of await db.getAllKeys("vaults")) await eraseVault(db, vault);
  const again = (await phone(ward, name)).session;
  expect(again.phase).toBe("none");
  await again.createVault(PIN);
  await again.choose(["turf-1"]);
  expect([again.phase, again.all("door").length, ward.owners.size]).toEqual(["open", 3, 2]);
  await quick(again, "door-2", "met");
  await again.syncNow();
  expect([...ward.made.values()].map((m) => m.items.size)).toEqual([1, 1]);
});

test("a vault that lost its state (token, turfs) still sends what was typed", async () => {
  const { session, ward, name } = await atWork();
  ward.down = true;
  await quick(session, "door-1", "met");
  session.lock();
  const db = await openField(name);
  for (const key of await db.getAllKeys("state")) await db.delete("state", key);
  ward.down = false;
  await session.unlock("member-1", PIN);
  await session.syncNow();
  await until(() => session.unsentItems.length === 0);
  expect(ward.device().items.size).toBe(1);
});

test("rules that the ward has changed since reach the phone", async () => {
  const { session, ward } = await atWork();
  ward.pin = { digits: 6, tries: 3, idle_s: 60 };
  session.lock();
  await session.unlock("member-1", PIN);
  await until(() => session.pinRules.idle_s === 60);
  session.lock();
  expect(await session.unlock("member-1", "000000")).toMatchObject({ left: 2 });
});

test("a token that one tab got is used by the other, and a choice made in one is seen in the other", async () => {
  const { session, ward, name } = await atWork();
  const other = (await phone(ward, name)).session;
  await other.unlock("member-1", PIN);
  await until(() => !other.sync.busy);
  ward.tokens.clear();
  await session.choose(["turf-1", "turf-2"]);
  await until(() => other.chosen().length === 2);
  ward.me = null; // nobody could renew it again
  await other.syncNow();
  expect(other.sync.error).toBeNull();
});

test("a newer server: unknown kinds and fields are kept, a line that cannot be read is passed over", async () => {
  const { session, ward } = await atWork();
  ward.doc("weather/1", { rain: true });
  ward.doc("door/door-1", door(1, { colour: "blue" } as object));
  ward.garbage = '{"kind":"door",\u0000 not json';
  await session.syncNow();
  expect((session.all as (k: string) => { body: unknown }[])("weather")[0]!.body).toEqual({ rain: true });
  expect(session.get("door", "door-1")).toMatchObject({ colour: "blue" });
  await session.syncNow();
  expect(ward.syncs.at(-1)).toMatchObject({ sent: 0, have: { "weather/1": expect.any(String) } });
});

test("how far the phone's clock is off is known from the answers", async () => {
  const ward = wardWith();
  ward.skewMs = 90 * 60_000;
  const { session } = await atWork(ward);
  expect(Math.abs(session.sync.skewMs - 90 * 60_000)).toBeLessThan(2000);
  ward.skewMs = 0;
  await session.syncNow();
  expect(Math.abs(session.sync.skewMs)).toBeLessThan(2000);
});

test("without a network it tries by itself, less and less often, and at once when the network is back", async () => {
  const { session, ward } = await atWork();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  ward.down = true;
  await quick(session, "door-1", "met");
  await session.syncNow();
  const tries: number[] = [];
  for (let second = 0; second < 120; second++) {
    const before = ward.calls.length;
    await vi.advanceTimersByTimeAsync(1000);
    for (let i = 0; i < 20; i++) await Promise.resolve();
    if (ward.calls.length > before) tries.push(second);
  }
  vi.useRealTimers();
  expect(tries.length).toBeGreaterThanOrEqual(3);
  expect(tries.length).toBeLessThan(12);
  expect(tries.at(-1)! - tries.at(-2)!).toBeGreaterThan(tries[1]! - tries[0]!);
  ward.down = false;
  dispatchEvent(new Event("online"));
  await until(() => session.unsentItems.length === 0);
});

test("two tabs: one syncs at a time, the other sees what came and what was typed", async () => {
  const { session, ward, name } = await atWork();
  const other = (await phone(ward, name)).session;
  await other.unlock("member-1", PIN);
  await until(() => !other.sync.busy);
  ward.doc("door/door-9", door(9));
  await session.syncNow();
  await until(() => other.get("door", "door-9") !== null);
  await quick(other, "door-9", "refused");
  await until(() => session.claim("visit", "door-9")?.outcome === "refused");
  await until(() => session.claim("visit", "door-9")?.sent === true && other.unsentItems.length === 0);
});

test("what is sent is shown beside the door until the ward's own document tells it", async () => {
  const { session, ward } = await atWork();
  await session.act("edit", { dwelling: "door-1", field: "landmark", base: "", value: "cây đa" });
  await quick(session, "door-1", "met");
  expect(session.get("door", "door-1")!.landmark).toBe("cây đa");
  await until(() => session.unsentItems.length === 0);
  expect(session.claim("visit", "door-1")).toMatchObject({ outcome: "met", sent: true });
  ward.doc("door/door-1", door(1, { landmark: "cây đa to", state: "reached" }));
  await session.syncNow();
  expect([session.claim("visit", "door-1"), session.get("door", "door-1")!.landmark]).toEqual([null, "cây đa to"]);
});

test("what was told or settled is seen as the ward has it, without waiting for the next time", async () => {
  const { session, ward } = await atWork();
  ward.doc("issue/issue-1", { state: "answered", verbs: ["tell"] });
  await session.syncNow();
  const was = session.get("issue", "issue-1");
  ward.doc("issue/issue-1", { state: "told", verbs: [] }); // as the ward has it once it was told
  await session.act("issue_verb", { issue: "issue-1", verb: "tell", channel: "phone" });
  await until(() => session.get("issue", "issue-1") !== was);
  expect(session.get("issue", "issue-1")!.state).toBe("told");
});

test("a door at which something was begun stays when it is taken off the list, until that is sent", async () => {
  const { session, ward } = await atWork();
  await session.keep(draftOf("door-1", { note: "nửa câu" }));
  ward.docs.delete("door/door-1");
  ward.docs.delete("door/door-2");
  await session.syncNow();
  expect(session.all("door").map((d) => d.id)).toEqual(["door-1", "door-3"]);
  await session.finish(session.draft("door-1")!);
  await session.syncNow();
  expect(session.all("door").map((d) => d.id)).toEqual(["door-3"]);
});

test("what the ward says about an item is told while it is still known which one it was", async () => {
  const { session, ward } = await atWork();
  const known: unknown[] = [];
  session.addEventListener("answered", (e) =>
    known.push(
      ...(e as CustomEvent<{ id: string }[]>).detail.map((r) => session.unsentItems.find((i) => i.id === r.id)?.kind),
    ),
  );
  ward.refuse.set("issue", {
    status: "stored",
    look_again: { kind: "denunciation", vi: "tố cáo", go_to: {} as never },
  });
  const issue = {
    id: newId(),
    kind: "report",
    words: "tố cáo ông A",
    place: "",
    urgency: "ordinary" as const,
    reply_by: "",
    promised_on: "",
    confidential: false,
    answer: "",
  };
  await session.finish(draftOf("door-1", { issues: [issue] }));
  await until(() => session.unsentItems.length === 0);
  expect(known).toEqual(["issue"]);
});

test("when to come back is known also after it was sent, until the ward's own document tells it", async () => {
  const { session } = await atWork();
  await quick(session, "door-1", "come_back", "2026-11-27T02:00:00.000Z");
  await until(() => session.unsentItems.length === 0 && !session.sync.busy);
  expect(session.claim("visit", "door-1")).toMatchObject({ sent: true, back: "2026-11-27T02:00:00.000Z" });
  await session.syncNow();
  expect(session.claim("visit", "door-1")).toBeNull();
});
