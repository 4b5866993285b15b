/** Sends the press and its facts, in order, until the server has them. Never waits for anything but the network. */
import { newId } from "../../kernel/ids";
import { Refusal, request } from "../../live/http";
import { saveRecord } from "./keep";
import { mend, takeStatus, type Answer, type Fact, type Record_, type Status } from "./state";

const WAITS = [400, 800, 1500, 2500, 4000];

export class Sender {
  private busy = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;

  constructor(public record: Record_, private readonly changed: (record: Record_) => void) {
    for (const event of ["online", "pageshow", "focus"]) addEventListener(event, () => this.now());
    document.addEventListener("visibilitychange", () => this.now());
  }

  put(record: Record_): void {
    this.record = record;
    saveRecord(record);
    this.changed(record);
  }

  add(kind: string, more: Record<string, unknown>): Fact {
    const fact: Fact = { fact_id: newId(), kind, at: new Date().toISOString(), ...more };
    // Of fixes only the newest matters: an unsent older one is replaced.
    const facts = kind === "fix" ? this.record.facts.filter((f) => f.kind !== "fix" || f.sent_at) : this.record.facts;
    this.put({ ...this.record, facts: [...facts.slice(-60), fact] });
    this.now();
    return fact;
  }

  now(): void {
    clearTimeout(this.timer);
    void this.pump();
  }

  private async pump(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      while (await this.one());
      this.failures = 0;
    } catch {
      this.timer = setTimeout(() => void this.pump(), WAITS[Math.min(this.failures++, WAITS.length - 1)]);
    } finally {
      this.busy = false;
    }
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
      const answer = await request<Answer>("POST", "/live/press", this.record.body, {}, 8000);
      this.put({ ...this.record, answer });
    } catch (error) {
      const record = { ...this.record, tries: this.record.tries + 1 };
      if (error instanceof Refusal && [400, 409, 422].includes(error.problem.status)) {
        const fields = error.problem.status === 409 ? ["press_id"] : (error.problem.fields ?? []).map((f) => f.field);
        this.put({ ...record, body: mend(record.body, fields, error.problem.server_time, newId()) });
        if (record.tries < 8) return;
      } else this.put(record);
      throw error;
    }
  }

  private async fact(fact: Fact): Promise<void> {
    const { sent_at: _, ...body } = fact;
    const answer = this.record.answer!;
    try {
      const path = `/live/press/${answer.press_id}/facts`;
      const done = await request<{ status: Status }>("POST", path, body, { Authorization: `Bearer ${answer.track_token}` }, 8000);
      this.mark(fact, new Date().toISOString());
      this.put(takeStatus(this.record, done.status));
    } catch (error) {
      if (error instanceof Refusal && error.problem.status < 500) this.mark(fact, "refused");
      else throw error;
    }
  }

  private mark(fact: Fact, sent_at: string): void {
    this.put({ ...this.record, facts: this.record.facts.map((f) => (f.fact_id === fact.fact_id ? { ...f, sent_at } : f)) });
  }
}
