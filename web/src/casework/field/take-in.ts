/**
 * The file of another phone that could not send any more: chosen here, opened with that phone's PIN, and sent from
 * here.
 */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { Screen } from "./context";
import { worded } from "./gate";
import "./pin-pad";

@customElement("field-take-in")
export class TakeIn extends Screen {
  @state() private file: File | null = null;
  @state() private busy = false;
  @state() private message = "";
  @state() private came: number | null = null;

  private async open(pin: string): Promise<void> {
    this.busy = true;
    this.message = "";
    try {
      this.came = await this.session.importUnsent(this.file!, pin);
      this.file = null;
    } catch (error) {
      this.message = worded(error, this.tongue);
    }
    this.busy = false;
  }

  private readonly chosen = (e: Event) => {
    this.file = (e.target as HTMLInputElement).files?.[0] ?? null;
    this.message = "";
    this.came = null;
  };

  protected override render(): TemplateResult {
    const { t, session } = this;
    return html`<details>
      <summary>📂 ${t("takeIn")}</summary>
      <p class="quiet">${t("takeInWhat")}</p>
      <label class="field"
        >${t("takeInFile")}<input type="file" accept=".bin,.json" ?disabled=${this.busy} @change=${this.chosen}
      /></label>
      ${
        this.file
          ? html`<p class="name">${t("takeInPin")}</p>
              <pin-pad
                .digits=${session.pinRules.digits}
                .busy=${this.busy}
                .label=${t("takeInPin")}
                @pin=${(e: CustomEvent<string>) => void this.open(e.detail)}
              ></pin-pad>`
          : nothing
      }
      ${this.message ? html`<p class="alert" role="alert">${this.message}</p>` : nothing}
      <p role="status">${this.came === null ? "" : `✔ ${t("takeInDone", { n: this.came })}`}</p>
    </details>`;
  }
}
