/** Today: how far we are, what was promised, and the doors in walking order with the next one on top. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { Screen } from "./context";
import { around, row, street } from "./door-row";
import { load } from "./parts";
import { go } from "./router";
import { short } from "./times";
import "./today-promises";
import type { Undo } from "./undo";
import { again, doors, find, next, progress, type Door, type Filter } from "./walk";

const PAGE = 40;

@customElement("field-today")
export class Today extends Screen {
  @property({ attribute: false }) undo!: Undo;
  @state() private tab: "list" | "map" = "list";
  @state() private query = "";
  @state() private filter: Filter = "todo";
  @state() private shown = PAGE;
  @state() private map: boolean | null = null;
  @state() private here: { lat: number; lon: number; accuracy_m: number } | null = null;
  private watch: number | null = null;
  private readonly end =
    typeof IntersectionObserver === "undefined"
      ? null
      : new IntersectionObserver((seen) => seen.some((s) => s.isIntersecting) && (this.shown += PAGE), {
          rootMargin: "600px",
        });
  private readonly redraw = () => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    this.undo?.addEventListener("change", this.redraw);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.undo?.removeEventListener("change", this.redraw);
    this.end?.disconnect();
    this.unwatch();
  }

  /** The position is asked for only while the map is looked at. */
  private unwatch(): void {
    if (this.watch !== null) navigator.geolocation.clearWatch(this.watch);
    this.watch = null;
  }

  protected override updated(): void {
    const more = this.querySelector(".more");
    this.end?.disconnect();
    if (more) this.end?.observe(more);
  }

  protected override render(): TemplateResult {
    const { t } = this;
    const all = doors(this.session);
    if (!all.length)
      return html`<h1 class="big" tabindex="-1">${t("today")}</h1>
        <p class="card">${t(this.session.sync.busy ? "getting" : "nothingHere")}</p>
        <button class="go" @click=${() => go("turfs")}>${t("turfsTitle")}</button>`;
    const tab = (name: "list" | "map", words: string, open: () => void) =>
      html`<button class=${this.tab === name ? "" : "plain"} aria-pressed=${this.tab === name} @click=${open}>
        ${words}
      </button>`;
    return html`<h1 class="sr" tabindex="-1">${t("today")}</h1>
      ${this.bar(all)}${this.nextCard(all)}<field-today-promises></field-today-promises>
      <div class="tabs" role="group" aria-label=${t("tabs")}>
        ${tab("list", `☰ ${t("list")}`, () => this.openList())} ${tab("map", `🗺 ${t("map")}`, () => this.openMap())}
      </div>
      ${this.tab === "map" ? this.ground(all) : this.list(all)}
      <button class="plain wide" @click=${() => go("turfs")}>${t("otherTurfs")}</button>`;
  }

  private bar(all: Door[]): TemplateResult {
    const { doors: of, approached, reached } = progress(all);
    return html`<div class="card progress">
      <p><b>${this.t("approached", { n: approached, of })}</b> <span>${this.t("reached", { n: reached })}</span></p>
      <div class="track" aria-hidden="true">
        <i style="width:${(100 * approached) / of}%"></i><i class="in" style="width:${(100 * reached) / of}%"></i>
      </div>
    </div>`;
  }

  private nextCard(all: Door[]): TemplateResult {
    const { t } = this;
    const door = next(all);
    if (!door) return html`<p class="card big">✔ ${t("allDone")}</p>`;
    const hints = [
      around(door.body),
      door.body.landmark,
      door.comeBackAt ? t("backAt", { t: short(door.comeBackAt, this.tongue) }) : "",
      door.draft ? t("draftHere") : "",
    ];
    return html`<button class="next" @click=${() => go("door", door.id)}>
      <small>${t(again(door) ? "nextAgain" : "nextDoor")}</small><b>${street(door.body)}</b>
      <span>${hints.filter(Boolean).join(" · ")}</span>
    </button>`;
  }

  private list(all: Door[]): TemplateResult {
    const { t } = this;
    const rows = find(all, this.query, this.filter);
    const found = html`<p class="quiet" role="status">${t("found", { n: rows.length })}</p>`;
    const rest = rows.length - this.shown;
    const more = html`<button class="plain wide more" @click=${() => (this.shown += PAGE)}>
      ${t("more", { n: rest })}
    </button>`;
    return html`<input
        type="search"
        aria-label=${t("search")}
        placeholder=${t("search")}
        autocomplete="off"
        .value=${this.query}
        @input=${(e: Event) => this.look((e.target as HTMLInputElement).value, this.filter)}
      />
      ${this.query ? found : this.filters(all)}
      <ol class="doors">
        ${repeat(
          rows.slice(0, this.shown),
          (d) => d.id,
          (d) => row(this.t, this.tongue, d),
        )}
      </ol>
      ${rest > 0 ? more : nothing}
      ${rows.length ? nothing : html`<p class="card">${t(this.query ? "foundNone" : "emptyFilter")}</p>`}`;
  }

  private filters(all: Door[]): TemplateResult {
    const { t } = this;
    const counts: Record<Filter, number> = {
      todo: find(all, "", "todo").length,
      again: find(all, "", "again").length,
      all: all.length,
    };
    const chip = (f: Filter) =>
      html`<button
        class=${this.filter === f ? "" : "plain"}
        aria-pressed=${this.filter === f}
        @click=${() => this.look(this.query, f)}
      >
        <span>${t(`f_${f}`)}</span><b>${counts[f]}</b>
      </button>`;
    return html`<div class="chips three" role="group" aria-label=${t("filter")}>
      ${(["todo", "again", "all"] as const).map(chip)}
    </div>`;
  }

  private look(query: string, filter: Filter): void {
    this.query = query;
    this.filter = filter;
    this.shown = PAGE;
  }

  private openList(): void {
    this.tab = "list";
    this.unwatch();
  }

  private openMap(): void {
    this.tab = "map";
    void load("map/door-map").then((there) => (this.map = there));
    this.watch ??=
      navigator.geolocation?.watchPosition(
        (p) => (this.here = { lat: p.coords.latitude, lon: p.coords.longitude, accuracy_m: p.coords.accuracy }),
        () => (this.here = null),
        { enableHighAccuracy: true, maximumAge: 5000 },
      ) ?? null;
  }

  private ground(all: Door[]): TemplateResult {
    if (this.map === null) return html`<p role="status">${this.t("opening")}</p>`;
    if (!this.map) return html`<p class="card">${this.t("noMap")}</p>`;
    const placed = all
      .filter((d) => d.body.lat !== null)
      .map((d) => ({
        id: d.id,
        lat: d.body.lat!,
        lon: d.body.lon!,
        state: d.state,
        label: d.body.address,
        place: d.body.place,
      }));
    const missing = all.length - placed.length;
    return html`<door-map
        .ground=${this.session.all("ground")[0]?.body ?? null}
        .doors=${placed}
        .route=${true}
        .nolist=${true}
        .selected=${next(all)?.id ?? null}
        .here=${this.here}
        .lang=${this.tongue}
        @pick=${(e: CustomEvent<{ id: string }>) => go("door", e.detail.id)}
      ></door-map>
      ${missing ? html`<p class="quiet">${this.t("unplaced", { n: missing })}</p>` : nothing}`;
  }
}
