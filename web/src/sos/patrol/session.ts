/** What the patrol page knows, kept true by the event stream, by asking every ten seconds, and by its own outbox. */
import { getMe, getStreamToken, getWard, listAssignments, listUnits, startUnitShift, endUnitShift, getIncident } from "../../contract/api";
import type { Assignment, ChatLine, DeskEvent, Me, Unit, UnitShift } from "../../contract/types";
import { newId } from "../../kernel/ids";
import { api, Refusal } from "../../live/http";
import { EventStream, type Connection } from "../../live/sse";
import { Outbox } from "../../offline/outbox";
import { overlay } from "./task";
import { Tracker } from "./tracker";

export class Session {
  me: Me | null = null;
  units: Unit[] = [];
  shift: UnitShift | null = null;
  items: Assignment[] = [];
  chat: ChatLine[] = [];
  connection: Connection = "connecting";
  skewMs = 0;
  demo = false;
  tracker: Tracker | null = null;
  error: string | null = null;
  readonly outbox: Outbox;
  private stream: EventStream | null = null;
  private poll: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly changed: () => void) {
    this.outbox = new Outbox("binhan-patrol", (verb) => api("POST", verb.path, verb.body).then(() => this.refresh()), changed);
  }

  async open(): Promise<void> {
    try {
      this.me = await getMe();
    } catch (error) {
      if (error instanceof Refusal && error.problem.status === 401) return location.assign("/account/login/?next=/patrol");
      this.error = "offline";
      setTimeout(() => void this.open(), 3000);
      return this.changed();
    }
    this.error = null;
    this.skewMs = Date.parse(this.me.server_time) - Date.now();
    this.demo = this.me.wards.some((w) => w.is_demo);
    await this.outbox.open();
    this.units = (await listUnits()).items;
    if (this.me.unit) this.begin(this.me.unit);
    this.changed();
  }

  get tasks(): Assignment[] {
    return overlay(this.items, this.outbox.pending);
  }

  async goOn(unit: string): Promise<void> {
    this.begin(await startUnitShift(unit));
  }

  private begin(shift: UnitShift): void {
    this.shift = shift;
    this.tracker = new Tracker(shift.tracker_key ?? "", this.changed);
    this.tracker.start();
    this.stream = new EventStream({
      url: async () => `/live/desk/events?token=${encodeURIComponent((await getStreamToken(shift.ward_id)).token)}`,
      onEvent: (e) => e.event === "message" && this.hear(JSON.parse(e.data) as DeskEvent),
      onState: (state) => {
        this.connection = state;
        if (state === "open") void this.refresh();
        this.changed();
      },
    });
    this.poll = setInterval(() => void this.refresh(), 10_000);
    void this.refresh();
    void getWard(String(shift.ward_id).padStart(5, "0")).catch(() => undefined);
  }

  async goOff(): Promise<void> {
    if (!this.shift) return;
    await endUnitShift(this.shift.id);
    this.stream?.close();
    clearInterval(this.poll);
    this.tracker?.stop();
    this.shift = this.tracker = null;
    this.items = [];
    this.units = (await listUnits()).items;
    this.changed();
  }

  private hear(row: DeskEvent): void {
    const mine = row.subject_kind === "assignment" && row.facts["unit_id"] === this.shift?.unit_id;
    const ours = this.items.some((a) => a.incident_id === (row.subject_kind === "incident" ? row.subject_id : row.facts["incident_id"]));
    if (mine || (ours && row.verb !== "read")) void this.refresh();
  }

  async refresh(): Promise<void> {
    if (!this.shift) return;
    try {
      this.items = (await listAssignments(this.shift.unit_id)).items;
      const at = this.tasks.find((a) => a.state !== "offered");
      if (at) this.chat = (await getIncident(at.incident_id)).messages;
    } catch {
      return; // shown by the connection line; the next round tries again
    }
    this.changed();
  }

  /** A verb of the crew: shown at once, kept until the server has it. */
  verb(assignment: Assignment, verb: string, body: object = {}): void {
    void this.outbox.add({ id: newId(), at: new Date().toISOString(), path: `/assignments/${assignment.id}/${verb}`, body, label: verb });
  }

  say(incident: string, text: string): void {
    const id = newId();
    void this.outbox.add({ id, at: new Date().toISOString(), path: `/incidents/${incident}/messages`, body: { id, text }, label: text });
  }

  backup(assignment: Assignment): void {
    void this.outbox.add({ id: newId(), at: new Date().toISOString(), path: "/patrol/backup", body: { assignment_id: assignment.id, note: "" }, label: "backup" });
  }
}
