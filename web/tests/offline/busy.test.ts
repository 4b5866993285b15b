/** A ward that is busy says when to come back: the phone does not ask before. */
import "fake-indexeddb/auto";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal } from "../../src/live/http";
import { Outbox } from "../../src/offline/outbox";
import { Sync, type SyncHost } from "../../src/offline/sync";

const busy = () => new Refusal({ status: 503, code: "busy", detail: "", detail_en: "", retry_after_s: 40 });
let waits: number[] = [];
const real = globalThis.setTimeout;

/** Long waits are noted and never end. */
function noted(): void {
  waits = [];
  vi.stubGlobal("setTimeout", (act: () => void, ms = 0) => {
    if (ms < 10_000) return real(act, ms);
    waits.push(ms);
    return 0;
  });
}
afterEach(() => vi.unstubAllGlobals());

test("a team's phone", async () => {
  noted();
  const host = {
    vault: { state: { before: null } },
    alone: () => Promise.reject(busy()),
    changed: () => undefined,
  } as unknown as SyncHost;
  const sync = new Sync(host, 1);
  await sync.now();
  expect(waits).toEqual([40_000]);
  expect(sync.error).not.toBeNull();
  sync.stop();
});

test("a patrol's phone", async () => {
  noted();
  const box = new Outbox(
    "busy",
    () => Promise.reject(busy()),
    () => undefined,
  );
  await box.open();
  await box.add({ id: "1", at: "2026-12-01T05:00:00Z", path: "/v1", body: {}, label: "v1" });
  await vi.waitFor(() => expect(waits).toEqual([40_000]));
  expect(box.pending).toHaveLength(1);
});
