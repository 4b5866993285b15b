/** Where the door really is: stand before it and take the phone's position, or move the pin among its neighbours. */
import { html, nothing, svg, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { distanceM, metres } from "../../kernel/geo";
import { Screen } from "./context";

interface At {
  lat: number;
  lon: number;
}
const HALF_M = 60;
const FAR_M = 100;
const STEP_M = 3;
const M_PER_DEG = 111_320;

@customElement("field-pin-place")
export class PinPlace extends Screen {
  @property() door = "";
  @property({ attribute: false }) at: At | null = null;
  @state() private message = "";
  @state() private centre: At | null = null;
  private dragging = false;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("door")) this.centre = null;
    if (!this.centre || (this.at && distanceM(this.at.lat, this.at.lon, this.centre.lat, this.centre.lon) > HALF_M))
      this.centre = this.at ?? this.centre;
  }

  private readonly take = () => {
    this.message = this.t("locating");
    navigator.geolocation.getCurrentPosition(
      (p) => {
        this.message = this.t("located", { m: Math.round(p.coords.accuracy) });
        this.put({ lat: p.coords.latitude, lon: p.coords.longitude });
      },
      () => (this.message = this.t("notLocated")),
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 0 },
    );
  };

  private put(at: At): void {
    this.tell("place", { lat: Number(at.lat.toFixed(6)), lon: Number(at.lon.toFixed(6)) });
  }

  private by(east: number, north: number): void {
    if (this.at)
      this.put({
        lat: this.at.lat + (north * STEP_M) / M_PER_DEG,
        lon: this.at.lon + (east * STEP_M) / (M_PER_DEG * Math.cos((this.at.lat * Math.PI) / 180)),
      });
  }

  private xy(p: At): [number, number] {
    const c = this.centre!;
    return [(p.lon - c.lon) * M_PER_DEG * Math.cos((c.lat * Math.PI) / 180), -(p.lat - c.lat) * M_PER_DEG];
  }

  private readonly drag = (e: PointerEvent) => {
    if (!this.dragging || !this.centre) return;
    const box = (e.currentTarget as SVGElement).getBoundingClientRect();
    const c = this.centre;
    const x = ((e.clientX - box.left) / box.width) * 2 * HALF_M - HALF_M;
    const y = ((e.clientY - box.top) / box.height) * 2 * HALF_M - HALF_M;
    this.put({ lat: c.lat - y / M_PER_DEG, lon: c.lon + x / (M_PER_DEG * Math.cos((c.lat * Math.PI) / 180)) });
  };

  protected override render(): TemplateResult {
    const { t } = this;
    return html`<fieldset>
      <legend>${t("e_position")}</legend>
      <button class="plain wide" @click=${this.take}>📍 ${t("takeHere")}</button>
      <p role="status">${this.message || (this.at ? nothing : t("noPosition"))}</p>
      ${this.far()}${
        this.at && this.centre
          ? html`${this.plan()}
              <div class="count arrows" role="group" aria-label=${t("nudge")}>
                ${(
                  [
                    ["←", "west", -1, 0],
                    ["↑", "north", 0, 1],
                    ["↓", "south", 0, -1],
                    ["→", "east", 1, 0],
                  ] as const
                ).map(
                  ([sign, word, x, y]) =>
                    html`<button class="plain" aria-label=${t(word)} @click=${() => this.by(x, y)}>${sign}</button>`,
                )}
              </div>`
          : nothing
      }
    </fieldset>`;
  }

  /** Far from where the register has it: perhaps another house, or a phone that does not know where it is. */
  private far(): TemplateResult | typeof nothing {
    const before = this.session.get("door", this.door);
    if (!this.at || !before || before.lat === null || before.lon === null) return nothing;
    const away = distanceM(this.at.lat, this.at.lon, before.lat, before.lon);
    return away > FAR_M ? html`<p class="note" role="status">⚠ ${this.t("farAway", { d: metres(away) })}</p>` : nothing;
  }

  private plan(): TemplateResult {
    const around = this.session
      .all("door")
      .filter(
        ({ id, body }) =>
          id !== this.door &&
          body.lat !== null &&
          distanceM(body.lat, body.lon!, this.centre!.lat, this.centre!.lon) < HALF_M * 1.4,
      )
      .slice(0, 60);
    const [x, y] = this.xy(this.at!);
    return html`<svg
      class="plan"
      viewBox="${-HALF_M} ${-HALF_M} ${2 * HALF_M} ${2 * HALF_M}"
      role="img"
      aria-label=${this.t("planWhat")}
      @pointerdown=${(e: PointerEvent) => {
        this.dragging = true;
        (e.currentTarget as SVGElement).setPointerCapture(e.pointerId);
        this.drag(e);
      }}
      @pointermove=${this.drag}
      @pointerup=${() => (this.dragging = false)}
      @pointercancel=${() => (this.dragging = false)}
    >
      ${around.map(({ body }) => {
        const [a, b] = this.xy({ lat: body.lat!, lon: body.lon! });
        return svg`
          <circle class="other" cx=${a} cy=${b} r="2.5"></circle>
          <text x=${a + 3} y=${b + 2}>${body.number}</text>
        `;
      })}
      ${svg`
        <path class="pin" transform="translate(${x} ${y})" d="M0 0 C-9 -10 -8 -19 0 -19 C8 -19 9 -10 0 0 Z"></path>
        <circle class="hole" cx=${x} cy=${y - 12} r="3"></circle>
      `}
    </svg>`;
  }
}
