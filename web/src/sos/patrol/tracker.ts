/** Shares the unit's position while on shift: often when moving, seldom when still, kept while there is no network. */
import { distanceM } from "../../kernel/geo";
import { Refusal, request } from "../../live/http";

export interface Fix {
  at: string;
  lat: number;
  lon: number;
  accuracy_m: number;
  speed_mps?: number;
  heading?: number;
  battery?: number;
}
export const KEEP_MAX = 600;
const BATCH = 200;
const DENIED = 1;
const GIVEN_UP = 3; // the codes of GeolocationPositionError

/** Whether a fix is worth keeping: the first, one that moved, or one after the resting time. */
export function worthKeeping(last: Fix | null, next: Fix): boolean {
  if (!last) return true;
  const age = Date.parse(next.at) - Date.parse(last.at);
  const moved = distanceM(last.lat, last.lon, next.lat, next.lon);
  return (age >= 3000 && moved > Math.max(8, Math.min(next.accuracy_m, 40) / 2)) || age >= 15_000;
}

/** Over the cap every second old fix goes, so that a long gap stays a line and not a hole. */
export function thin(fixes: Fix[]): Fix[] {
  return fixes.length <= KEEP_MAX ? fixes : fixes.filter((_, i) => i % 2 === 1 || i > KEEP_MAX - 60);
}

export class Tracker {
  here: Fix | null = null;
  sentAt: number | null = null;
  queue: Fix[] = [];
  denied = false;
  wake: boolean | null = null;
  private last: Fix | null = null;
  private watch: number | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;
  private battery: number | undefined;
  private lock: { release(): Promise<void>; addEventListener?(name: "release", heard: () => void): void } | null = null;
  private sending = false;
  private most = BATCH;
  private stopped = false;

  /** `skewMs`: the server's clock minus the phone's; `offShift`: the server no longer takes our positions. */
  constructor(
    private key: string,
    private readonly changed: () => void,
    private readonly skewMs: () => number = () => 0,
    private readonly offShift: () => void = () => undefined,
  ) {}

  /** The unit's key may be renewed in the middle of a shift. */
  use(key: string): void {
    if (key) this.key = key;
  }

  start(): void {
    this.watch =
      navigator.geolocation?.watchPosition(
        (p) => this.take(p),
        (e) => this.missed(e),
        { enableHighAccuracy: true, maximumAge: 2000, timeout: 30_000 },
      ) ?? null;
    this.timer = setInterval(() => void this.flush(), 3000);
    void (navigator as unknown as { getBattery?: () => Promise<{ level: number }> })
      .getBattery?.()
      .then((b) => (this.battery = b.level))
      .catch(() => undefined);
    document.addEventListener("visibilitychange", this.seen);
    void this.keepAwake();
  }

  stop(): void {
    if (this.watch !== null) navigator.geolocation.clearWatch(this.watch);
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.seen);
    void this.lock?.release();
    this.stopped = true;
    this.queue = [];
  }

  /** No fix: forbidden for good, or only not found just now. */
  private missed(error: GeolocationPositionError): void {
    this.denied ||= error.code === DENIED;
    if (error.code !== GIVEN_UP) this.here = null; // do not go on telling the desk an old place as if it were new
    this.changed();
  }

  private readonly seen = () => void this.keepAwake();

  private async keepAwake(): Promise<void> {
    if (document.visibilityState !== "visible") return;
    try {
      const lock = await navigator.wakeLock.request("screen");
      this.lock = lock;
      this.wake = true;
      // A saving battery takes it away.
      lock.addEventListener?.("release", () => {
        this.wake = false;
        this.changed();
      });
      if (this.stopped) void lock.release();
    } catch {
      this.wake = false;
    }
    this.changed();
  }

  private take(p: GeolocationPosition): void {
    this.denied = false;
    const fix: Fix = {
      at: this.stamp(p.timestamp),
      lat: p.coords.latitude,
      lon: p.coords.longitude,
      accuracy_m: Math.round(p.coords.accuracy),
    };
    if (p.coords.speed !== null && p.coords.speed >= 0) fix.speed_mps = p.coords.speed;
    if (p.coords.heading !== null && !Number.isNaN(p.coords.heading)) fix.heading = p.coords.heading;
    if (this.battery !== undefined) fix.battery = this.battery;
    this.here = fix;
    if (worthKeeping(this.last, fix)) {
      this.last = fix;
      this.queue = thin([...this.queue, fix]);
    }
    this.changed();
  }

  /** By the server's clock: a cheap phone's own may be minutes off, and then the desk would think the unit lost. */
  private stamp(at: number): string {
    return new Date(Math.min(at, Date.now()) + this.skewMs()).toISOString();
  }

  private async flush(): Promise<void> {
    // Standing still, the browser reports nothing new: say again where we are, or the desk would think us lost.
    // With the screen off it reports nothing at all, and where we are is not known: then say nothing.
    const now = Date.now() + this.skewMs();
    if (
      !this.queue.length &&
      this.here &&
      this.last &&
      document.visibilityState === "visible" &&
      now - Date.parse(this.last.at) > 15_000
    ) {
      this.last = { ...this.here, at: this.stamp(Date.now()) };
      this.queue = [this.last];
    }
    if (!this.queue.length || this.sending) return;
    this.sending = true;
    await this.post(this.queue.slice(0, this.most)).finally(() => (this.sending = false));
    this.changed();
  }

  private async post(batch: Fix[]): Promise<void> {
    try {
      const answer = await request<{ status?: string } | null>(
        "POST",
        "/live/position",
        { key: this.key, fixes: batch },
        {},
        8000,
      );
      this.queue = this.queue.filter((f) => !batch.includes(f));
      this.most = BATCH;
      if (answer?.status === "off_shift" || answer?.status === "unknown") return this.offShift();
      this.sentAt = Date.now();
    } catch (error) {
      // Else kept; the next round tries again.
      if (error instanceof Refusal && [400, 422].includes(error.problem.status)) this.sift(batch);
    }
  }

  /** One bad fix has a whole batch refused: send them one by one, and drop only the one that is still refused. */
  private sift(batch: Fix[]): void {
    if (batch.length === 1) this.queue = this.queue.filter((f) => f !== batch[0]);
    this.most = 1;
  }
}
