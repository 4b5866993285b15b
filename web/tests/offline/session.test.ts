import { expect, test, vi } from "vitest";
import { atWork, draftOf, phone, PIN, until, wardWith, quick } from "./phone";

test("registered, synced, a visit made with no network, sent when there is one", async () => {
  const { session, ward, name } = await atWork();
  expect(session.phase).toBe("open");
  expect(session.all("door").map((d) => d.id)).toEqual(["door-1", "door-2", "door-3"]);
  ward.down = true;
  await quick(session, "door-2", "not_home");
  await session.finish(draftOf("door-1", { note: "x" }));
  expect(session.unsentItems.map((i) => [i.n, i.kind])).toEqual([
    [1, "visit"],
    [2, "visit"],
  ]);
  session.lock();
  expect([session.phase, session.get("door", "door-1"), session.unsentItems]).toEqual(["locked", null, []]);
  const again = (await phone(ward, name)).session; // the page opened anew
  expect(again.members.map((m) => [m.name, m.unsent])).toEqual([["Nguyễn Văn Thử", 2]]);
  expect(await again.unlock("member-1", PIN)).toEqual({ ok: true });
  expect(again.claim("visit", "door-2")).toMatchObject({ outcome: "not_home", sent: false });
  ward.down = false;
  await again.syncNow();
  await until(() => again.unsentItems.length === 0);
  expect(ward.device().seen.map((i) => (i.body as { dwelling: string }).dwelling)).toEqual(["door-2", "door-1"]);
});

test("a first start without anybody, and without a login", async () => {
  const ward = wardWith();
  ward.me = null;
  const { session } = await phone(ward);
  expect([session.phase, session.signedIn, session.members]).toEqual(["none", null, []]);
  await expect(session.createVault(PIN)).rejects.toThrow();
});

test("a network that goes is said at once, not when the next sending fails", async () => {
  const { session } = await atWork();
  expect(session.sync.online).toBe(true);
  let told = 0;
  session.addEventListener("change", () => told++);
  const line = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  dispatchEvent(new Event("offline"));
  expect([session.sync.online, told > 0]).toEqual([false, true]);
  line.mockRestore();
  expect(session.sync.online).toBe(true);
});
