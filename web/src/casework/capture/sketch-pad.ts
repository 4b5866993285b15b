/** A frame to draw in with finger, pen or mouse. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CaptureT } from "../../i18n/capture";
import { Light } from "../../ui/light";
import { blobOf } from "./shrink";
import { BYTES_MOST, HEIGHT, paint, Strokes, WIDTH, type Ink } from "./strokes";

@customElement("sketch-pad")
export class SketchPad extends Light {
  @property({ attribute: false }) t!: CaptureT;
  @state() private ink: Ink = "black";
  @state() private full = false;
  private readonly strokes = new Strokes();
  private drawing: number | null = null;

  private get canvas(): HTMLCanvasElement {
    return this.querySelector("canvas")!;
  }

  private at(e: PointerEvent): [number, number] {
    const box = this.canvas.getBoundingClientRect();
    return [(e.clientX - box.left) / (box.width || 1), (e.clientY - box.top) / (box.height || 1)];
  }

  private readonly down = (e: PointerEvent) => {
    if (this.drawing !== null || e.button > 0) return; // a second finger, the other mouse button
    e.preventDefault();
    this.drawing = e.pointerId;
    this.canvas.setPointerCapture?.(e.pointerId);
    this.strokes.begin(this.ink, ...this.at(e));
    this.show();
  };

  private readonly move = (e: PointerEvent) => {
    if (e.pointerId !== this.drawing) return;
    let more = false;
    for (const each of e.getCoalescedEvents?.() ?? [e]) more = this.strokes.extend(...this.at(each)) || more;
    if (more) this.show();
  };

  private readonly up = (e: PointerEvent) => {
    if (e.pointerId === this.drawing) this.drawing = null;
  };

  private paint(): void {
    const brush = this.canvas.getContext("2d");
    if (brush) paint(brush, this.strokes.all, WIDTH, HEIGHT);
  }

  private show(): void {
    this.paint();
    this.full = false;
    this.requestUpdate();
  }

  private back(all: boolean): void {
    if (all) this.strokes.clear();
    else this.strokes.undo();
    this.show();
  }

  private async keep(): Promise<void> {
    const blob = await blobOf(this.canvas, "image/png");
    if (blob.size > BYTES_MOST) this.full = true;
    else this.tell("drawn", blob);
  }

  protected override firstUpdated(): void {
    this.paint();
  }

  protected override render(): TemplateResult {
    const { t } = this;
    const none = this.strokes.all.length === 0;
    const pen = (ink: Ink) =>
      html`<button class="plain" aria-pressed=${this.ink === ink} @click=${() => (this.ink = ink)}>
        ${this.ink === ink ? "● " : "○ "}${t(ink)}
      </button>`;
    return html`<div class="row">${pen("black")}${pen("red")}</div>
      <canvas
        width=${WIDTH}
        height=${HEIGHT}
        role="img"
        aria-label=${t("pad")}
        @pointerdown=${this.down}
        @pointermove=${this.move}
        @pointerup=${this.up}
        @pointercancel=${this.up}
      ></canvas>
      ${this.full ? html`<p class="alert" role="alert">${t("padFull")}</p>` : nothing}
      <div class="row">
        <button class="plain" ?disabled=${none} @click=${() => this.back(false)}>${t("undo")}</button
        ><button class="plain" ?disabled=${none} @click=${() => this.back(true)}>${t("wipe")}</button>
      </div>
      <div class="row">
        <button class="plain" @click=${() => this.tell("cancel")}>${t("cancel")}</button
        ><button ?disabled=${none} @click=${() => void this.keep()}>${t("keep")}</button>
      </div>`;
  }
}
