/** What the patrol page knows, kept true by the event stream, by asking every ten seconds, and by its own outbox. */
import {
  endUnitShift,
  getIncident,
  listMessages,
  getMe,
  getStreamToken,
  listAssignments,
  listUnits,
  startUnitShift,
} from "../../contract/api";
import { before, latest, type Lines } from "../../kernel/chat";
import type { Assignment, ChatLine, DeskEvent, Me, Unit, UnitShift } from "../../contract/types";
import { newId } from "../../kernel/ids";
import { api, Refusal } from "../../live/http";
import { EventStream, type Connection } from "../../live/sse";
import { Outbox, type Verb } from "../../offline/outbox";
import { forget, recall, remember } from "./memory";
import { isSo, overlay, saidTo } from "./task";
import { Tracker } from "./tracker";

const AGAIN_MS = 3000;
const POLL_MS = 10_000;
const signedOut = (error: unknown) => error instanceof Refusal && error.problem.status === 401;

export class Session {
  me: Me | null = null;
  units: Unit[] = [];
  /** True once the units were read: an empty list then means that there are none. */
  read = false;
  shift: UnitShift | null = null;
  items: Assignment[] = [];
  connection: Connection = "connecting";
  skewMs = 0;
  demo = false;
  tracker: Tracker | null = null;
  error: string | null = null;
  /** The login has ended in the middle of a shift: what is pressed is kept until somebody signs in again. */
  signedOut = false;
  /** The shift was ended from somewhere else. */
  endedElsewhere = false;
  readonly outbox: Outbox;
  private readonly chats = new Map<string, Lines<ChatLine>>();
  private stream: EventStream | null = null;
  private poll: ReturnType<typeof setInterval> | undefined;
  private asked = 0; // readings of the tasks begun so far
  private known = 0; // the reading from which `items` are

  constructor(private readonly changed: () => void) {
    this.outbox = new Outbox("binhan-patrol", (verb) => this.send(verb), changed);
    for (const name of ["online", "offline"]) addEventListener(name, changed);
  }

  /** Each step is asked for until it is answered: a page that missed one answer must not stay without its units. */
  async open(): Promise<void> {
    await this.outbox.open().catch(() => undefined); // without storage the verbs live as long as the page
    const kept = recall(Date.now());
    if (kept) this.restore(kept.shift, kept.items, kept.demo);
    const me = await this.until(getMe);
    this.me = me;
    this.skewMs = Date.parse(me.server_time) - Date.now();
    this.demo = me.wards.some((w) => w.is_demo);
    this.settle(me);
    if (!this.shift) await this.readUnits();
    this.changed();
  }

  get tasks(): Assignment[] {
    return overlay(this.items, this.outbox.pending);
  }

  /** The chat of one incident, with what this phone has written but not yet sent. */
  chat(incident: string): ChatLine[] {
    const sent = this.chats.get(incident)?.lines ?? [];
    return [...sent, ...saidTo(incident, this.outbox.pending).filter((line) => !sent.some((s) => s.id === line.id))];
  }

  /** Whether there are lines before those that are shown. */
  hasOlder(incident: string): boolean {
    return Boolean(this.chats.get(incident)?.older);
  }

  /** Scroll back in a long chat. */
  async readOlder(incident: string): Promise<void> {
    const from = this.chats.get(incident)?.older;
    if (!from) return;
    const page = await this.noticing(() => listMessages(incident, from)).catch(() => null);
    const kept = this.chats.get(incident);
    if (page && kept) this.chats.set(incident, before(kept, { lines: page.items, older: page.older }));
    this.changed();
  }

  private heard(incident: string, whole: { messages: ChatLine[]; messages_older?: string | null }): void {
    const now = { lines: whole.messages, older: whole.messages_older ?? null };
    this.chats.set(incident, latest(this.chats.get(incident) ?? now, now));
  }

  /** True while a call for backup of this assignment waits for the network. */
  calling(assignment: string): boolean {
    return this.outbox.pending.some(
      (v) => v.path === "/patrol/backup" && (v.body as { assignment_id: string }).assignment_id === assignment,
    );
  }

  async goOn(unit: string): Promise<void> {
    this.endedElsewhere = false;
    this.begin(await startUnitShift(unit));
  }

  async goOff(): Promise<void> {
    if (!this.shift) return;
    await endUnitShift(this.shift.id);
    this.leave();
    void this.readUnits();
  }

  private async until<T>(read: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const answer = await read();
        this.error = null;
        this.signedOut = false;
        return answer;
      } catch (error) {
        if (signedOut(error) && !this.shift) location.assign("/account/login/?next=/patrol");
        this.isSignedOut(error);
        this.error = "offline";
        this.changed();
        await new Promise((done) => setTimeout(done, AGAIN_MS));
      }
    }
  }

  private async readUnits(): Promise<void> {
    this.units = (await this.until(listUnits)).items;
    this.read = true;
    this.changed();
  }

  private restore(shift: UnitShift, items: Assignment[], demo: boolean): void {
    this.items = items;
    this.demo = demo;
    this.begin(shift);
  }

  /** Agree with what the server says about my shift: begun, gone on, or ended from another phone. */
  private settle(me: Me): void {
    if (this.shift && me.unit?.id === this.shift.id) {
      this.shift = me.unit;
      this.tracker?.use(me.unit.tracker_key ?? "");
      return;
    }
    if (this.shift) {
      this.leave();
      this.endedElsewhere = !me.unit;
    }
    if (me.unit) this.begin(me.unit);
  }

  private async recheck(): Promise<void> {
    if (!this.shift) return;
    const me = await getMe().catch(() => null); // the next sign of trouble asks again
    if (!me || !this.shift) return;
    this.skewMs = Date.parse(me.server_time) - Date.now();
    this.settle(me);
    if (!this.shift) void this.readUnits();
    this.changed();
  }

  private begin(shift: UnitShift): void {
    this.halt();
    this.shift = shift;
    this.tracker = new Tracker(
      shift.tracker_key ?? "",
      this.changed,
      () => this.skewMs,
      () => void this.recheck(),
    );
    this.tracker.start();
    this.stream = new EventStream({
      url: async () => {
        const { token } = await this.noticing(() => getStreamToken(shift.ward_id));
        return `/live/desk/events?token=${encodeURIComponent(token)}`;
      },
      onEvent: (e) => e.event === "message" && this.hear(JSON.parse(e.data) as DeskEvent),
      onState: (state) => {
        this.connection = state;
        if (state === "open") void this.recheck().then(() => this.refresh());
        this.changed();
      },
    });
    this.poll = setInterval(() => void this.refresh(), POLL_MS);
    void this.refresh();
  }

  private halt(): void {
    this.stream?.close();
    clearInterval(this.poll);
    this.tracker?.stop();
  }

  private leave(): void {
    forget();
    this.halt();
    this.stream = null;
    this.tracker = null;
    this.shift = null;
    this.items = [];
    this.chats.clear();
    this.changed();
  }

  private hear(row: DeskEvent): void {
    if (row.verb === "shift_end" && row.subject_id === this.shift?.unit_id) return void this.recheck();
    const mine = row.subject_kind === "assignment" && row.facts["unit_id"] === this.shift?.unit_id;
    const ours = this.items.some(
      (a) => a.incident_id === (row.subject_kind === "incident" ? row.subject_id : row.facts["incident_id"]),
    );
    if (mine || (ours && row.verb !== "read")) void this.refresh();
  }

  /** Whoever is signed out keeps on this phone only what still has to be sent. */
  private isSignedOut(error: unknown): void {
    this.signedOut = signedOut(error) || (this.signedOut && !(error instanceof Refusal));
    if (signedOut(error) && !this.outbox.pending.length) forget();
  }

  /** Notices on the way whether somebody is still signed in. */
  private async noticing<T>(ask: () => Promise<T>): Promise<T> {
    try {
      const answer = await ask();
      this.signedOut = false;
      return answer;
    } catch (error) {
      this.isSignedOut(error);
      this.changed();
      throw error;
    }
  }

  async refresh(): Promise<void> {
    const shift = this.shift;
    const reading = ++this.asked;
    if (!shift) return;
    try {
      const { items } = await this.noticing(() => listAssignments(shift.unit_id));
      if (this.shift !== shift && this.shift?.id !== shift.id) return; // went off shift meanwhile
      if (reading < this.known) return; // answered after a later one: what it says is old
      this.known = reading;
      this.items = items;
      remember({ at: Date.now(), shift: this.shift, items, demo: this.demo });
      this.changed();
      for (const id of new Set(this.tasks.filter((a) => a.state !== "offered").map((a) => a.incident_id)))
        this.heard(id, await getIncident(id));
    } catch {
      return; // shown by the connection line; the next round tries again
    }
    this.changed();
  }

  private async send(verb: Verb): Promise<void> {
    try {
      const answer = await this.noticing(() => api<Assignment | null>("POST", verb.path, verb.body));
      this.known = ++this.asked; // a reading begun before the move does not know of it
      if (answer && this.items.some((a) => a.id === answer.id))
        this.items = this.items.map((a) => (a.id === answer.id ? { ...a, ...answer } : a));
    } catch (error) {
      // Or it was done, and only the answer got lost.
      if (!(error instanceof Refusal && isSo(verb.path, error.problem.state))) throw error;
    }
    await this.refresh();
  }

  private keep(verb: Verb): void {
    this.outbox.add(verb).catch(() => this.outbox.now()); // nowhere to write it down: send it from memory
  }

  /** A verb of the crew: shown at once, kept until the server has it. */
  verb(assignment: Assignment, verb: string, body: object = {}): void {
    this.keep({
      id: newId(),
      at: new Date().toISOString(),
      path: `/assignments/${assignment.id}/${verb}`,
      body,
      label: verb,
    });
  }

  say(incident: string, text: string): void {
    const id = newId();
    this.keep({
      id,
      at: new Date().toISOString(),
      path: `/incidents/${incident}/messages`,
      body: { id, text },
      label: text,
    });
  }

  backup(assignment: Assignment): void {
    const id = newId(); // the same call, however often it is sent
    this.keep({
      id,
      at: new Date().toISOString(),
      path: "/patrol/backup",
      body: { id, assignment_id: assignment.id, note: "" },
      label: "backup",
    });
  }
}
