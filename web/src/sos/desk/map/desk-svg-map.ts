/** The simple map: plain SVG with the same layers, for machines without WebGL and until the large one is loaded. */
import { html, nothing, svg } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Incident } from "../../../contract/types";
import { Light } from "../../../ui/light";
import type { Point } from "../intake";
import { kindName } from "../tags";
import { t } from "../speech";
import { boxOf, circle, located, lookM, plane, ringsOf, unitMarks, unplane, type Scene } from "./ground";

interface View {
  x: number;
  y: number;
  w: number;
}

const anchor = (name: string, transform: string) =>
  svg`<g transform=${transform} class="anchor">
    <rect x="-5" y="-5" width="10" height="10" transform="rotate(45)"></rect>
    <text y="20">${name}</text>
  </g>`;

/** An arrow where its heading is known, else a disc. */
const unitMark = (u: ReturnType<typeof unitMarks>[number], transform: string) => {
  const shape =
    u.heading === null
      ? svg`<circle r="8"></circle>`
      : svg`<path d="M0,-12 L8,9 L0,4 L-8,9 Z" transform="rotate(${u.heading})"></path>`;
  return svg`<g transform=${transform} class="unit-mark ${u.fresh} ${u.busy ? "busy" : ""}">
    ${shape}
    <text y="-15">${u.name}</text>
  </g>`;
};

const pin = (transform: string) =>
  svg`<g transform=${transform} class="picked"><path d="M0 0 L-9 -20 A10 10 0 1 1 9 -20 Z"></path></g>`;

@customElement("desk-svg-map")
export class DeskSvgMap extends Light {
  @property({ attribute: false }) scene!: Scene;
  @property() override lang = "";
  @state() private view: View | null = null;
  private looked: string | null = null;
  private drag: { x: number; y: number; view: View; moved: boolean } | null = null;

  private get box() {
    return boxOf(this.scene);
  }

  private whole(): View {
    const to = plane(this.box);
    const [x1, y1] = to(this.box.north, this.box.west);
    const [x2, y2] = to(this.box.south, this.box.east);
    return { x: (x1 + x2) / 2, y: (y1 + y2) / 2, w: Math.max(x2 - x1, (y2 - y1) * this.ratio(), 400) * 1.1 };
  }

  private ratio(): number {
    return (this.clientWidth || 600) / (this.clientHeight || 500);
  }

  override willUpdate(): void {
    const chosen = this.scene.incidents.find((i) => i.id === this.scene.chosen);
    if (this.scene.chosen === this.looked || (chosen && chosen.lat === null)) return;
    this.looked = this.scene.chosen;
    if (!chosen) return;
    const [x, y] = plane(this.box)(chosen.lat!, chosen.lon!);
    this.view = { x, y, w: lookM(chosen, this.scene) * 2.2 };
  }

  protected override render() {
    const v = this.view ?? this.whole();
    const h = v.w / this.ratio();
    return html`<svg
        class="svg-map"
        viewBox="${v.x - v.w / 2} ${v.y - h / 2} ${v.w} ${h}"
        role="img"
        aria-label=${t("map")}
        @pointerdown=${this.down}
        @pointermove=${this.move}
        @pointerup=${this.up}
        @wheel=${this.wheel}
      >
        ${this.layers(v.w / (this.clientWidth || 600))}
      </svg>
      <div class="map-keys">
        <button class="plain" aria-label=${t("zoomIn")} @click=${() => this.zoom(0.6)}>+</button
        ><button class="plain" aria-label=${t("zoomOut")} @click=${() => this.zoom(1.6)}>−</button
        ><button class="plain" aria-label=${t("wholeWard")} @click=${() => (this.view = this.whole())}>⌂</button>
      </div>`;
  }

  /** From the ground up: the ward, how exact each position is, places, units, incidents, the point just picked. */
  private layers(metresPerPixel: number) {
    const { ward, places, units, incidents, picked, now } = this.scene;
    const placed = located(incidents);
    const exact = placed.map((i) =>
      i.accuracy_m ? this.outline(`circle ${i.state}`, [circle(i, i.accuracy_m)]) : nothing,
    );
    const stand = (p: Point) => `translate(${this.at(p, " ")}) scale(${metresPerPixel})`;
    return svg`
      ${this.outline("ward", ringsOf(ward?.boundary ?? null))}
      ${exact}
      ${places.map((p) => anchor(p.name, stand(p)))}
      ${unitMarks(units, now).map((u) => unitMark(u, stand(u)))}
      ${placed.map((i) => this.incidentMark(i, stand(i)))}
      ${picked ? pin(stand(picked)) : nothing}
    `;
  }

  private at(p: Point, between: string): string {
    return plane(this.box)(p.lat, p.lon)
      .map((n) => n.toFixed(1))
      .join(between);
  }

  private outline(name: string, rings: number[][][]) {
    const ring = (points: number[][]) => points.map(([lon, lat]) => this.at({ lat: lat!, lon: lon! }, ",")).join("L");
    const d = rings.map((points) => `M${ring(points)}Z`).join("");
    return svg`<path class=${name} d=${d} vector-effect="non-scaling-stroke"></path>`;
  }

  private incidentMark(i: Incident, transform: string) {
    const chosen = i.id === this.scene.chosen ? "chosen" : "";
    return svg`<g
      transform=${transform}
      class="incident-mark ${i.state} ${chosen}"
      @pointerup=${() => this.choose(i.id)}
    >
      <circle r="11"></circle>
      <text y="4.5">${i.priority[1]}</text>
      <title>${kindName(i)}</title>
    </g>`;
  }

  private choose(id: string): void {
    if (!this.drag?.moved) this.tell("choose", id);
  }

  private zoom(by: number): void {
    const v = this.view ?? this.whole();
    this.view = { ...v, w: Math.min(200_000, Math.max(80, v.w * by)) };
  }

  private readonly wheel = (e: WheelEvent) => {
    e.preventDefault();
    this.zoom(e.deltaY > 0 ? 1.2 : 1 / 1.2);
  };
  private readonly down = (e: PointerEvent) => {
    this.drag = { x: e.clientX, y: e.clientY, view: this.view ?? this.whole(), moved: false };
  };
  private readonly move = (e: PointerEvent) => {
    if (!this.drag || !e.buttons) return;
    const px = this.drag.view.w / (this.clientWidth || 600);
    const dx = e.clientX - this.drag.x;
    const dy = e.clientY - this.drag.y;
    if (Math.abs(dx) + Math.abs(dy) > 6) this.drag.moved = true;
    if (this.drag.moved)
      this.view = { ...this.drag.view, x: this.drag.view.x - dx * px, y: this.drag.view.y - dy * px };
  };
  private readonly up = (e: PointerEvent) => {
    if (this.drag && !this.drag.moved) this.tell("pick", this.pointAt(e));
    this.drag = null;
  };

  private pointAt(e: PointerEvent) {
    const v = this.view ?? this.whole();
    const frame = this.querySelector("svg")!.getBoundingClientRect();
    const px = v.w / (frame.width || 600);
    return unplane(this.box)(
      v.x + (e.clientX - frame.left - frame.width / 2) * px,
      v.y + (e.clientY - frame.top - frame.height / 2) * px,
    );
  }
}
