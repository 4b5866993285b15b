/**
 * For the resident: a code and a picture of it, to book, move or decline the next visit. Drawn here, without a network.
 */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { Screen } from "./context";

@customElement("field-slip")
export class Slip extends Screen {
  @property({ attribute: false }) slip!: { code: string; url: string };
  @state() private svg = "";
  @state() private open = false;

  private async turn(e: Event): Promise<void> {
    this.open = (e.target as HTMLDetailsElement).open;
    if (!this.open) return;
    const { renderSVG } = await import("uqr");
    this.svg = renderSVG(new URL(this.slip.url, location.origin).href, { ecc: "M", border: 3 });
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("slip") && changed.get("slip") && (changed.get("slip") as { code: string }).code !== this.slip.code)
      this.svg = "";
  }

  protected override render(): TemplateResult {
    const { t } = this;
    return html`<details class="card" @toggle=${(e: Event) => void this.turn(e)}>
      <summary>🎫 ${t("slip")}</summary>
      <p>${t("slipWhat")}</p>
      ${
        this.open && this.svg
          ? html`<div class="qr" role="img" aria-label=${t("slipQr", { c: this.slip.code })}>
              ${unsafeHTML(this.svg)}
            </div>`
          : nothing
      }
      <p class="code big">${spaced(this.slip.code)}</p>
      <p class="quiet url">${this.slip.url}</p>
    </details>`;
  }
}

/** As on paper: two groups of five. */
export const spaced = (code: string): string => code.replace(/-/g, "").replace(/(.{5})(?=.)/g, "$1-");
