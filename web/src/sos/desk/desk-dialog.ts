/**
 * What is asked on top of the screen: a verb's needs, the phone intake, the hand-over, the keys. The alarm stays above.
 */
import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Incident, Lifecycles, Place } from "../../contract/types";
import { Light } from "../../ui/light";
import type { Alarm } from "./alarm";
import "./desk-form";
import "./desk-handover";
import "./desk-help";
import "./desk-intake";
import type { Point } from "./intake";

@customElement("desk-dialog")
export class DeskDialog extends Light {
  @property() what: string | null = null;
  @property({ attribute: false }) tables: Lifecycles | null = null;
  @property({ attribute: false }) places: Place[] = [];
  @property({ type: Number }) ward = 0;
  @property({ attribute: false }) point: Point | null = null;
  @property({ attribute: false }) open: Incident[] = [];
  @property({ attribute: false }) originals: Incident[] = [];
  @property({ attribute: false }) alarm!: Alarm;
  @property({ attribute: false }) about: Incident | null = null;
  @property({ type: Boolean }) twice = false;
  @property({ type: Boolean }) busy = false;
  @property() override lang = "";
  private cameFrom: HTMLElement | null = null;

  protected override render() {
    if (!this.what) return nothing;
    // Not modal: the alarm, the queue and the map behind it stay usable (the intake needs the map).
    return html`<div class="dialog ${this.what}" role="dialog" aria-labelledby="dialog-title">${this.body()}</div>`;
  }

  private body() {
    if (this.what === "help") return html`<desk-help .lang=${this.lang}></desk-help>`;
    if (this.what === "new")
      return html`<desk-intake
        .kinds=${this.tables?.kinds ?? []}
        .places=${this.places}
        .ward=${this.ward}
        .point=${this.point}
        .busy=${this.busy}
        .lang=${this.lang}
      ></desk-intake>`;
    if (this.what === "hand")
      return html`<desk-handover
        .open=${this.open}
        .alarm=${this.alarm}
        .busy=${this.busy}
        .lang=${this.lang}
      ></desk-handover>`;
    return html`<desk-form
      .verb=${this.what}
      .tables=${this.tables}
      .originals=${this.originals}
      .about=${this.about}
      .twice=${this.twice}
      .busy=${this.busy}
      .lang=${this.lang}
    ></desk-form>`;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("what") && this.what && !changed.get("what"))
      this.cameFrom = document.activeElement as HTMLElement | null;
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (!changed.has("what")) return;
    if (this.what) void this.focusFirst();
    else this.giveBack();
  }

  /**
   * Back to where it came from; where that is gone by now (a button of a move that was made), to the incident itself.
   */
  private giveBack(): void {
    const inside = document.activeElement && document.activeElement !== document.body;
    if (inside) return; // somebody went on by mouse
    const find = (where: string) => document.querySelector<HTMLElement>(where);
    const back = this.cameFrom?.isConnected && this.cameFrom !== document.body ? this.cameFrom : null;
    (back ?? find("#case-title") ?? find(".card"))?.focus();
  }

  private async focusFirst(): Promise<void> {
    await Promise.all(
      [...this.querySelectorAll<Light>("desk-help, desk-intake, desk-handover, desk-form")].map(
        (e) => e.updateComplete,
      ),
    );
    this.querySelector<HTMLElement>("input, textarea, select, button")?.focus();
  }
}
