import { afterEach, expect, test, vi } from "vitest";
import { Watch } from "../../../src/sos/press/watch";
import type { Change, Status } from "../../../src/sos/press/state";
import { status } from "./make";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a page whose stream was given to newer ones does not push them out: it asks every few seconds", async () => {
  vi.useFakeTimers();
  const paths: string[] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    paths.push(path.split("?")[0]!);
    if (!path.includes("/events")) return new Response(JSON.stringify(status({ seq: 9, state: "acknowledged" })));
    const events = [
      `event: status\ndata: ${JSON.stringify(status())}\n\n`,
      `event: change\ndata: ${JSON.stringify({ seq: 2, seen_at: "x" })}\n\n`,
      `event: replaced\ndata: {"reason":"too_many_streams"}\n\n`,
    ];
    return new Response(events.join(""), { status: 200 });
  });
  const taken: Status[] = [];
  const changes: Change[] = [];
  const quiet = () => undefined;
  const press = { press_id: "p", track_token: "t" };
  const watch = new Watch(
    press,
    { lost: null },
    (s) => taken.push(s),
    (c) => changes.push(c),
    quiet,
    quiet,
  );
  await vi.advanceTimersByTimeAsync(60_000);
  watch.close();
  expect(paths.filter((p) => p.endsWith("/events"))).toHaveLength(1);
  expect(paths.filter((p) => p === "/live/press/p").length).toBeGreaterThan(8);
  expect(taken.at(-1)!.state).toBe("acknowledged");
  expect(changes).toEqual([{ seq: 2, seen_at: "x" }]);
});
