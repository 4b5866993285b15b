/** Where the phone is: watched from the press until the case is over, and before it only where already allowed. */
import { distanceM, metres } from "../../kernel/geo";
import { isOver, worthSending, type Fix, type Record_ } from "./state";
import type { T } from "./view";

const DENIED = 1; // GeolocationPositionError.PERMISSION_DENIED

export class Position {
  last: Fix | null = null;
  /** The fix that the server was told last. */
  told: Fix | null = null;
  private watch: number | null = null;
  private trouble: "none" | "denied" | null = null;

  constructor(
    private readonly tell: (fix: Fix) => boolean,
    private readonly changed: () => void,
  ) {}

  /** A fix young enough to go with the press itself. */
  fresh(now: number): Fix | null {
    return this.last && now - this.last.at < 120_000 ? this.last : null;
  }

  start(): void {
    if (this.watch !== null) return;
    this.trouble = "geolocation" in navigator ? null : "none";
    if (this.trouble) return this.changed();
    this.watch = navigator.geolocation.watchPosition(
      (p) => this.take(p),
      (e) => this.none(e),
      { enableHighAccuracy: true, maximumAge: 5000, timeout: 20_000 },
    );
  }

  /** No position leaves the phone once the case is over. */
  stop(): void {
    if (this.watch !== null) navigator.geolocation.clearWatch(this.watch);
    this.watch = null;
  }

  /** What is known of the place, in words; nothing is said to be sent before the press is stored. */
  words(record: Record_, t: T): string {
    if (isOver(record)) return "";
    const accuracy =
      this.last?.accuracy_m ??
      record.facts.filter((f) => f.kind === "fix").at(-1)?.["accuracy_m"] ??
      record.body.accuracy_m;
    const code = record.answer && record.body.place_code ? t("wherePlace", { name: record.body.place_code }) : "";
    const where =
      typeof accuracy === "number"
        ? t("whereGood", { m: metres(Math.max(5, accuracy)) })
        : code
          ? ""
          : t(this.trouble === "denied" ? "whereDenied" : this.trouble === "none" ? "whereNone" : "whereWait");
    return [code, where].filter(Boolean).join(" · ");
  }

  private take(p: GeolocationPosition): void {
    this.trouble = null;
    this.last = { lat: p.coords.latitude, lon: p.coords.longitude, accuracy_m: p.coords.accuracy, at: Date.now() };
    const moved = this.told ? distanceM(this.told.lat, this.told.lon, this.last.lat, this.last.lon) : 0;
    if (worthSending(this.told, this.last, moved) && this.tell(this.last)) this.told = this.last;
    this.changed();
  }

  private none(error: GeolocationPositionError): void {
    if (error.code === DENIED) {
      this.stop(); // so that it can be started again when the person allows it
      this.trouble = "denied";
    } else if (!this.last) {
      this.trouble = "none";
      // Indoors a satellite fix may never come; the coarse one of the network is far better than none.
      navigator.geolocation.getCurrentPosition(
        (p) => !this.last && this.watch !== null && this.take(p),
        () => undefined,
        { maximumAge: 60_000, timeout: 15_000 },
      );
    }
    this.changed();
  }
}
