/**
 * The way to the desk that the law names, and the numbers. Opening this leaves no trace on the phone or at the server.
 */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { Screen } from "./context";
import type { CodesDoc } from "./types";

@customElement("field-routed")
export class Routed extends Screen {
  @property({ attribute: false }) routed!: CodesDoc["routed"][number];

  protected override firstUpdated(): void {
    this.querySelector("dialog")?.showModal();
  }

  protected override render(): TemplateResult {
    const { t } = this;
    const { go_to: to } = this.routed;
    return html`<dialog aria-labelledby="routed-title" @close=${() => this.tell("shut")}>
      <h2 class="big" id="routed-title" tabindex="-1" autofocus>${t(`r_${this.routed.code as "crime"}`)}</h2>
      <p>${this.tongue === "en" ? to.en : to.vi}</p>
      ${
        to.call.length
          ? html`<div class="stack">
              ${to.call.map((n) => html`<a class="button danger tall" href="tel:${n}">📞 ${t("call", { n })}</a>`)}
            </div>`
          : nothing
      }
      <p class="note">🚫 ${t("nothingKept")}</p>
      <button class="plain wide" @click=${() => this.querySelector("dialog")!.close()}>${t("understood")}</button>
    </dialog>`;
  }
}
