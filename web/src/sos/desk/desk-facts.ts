/** What is known of one incident: what, where, who, and each step's time. */
import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Incident } from "../../contract/types";
import { clock } from "../../kernel/time";
import { Light } from "../../ui/light";
import { kindIcon } from "./icons";
import { t, tCode } from "./speech";
import { kindName, placeLine, tagsOf } from "./tags";

@customElement("desk-facts")
export class DeskFacts extends Light {
  @property({ attribute: false }) incident!: Incident;
  @property({ type: Number }) now = 0;
  @property() override lang = "";

  protected override render() {
    const i = this.incident;
    return html`<header class="case-head">
        <span class="prio ${i.priority}">${i.priority}</span>
        <h2 id="case-title" tabindex="-1">${kindIcon(i.kind)} ${kindName(i)}</h2>
        <span class="state ${i.state}">${tCode("state_", i.state)}</span>
      </header>
      <div class="tags">${tagsOf(i).map((tag) => html`<span class="tag ${tag.kind}">${tag.text}</span>`)}</div>
      <dl class="facts">
        ${this.line(
          t("place"),
          html`${placeLine(i, this.now)}${
            i.lat === null ? nothing : html` <span class="mono">${i.lat.toFixed(5)}, ${i.lon!.toFixed(5)}</span>`
          }`,
        )}
        ${this.line(
          t("phone"),
          i.may_ring_back
            ? i.phone
              ? html`<a href="tel:${i.phone}">${i.phone}</a>`
              : t("noPhone")
            : html`<b class="no-call">${t("noCall")}</b>`,
        )}
        ${this.line(t("note"), i.note || t("noNote"))} ${this.line(t("channel"), tCode("channel_", i.channel))}
        ${i.call.length ? this.line(t("callThem"), i.call.join(" · ")) : nothing}
        ${this.line(t("receivedAt"), clock(i.received_at))}
        ${i.seen_at ? this.line(t("seenAt"), clock(i.seen_at)) : nothing}
        ${
          i.acknowledged_at
            ? this.line(t("ackBy"), `${clock(i.acknowledged_at)} ${i.acknowledged_by_name ?? ""}`)
            : nothing
        }
        ${i.coming_at ? this.line(t("comingAt"), clock(i.coming_at)) : nothing}
        ${i.arrived_at ? this.line(t("arrivedAt"), clock(i.arrived_at)) : nothing}
      </dl>`;
  }

  private line(name: string, value: unknown) {
    return html`<div>
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>`;
  }
}
