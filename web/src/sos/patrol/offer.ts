/** An offer fills the screen, rings, and counts down; it can still be taken when late. */
import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Assignment } from "../../contract/types";
import type { PatrolT } from "../../i18n/patrol";
import { Light } from "../../ui/light";
import { whereTo } from "./task-card";
import { secondsLeft } from "./task";
import type { Fix } from "./tracker";

const SETTLE_MS = 600;
const HANDS_MS = 3000;
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
  private opening: ReturnType<typeof setTimeout> | undefined;
  private shown = "";

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = setInterval(() => (this.now = Date.now()), 250);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
    clearTimeout(this.opening);
  }

  /**
   * Somebody who is just using the phone, or reading another offer in this place, may touch what was here a moment ago:
   * such a touch is no answer. The buttons show that they do not take it yet.
   */
  protected override willUpdate(): void {
    if (this.shown === this.task.id) return;
    const hands = this.shown !== "" || Date.now() - touchedAt < HANDS_MS;
    this.closedUntil = hands ? Date.now() + SETTLE_MS : 0;
    clearTimeout(this.opening);
    if (hands) this.opening = setTimeout(() => this.requestUpdate(), SETTLE_MS);
  }

  protected override updated(): void {
    if (this.shown === this.task.id) return;
    this.shown = this.task.id;
    // Not the button: somebody may be typing, or about to touch what was here before.
    this.querySelector<HTMLElement>(".offer")?.focus();
  }

  private get closed(): boolean {
    return Date.now() < this.closedUntil;
  }

  private answer(name: string, detail: unknown): void {
    if (!this.closed) this.tell(name, detail);
  }

  protected override render(): TemplateResult {
    const { t, task } = this;
    const left = secondsLeft(task.offer_expires_at, this.skewMs, this.now);
    return html`<section
      class="offer"
      data-incident=${task.incident_id}
      role="alertdialog"
      aria-modal="true"
      aria-labelledby="offer-title"
      tabindex="-1"
    >
      <div class="offer-what">
        <p class="count">${left || "!"}<small>${left > 0 ? t("left", { n: left }) : t("late")}</small></p>
        <h1 class="big" id="offer-title">
          ${t("offer")}: ${task.incident.priority} · ${task.incident.kind_name[this.tongue]}
        </h1>
        ${whereTo(t, task, this.here)}
      </div>
      <div class="offer-answer">
        <button
          class="go"
          aria-disabled=${this.closed}
          @click=${() => this.answer("task-verb", { task, verb: "accept", body: {} })}
        >
          ${t("accept")}
        </button>
        <button class="plain" aria-disabled=${this.closed} @click=${() => this.answer("task-decline", task)}>
          ${t("decline")}
        </button>
      </div>
    </section>`;
  }
}
