/**
 * The map of doors for the field and the office: no tiles and no network, by finger, mouse or keys, and as a list.
 * Emits `pick` {id}.
 */
import { html, nothing, svg, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { translator } from "../../i18n";
import { MAP, type MapT } from "../../i18n/map";
import { Light } from "../../ui/light";
import type { DoorState, GroundDoc } from "../field/types";
import sheet from "./door-map.css?inline";
import { beside, counts, doorAt, locate, placesOf, STATES, together, type Located, type MapDoor } from "./doors";
import { Gestures } from "./gestures";
import { svgOf } from "./marks";
import { paint } from "./paint";
import {
  fit,
  middleOf,
  planeAt,
  shown,
  toScreen,
  type Place,
  type Plane,
  type Size,
  type Spot,
  type View,
} from "./plane";

export type { MapDoor };
const LIST_STEP = 60;
const KEYS_PX = 56;

@customElement("door-map")
export class DoorMap extends Light {
  @property({ attribute: false }) ground: GroundDoc | null = null;
  /** In walking order; several walks one after the other when each begins with 1 again. */
  @property({ attribute: false }) doors: MapDoor[] = [];
  @property({ type: Boolean }) route = false;
  @property({ attribute: false }) selected: string | null = null;
  @property({ attribute: false }) here: { lat: number; lon: number; accuracy_m: number } | null = null;
  /** For a screen that shows its own list. */
  @property({ type: Boolean }) nolist = false;
  @property() override lang = "vi";
  @state() private listed = 0;
  @query("canvas") private canvas!: HTMLCanvasElement | null;
  private plane: Plane = planeAt({ lat: 16, lon: 107.5 });
  private located: Located[] = [];
  private view: View | null = null;
  private shownFor = "";
  private moved = false;
  private frame = 0;
  private watcher: ResizeObserver | null = null;
  private t: MapT = translator(MAP, "vi");
  private readonly hand = new Gestures({
    view: () => this.view ?? this.fitted(),
    size: () => this.size(),
    look: (view) => this.look(view),
    whole: () => this.whole(),
    tap: (at) => this.tap(at),
    next: (step) => this.pick(beside(this.doors, this.selected, step)),
    inset: () => this.inset(),
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.watcher = typeof ResizeObserver === "undefined" ? null : new ResizeObserver(() => this.resized());
    this.watcher?.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watcher?.disconnect();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  /** All doors and the ward again. */
  whole(): void {
    this.look(this.fitted());
    this.moved = false;
  }

  /** Moves to a place, near enough to tell doors apart. */
  goTo(place: Place): void {
    const p = this.plane(place);
    this.look({ ...p, scale: Math.max(this.view?.scale ?? 0, 1.2) });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("lang")) this.t = translator(MAP, this.lang === "en" ? "en" : "vi");
    if (!changed.has("doors") && !changed.has("ground")) return;
    const known = this.doors.filter((d) => d.lat !== null && d.lon !== null) as Place[];
    const what = `${this.ground?.ward_name ?? ""}:${this.doors.length}:${this.doors[0]?.id}:${this.doors.at(-1)?.id}`;
    const before = changed.get("doors");
    const grown = !!before?.length && this.doors.length > before.length && this.doors[0] === before[0];
    if (what !== this.shownFor && !grown) this.plane = planeAt(middleOf(known.length ? known : placesOf(this.ground)));
    this.located = locate(this.doors, this.plane);
    if (what === this.shownFor) return;
    if (!grown) this.moved = false;
    if (!this.moved) this.view = null; // who looks at something is left there while more doors come
    this.shownFor = what;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("selected")) this.reveal();
    this.repaint();
  }

  protected override firstUpdated(): void {
    this.canvas?.addEventListener("wheel", this.hand.wheel, { passive: false });
  }

  private size(): Size {
    return { w: this.canvas?.clientWidth || 360, h: this.canvas?.clientHeight || 360 };
  }

  private inset(): Spot {
    const box = this.canvas!.getBoundingClientRect();
    return { x: box.left, y: box.top };
  }

  private fitted(): View {
    const spots = this.located.length ? this.located : placesOf(this.ground).map(this.plane);
    const { w, h } = this.size();
    const view = fit(spots, { w: w - KEYS_PX, h });
    return { ...view, x: view.x + KEYS_PX / 2 / view.scale }; // the buttons on the right cover no door
  }

  private look(view: View): void {
    this.view = view;
    this.moved = true;
    this.repaint();
  }

  private resized(): void {
    this.repaint();
  }

  private reveal(): void {
    const one = this.located.find((l) => l.door.id === this.selected);
    if (!one || !this.view || shown(toScreen(one, this.view, this.size()), this.size(), -30)) return;
    this.view = { ...this.view, x: one.x, y: one.y };
  }

  private tap(at: Spot): void {
    this.pick(doorAt(this.located, at, this.view ?? this.fitted(), this.size(), this.selected));
  }

  private pick(door: MapDoor | null): void {
    if (door) this.tell("pick", { id: door.id });
  }

  private repaint(): void {
    if (!this.frame)
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.paintNow();
      });
  }

  private paintNow(): void {
    const canvas = this.canvas;
    const ctx = canvas?.getContext?.("2d");
    if (!canvas || !ctx) return;
    const size = this.size();
    const ratio = Math.min(devicePixelRatio || 1, 2.5);
    const [w, h] = [Math.round(size.w * ratio), Math.round(size.h * ratio)];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    this.view ??= this.fitted();
    paint(
      ctx,
      {
        ground: this.ground,
        plane: this.plane,
        located: this.located,
        route: this.route,
        selected: this.selected,
        here: this.here,
      },
      this.view,
      size,
      ratio,
    );
  }

  protected override render() {
    const t = this.t;
    const lost = this.doors.length - this.located.length;
    const chosen = this.doors.find((d) => d.id === this.selected);
    const many = together(this.doors, this.selected);
    return html`<style>
        ${sheet}
      </style>
      <section class="door-map" aria-label=${t("map")}>
        <div class="dm-frame">
          <canvas
            tabindex="0"
            role="application"
            aria-label="${t("map")}. ${t("how")}"
            @pointerdown=${this.hand.down}
            @pointermove=${this.hand.move}
            @pointerup=${this.hand.up}
            @pointercancel=${this.hand.up}
            @keydown=${this.hand.key}
          ></canvas>
          <div class="dm-keys">
            ${this.key("+", t("zoomIn"), () => this.hand.zoom(1.6))}${this.key("−", t("zoomOut"), () =>
              this.hand.zoom(1 / 1.6),
            )}${this.key("⤢", t("whole"), () => this.whole())}${
              this.here ? this.key("⌖", t("own"), () => this.goTo(this.here!)) : nothing
            }
          </div>
          ${this.doors.length ? nothing : html`<p class="dm-none">${t("none")}</p>`}
        </div>
        <p class="dm-chosen" role="status" ?hidden=${!chosen}>
          ${chosen ? t("chosen", { d: this.describe(chosen) }) : ""}${
            many > 1 ? html` <small>${t("together", { n: many })}</small>` : nothing
          }
        </p>
        ${lost ? html`<p class="dm-lost">${t("lost", { n: lost })}</p>` : nothing}
        ${this.legend()}${this.nolist ? nothing : this.list()}
      </section>`;
  }

  private key(sign: string, label: string, press: () => void) {
    return html`<button type="button" class="plain" aria-label=${label} title=${label} @click=${press}>
      <span aria-hidden="true">${sign}</span>
    </button>`;
  }

  private describe(d: MapDoor): string {
    return [
      d.place > 0 ? this.t("place", { n: d.place }) : "",
      d.label,
      this.t(d.state),
      d.lat === null ? this.t("noPosition") : "",
    ]
      .filter(Boolean)
      .join(", ");
  }

  private mark(of: DoorState) {
    const { outline, sign, look } = svgOf(of);
    return html`<svg viewBox="0 0 24 24" aria-hidden="true">
      ${svg`
        <path d=${outline} fill=${look.fill} stroke=${look.line} stroke-width="2" stroke-linejoin="round"></path>
        <path d=${sign} fill="none" stroke=${look.sign} stroke-width="2.4" stroke-linecap="round"></path>
      `}
    </svg>`;
  }

  private legend() {
    const many = counts(this.doors);
    return html`<ul class="dm-legend" aria-label=${this.t("legend")}>
      ${STATES.map(
        (s) =>
          html`<li>
            ${this.mark(s)}<span>${this.t(s)} <b>${many[s]}</b></span>
          </li>`,
      )}
      ${this.line(this.route, "#0b4f9e", "", "route")}${this.line(
        !!this.ground?.outline.length,
        "#2b3a57",
        "",
        "ward",
      )}${this.line(!!this.ground?.areas.length, "#6b7a95", "5 4", "area")}
      ${
        this.here
          ? html`<li>
              <svg viewBox="0 0 24 24" aria-hidden="true">
                <circle cx="12" cy="12" r="5" fill="#0057ff"></circle>
                <path d="M12 2V6M12 18V22M2 12H6M18 12H22" stroke="#0057ff" stroke-width="2.5"></path></svg
              ><span>${this.t("you")}</span>
            </li>`
          : nothing
      }
    </ul>`;
  }

  private line(there: boolean, colour: string, dash: string, word: "route" | "ward" | "area") {
    return there
      ? html`<li>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M1 12H23" stroke=${colour} stroke-width="3" stroke-dasharray=${dash || "none"}></path></svg
          ><span>${this.t(word)}</span>
        </li>`
      : nothing;
  }

  private list() {
    const left = this.doors.length - this.listed;
    return html`<details
      class="dm-list"
      @toggle=${(e: Event) =>
        (this.listed = (e.target as HTMLDetailsElement).open ? Math.max(this.listed, LIST_STEP) : 0)}
    >
      <summary>${this.t("list", { n: this.doors.length })}</summary>
      ${
        this.listed
          ? html`<ol>
                ${this.doors.slice(0, this.listed).map(
                  (d) =>
                    html`<li>
                      <button
                        type="button"
                        class="plain"
                        aria-pressed=${d.id === this.selected ? "true" : "false"}
                        @click=${() => this.pick(d)}
                      >
                        ${this.mark(d.state)}<span>${this.describe(d)}</span>
                      </button>
                    </li>`,
                )}
              </ol>
              ${
                left > 0
                  ? html`<button type="button" class="plain" @click=${() => (this.listed += LIST_STEP)}>
                      ${this.t("more", { n: left })}
                    </button>`
                  : nothing
              }`
          : nothing
      }
    </details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "door-map": DoorMap;
  }
}
