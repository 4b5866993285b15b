/** End of a shift: what is still open, a note for the next officer, and a confirmation while alarms wait. */
import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Incident } from "../../contract/types";
import { clock } from "../../kernel/time";
import { Light } from "../../ui/light";
import type { Alarm } from "./alarm";
import { t, tCode } from "./speech";
import { kindName } from "./tags";

const line = (i: Incident) => `- ${i.priority} ${kindName(i)} ${clock(i.received_at)}: ${tCode("state_", i.state)}`;

/** The note that is offered: one line per open incident, and how often the alarm was paused. */
export function draftNote(open: Incident[], alarm: Alarm): string {
  const lines = [open.length ? `${t("handOpen", { n: open.length })}:` : t("handNone"), ...open.map(line)];
  if (alarm.log.length)
    lines.push(t("handHush", { n: alarm.log.length, why: [...new Set(alarm.log.map((l) => l.reason))].join(", ") }));
  return lines.join("\n");
}

@customElement("desk-handover")
export class DeskHandover extends Light {
  @property({ attribute: false }) open: Incident[] = [];
  @property({ attribute: false }) alarm!: Alarm;
  @property({ type: Boolean }) busy = false;
  @property() override lang = "";
  @state() private note: string | null = null;
  @state() private sure = false;

  protected override render() {
    const waiting = this.open.filter((i) => i.state === "received").length;
    const note = this.note ?? draftNote(this.open, this.alarm);
    return html`<form
      @submit=${(e: Event) => {
        e.preventDefault();
        this.tell("handover", note);
      }}
    >
      <h2 id="dialog-title">${t("handTitle")}</h2>
      <p class="big">${this.open.length ? t("handOpen", { n: this.open.length }) : t("handNone")}</p>
      <label for="hand-note">${t("handNote")}</label
      ><textarea
        id="hand-note"
        rows="7"
        maxlength="4000"
        .value=${note}
        @input=${(e: Event) => (this.note = (e.target as HTMLTextAreaElement).value)}
      ></textarea>
      ${
        waiting
          ? html`<p class="problem" role="alert">${t("handUnack", { n: waiting })}</p>
              <label class="choice"
                ><input
                  type="checkbox"
                  .checked=${this.sure}
                  @change=${(e: Event) => (this.sure = (e.target as HTMLInputElement).checked)}
                />
                ${t("handSure")}</label
              >`
          : nothing
      }
      <div class="row end">
        <button type="button" class="plain" @click=${() => this.tell("shut")}>${t("back")}</button
        ><button class="danger" ?disabled=${this.busy || (waiting > 0 && !this.sure)}>${t("handEnd")}</button>
      </div>
    </form>`;
  }
}
