/** What belongs to the chosen incident beside itself: timeline and recommendation, read again as things move. */
import { getRecommendation, getTimeline, listPresses } from "../../contract/api";
import type { CollapsedPress, Entry, Recommendation } from "../../contract/types";
import { before, latest, type Lines } from "../../kernel/chat";

export class Casefile {
  recommendation: Recommendation | null = null;
  timeline: Entry[] = [];
  /** Presses from one source, collapsed into this incident; the oldest first, as a chat. */
  presses: Lines<CollapsedPress & { id: string }> = NONE;
  private id: string | null = null;
  private version = "";
  private reading = false;
  /** Whether it holds many presses from one source. */
  many = false;
  private readAt = 0;

  constructor(
    private readonly changed: () => void,
    private readonly ports = { getRecommendation, getTimeline, listPresses },
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
      this.presses = NONE;
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
    const [recommendation, timeline, presses] = await Promise.allSettled([
      this.ports.getRecommendation(id),
      all ? this.ports.getTimeline(id) : Promise.reject(new Error("kept")),
      this.many ? this.ports.listPresses(id) : Promise.reject(new Error("none")),
    ]);
    if (this.id !== id) return;
    if (recommendation.status === "fulfilled") this.recommendation = recommendation.value;
    if (timeline.status === "fulfilled") this.timeline = timeline.value.items;
    else if (all) this.version = ""; // read again with the next tick
    if (presses.status === "fulfilled") this.presses = latest(this.presses, linesOf(presses.value));
    this.changed();
  }

  /** Presses older than those that are here. */
  async readOlder(): Promise<void> {
    const [id, from] = [this.id, this.presses.older];
    if (!id || !from) return;
    const page = linesOf(await this.ports.listPresses(id, from));
    if (this.id === id) this.presses = before(this.presses, page);
    this.changed();
  }

  /** It has an incident of its own now. */
  drop(press: string): void {
    this.presses = { ...this.presses, lines: this.presses.lines.filter((p) => p.press_id !== press) };
    this.changed();
  }
}

const NONE: Lines<CollapsedPress & { id: string }> = { lines: [], older: null };

const linesOf = (page: Awaited<ReturnType<typeof listPresses>>): typeof NONE => ({
  lines: page.items.map((p) => ({ ...p, id: p.press_id })).reverse(),
  older: page.next,
});
