/** What belongs to the chosen incident beside itself: timeline and recommendation, read again as things move. */
import { getRecommendation, getTimeline } from "../../contract/api";
import type { Entry, Recommendation } from "../../contract/types";

export class Casefile {
  recommendation: Recommendation | null = null;
  timeline: Entry[] = [];
  private id: string | null = null;
  private version = "";
  private reading = false;
  private readAt = 0;

  constructor(
    private readonly changed: () => void,
    private readonly ports = { getRecommendation, getTimeline },
  ) {}

  /**
   * Call on every change and every second; reads only when the version changed, or, while it is `moving`, the units may
   * have (8 s).
   */
  follow(id: string | null, version: string, now: number, moving = true): void {
    if (id !== this.id) {
      this.id = id;
      this.recommendation = null;
      this.timeline = [];
      this.version = "";
    }
    if (!id || this.reading || (version === this.version && (!moving || now - this.readAt < 8000))) return;
    const all = version !== this.version;
    this.version = version;
    this.readAt = now;
    this.reading = true;
    void this.read(id, all).finally(() => (this.reading = false));
  }

  private async read(id: string, all: boolean): Promise<void> {
    const [recommendation, timeline] = await Promise.allSettled([
      this.ports.getRecommendation(id),
      all ? this.ports.getTimeline(id) : Promise.reject(new Error("kept")),
    ]);
    if (this.id !== id) return;
    if (recommendation.status === "fulfilled") this.recommendation = recommendation.value;
    if (timeline.status === "fulfilled") this.timeline = timeline.value.items;
    else if (all) this.version = ""; // read again with the next tick
    this.changed();
  }
}
