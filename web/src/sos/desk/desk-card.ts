/** One incident in the queue. A note is text, never markup. */
import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { clock, span } from "../../kernel/time";
import { Light } from "../../ui/light";
import { kindIcon } from "./icons";
import type { Row } from "./board";
import { leftS, waitedS } from "./queue";
import { t, tCode } from "./speech";
import { kindName, placeLine, tagsOf } from "./tags";

@customElement("desk-card")
export class DeskCard extends Light {
  @property({ attribute: false }) row!: Row;
  @property({ type: Number }) now = 0;
  @property({ type: Boolean }) chosen = false;
  @property() override lang = "";
  @property({ type: Number }) hushedS = 0;

  protected override render() {
    const i = this.row.incident;
    return html`<button
      class="card ${i.state} ${i.priority} ${this.chosen ? "chosen" : ""}"
      aria-pressed=${this.chosen}
      data-id=${i.id}
      @click=${() => this.tell("choose", i.id)}
    >
      <span class="card-top"
        ><span class="prio">${i.priority}</span>${kindIcon(i.kind)}<b class="kind">${kindName(i)}</b>
        <span class="wait"
          ><span class="sr">${t(i.acknowledged_at ? "waited" : "waiting")}</span> ${span(waitedS(i, this.now))}</span
        ></span
      >
      <span class="card-state"
        >${tCode("state_", i.state)}${this.clock()}${
          this.hushedS ? html` · ${t("hushed", { s: this.hushedS })}` : nothing
        }</span
      >
      ${tagsOf(i).map((tag) => html`<span class="tag ${tag.kind}">${tag.text}</span>`)}
      <span class="card-line">${placeLine(i, this.now)}</span>
      ${i.note ? html`<span class="card-note">“${i.note}”</span>` : nothing}
      <span class="card-line quiet"
        >${i.may_ring_back ? (i.phone ?? t("noPhone")) : t("noCall")} · ${clock(i.received_at)}${this.units()}</span
      >
      ${
        i.acknowledged_at && i.acknowledged_by_name
          ? html`<span class="card-line quiet"
              >${t("ackBy")}: ${i.acknowledged_by_name} ${clock(i.acknowledged_at)}</span
            >`
          : nothing
      }
    </button>`;
  }

  private clock() {
    const left = leftS(this.row.incident, this.now);
    if (left === null) return nothing;
    return left >= 0
      ? html` · ${t("clockLeft", { t: span(left) })}`
      : html` · <span class="over">${t("clockOver", { t: span(-left) })}</span>`;
  }

  private units() {
    const names = this.row.assignments.map((a) => a.call_sign).join(", ");
    return names ? ` · ${names}` : "";
  }
}
