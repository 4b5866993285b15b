/**
 * The shell of the field app: which screen, the line that says what is sent, the emergency button, and the ten seconds
 * of undo.
 */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { ground, Screen } from "./context";
import "./door";
import "./gate";
import { SAYS } from "../../offline/says";
import "./look-again";
import { load } from "./parts";
import { moved, read, swap, up, type Route } from "./router";
import "./sync-line";
import "./today";
import "./turfs";
import { Undo } from "./undo";
import "./undo-bar";

const LATER: Partial<Record<Route["place"], () => Promise<unknown>>> = {
  visit: () => import("./visit"),
  tell: () => import("./tell"),
  mend: () => import("./mend"),
  settings: () => import("./settings"),
  pin: () => import("./change-pin"),
};

@customElement("field-app")
export class FieldApp extends Screen {
  private readonly undo = new Undo(ground.session);
  @state() private route: Route = read(location.hash);
  @state() private emergency = false;
  private shown = "";
  private lastDoor = "";
  private listAt = 0;
  private wasOpen = false;
  private loaded = new Set<string>();

  override connectedCallback(): void {
    super.connectedCallback();
    moved.addEventListener("move", this.move);
    this.undo.addEventListener("change", () => this.requestUpdate());
    for (const kind of ["pointerdown", "keydown"])
      addEventListener(kind, () => this.session.touched(), { passive: true, capture: true });
    addEventListener("error", () => (this.shown = "")); // a screen that fails to draw is drawn anew at the next touch
    void this.session.start();
    void load("emergency/field-emergency").then((there) => (this.emergency = there));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    moved.removeEventListener("move", this.move);
  }

  /** How tall the header is differs with the size of the words: what is scrolled to must not lie under it. */
  protected override firstUpdated(): void {
    if (typeof ResizeObserver === "undefined") return;
    const header = this.querySelector("header")!;
    new ResizeObserver(() => document.documentElement.style.setProperty("--head", `${header.offsetHeight}px`)).observe(
      header,
    );
  }

  private readonly move = () => {
    const next = read(location.hash);
    if (this.route.place === "today") this.listAt = scrollY;
    if (this.route.place === "door" || this.route.place === "visit") this.lastDoor = this.route.id;
    this.route = next;
  };

  protected override willUpdate(): void {
    const open = this.session.phase === "open";
    if (open && !this.wasOpen) {
      void this.undo.recover();
      if (!this.session.chosen().length && this.route.place === "today") queueMicrotask(() => swap("turfs"));
    }
    if (!open && this.wasOpen) this.undo.forget();
    this.wasOpen = open;
    const later = LATER[this.route.place];
    if (later && !this.loaded.has(this.route.place))
      void later().then(() => {
        this.loaded.add(this.route.place);
        this.requestUpdate();
      });
  }

  protected override render(): TemplateResult {
    const { session, t } = this;
    const open = session.phase === "open";
    return html`<header>
        ${session.member?.demo ? html`<div class="demo-band" role="note">${t("demo")}</div>` : nothing}
        <div class="top">
          ${open ? this.corner() : html`<b class="brand">Bình An</b>`}
          ${
            open
              ? html`<field-sync-line></field-sync-line>`
              : html`<span class="grow"></span
                  ><button class="plain small" @click=${() => ground.turn()}>${t("otherLang")}</button>`
          }
          ${
            this.emergency
              ? html`<field-emergency .lang=${this.tongue}></field-emergency>`
              : html`<a class="button danger sos" href="tel:113" aria-label=${t("call113")}>113</a>`
          }
        </div>
      </header>
      ${
        open && session.sync.error && session.sync.error !== SAYS.offline
          ? html`<p class="alert" role="alert">${session.sync.error[this.tongue]}</p>`
          : nothing
      }
      <main @lock=${this.lock}>
        ${
          session.phase === "starting"
            ? html`<p class="big" role="status">${t("opening")}</p>`
            : open
              ? this.screen()
              : html`<field-gate></field-gate>`
        }
      </main>
      ${open ? html`<field-undo .undo=${this.undo}></field-undo><field-look-again></field-look-again>` : nothing}`;
  }

  private corner(): TemplateResult {
    const { t, route } = this;
    if (route.place === "today")
      return html`<button class="plain corner" aria-label=${t("lock")} title=${t("lock")} @click=${this.lock}>
        🔒
      </button>`;
    const back = () =>
      route.place === "visit" ? up("door", route.id) : route.place === "pin" ? up("settings") : up("today");
    return html`<button class="plain corner" aria-label=${t("back")} title=${t("back")} @click=${back}>←</button>`;
  }

  /** What can still be taken back goes out first: the next person must not find it under their name. */
  private readonly lock = async () => {
    await this.undo.settle().catch(() => undefined);
    this.session.lock();
  };

  private screen(): TemplateResult {
    const { place, id } = this.route;
    if (LATER[place] && !this.loaded.has(place)) return html`<p role="status">${this.t("opening")}</p>`;
    switch (place) {
      case "turfs":
        return html`<field-turfs></field-turfs>`;
      case "door":
        return html`<field-door .door=${id} .undo=${this.undo}></field-door>`;
      case "visit":
        return html`<field-visit .door=${id}></field-visit>`;
      case "tell":
        return html`<field-tell></field-tell>`;
      case "mend":
        return html`<field-mend></field-mend>`;
      case "settings":
        return html`<field-settings></field-settings>`;
      case "pin":
        return html`<field-change-pin></field-change-pin>`;
      case "today":
        return html`<field-today .undo=${this.undo}></field-today>`;
    }
  }

  /** The focus goes to what is new, so that a screen reader begins there; the list is found again where it was left. */
  protected override updated(): void {
    const now = `${this.session.phase}/${this.route.place}/${this.route.id}/${this.loaded.has(this.route.place)}`;
    if (now === this.shown || this.session.phase === "starting") return;
    const first = this.shown === "";
    this.shown = now;
    requestAnimationFrame(() => {
      const last =
        this.route.place === "today" && this.lastDoor
          ? this.querySelector<HTMLElement>(`[data-door="${this.lastDoor}"]`)
          : null;
      scrollTo(0, this.route.place === "today" ? this.listAt : 0);
      const target = last ?? this.querySelector<HTMLElement>("main h1");
      if (!first || last) target?.focus({ preventScroll: true });
    });
  }
}
