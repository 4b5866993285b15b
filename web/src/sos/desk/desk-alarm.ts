/**
 * The red band while an SOS waits. There is no mute button: one incident can be hushed for 15 s by holding a
 * button for two seconds after a reason was chosen, and then it comes back.
 */
import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Incident } from "../../contract/types";
import { span } from "../../kernel/time";
import { Light } from "../../ui/light";
import { HOLD_MS, type Sound } from "./alarm";
import { waitedS } from "./queue";
import { t, type Word } from "./speech";
import { kindName, placeLine } from "./tags";

const REASONS: Word[] = ["hush_call", "hush_talk", "hush_handle"];

/** Over everything: press once, so that this browser lets the alarm sound. */
export function unlockCall(count: number, first: Incident | null, now: number, press: (e: Event) => void) {
  const waited = first ? span((now - Date.parse(first.received_at)) / 1000) : "";
  const alarm = html`<span>${t("alarmMany", { n: count })} · ${waited}</span>`;
  return html`<button class="unlock" @click=${press}>
    <b>${t("unlock")}</b><span>${t("unlockWhy")}</span>${first ? alarm : nothing}
  </button>`;
}

@customElement("desk-alarm")
export class DeskAlarm extends Light {
  @property({ attribute: false }) sound: Sound = { ringing: false, level: 0, volume: 0, count: 0, hushedCount: 0 };
  /** The most pressing unacknowledged incident. */
  @property({ attribute: false }) first: Incident | null = null;
  @property({ type: Number }) now = 0;
  @property() override lang = "";
  @state() private reason = "";
  @state() private holding = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected override render() {
    const i = this.first;
    if (!i) return nothing;
    return html`<section
      class="alarm level${Math.min(3, this.sound.level)} ${this.sound.ringing ? "loud" : "soft"}"
      aria-label=${t("alarmMany", { n: this.sound.count })}
    >
      <div class="alarm-text">
        <b class="alarm-count">${this.sound.count === 1 ? t("alarmOne") : t("alarmMany", { n: this.sound.count })}</b>
        <span>${i.priority} · ${kindName(i)} · ${placeLine(i, this.now)} · ${span(waitedS(i, this.now))}</span>
      </div>
      <button class="ack" @click=${(e: MouseEvent) => this.acknowledge(e, i.id)}>
        ${t("ack")} <kbd aria-hidden="true">A</kbd>
      </button>
      <div class="hush">
        <label class="sr" for="hush-why">${t("hushWhy")}</label>
        <select id="hush-why" @change=${(e: Event) => (this.reason = (e.target as HTMLSelectElement).value)}>
          <option value="">${t("hushWhy")}…</option>
          ${REASONS.map((r) => html`<option value=${t(r)}>${t(r)}</option>`)}
        </select>
        <button
          class="plain hold ${this.holding ? "holding" : ""}"
          ?disabled=${!this.reason}
          @pointerdown=${this.begin}
          @pointerup=${this.end}
          @pointerleave=${this.end}
          @pointercancel=${this.end}
          @keydown=${this.key}
          @keyup=${this.end}
          @blur=${this.end}
        >
          ${this.holding ? t("hushing") : t("hush")}
        </button>
      </div>
    </section>`;
  }

  /** The second half of a double click would acknowledge the next incident, which nobody has read. */
  private acknowledge(e: MouseEvent, id: string): void {
    if (e.detail < 2) this.tell("acknowledge", id);
  }

  private readonly key = (e: KeyboardEvent) => {
    if (e.key !== " " && e.key !== "Enter") return;
    e.preventDefault();
    if (!e.repeat) this.begin();
  };

  private readonly begin = () => {
    this.holding = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.holding = false;
      if (this.first) this.tell("hush", { id: this.first.id, reason: this.reason });
    }, HOLD_MS);
  };

  private readonly end = () => {
    clearTimeout(this.timer);
    this.holding = false;
  };
}
