/** What was just pressed, and ten seconds to take it back. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { Screen } from "./context";
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
    const left = pressed ? Math.max(0, Math.ceil((pressed.until - Date.now()) / 1000)) : 0;
    return html`<div class="toast ${pressed ? "up" : ""}">
      <span role="status"
        >${
          pressed
            ? `${this.t(`o_${pressed.draft.outcome as "met"}`)} · ${(this.session.get("door", pressed.draft.dwelling)?.address ?? "").split(", ", 1)[0]}`
            : nothing
        }</span
      >
      ${
        pressed
          ? html`<button @click=${() => void this.undo.undo()}>
              ↩ ${this.t("undo")} <span aria-hidden="true">${left}</span>
            </button>`
          : nothing
      }
    </div>`;
  }
}
