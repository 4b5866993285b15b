/** Our own keypad: big keys, the same place every time, and no keyboard that remembers what was typed. */
import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { Screen } from "./context";

@customElement("pin-pad")
export class PinPad extends Screen {
  @property({ type: Number }) digits = 6;
  @property({ type: Boolean }) busy = false;
  @property() label = "";
  @state() private typed = "";
  private readonly key = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (/^\d$/.test(e.key)) this.press(e.key);
    else if (e.key === "Backspace") this.back();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.key);
  }

  clear(): void {
    this.typed = "";
  }

  private press(digit: string): void {
    if (this.busy || this.typed.length >= this.digits) return;
    this.typed += digit;
    navigator.vibrate?.(15);
    if (this.typed.length < this.digits) return;
    const pin = this.typed;
    setTimeout(() => {
      this.clear();
      this.tell("pin", pin);
    }, 120); // the last dot is seen before the screen changes
  }

  private back(): void {
    if (!this.busy) this.typed = this.typed.slice(0, -1);
  }

  protected override render(): TemplateResult {
    const { t } = this;
    const dots = Array.from(
      { length: this.digits },
      (_, i) => html`<i class=${i < this.typed.length ? "on" : ""}></i>`,
    );
    const key = (digit: string) =>
      html`<button class="plain" ?disabled=${this.busy} @click=${() => this.press(digit)}>${digit}</button>`;
    return html`<div class="dots" aria-hidden="true">${dots}</div>
      <p class="sr" role="status">${this.typed ? t("typed", { n: this.typed.length, of: this.digits }) : ""}</p>
      <div class="pad" role="group" aria-label=${this.label}>
        ${["1", "2", "3", "4", "5", "6", "7", "8", "9"].map(key)}
        <button class="plain word" ?disabled=${this.busy} @click=${() => this.clear()}>${t("clear")}</button>${key("0")}
        <button class="plain" aria-label=${t("erase")} ?disabled=${this.busy} @click=${() => this.back()}>⌫</button>
      </div>`;
  }
}
