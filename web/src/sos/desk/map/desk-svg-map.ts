/** The simple map: plain SVG with the same layers, for machines without WebGL and until the large one is loaded. */
import { html, nothing, svg } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { Light } from "../../../ui/light";
import { kindName } from "../tags";
import { t } from "../speech";
import { boxOf, circle, located, lookM, plane, ringsOf, unitMarks, unplane, type Scene } from "./ground";

interface View {
  x: number;
  y: number;
  w: number;
}

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
    const to = plane(this.box);
    const v = this.view ?? this.whole();
    const h = v.w / this.ratio();
    const px = v.w / (this.clientWidth || 600); // metres per pixel
    const at = (p: { lat: number; lon: number }) =>
      to(p.lat, p.lon)
        .map((n) => n.toFixed(1))
        .join(" ");
    const path = (rings: number[][][]) =>
      rings
        .map(
          (r) =>
            `M${r
              .map(([lon, lat]) =>
                to(lat!, lon!)
                  .map((n) => n.toFixed(1))
                  .join(","),
              )
              .join("L")}Z`,
        )
        .join("");
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
        <path
          class="ward"
          d=${path(ringsOf(this.scene.ward?.boundary ?? null))}
          vector-effect="non-scaling-stroke"
        ></path>
        ${located(this.scene.incidents).map((i) =>
          i.accuracy_m
            ? svg`<path class="circle ${i.state}" d=${path([circle(i, i.accuracy_m)])} vector-effect="non-scaling-stroke"></path>`
            : nothing,
        )}
        ${this.scene.places.map(
          (p) =>
            svg`<g transform="translate(${at(p)}) scale(${px})" class="anchor"><rect x="-5" y="-5" width="10" height="10" transform="rotate(45)"></rect><text y="20">${p.name}</text></g>`,
        )}
        ${unitMarks(this.scene.units, this.scene.now).map(
          (u) =>
            svg`<g transform="translate(${at(u)}) scale(${px})" class="unit-mark ${u.fresh} ${u.busy ? "busy" : ""}">${
              u.heading === null
                ? svg`<circle r="8"></circle>`
                : svg`<path d="M0,-12 L8,9 L0,4 L-8,9 Z" transform="rotate(${u.heading})"></path>`
            }<text y="-15">${u.name}</text></g>`,
        )}
        ${located(this.scene.incidents).map(
          (i) =>
            svg`<g transform="translate(${at(i)}) scale(${px})" class="incident-mark ${i.state} ${
              i.id === this.scene.chosen ? "chosen" : ""
            }" @pointerup=${() => this.choose(i.id)}><circle r="11"></circle><text y="4.5">${i.priority[1]}</text><title>${kindName(i)}</title></g>`,
        )}
        ${
          this.scene.picked
            ? svg`<g transform="translate(${at(this.scene.picked)}) scale(${px})" class="picked"><path d="M0 0 L-9 -20 A10 10 0 1 1 9 -20 Z"></path></g>`
            : nothing
        }
      </svg>
      <div class="map-keys">
        <button class="plain" aria-label=${t("zoomIn")} @click=${() => this.zoom(0.6)}>+</button
        ><button class="plain" aria-label=${t("zoomOut")} @click=${() => this.zoom(1.6)}>−</button
        ><button class="plain" aria-label=${t("wholeWard")} @click=${() => (this.view = this.whole())}>⌂</button>
      </div>`;
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
