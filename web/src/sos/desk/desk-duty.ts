/** The screen of a running shift: wires the feed, the alarm, the keys and the parts of the screen together. */
import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { goSignIn, type Intake } from "../../contract/api";
import type { DeskEvent, Incident, Lifecycles, Me, Place, RankedUnit, Seat, WardBrief } from "../../contract/types";
import { Light } from "../../ui/light";
import { hush, QUIET, sounding, tidy, type Alarm, type Sound } from "./alarm";
import { Attention } from "./attention";
import { incidentOf, unacknowledged, type Board, type Row } from "./board";
import { Casefile } from "./casefile";
import { unlockCall } from "./desk-alarm";
import "./desk-bar";
import "./desk-dialog";
import type { DeskChat } from "./desk-chat";
import { SHOWN } from "./desk-queue";
import "./desk-panel";
import { Toasts } from "./desk-toasts";
import { usable } from "./desk-units";
import { Feed } from "./feed";
import { forgetDraft } from "./desk-intake";
import type { Point } from "./intake";
import { commandOf, isWriting, type Command } from "./keys";
import { lamp } from "./line";
import "./map/desk-map";
import { Turn } from "./moves";
import { Officer } from "./officer";
import { whenPainted } from "./painted";
import { neighbour, ordered } from "./queue";
import { namesOf } from "./names";
import type { Siren } from "./siren";
import { t, tCode } from "./speech";
import { kindName, placeLine } from "./tags";
import { originalsFor } from "./verbs";

const PANES = { queue: "viewQueue", map: "viewMap", case: "viewCase" } as const;
type Pane = keyof typeof PANES;
type Filled = { verb: string; body: Record<string, string> };
/** After this long a feed that could not start is tried again. */
const AGAIN_MS = 3000;

@customElement("desk-duty")
export class DeskDuty extends Light {
  @property({ attribute: false }) me!: Me;
  @property({ attribute: false }) ward!: WardBrief;
  @property({ attribute: false }) seat!: Seat;
  @property({ attribute: false }) tables!: Lifecycles;
  @property({ attribute: false }) places: Place[] = [];
  @property({ attribute: false }) siren!: Siren;
  @property() override lang = "";
  @state() private alarm: Alarm = QUIET;
  @state() private pane: Pane = "queue";
  @state() private dialog: string | null = null; // new help hand, or a verb
  private about: string | null = null; // the incident of that verb
  @state() private picked: Point | null = null;
  @state() private said = ""; // for screen readers
  @state() private now = Date.now();
  @state() private muted = false; // the browser does not let us sound
  private unlockable = true; // where no key helps, the keys must still work
  private rows: Row[] = [];
  private sound: Sound = sounding(QUIET, [], 0);
  private feed!: Feed;
  private officer!: Officer;
  private lastLostChime = 0;
  private readonly attention = new Attention();
  private readonly toasts = new Toasts(() => this.requestUpdate());
  private readonly file = new Casefile(() => this.requestUpdate());
  private readonly turn = new Turn({
    changed: () => this.requestUpdate(),
    good: (text) => this.toasts.show(text, false),
    bad: (text) => this.toasts.show(text, true),
    lost: () => this.feed.refresh(),
  });
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

  private choose(id: string | null, show = true): void {
    this.feed.select(id);
    this.file.follow(id, this.version(), this.now);
    if (id && show && innerWidth < 1100) this.pane = "case";
    void this.updateComplete.then(() => this.querySelector(`[data-id="${id}"]`)?.scrollIntoView({ block: "nearest" }));
  }

  private open(what: string): void {
    if (what !== "language") [this.about, this.dialog] = [this.feed.selected, what];
  }

  private shut(): void {
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
  private unlock(e: Event): void {
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
  private async say(text: string): Promise<void> {
    const about = this.feed.selected;
    const sent = await this.officer.chat(text);
    if (!sent) this.querySelector<DeskChat>("desk-chat")?.restore(text, about ?? "");
  }

  private write(): void {
    if (innerWidth < 1100) this.pane = "case";
    void this.updateComplete.then(() => this.querySelector<DeskChat>("desk-chat")?.write());
  }

  // --- the screen -----------------------------------------------------------------------------------------------

  protected override render() {
    const first = this.officer.first();
    return html`<div
      class="duty ${this.sound.count ? "alarming" : ""}"
      data-pane=${this.pane}
      @choose=${(e: CustomEvent<string>) => this.choose(e.detail)}
      @open=${(e: CustomEvent<string>) => this.open(e.detail)}
      @shut=${() => this.shut()}
      @acknowledge=${(e: CustomEvent<string>) => this.officer.acknowledge(e.detail)}
      @hush=${(e: CustomEvent<{ id: string; reason: string }>) => this.hushed(e.detail)}
      @send=${(e: CustomEvent<RankedUnit>) => this.officer.send(e.detail)}
      @verb=${(e: CustomEvent<string>) => this.officer.ask(e.detail)}
      @filled=${(e: CustomEvent<Filled>) => void this.officer.filled(e.detail.verb, e.detail.body, this.about)}
      @intake=${(e: CustomEvent<Intake>) => void this.taken(e.detail)}
      @chat=${(e: CustomEvent<string>) => void this.say(e.detail)}
      @withdraw=${(e: CustomEvent<{ id: string; reason: string }>) => void this.officer.withdraw(e.detail)}
      @handover=${(e: CustomEvent<string>) => void this.handedOver(e.detail)}
      @dismiss=${(e: CustomEvent<number>) => this.toasts.dismiss(e.detail)}
      @pick=${(e: CustomEvent<Point | null>) => (this.picked = this.dialog === "new" ? e.detail : null)}
    >
      ${this.bar()}
      <desk-alarm .sound=${this.sound} .first=${first} .now=${this.now} .lang=${this.lang}></desk-alarm>
      <p class="sr" role="alert" aria-live="assertive">${this.said}</p>
      <main class="stage">${this.panes()} ${this.asking()}</main>
      <nav class="panes-nav">${(["queue", "map", "case"] as const).map((pane) => this.paneButton(pane))}</nav>
      <desk-toasts .toasts=${this.toasts.list} .lang=${this.lang}></desk-toasts>
      ${this.muted ? unlockCall(this.sound.count, first, this.now, (e) => this.unlock(e)) : nothing}
    </div>`;
  }

  private bar() {
    return html`<desk-bar
      .demo=${this.feed.first?.demo ?? this.ward.is_demo}
      .ward=${this.ward.full_name}
      .officer=${t("onDuty", { name: this.me.account.display_name, seat: tCode("seat_", this.seat) })}
      .lamp=${lamp(this.feed.line, Date.now())}
      .lastAt=${this.feed.line.lastHeardAt}
      .now=${this.now}
      .lang=${this.lang}
    ></desk-bar>`;
  }

  /** What the map shows. */
  private scene() {
    return {
      ward: this.feed.first?.ward ?? null,
      incidents: this.rows.map((r) => r.incident),
      units: [...this.feed.board.units.values()],
      places: this.places,
      chosen: this.feed.selected,
      picked: this.picked,
      now: this.now,
    };
  }

  private panes() {
    return html`<div class="panes">
      <desk-queue
        .rows=${this.rows}
        .alarm=${this.alarm}
        .chosen=${this.feed.selected}
        .now=${this.now}
        .lang=${this.lang}
      ></desk-queue>
      <desk-map
        .scene=${this.scene()}
        .live=${this.feed.line.open}
        .picking=${this.dialog === "new"}
        .lang=${this.lang}
      ></desk-map>
      <desk-panel
        .incident=${this.officer.current()}
        .file=${this.file}
        .names=${namesOf(this.tables, this.feed.board.units)}
        .now=${this.now}
        .busy=${this.turn.busy}
        .lang=${this.lang}
      ></desk-panel>
    </div>`;
  }

  /** The dialog: a new incident, help, handing over, or what a verb needs. */
  private asking() {
    const incidents = this.rows.map((r) => r.incident);
    const about = this.officer.of(this.about);
    return html`<desk-dialog
      .what=${this.dialog}
      .tables=${this.tables}
      .places=${this.places}
      .ward=${this.ward.ward_id}
      .point=${this.picked}
      .open=${incidents}
      .alarm=${this.alarm}
      .busy=${this.turn.busy}
      .lang=${this.lang}
      .about=${about}
      .twice=${this.dialog === "close" && !about?.verbs.includes("close")}
      .originals=${about && this.dialog === "merge" ? originalsFor(about, incidents) : []}
    ></desk-dialog>`;
  }

  private paneButton(pane: Pane) {
    const waiting = pane === "queue" && this.sound.count;
    return html`<button class="plain" aria-pressed=${this.pane === pane} @click=${() => (this.pane = pane)}>
      ${t(PANES[pane])}${waiting ? html` <b class="badge">${waiting}</b>` : nothing}
    </button>`;
  }

  private async taken(intake: Intake): Promise<void> {
    if (await this.officer.intake(intake)) forgetDraft();
  }

  private async handedOver(note: string): Promise<void> {
    if (await this.officer.handover(note)) this.tell("ended");
  }

  private hushed(detail: { id: string; reason: string }): void {
    const incident = this.feed.board.rows.get(detail.id)?.incident;
    if (incident) this.alarm = hush(this.alarm, incident, detail.reason, this.now);
  }
}
