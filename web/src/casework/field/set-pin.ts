/** A new PIN: typed twice, and said beforehand what it protects and what happens when it is forgotten. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { Screen } from "./context";
import "./pin-pad";

/** One digit over and over, or a run up or down: what somebody would try first. */
export function guessable(pin: string): boolean {
  const steps = new Set([...pin].slice(1).map((d, i) => Number(d) - Number(pin[i])));
  return steps.size === 1 && [0, 1, -1].includes([...steps][0]!);
}

/** Emits `chosen` with the PIN. */
@customElement("set-pin")
export class SetPin extends Screen {
  @property({ type: Boolean }) busy = false;
  @state() private first = "";
  @state() private wrong: "" | "pinGuess" | "pinDiffer" = "";

  private readonly typed = (e: CustomEvent<string>) => {
    e.stopPropagation();
    const pin = e.detail;
    if (!this.first) {
      this.wrong = guessable(pin) ? "pinGuess" : "";
      this.first = this.wrong ? "" : pin;
    } else if (pin !== this.first) {
      this.first = "";
      this.wrong = "pinDiffer";
    } else this.tell("chosen", pin);
  };

  protected override render(): TemplateResult {
    const { t } = this;
    const { digits, tries } = this.session.pinRules;
    return html`<p class="big" role="status">
        ${this.busy ? t("pinMaking") : this.first ? t("pinAgain") : t("pinFirst", { n: digits })}
      </p>
      ${this.wrong ? html`<p class="alert" role="alert">${t(this.wrong)}</p>` : nothing}
      <pin-pad
        .digits=${digits}
        .busy=${this.busy}
        .label=${this.first ? t("pinAgain") : t("pinFirst", { n: digits })}
        @pin=${this.typed}
      ></pin-pad>
      ${
        this.first
          ? html`<button
              class="plain wide"
              @click=${() => {
                this.first = "";
                this.wrong = "";
              }}
            >
              ${t("pinOver")}
            </button>`
          : html`<p class="note">🔐 ${t("pinWhy")}</p>
              <p class="note">⚠ ${t("pinTen", { n: tries })}</p>`
      }`;
  }
}
