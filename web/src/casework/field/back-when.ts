/** When to come back: four times that one tap chooses, or another. Emits `when` with the time. */
import { html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { Screen } from "./context";
import { comeBackChoices, fromPicker, short, toPicker } from "./times";

@customElement("field-back-when")
export class BackWhen extends Screen {
  @state() private own = "";

  protected override render(): TemplateResult {
    const { t } = this;
    const now = Date.now();
    return html`<h2 class="big">${t("whenBack")}</h2>
      <div class="outcomes">
        ${comeBackChoices(now).map(
          (c) =>
            html`<button @click=${() => this.tell("when", c.at)}>
              <span>${t(`w_${c.when}`)}<small>${short(c.at, this.tongue, now)}</small></span>
            </button>`,
        )}
      </div>
      <label class="field"
        >${t("otherTime")}<input
          type="datetime-local"
          min=${toPicker(new Date(now).toISOString())}
          .value=${this.own}
          @input=${(e: Event) => (this.own = (e.target as HTMLInputElement).value)}
      /></label>
      <div class="row">
        <button class="plain" @click=${() => this.tell("cancel")}>${t("back")}</button
        ><button
          ?disabled=${!this.own || Date.parse(fromPicker(this.own)) < now}
          @click=${() => this.tell("when", fromPicker(this.own))}
        >
          ${t("useTime")}
        </button>
      </div>`;
  }
}
