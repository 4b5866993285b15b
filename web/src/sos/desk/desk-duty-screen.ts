/** What the officer of a running shift sees: the queue, the map and the case, and over them what is being asked. */
import { html, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import type { Intake } from "../../contract/api";
import type { Lifecycles, Me, Place, RankedUnit, Seat, WardBrief } from "../../contract/types";
import { Light } from "../../ui/light";
import { QUIET, sounding, type Alarm, type Sound } from "./alarm";
import type { Row } from "./board";
import { Casefile } from "./casefile";
import { unlockCall } from "./desk-alarm";
import "./desk-bar";
import "./desk-dialog";
import "./desk-panel";
import "./desk-queue";
import { Toasts } from "./desk-toasts";
import type { Feed } from "./feed";
import type { Point } from "./intake";
import { lamp } from "./line";
import "./map/desk-map";
import { Turn } from "./moves";
import { namesOf } from "./names";
import type { Officer } from "./officer";
import type { Siren } from "./siren";
import { t, tCode } from "./speech";
import { originalsFor } from "./verbs";

const PANES = { queue: "viewQueue", map: "viewMap", case: "viewCase" } as const;
type Pane = keyof typeof PANES;
type Filled = { verb: string; body: Record<string, string> };

export abstract class DutyScreen extends Light {
  @property({ attribute: false }) me!: Me;
  @property({ attribute: false }) ward!: WardBrief;
  @property({ attribute: false }) seat!: Seat;
  @property({ attribute: false }) tables!: Lifecycles;
  @property({ attribute: false }) places: Place[] = [];
  @property({ attribute: false }) siren!: Siren;
  @property() override lang = "";
  @state() protected alarm: Alarm = QUIET;
  @state() protected pane: Pane = "queue";
  @state() protected dialog: string | null = null; // new help hand, or a verb
  @state() protected picked: Point | null = null;
  @state() protected said = ""; // for screen readers
  @state() protected now = Date.now();
  @state() protected muted = false; // the browser does not let us sound
  protected about: string | null = null; // the incident of the dialog's verb
  protected rows: Row[] = [];
  protected sound: Sound = sounding(QUIET, [], 0);
  protected feed!: Feed;
  protected officer!: Officer;
  protected readonly toasts = new Toasts(() => this.requestUpdate());
  protected readonly file = new Casefile(() => this.requestUpdate());
  protected readonly turn = new Turn({
    changed: () => this.requestUpdate(),
    good: (text) => this.toasts.show(text, false),
    bad: (text) => this.toasts.show(text, true),
    lost: () => this.feed.refresh(),
  });

  protected abstract choose(id: string | null, show?: boolean): void;
  protected abstract open(what: string): void;
  protected abstract shut(): void;
  protected abstract unlock(e: Event): void;
  protected abstract hushed(detail: { id: string; reason: string }): void;
  protected abstract say(text: string): Promise<void>;
  protected abstract split(press: string): Promise<void>;
  protected abstract taken(intake: Intake): Promise<void>;
  protected abstract handedOver(note: string): Promise<void>;

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
      @older=${() => void this.turn.run(() => this.feed.readOlder())}
      @read-more=${() => this.feed.readMore()}
      @more-presses=${() => void this.turn.run(() => this.file.readOlder())}
      @split=${(e: CustomEvent<string>) => void this.split(e.detail)}
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
      .warnings=${this.feed.warnings}
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
        .left=${this.feed.left}
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
}
