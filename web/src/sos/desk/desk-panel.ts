/** One incident, whole: facts, moves, units to send, units on it, chat, timeline. */
import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { FullIncident, Incident } from "../../contract/types";
import { Light } from "../../ui/light";
import type { Casefile } from "./casefile";
import "./desk-chat";
import "./desk-facts";
import "./desk-presses";
import "./desk-tasks";
import "./desk-timeline";
import "./desk-units";
import "./desk-verbs";
import type { Names } from "./says";
import { t } from "./speech";
import { sendVerb } from "./verbs";

@customElement("desk-panel")
export class DeskPanel extends Light {
  /** The row of the queue at once, the whole incident as soon as it is read. */
  @property({ attribute: false }) incident: Incident | FullIncident | null = null;
  @property({ attribute: false }) file!: Casefile;
  @property({ attribute: false }) names!: Names;
  @property({ type: Number }) now = 0;
  @property({ type: Boolean }) busy = false;
  @property() override lang = "";

  protected override render() {
    const i = this.incident;
    if (!i)
      return html`<section class="pane case" aria-label=${t("viewCase")}><p class="empty">${t("choose")}</p></section>`;
    const whole = "messages" in i ? i : null;
    const send = sendVerb(i.verbs);
    return html`<section class="pane case" aria-labelledby="case-title">
      <desk-facts .incident=${i} .now=${this.now} .lang=${this.lang}></desk-facts>
      ${
        i.one_source
          ? html`<desk-presses
              .presses=${[...this.file.presses.lines].reverse()}
              .total=${i.repeats}
              .more=${this.file.presses.older !== null}
              .busy=${this.busy}
              .lang=${this.lang}
            ></desk-presses>`
          : nothing
      }
      <desk-verbs .open=${i.verbs} .busy=${this.busy} .lang=${this.lang}></desk-verbs>
      <desk-tasks .tasks=${whole?.assignments ?? []} .now=${this.now} .lang=${this.lang}></desk-tasks>
      ${
        send
          ? html`<desk-units
              .rec=${this.file.recommendation}
              .more=${send === "reinforce"}
              .busy=${this.busy}
              .lang=${this.lang}
            ></desk-units>`
          : nothing
      }
      <desk-chat
        .about=${i.id}
        .lines=${whole?.messages ?? []}
        .more=${Boolean(whole?.messages_older)}
        .silent=${!i.may_ring_back}
        .duress=${i.duress}
        .lang=${this.lang}
      ></desk-chat>
      <desk-timeline .entries=${this.file.timeline} .names=${this.names} .lang=${this.lang}></desk-timeline>
    </section>`;
  }
}
