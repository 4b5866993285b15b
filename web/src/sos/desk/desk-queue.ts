/** The one queue: every open incident, most pressing first. */
import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { Light } from "../../ui/light";
import type { Alarm } from "./alarm";
import type { Row } from "./board";
import "./desk-card";
import { t } from "./speech";

export const SHOWN = 120;

@customElement("desk-queue")
export class DeskQueue extends Light {
  @property({ attribute: false }) rows: Row[] = [];
  @property({ attribute: false }) alarm: Alarm | null = null;
  @property() chosen: string | null = null;
  @property({ type: Number }) now = 0;
  /** Open incidents that were not loaded. */
  @property({ type: Number }) left = 0;
  @property() override lang = "";

  protected override render() {
    return html`<section class="pane queue" aria-label=${t("queue")}>
      <h2 class="pane-title">${t("queue")} <span class="count">${this.rows.length + this.left}</span></h2>
      ${
        this.left
          ? html`<p class="left" role="status">
              ${t("left", { n: this.left })}
              <button class="small" @click=${() => this.tell("read-more")}>${t("readMore")}</button>
            </p>`
          : nothing
      }
      ${
        this.rows.length
          ? nothing
          : html`<div class="empty">
              <p class="big">${t("queueEmpty")}</p>
              <p>${t("queueEmptyMore")}</p>
            </div>`
      }
      <ol class="cards">
        ${repeat(
          this.rows.slice(0, SHOWN),
          (r) => r.incident.id,
          (r) =>
            html`<li>
              <desk-card
                .row=${r}
                .now=${this.now}
                .lang=${this.lang}
                .chosen=${r.incident.id === this.chosen}
                .hushedS=${this.hushedS(r)}
              ></desk-card>
            </li>`,
        )}
      </ol>
      ${
        this.rows.length > SHOWN
          ? html`<p class="quiet more">${t("more", { n: this.rows.length - SHOWN })}</p>`
          : nothing
      }
    </section>`;
  }

  private hushedS(row: Row): number {
    const entry = this.alarm?.hushed.get(row.incident.id);
    return entry && row.incident.state === "received" ? Math.max(0, Math.ceil((entry.until - this.now) / 1000)) : 0;
  }
}
