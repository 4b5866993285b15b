import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KEEP_MAX, thin, Tracker, worthKeeping, type Fix } from "../../../src/sos/patrol/tracker";

const fix = (s: number, lat = 11.1, accuracy_m = 8): Fix => ({
  at: new Date(1_800_000_000_000 + s * 1000).toISOString(),
  lat,
  lon: 106.8,
  accuracy_m,
});

describe("which fixes are kept", () => {
  it("the first, one that moved, and one after a rest", () => {
    expect(worthKeeping(null, fix(0))).toBe(true);
    expect(worthKeeping(fix(0), fix(4, 11.1002))).toBe(true); // about 22 m
    expect(worthKeeping(fix(0), fix(15))).toBe(true);
  });
  it("not one that trembles or comes too soon", () => {
    expect(worthKeeping(fix(0), fix(4, 11.10002))).toBe(false);
    expect(worthKeeping(fix(0), fix(1, 11.2))).toBe(false);
  });
  it("a long time without a network is thinned, and its ends stay", () => {
    const many = Array.from({ length: KEEP_MAX + 1 }, (_, i) => fix(i));
    const kept = thin(many);
    expect(kept.length).toBeLessThan(KEEP_MAX);
    expect(kept.at(-1)).toEqual(many.at(-1));
    expect(thin(many.slice(0, KEEP_MAX))).toHaveLength(KEEP_MAX);
  });
});

describe("a phone on shift", () => {
  let report: (p: unknown) => void = () => undefined;
  const sent: unknown[] = [];
  let online = true;
  let fail: (error: { code: number }) => void = () => undefined;
  let refused: (fixes: { lat: number }[]) => boolean;
  let answer: object;
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_800_000_000_000 });
    sent.length = 0;
    online = true;
    refused = () => false;
    answer = {};
    vi.stubGlobal("navigator", {
      geolocation: {
        watchPosition: (f: typeof report, g: typeof fail) => {
          report = f;
          fail = g;
          return 1;
        },
        clearWatch: () => undefined,
      },
      wakeLock: { request: async () => ({ release: async () => undefined }) },
    });
    vi.stubGlobal("fetch", async (_: string, o: { body: string }) => {
      if (!online) throw new TypeError("no network");
      const body = JSON.parse(o.body) as { fixes: { lat: number }[] };
      if (refused(body.fixes)) return new Response("{}", { status: 422 });
      sent.push(body);
      return new Response(JSON.stringify(answer), { status: 200 });
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  const stand = (lat = 11.1) =>
    report({
      timestamp: Date.now(),
      coords: { latitude: lat, longitude: 106.8, accuracy: 8, speed: null, heading: null },
    });

  it("sends where it is, and says when", async () => {
    const tracker = new Tracker("key", () => undefined);
    tracker.start();
    stand();
    await vi.advanceTimersByTimeAsync(3100);
    expect(sent).toHaveLength(1);
    expect((sent[0] as { key: string }).key).toBe("key");
    expect(tracker.sentAt).not.toBeNull();
    tracker.stop();
  });
  it("keeps the fixes while there is no network and sends them all afterwards", async () => {
    const tracker = new Tracker("key", () => undefined);
    tracker.start();
    online = false;
    for (let i = 0; i < 5; i++) {
      stand(11.1 + i / 1000);
      await vi.advanceTimersByTimeAsync(4000);
    }
    expect(sent).toHaveLength(0);
    online = true;
    await vi.advanceTimersByTimeAsync(3100);
    expect((sent[0] as { fixes: unknown[] }).fixes.length).toBeGreaterThanOrEqual(5);
    expect(tracker.queue).toHaveLength(0);
    tracker.stop();
  });
  it("says again where it stands, so that nobody thinks it lost", async () => {
    const tracker = new Tracker("key", () => undefined);
    tracker.start();
    stand();
    await vi.advanceTimersByTimeAsync(40_000);
    expect(sent.length).toBeGreaterThanOrEqual(3);
    tracker.stop();
    const before = sent.length;
    await vi.advanceTimersByTimeAsync(40_000);
    expect(sent).toHaveLength(before); // off shift: nothing more
  });
  it("writes the server's time, whatever the phone's clock says", async () => {
    const tracker = new Tracker(
      "key",
      () => undefined,
      () => 120_000,
    );
    tracker.start();
    stand();
    await vi.advanceTimersByTimeAsync(3100);
    expect((sent[0] as { fixes: { at: string }[] }).fixes[0]!.at).toBe(new Date(1_800_000_120_000).toISOString());
    tracker.stop();
  });
  it("does not tell an old place as new while the screen is off or the receiver is lost", async () => {
    const seen = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    const tracker = new Tracker("key", () => undefined);
    tracker.start();
    stand();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    seen.mockRestore();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(sent.length).toBeGreaterThan(1);
    const before = sent.length;
    fail({ code: 2 });
    await vi.advanceTimersByTimeAsync(40_000);
    expect(sent).toHaveLength(before);
    expect(tracker.denied).toBe(false);
    fail({ code: 1 });
    expect(tracker.denied).toBe(true);
    tracker.stop();
  });
  it("drops the one fix that is refused, and sends the others", async () => {
    refused = (fixes) => fixes.some((f) => f.lat === 48);
    const tracker = new Tracker("key", () => undefined);
    tracker.start();
    for (const lat of [11.1, 48, 11.3]) {
      stand(lat);
      vi.setSystemTime(Date.now() + 4000);
    }
    await vi.advanceTimersByTimeAsync(15_000);
    const lats = sent.flatMap((s) => (s as { fixes: { lat: number }[] }).fixes.map((f) => f.lat));
    expect(lats).toContain(11.1);
    expect(lats).toContain(11.3);
    expect(lats).not.toContain(48);
    tracker.stop();
  });
  it("asks about its shift when the server no longer takes its positions", async () => {
    answer = { stored: 0, status: "off_shift" };
    const asked = vi.fn();
    const tracker = new Tracker(
      "key",
      () => undefined,
      () => 0,
      asked,
    );
    tracker.start();
    stand();
    await vi.advanceTimersByTimeAsync(3100);
    expect(asked).toHaveBeenCalled();
    expect(tracker.sentAt).toBeNull();
    tracker.stop();
  });
});
