/** An offer fills the screen, rings, and counts down; it can still be taken when late. */
import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Assignment } from "../../contract/types";
import type { PatrolT } from "../../i18n/patrol";
import { Light } from "../../ui/light";
import { whereTo } from "./task-card";
import { secondsLeft } from "./task";
import type { Fix } from "./tracker";

@customElement("patrol-offer")
export class Offer extends Light {
  @property({ attribute: false }) t!: PatrolT;
  @property({ attribute: false }) task!: Assignment;
  @property({ attribute: false }) here: Fix | null = null;
  @property({ type: Number }) skewMs = 0;
  @property() tongue: "vi" | "en" = "vi";
  @state() private now = Date.now();
  private timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = setInterval(() => (this.now = Date.now()), 250);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>(".go")?.focus();
  }

  protected override render(): TemplateResult {
    const { t, task } = this;
    const left = secondsLeft(task.offer_expires_at, this.skewMs, this.now);
    return html`<section class="offer" role="alertdialog" aria-label=${t("offer")}><div>
      <p class="count">${left || "!"}<small>${left > 0 ? t("left", { n: left }) : t("late")}</small></p>
      <p class="big">${t("offer")}: ${task.incident.priority} · ${task.incident.kind_name[this.tongue]}</p>
      ${whereTo(t, task, this.here)}
      <button class="go" @click=${() => this.tell("task-verb", { task, verb: "accept", body: {} })}>${t("accept")}</button>
      <button class="plain" style="width:100%" @click=${() => this.tell("task-decline", task)}>${t("decline")}</button>
    </div></section>`;
  }
}
