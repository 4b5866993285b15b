/**
 * The mutation log of a phone: verbs kept in IndexedDB, sent in order, each until the server has answered.
 * A verb that the server refuses becomes a conflict with both values; nothing that was typed is lost.
 */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { comeBackMs, Refusal, type Problem } from "../live/http";

export interface Verb {
  id: string;
  at: string;
  path: string;
  body: unknown;
  label: string;
}
export interface Conflict {
  verb: Verb;
  problem: Problem;
}
interface Schema extends DBSchema {
  verbs: { key: string; value: Verb };
  conflicts: { key: string; value: Conflict & { id: string } };
}
export type Send = (verb: Verb) => Promise<unknown>;
const WAITS = [500, 1000, 2000, 4000, 8000];

export class Outbox {
  pending: Verb[] = [];
  conflicts: Conflict[] = [];
  private busy = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly db: Promise<IDBPDatabase<Schema>>;

  constructor(
    name: string,
    private readonly send: Send,
    private readonly changed: () => void,
  ) {
    this.db = openDB<Schema>(name, 1, {
      upgrade(db) {
        db.createObjectStore("verbs", { keyPath: "id" });
        db.createObjectStore("conflicts", { keyPath: "id" });
      },
    });
  }

  /** Read what an earlier run of the page left behind, and go on sending it. */
  async open(): Promise<void> {
    const db = await this.db;
    this.pending = await db.getAll("verbs"); // ids are UUIDv7: their order is the order of typing
    this.conflicts = await db.getAll("conflicts");
    addEventListener("online", () => this.now());
    this.changed();
    this.now();
  }

  async add(verb: Verb): Promise<void> {
    this.pending = [...this.pending, verb];
    this.changed();
    await (await this.db).put("verbs", verb);
    this.now();
  }

  async dismiss(conflict: Conflict): Promise<void> {
    this.conflicts = this.conflicts.filter((c) => c !== conflict);
    await (await this.db).delete("conflicts", conflict.verb.id);
    this.changed();
  }

  now(): void {
    clearTimeout(this.timer);
    void this.pump();
  }

  private async pump(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let verb = this.pending[0]; verb; verb = this.pending[0]) await this.one(verb);
      this.failures = 0;
    } catch (error) {
      const usual = WAITS[Math.min(this.failures++, WAITS.length - 1)]!;
      this.timer = setTimeout(() => void this.pump(), Math.max(usual, comeBackMs(error)));
    } finally {
      this.busy = false;
      this.changed();
    }
  }

  private async one(verb: Verb): Promise<void> {
    try {
      await this.send(verb);
    } catch (error) {
      if (!(error instanceof Refusal) || error.problem.status >= 500 || [401, 429].includes(error.problem.status))
        throw error;
      const conflict = { verb, problem: error.problem };
      this.conflicts = [...this.conflicts, conflict];
      await (await this.db).put("conflicts", { ...conflict, id: verb.id });
    }
    this.pending = this.pending.filter((v) => v.id !== verb.id);
    await (await this.db).delete("verbs", verb.id);
    this.changed();
  }
}
