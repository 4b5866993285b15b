/** What was just pressed, and ten seconds to take it back. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { Screen } from "./context";
import type { Draft } from "./types";
import type { Undo } from "./undo";

@customElement("field-undo")
export class UndoBar extends Screen {
  @property({ attribute: false }) undo!: Undo;
  private readonly redraw = () => this.requestUpdate();
  private timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.undo.addEventListener("change", this.redraw);
    this.timer = setInterval(() => this.undo.pressed && this.requestUpdate(), 500);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.undo.removeEventListener("change", this.redraw);
    clearInterval(this.timer);
  }

  protected override render(): TemplateResult {
    const { pressed } = this.undo;
    return html`<div class="toast ${pressed ? "up" : ""}">
      <span role="status">${pressed ? this.what(pressed.draft) : nothing}</span>
      ${pressed ? this.button(pressed.until) : nothing}
    </div>`;
  }

  private what(draft: Draft): string {
    const address = this.session.get("door", draft.dwelling)?.address ?? "";
    return `${this.t(`o_${draft.outcome as "met"}`)} · ${address.split(", ", 1)[0]}`;
  }

  private button(until: number): TemplateResult {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    return html`<button @click=${() => void this.undo.undo()}>
      ↩ ${this.t("undo")} <span aria-hidden="true">${left}</span>
    </button>`;
  }
}
