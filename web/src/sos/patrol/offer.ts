/** An offer fills the screen, rings, and counts down; it can still be taken when late. */
import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Assignment } from "../../contract/types";
import type { PatrolT } from "../../i18n/patrol";
import { Light } from "../../ui/light";
import { whereTo } from "./task-card";
import { secondsLeft } from "./task";
import type { Fix } from "./tracker";

const SETTLE_MS = 600, HANDS_MS = 3000;
let touchedAt = -Infinity;
addEventListener("pointerdown", () => (touchedAt = Date.now()), true);

@customElement("patrol-offer")
export class Offer extends Light {
  @property({ attribute: false }) t!: PatrolT;
  @property({ attribute: false }) task!: Assignment;
  @property({ attribute: false }) here: Fix | null = null;
  @property({ type: Number }) skewMs = 0;
  @property() tongue: "vi" | "en" = "vi";
  @state() private now = Date.now();
  private timer: ReturnType<typeof setInterval> | undefined;
  private closedUntil = 0;
  private shown = "";

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = setInterval(() => (this.now = Date.now()), 250);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  protected override updated(): void {
    if (this.shown === this.task.id) return;
    this.shown = this.task.id;
    // Somebody who is just using the phone may touch what was here a moment ago: such a touch is no answer.
    this.closedUntil = Date.now() - touchedAt < HANDS_MS ? Date.now() + SETTLE_MS : 0;
    this.querySelector<HTMLElement>(".offer")?.focus(); // not the button: somebody may be typing, or about to touch what was here before
  }

  private answer(name: string, detail: unknown): void {
    if (Date.now() >= this.closedUntil) this.tell(name, detail);
  }

  protected override render(): TemplateResult {
    const { t, task } = this;
    const left = secondsLeft(task.offer_expires_at, this.skewMs, this.now);
    return html`<section class="offer" role="alertdialog" aria-modal="true" aria-labelledby="offer-title" tabindex="-1"><div class="offer-what">
      <p class="count">${left || "!"}<small>${left > 0 ? t("left", { n: left }) : t("late")}</small></p>
      <h1 class="big" id="offer-title">${t("offer")}: ${task.incident.priority} · ${task.incident.kind_name[this.tongue]}</h1>
      ${whereTo(t, task, this.here)}</div>
      <div class="offer-answer"><button class="go" @click=${() => this.answer("task-verb", { task, verb: "accept", body: {} })}>${t("accept")}</button>
      <button class="plain" @click=${() => this.answer("task-decline", task)}>${t("decline")}</button></div>
    </section>`;
  }
}
