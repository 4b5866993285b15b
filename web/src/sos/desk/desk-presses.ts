/** The presses that were collapsed into one incident because too many came from one source. One may be real. */
import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { CollapsedPress } from "../../contract/types";
import { clock } from "../../kernel/time";
import { metres } from "../../kernel/geo";
import { Light } from "../../ui/light";
import { either, t, tCode } from "./speech";

@customElement("desk-presses")
export class DeskPresses extends Light {
  @property({ attribute: false }) presses: CollapsedPress[] = [];
  @property({ type: Number }) total = 0;
  /** Whether there are more than are shown. */
  @property({ type: Boolean }) more = false;
  @property({ type: Boolean }) busy = false;
  @property() override lang = "";

  protected override render() {
    return html`<section aria-labelledby="presses-title">
      <h3 id="presses-title">${t("oneSource", { n: this.total })}</h3>
      <p class="quiet">${t("oneSourceWhy")}</p>
      <ol class="presses">
        ${this.presses.map((p) => this.one(p))}
      </ol>
      ${
        this.more
          ? html`<button class="plain small" @click=${() => this.tell("more-presses")}>${t("olderPresses")}</button>`
          : nothing
      }
    </section>`;
  }

  private one(p: CollapsedPress) {
    const name = either(p.kind_name) || tCode("", p.kind);
    return html`<li data-press=${p.press_id}>
      <span><time datetime=${p.received_at}>${clock(p.received_at)}</time> <b>${name}</b></span>
      ${p.duress ? html`<span class="tag duress">${t("duress")}</span>` : nothing}
      ${p.cancelled ? html`<span class="tag cancel">${t("cancelled")}</span>` : nothing}
      ${p.drill ? html`<span class="tag drill">${t("drill")}</span>` : nothing}
      <span class="quiet">${where(p)} · ${p.may_ring_back ? phone(p) : t("noCall")}</span>
      ${p.note ? html`<span class="say">${p.note}</span>` : nothing}
      <button class="small" ?disabled=${this.busy} @click=${() => this.tell("split", p.press_id)}>${t("split")}</button>
    </li>`;
  }
}

const phone = (p: CollapsedPress) => (p.phone ? html`<a href="tel:${p.phone}">${p.phone}</a>` : t("noPhone"));

function where(p: CollapsedPress): string {
  const spot = p.lat === null ? "" : `${p.lat.toFixed(5)}, ${p.lon!.toFixed(5)}`;
  const about = p.lat !== null && p.accuracy_m !== null ? ` ±${metres(p.accuracy_m)}` : "";
  return (
    [p.place_name ? t("atPlace", { place: p.place_name }) : "", spot + about].filter(Boolean).join(", ") || t("noPlace")
  );
}
