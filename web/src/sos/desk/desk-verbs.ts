/** The moves that the API allows now, as buttons; nothing here knows the lifecycle by heart. */
import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { Light } from "../../ui/light";
import { t, tCode } from "./speech";
import { buttonsOf, endingOf } from "./verbs";

const KEY: Record<string, string> = { acknowledge: "A", transfer: "T", merge: "G", triage: "P" };

@customElement("desk-verbs")
export class DeskVerbs extends Light {
  @property({ attribute: false }) open: string[] = [];
  @property({ type: Boolean }) busy = false;
  @property() override lang = "";

  protected override render() {
    const verbs = buttonsOf(this.open).filter((v) => v !== "close");
    if (!this.open.length) return nothing;
    return html`<section class="verbs" role="group" aria-label=${t("verbs")}>
      ${verbs.map(
        (v) =>
          html`<button
            class=${v === "acknowledge" ? "" : "plain small"}
            ?disabled=${this.busy}
            data-verb=${v}
            @click=${() => this.tell("verb", v)}
          >
            ${tCode("v_", v)}${KEY[v] ? html` <kbd aria-hidden="true">${KEY[v]}</kbd>` : nothing}
          </button>`,
      )}
      ${
        endingOf(this.open).length
          ? html`<button
              class=${this.open.includes("close") ? "" : "plain small"}
              ?disabled=${this.busy}
              data-verb="end"
              @click=${() => this.tell("verb", "end")}
            >
              ${t("endIt")} <kbd aria-hidden="true">C</kbd>
            </button>`
          : nothing
      }
    </section>`;
  }
}
