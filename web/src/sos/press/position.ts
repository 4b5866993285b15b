/** Where the phone is: watched from the press until the case is over, and before it only where already allowed. */
import { distanceM, metres } from "../../kernel/geo";
import { worthSending, type Fix } from "./state";
import { setText, type T } from "./view";

export class Position {
  last: Fix | null = null;
  /** The fix that the server was told last. */
  told: Fix | null = null;
  private watch: number | null = null;

  constructor(private readonly t: T, private readonly tell: (fix: Fix) => boolean, private readonly active: () => boolean) {}

  /** A fix young enough to go with the press itself. */
  fresh(now: number): Fix | null {
    return this.last && now - this.last.at < 120_000 ? this.last : null;
  }

  start(): void {
    if (this.watch !== null || !("geolocation" in navigator)) return;
    if (this.active()) setText("where", this.t("whereWait"));
    this.watch = navigator.geolocation.watchPosition((p) => this.take(p), () => this.none(), { enableHighAccuracy: true, maximumAge: 5000, timeout: 20_000 });
  }

  /** No position leaves the phone once the case is over. */
  stop(): void {
    if (this.watch !== null) navigator.geolocation.clearWatch(this.watch);
    this.watch = null;
  }

  describe(): void {
    if (this.active() && this.last) setText("where", this.t("whereGood", { m: metres(Math.max(5, this.last.accuracy_m)) }));
  }

  private take(p: GeolocationPosition): void {
    this.last = { lat: p.coords.latitude, lon: p.coords.longitude, accuracy_m: p.coords.accuracy, at: Date.now() };
    this.describe();
    const moved = this.told ? distanceM(this.told.lat, this.told.lon, this.last.lat, this.last.lon) : 0;
    if (worthSending(this.told, this.last, moved) && this.tell(this.last)) this.told = this.last;
  }

  private none(): void {
    if (this.active() && !this.last) setText("where", this.t("whereNone"));
  }
}
