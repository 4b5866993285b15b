/** The screen of a running shift: wires the feed, the alarm, the keys and the parts of the screen together. */
import { customElement } from "lit/decorators.js";
import { goSignIn, type Intake } from "../../contract/api";
import type { DeskEvent, Incident } from "../../contract/types";
import { hush, sounding, tidy } from "./alarm";
import { Attention } from "./attention";
import { incidentOf, unacknowledged, type Board } from "./board";
import type { DeskChat } from "./desk-chat";
import { DutyScreen } from "./desk-duty-screen";
import { forgetDraft } from "./desk-intake";
import { SHOWN } from "./desk-queue";
import { usable } from "./desk-units";
import { Feed } from "./feed";
import { commandOf, isWriting, type Command } from "./keys";
import { lamp } from "./line";
import { Officer } from "./officer";
import { whenPainted } from "./painted";
import { neighbour, ordered } from "./queue";
import { t, tCode } from "./speech";
import { kindName, placeLine } from "./tags";

/** After this long a feed that could not start is tried again. */
const AGAIN_MS = 3000;

@customElement("desk-duty")
export class DeskDuty extends DutyScreen {
  private unlockable = true; // where no key helps, the keys must still work
  private lastLostChime = 0;
  private readonly attention = new Attention();
  private ticking: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.feed = new Feed(this.ward.ward_id, {
      changed: () => this.requestUpdate(),
      event: (e, before) => this.heard(e, before),
    });
    this.officer = new Officer(this.feed, this.turn, this.tables, {
      choose: (id) => this.choose(id),
      dialog: (what) => this.open(what),
      shut: () => this.shut(),
      refuse: (text) => this.toasts.show(text, true),
    });
    this.ticking = setInterval(() => this.tick(), 500);
    document.addEventListener("keydown", this.keyed);
    document.addEventListener("visibilitychange", this.seen);
    void this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.feed.stop();
    clearInterval(this.ticking);
    this.siren.ring(0, 0);
    this.attention.beat(null, t("title"), 0);
    document.removeEventListener("keydown", this.keyed);
    document.removeEventListener("visibilitychange", this.seen);
  }

  private async begin(): Promise<void> {
    void this.siren.unlock();
    while (this.isConnected && !(await this.started())) await new Promise((done) => setTimeout(done, AGAIN_MS));
    const first = this.officer.first();
    if (first && !this.feed.selected) this.choose(first.id, false);
  }

  /** Whether the feed runs. If it could not start, the officer is led to sign in, or told what is wrong. */
  private async started(): Promise<boolean> {
    try {
      await this.feed.start();
      return true;
    } catch (error) {
      if (!goSignIn(error)) void this.turn.run(() => Promise.reject(error as Error));
      return false;
    }
  }

  private readonly seen = () => void this.feed.receipt([]);

  // --- the beat of the screen -----------------------------------------------------------------------------------

  private tick(): void {
    this.now = this.feed.now();
    const waiting = unacknowledged(this.feed.board);
    this.alarm = tidy(this.alarm, waiting, this.now);
    this.muted = this.siren.voice === "blocked";
    const first = this.officer.first();
    this.attention.beat(first ? `${waiting.length} SOS – ${kindName(first)}` : null, t("title"), this.now);
    this.file.many = this.officer.current()?.one_source === true;
    this.file.follow(this.feed.selected, this.version(), this.now, this.feed.board.rows.has(this.feed.selected ?? ""));
    const light = lamp(this.feed.line, Date.now());
    if (light.colour === "red" && this.now - this.lastLostChime > 8000) {
      this.lastLostChime = this.now;
      this.siren.chime("lost");
    }
  }

  protected override willUpdate(): void {
    this.rows = ordered(this.feed.board.rows.values());
    this.now = this.feed.now();
    this.sound = sounding(this.alarm, unacknowledged(this.feed.board), this.now);
    this.siren.ring(this.sound.volume, this.sound.level);
  }

  protected override updated(): void {
    const ids = this.rows
      .slice(0, SHOWN)
      .filter((r) => r.incident.state === "received")
      .map((r) => r.incident.id);
    if (ids.length && (this.pane === "queue" || innerWidth >= 700)) whenPainted(() => void this.feed.receipt(ids));
  }

  private version(): string {
    const row = this.feed.selected ? this.feed.board.rows.get(this.feed.selected) : undefined;
    return `${this.feed.selected}:${row?.touched ?? this.feed.full?.moved_at}:${this.feed.full ? 1 : 0}`;
  }

  private heard(event: DeskEvent, before: Board): void {
    const id = incidentOf(event);
    if (!id) return;
    const mine = event.actor === `account:${this.me.account.id}`;
    if (event.verb === "raise" && !before.rows.has(id)) this.raised(this.feed.board.rows.get(id)?.incident);
    else if (event.verb === "acknowledge") this.attention.clear(id);
    else if (
      !mine &&
      ["backup", "cancel", "duress", "decline", "stand_down", "resolve", "chat", "escalate"].includes(event.verb)
    )
      this.siren.chime("look");
  }

  private raised(incident: Incident | undefined): void {
    if (!incident) return;
    this.said = t("alarmNew", {
      kind: kindName(incident) || tCode("", incident.kind),
      priority: incident.priority,
      place: placeLine(incident, this.now),
    });
    this.attention.notify(incident.id, this.said);
    const free = !this.feed.selected || !this.feed.board.rows.has(this.feed.selected);
    if (free && !this.dialog) this.choose(incident.id, false);
  }

  // --- what the officer does ------------------------------------------------------------------------------------

  protected choose(id: string | null, show = true): void {
    this.feed.select(id);
    this.file.many = this.officer.current()?.one_source === true;
    this.file.follow(id, this.version(), this.now);
    if (id && show && innerWidth < 1100) this.pane = "case";
    void this.updateComplete.then(() => this.querySelector(`[data-id="${id}"]`)?.scrollIntoView({ block: "nearest" }));
  }

  protected open(what: string): void {
    if (what !== "language") [this.about, this.dialog] = [this.feed.selected, what];
  }

  protected shut(): void {
    this.dialog = null;
    this.picked = null;
  }

  // --- keys -----------------------------------------------------------------------------------------------------

  private readonly keyed = (e: KeyboardEvent) => {
    if (this.muted && this.unlockable) return this.unlock(e);
    const command = commandOf({
      key: e.key,
      ctrlKey: e.ctrlKey,
      altKey: e.altKey,
      metaKey: e.metaKey,
      repeat: e.repeat,
      writing: isWriting(e.target),
      dialog: this.dialog !== null,
    });
    // Enter that is held on a button would press it again and again.
    if (e.repeat && e.key === "Enter" && e.target instanceof HTMLButtonElement) e.preventDefault();
    if (!command || (command.do === "escape" && !this.dialog && !isWriting(e.target))) return;
    e.preventDefault();
    this.command(command);
  };

  /** The key that turns the sound on does nothing else: what it would do lies hidden under the call to press one. */
  protected unlock(e: Event): void {
    e.preventDefault();
    void this.siren.unlock().then((ok) => {
      this.muted = !ok;
      this.unlockable = ok;
    });
  }

  private command(command: Command): void {
    switch (command.do) {
      case "pick":
        return this.officer.send(usable(this.file.recommendation)[command.number - 1]);
      case "send":
        return this.officer.send(usable(this.file.recommendation)[0]);
      case "up":
        return this.step(-1);
      case "down":
        return this.step(1);
      case "acknowledge":
        return this.officer.acknowledge();
      case "close":
        return this.officer.ask("end");
      case "new":
      case "help":
        return this.open(command.do);
      case "message":
        return this.write();
      case "escape":
        if (this.dialog) return this.shut();
        return (document.activeElement as HTMLElement | null)?.blur();
      default:
        return this.officer.ask(command.do);
    }
  }

  /** Chooses the incident above or below the chosen one, among those that are shown. */
  private step(by: 1 | -1): void {
    const shown = this.rows.slice(0, SHOWN).map((r) => r.incident.id);
    this.choose(neighbour(shown, this.feed.selected, by), false);
  }

  /** What could not be sent goes back into its field. */
  protected async say(text: string): Promise<void> {
    const about = this.feed.selected;
    const sent = await this.officer.chat(text);
    if (!sent) this.querySelector<DeskChat>("desk-chat")?.restore(text, about ?? "");
  }

  protected async split(press: string): Promise<void> {
    if (await this.officer.split(press)) this.file.drop(press);
  }

  private write(): void {
    if (innerWidth < 1100) this.pane = "case";
    void this.updateComplete.then(() => this.querySelector<DeskChat>("desk-chat")?.write());
  }

  protected async taken(intake: Intake): Promise<void> {
    if (await this.officer.intake(intake)) forgetDraft();
  }

  protected async handedOver(note: string): Promise<void> {
    if (await this.officer.handover(note)) this.tell("ended");
  }

  protected hushed(detail: { id: string; reason: string }): void {
    const incident = this.feed.board.rows.get(detail.id)?.incident;
    if (incident) this.alarm = hush(this.alarm, incident, detail.reason, this.now);
  }
}
