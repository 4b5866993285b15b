/** Shares the unit's position while on shift: often when moving, seldom when still, kept while there is no network. */
import { distanceM } from "../../kernel/geo";
import { request } from "../../live/http";

export interface Fix { at: string; lat: number; lon: number; accuracy_m: number; speed_mps?: number; heading?: number; battery?: number }
export const KEEP_MAX = 600;

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
  private lock: { release(): Promise<void> } | null = null;

  constructor(private key: string, private readonly changed: () => void) {}

  start(): void {
    this.watch = navigator.geolocation?.watchPosition((p) => this.take(p), () => ((this.denied = true), this.changed()), { enableHighAccuracy: true, maximumAge: 2000, timeout: 30_000 }) ?? null;
    this.timer = setInterval(() => void this.flush(), 3000);
    void (navigator as unknown as { getBattery?: () => Promise<{ level: number }> }).getBattery?.().then((b) => (this.battery = b.level)).catch(() => undefined);
    document.addEventListener("visibilitychange", this.keepAwake);
    void this.keepAwake();
  }

  stop(): void {
    if (this.watch !== null) navigator.geolocation.clearWatch(this.watch);
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.keepAwake);
    void this.lock?.release();
    this.queue = [];
  }

  private readonly keepAwake = async () => {
    if (document.visibilityState !== "visible") return;
    try {
      this.lock = await navigator.wakeLock.request("screen");
      this.wake = true;
    } catch {
      this.wake = false;
    }
    this.changed();
  };

  private take(p: GeolocationPosition): void {
    this.denied = false;
    const fix: Fix = { at: new Date(Math.min(p.timestamp, Date.now())).toISOString(), lat: p.coords.latitude, lon: p.coords.longitude, accuracy_m: Math.round(p.coords.accuracy) };
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

  private async flush(): Promise<void> {
    // Standing still, the browser reports nothing new: say again where we are, or the desk would think us lost.
    if (!this.queue.length && this.here && this.last && Date.now() - Date.parse(this.last.at) > 15_000) {
      this.last = { ...this.here, at: new Date().toISOString() };
      this.queue = [this.last];
    }
    if (!this.queue.length) return;
    const batch = this.queue.slice(0, 200);
    try {
      await request("POST", "/live/position", { key: this.key, fixes: batch }, {}, 8000);
      this.queue = this.queue.filter((f) => !batch.includes(f));
      this.sentAt = Date.now();
    } catch {
      /* kept; the next round tries again */
    }
    this.changed();
  }
}
