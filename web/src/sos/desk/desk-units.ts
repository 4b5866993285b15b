/** Which unit to send and why; 1–9 and S send without a mouse. */
import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { RankedUnit, Recommendation } from "../../contract/types";
import { metres } from "../../kernel/geo";
import { Light } from "../../ui/light";
import { language, t, tCode } from "./speech";

/** Units that can be sent, in the order of their numbers. */
export const usable = (rec: Recommendation | null): RankedUnit[] => rec?.units.filter((u) => !u.excluded) ?? [];

const far = (m: number) => (language() === "vi" ? metres(m) : metres(m).replace(",", "."));

@customElement("desk-units")
export class DeskUnits extends Light {
  @property({ attribute: false }) rec: Recommendation | null = null;
  @property({ type: Boolean }) more = false;
  @property({ type: Boolean }) busy = false;
  @property() override lang = "";

  protected override render() {
    const list = usable(this.rec);
    const out = this.rec?.units.filter((u) => u.excluded) ?? [];
    return html`<section aria-labelledby="units-title">
      <h3 id="units-title">${t("units")}</h3>
      ${
        this.rec?.method === "straight_line"
          ? html`<p class="quiet method">
              ${t("straight", { factor: String(this.rec.factor).replace(".", language() === "vi" ? "," : ".") })}
            </p>`
          : nothing
      }
      ${
        !this.rec
          ? html`<p class="quiet">${t("unitsWait")}</p>`
          : list.length || out.length
            ? nothing
            : html`<p>${t("unitsNone")}</p>`
      }
      <ol class="units">
        ${list.map((u, n) => this.unit(u, n))}
      </ol>
      ${
        out.length
          ? html`<details>
              <summary>${t("others", { n: out.length })}</summary>
              <ul class="units out">
                ${out.map(
                  (u) =>
                    html`<li>
                      <b>${u.call_sign}</b> <span class="quiet">${this.why(u) || tCode("u_", u.status)}</span>
                    </li>`,
                )}
              </ul>
            </details>`
          : nothing
      }
    </section>`;
  }

  private unit(u: RankedUnit, n: number) {
    // A call sign stays in one piece.
    const words = t(this.more ? "sendMore" : "sendUnit", { unit: u.call_sign.replaceAll("-", "\u2011") });
    return html`<li class="unit ${u.status} ${n === 0 && u.status === "free" ? "best" : ""}">
      <button class=${n === 0 ? "" : "plain"} ?disabled=${this.busy} @click=${() => this.tell("send", u)}>
        ${words} ${n < 9 ? html`<kbd aria-hidden="true">${n === 0 ? "S" : n + 1}</kbd>` : nothing}
      </button>
      <span class="unit-text"
        >${n === 0 && u.status === "free" ? html`<b class="best-mark">${t("best")}</b> ` : nothing}${
          u.eta_s === null
            ? nothing
            : html`<b>${t("eta", { min: Math.max(1, Math.round(u.eta_s / 60)) })}</b> · ${far(u.distance_m ?? 0)} · `
        }<span class="u-status">${tCode("u_", u.status)}</span><br /><span class="quiet">${this.why(u)}</span></span
      >
    </li>`;
  }

  private why(u: RankedUnit): string {
    return (language() === "vi" ? u.reasons.vi : u.reasons.en).join("; ");
  }
}
