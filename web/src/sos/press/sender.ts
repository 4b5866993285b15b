/** Sends the press and its facts, in order, until the server has them. Never waits for anything but the network. */
import { newId } from "../../kernel/ids";
import { Refusal, request } from "../../live/http";
import { answerOf, saveRecord } from "./keep";
import { mend, merge, takeStatus, type Answer, type Fact, type Record_, type Status } from "./state";

const WAITS = [400, 800, 1500, 2500, 4000];
// A dead line must be left soon; one that is only slow (2G) must sometimes be waited for, or no try would ever end.
const PATIENCE = [8000, 8000, 25_000];
const MENDS = 8; // after so many refusals in a row, wait between tries
/** Refusals that another try may turn: too many at once, or timed out on the way. */
const PASSING = [408, 425, 429];
const passes = (problem: { status: number; code?: string }) =>
  PASSING.includes(problem.status) && problem.code !== "press_full"; // no room for more words: places still go through

export class Sender {
  private busy = false;
  private rung = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;

  constructor(
    public record: Record_,
    private readonly changed: (record: Record_) => void,
  ) {
    for (const event of ["online", "pageshow", "focus"]) addEventListener(event, () => this.now());
    document.addEventListener("visibilitychange", () => this.now());
  }

  put(record: Record_): void {
    this.record = record;
    void saveRecord(record);
    try {
      this.changed(record);
    } catch (error) {
      // What cannot be drawn must still be sent; the page shows that something is wrong.
      setTimeout(() => {
        throw error;
      });
    }
  }

  /** Another tab knows more of this press. Only news is acted on: two tabs that each count a failed try would otherwise
   * drive one another without a pause. */
  adopt(theirs: Record_): void {
    const had = this.record;
    this.record = merge(had, theirs);
    this.changed(this.record);
    if ((!had.answer && this.record.answer) || this.record.facts.length > had.facts.length) this.now();
  }

  add(kind: string, more: Record<string, unknown> = {}, mark: Partial<Record_> = {}): Fact {
    const fact: Fact = { fact_id: newId(), kind, at: new Date().toISOString(), ...more };
    // Of fixes only the newest matters: an unsent older one is replaced.
    const facts = kind === "fix" ? this.record.facts.filter((f) => f.kind !== "fix") : this.record.facts;
    this.put({ ...this.record, ...mark, facts: [...facts.slice(-80), fact] });
    this.now();
    return fact;
  }

  /** The server does not know this press (any more): it must have it again. */
  again(): void {
    const { answer: _, status: __, status_at: ___, ...rest } = this.record;
    this.put(rest);
    this.now();
  }

  now(): void {
    clearTimeout(this.timer);
    void this.pump();
  }

  private async pump(): Promise<void> {
    // Rung while at work: there may be something new, or the network may be back. Look once more at the end.
    this.rung = this.busy;
    if (this.busy) return;
    this.busy = true;
    try {
      while (await this.one());
      this.failures = 0;
    } catch {
      const wait = WAITS[Math.min(this.failures++, WAITS.length - 1)]! * (0.8 + Math.random() * 0.4);
      this.timer = setTimeout(() => void this.pump(), wait);
    } finally {
      this.busy = false;
    }
    if (this.rung) this.now();
  }

  /** One thing sent; false when there is nothing left. Throws when the network failed. */
  private async one(): Promise<boolean> {
    if (!this.record.answer) {
      await this.press();
      return true;
    }
    const fact = this.record.facts.find((f) => !f.sent_at);
    if (!fact) return false;
    await this.fact(fact);
    return true;
  }

  private async press(): Promise<void> {
    try {
      const patience = PATIENCE[this.record.tries % PATIENCE.length]!;
      const answer = await request<Answer>("POST", "/live/press", this.record.body, {}, patience);
      this.put({ ...this.record, answer });
    } catch (error) {
      const taken =
        error instanceof Refusal && error.problem.status === 409
          ? await answerOf(this.record.body.press_id)
          : this.record.answer;
      // Another tab or the service worker was there first.
      if (taken) return this.put({ ...this.record, answer: taken });
      const record = { ...this.record, tries: this.record.tries + 1 };
      if (error instanceof Refusal && [400, 409, 422].includes(error.problem.status)) {
        const fields = error.problem.status === 409 ? ["press_id"] : (error.problem.fields ?? []).map((f) => f.field);
        this.put({ ...record, body: mend(record.body, fields, error.problem.server_time, newId()) });
        if (record.tries < MENDS) return;
      } else this.put(record);
      throw error;
    }
  }

  private async fact(fact: Fact): Promise<void> {
    const { sent_at: _, ...body } = fact;
    const answer = this.record.answer!;
    try {
      const path = `/live/press/${answer.press_id}/facts`;
      const done = await request<{ status: Status }>(
        "POST",
        path,
        body,
        { Authorization: `Bearer ${answer.track_token}` },
        8000,
      );
      this.change(fact, { sent_at: new Date().toISOString() });
      this.put(takeStatus(this.record, done.status, Date.now()));
    } catch (error) {
      if (!(error instanceof Refusal) || error.problem.status >= 500 || passes(error.problem)) throw error;
      if (error.problem.status === 404) {
        this.again();
        throw error; // the press first, then this again
      }
      const wrongTime = fact.at !== undefined && error.problem.fields?.some((f) => f.field.endsWith("at"));
      // The server gives its own time to a fact that comes without one.
      this.change(fact, wrongTime ? { at: undefined } : { sent_at: "refused" });
    }
  }

  private change(fact: Fact, change: Partial<Fact>): void {
    this.put({
      ...this.record,
      facts: this.record.facts.map((f) => (f.fact_id === fact.fact_id ? { ...f, ...change } : f)),
    });
  }
}
