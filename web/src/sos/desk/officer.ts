/** What the officer does with the chosen incident: every verb of the screen, whether by key or by button. */
import {
  endDeskShift,
  postAssignmentVerb,
  postIntake,
  postMessage,
  postVerb,
  splitPress,
  type Intake,
} from "../../contract/api";
import type { FullIncident, Incident, Lifecycles, RankedUnit } from "../../contract/types";
import { newId } from "../../kernel/ids";
import { unacknowledged } from "./board";
import type { Feed } from "./feed";
import type { Turn } from "./moves";
import { compare } from "./queue";
import { either, t, tCode } from "./speech";
import { endingOf, formOf, sendVerb } from "./verbs";

const REAL = { endDeskShift, postAssignmentVerb, postIntake, postMessage, postVerb, splitPress };
export interface Screen {
  choose(id: string): void;
  dialog(what: string): void;
  shut(): void;
  refuse(text: string): void;
}

export class Officer {
  private acknowledging: string | null = null;
  private next: RankedUnit | null = null; // typed in one breath with the acknowledgement: sent as soon as that is done
  private unsent: { text: string; about: string; id: string } | null = null;

  constructor(
    private readonly feed: Feed,
    private readonly turn: Turn,
    private readonly tables: Lifecycles,
    private readonly screen: Screen,
    private readonly ports = REAL,
  ) {}

  /** The chosen incident: the newest row of the queue over the whole incident as last read. */
  current(): Incident | FullIncident | null {
    return this.of(this.feed.selected);
  }

  of(id: string | null): Incident | FullIncident | null {
    if (!id) return null;
    if (id !== this.feed.selected) return this.feed.board.rows.get(id)?.incident ?? null;
    const row = this.feed.board.rows.get(id)?.incident;
    const whole = this.feed.full;
    return whole && row
      ? { ...whole, ...row, verbs: row.state === whole.state ? whole.verbs : row.verbs }
      : (whole ?? row ?? null);
  }

  /** The unacknowledged incident that comes first. */
  first(): Incident | null {
    return [...unacknowledged(this.feed.board)].sort(compare)[0] ?? null;
  }

  async verb(verb: string, body: object, good: string, about = this.feed.selected): Promise<boolean> {
    const incident = this.of(about);
    if (!incident) return (this.screen.refuse(t("notNow")), false);
    const answer = await this.turn.run(() => this.ports.postVerb(incident.id, verb, body), good);
    if (answer) this.feed.take(answer);
    return answer !== null;
  }

  acknowledge(id?: string): void {
    const target = id ?? (this.current()?.state === "received" ? this.feed.selected : this.first()?.id);
    if (!target) return this.screen.refuse(t("notNow"));
    this.screen.choose(target);
    if (!this.turn.busy) void this.acknowledged(target);
  }

  private async acknowledged(id: string): Promise<void> {
    this.acknowledging = id;
    this.next = null;
    const done = await this.verb("acknowledge", {}, t("didAck"));
    this.acknowledging = null;
    if (done && this.next && this.feed.selected === id) this.send(this.next);
  }

  send(unit: RankedUnit | undefined): void {
    if (unit && this.turn.busy && this.acknowledging === this.feed.selected) return void (this.next ??= unit);
    const verb = sendVerb(this.current()?.verbs ?? []);
    if (!verb) return this.screen.refuse(t("notNow"));
    if (!unit) return this.screen.refuse(t("nothingToSend"));
    void this.verb(verb, { unit: unit.unit_id }, t("didSend", { unit: unit.call_sign }));
  }

  /** Ask what the verb needs, or do it at once when it needs nothing. "end" is closing in one or two moves. */
  ask(verb: string): void {
    const verbs = this.current()?.verbs ?? [];
    if (verb === "end" ? !endingOf(verbs).length : !verbs.includes(verb)) return this.screen.refuse(t("notNow"));
    if (verb === "end") return this.screen.dialog("close");
    if (formOf(this.tables, verb).fields.length) return this.screen.dialog(verb);
    if (verb === "acknowledge") return this.acknowledge(this.feed.selected ?? undefined);
    void this.verb(verb, {}, t("didVerb", { verb: tCode("v_", verb) }));
  }

  /** The form belongs to the incident for which it was opened, whatever is chosen meanwhile. */
  async filled(verb: string, body: Record<string, string>, about = this.feed.selected): Promise<void> {
    if (verb === "close" && !this.of(about)?.verbs.includes("close")) {
      const outcome = either(this.tables.outcomes.find((o) => o.code === body["outcome"]));
      if (!(await this.verb("resolve", { reason: body["note"] || outcome }, "", about))) return;
    }
    if (await this.verb(verb, body, t("didVerb", { verb: tCode("v_", verb) }), about)) this.screen.shut();
  }

  async intake(form: Intake): Promise<boolean> {
    const made = await this.turn.run(() => this.ports.postIntake(form), t("didIntake"));
    if (!made) return false;
    this.screen.shut();
    this.feed.take(made);
    this.screen.choose(made.id);
    return true;
  }

  /** One of many presses from one source becomes an incident of its own, and is the one to deal with now. */
  async split(press: string): Promise<boolean> {
    const crowd = this.feed.selected;
    if (!crowd) return false;
    const made = await this.turn.run(() => this.ports.splitPress(crowd, press), t("didSplit"));
    if (!made) return false;
    this.feed.take(made);
    this.screen.choose(made.id);
    return true;
  }

  /** True when it was sent. The same words again after a failure are the same message, not a second one. */
  async chat(text: string): Promise<boolean> {
    const id = this.feed.selected;
    if (!id) return false;
    if (this.unsent?.text !== text || this.unsent.about !== id) this.unsent = { text, about: id, id: newId() };
    const sent = await this.turn.run(() => this.ports.postMessage(id, this.unsent!.id, text));
    if (!sent) return false;
    this.unsent = null;
    this.feed.refresh();
    return true;
  }

  async withdraw(task: { id: string; reason: string }): Promise<void> {
    if (
      await this.turn.run(
        () => this.ports.postAssignmentVerb(task.id, "withdraw", { reason: task.reason }),
        t("didVerb", { verb: t("withdraw") }),
      )
    )
      this.feed.refresh();
  }

  /** True when the shift has ended. */
  async handover(note: string): Promise<boolean> {
    return (await this.turn.run(() => this.ports.endDeskShift(this.feed.ward, note).then(() => true))) === true;
  }
}
