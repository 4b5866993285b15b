/** One task: where, how far, what to mind, and the one next button. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Assignment, ChatLine } from "../../contract/types";
import type { PatrolT } from "../../i18n/patrol";
import { bearing, distanceM, metres } from "../../kernel/geo";
import { clock } from "../../kernel/time";
import { Light } from "../../ui/light";
import { compass, NEXT, type Active } from "./task";
import type { Fix } from "./tracker";

const SHAKE_MS = 1000;

@customElement("patrol-task")
export class TaskCard extends Light {
  @property({ attribute: false }) t!: PatrolT;
  @property({ attribute: false }) task!: Assignment;
  @property({ attribute: false }) here: Fix | null = null;
  @property({ attribute: false }) chat: ChatLine[] = [];
  /** Whether there are lines before these. */
  @property({ type: Boolean }) older = false;
  @property() tongue: "vi" | "en" = "vi";
  @state() private note = "";
  @state() private held: ReturnType<typeof setTimeout> | null = null;
  @state() private backupAt: number | null = null;
  /** True while the call for backup has not reached the server. */
  @property({ type: Boolean }) calling = false;
  @state() private shaking = false;

  protected override render(): TemplateResult {
    const { t, task } = this;
    const there = task.state === "on_scene";
    const called = this.backupAt ? t("backupSent", { t: clock(this.backupAt) }) : nothing;
    return html`<article class="card" data-incident=${task.incident_id}>
      <h1 class="big">${task.incident.priority} · ${task.incident.kind_name[this.tongue]}</h1>
      ${this.steps()} ${whereTo(this.t, task, this.here)}
      <button class="go" aria-disabled=${this.shaking} @click=${this.next}>${t(NEXT[task.state as Active])}</button>
      ${there ? this.noteField() : nothing} ${this.talk()}
      <button
        class="backup ${this.held ? "holding" : ""}"
        @pointerdown=${this.hold}
        @pointerup=${this.release}
        @pointerleave=${this.release}
        @keydown=${(e: KeyboardEvent) => ["Enter", " "].includes(e.key) && !e.repeat && this.hold()}
        @keyup=${this.release}
      >
        ${t("backup")}
      </button>
      <p role="status" class="big">${this.calling ? t("backupWaits") : called}</p>
      ${there ? nothing : this.declineButton()}
    </article>`;
  }

  private steps(): TemplateResult {
    const all = ["accepted", "en_route", "on_scene"] as const;
    const reached = (all as readonly string[]).indexOf(this.task.state);
    return html`<ol class="steps">
      ${all.map((step, i) => html`<li class=${i <= reached ? "done" : ""}>${this.t(step)}</li>`)}
    </ol>`;
  }

  private noteField(): TemplateResult {
    const id = `note-${this.task.id}`;
    return html`<label for=${id}>${this.t("note")}</label
      ><textarea
        id=${id}
        rows="3"
        maxlength="2000"
        .value=${this.note}
        @input=${(e: Event) => (this.note = (e.target as HTMLTextAreaElement).value)}
      ></textarea>`;
  }

  private talk(): TemplateResult {
    const { t } = this;
    const line = (m: ChatLine) =>
      html`<li class=${m.by}>${m.text}<small>${m.by_name || t("waits")} · ${clock(m.at)}</small></li>`;
    const back = () => this.tell("task-older");
    return html`<h2 class="name">${t("chat")}</h2>
      ${this.older ? html`<button class="plain" @click=${back}>${t("chatOlder")}</button>` : nothing}
      <ol class="chat" aria-live="polite">
        ${this.chat.map(line)}
      </ol>
      <form class="row" @submit=${this.say}>
        <input maxlength="900" aria-label=${t("chat")} placeholder=${t("chatHint")} autocomplete="off" /><button>
          ${t("send")}
        </button>
      </form>`;
  }

  private declineButton(): TemplateResult {
    const decline = () => this.tell("task-decline", this.task);
    return html`<button class="plain" style="width:100%;margin-top:.5rem" @click=${decline}>
      ${this.t("decline")}
    </button>`;
  }

  /**
   * A second tap within a second is a shaking hand, no decision; until then the button shows that it does not take it.
   */
  private next(): void {
    if (this.shaking) return;
    this.shaking = true;
    setTimeout(() => (this.shaking = false), SHAKE_MS);
    const verb = NEXT[this.task.state as Active];
    this.tell("task-verb", { task: this.task, verb, body: verb === "finish" && this.note ? { note: this.note } : {} });
  }

  private say(e: Event): void {
    e.preventDefault();
    const input = (e.target as HTMLFormElement).querySelector("input")!;
    const text = input.value.trim();
    if (text) this.tell("task-say", { task: this.task, text });
    input.value = "";
  }

  private hold(): void {
    if (this.held) return;
    this.held = setTimeout(() => {
      this.held = null;
      this.backupAt = Date.now();
      navigator.vibrate?.([100, 60, 300]);
      this.tell("task-backup", this.task);
    }, 1000);
  }

  private release(): void {
    if (this.held) clearTimeout(this.held);
    this.held = null;
  }
}

/** Place, distance and direction, warnings, and the way into the phone's own map. */
export function whereTo(t: PatrolT, task: Assignment, here: Fix | null): TemplateResult {
  const i = task.incident;
  const placed = i.lat !== null && i.lon !== null;
  const way =
    placed && here
      ? { d: distanceM(here.lat, here.lon, i.lat!, i.lon!), b: bearing(here.lat, here.lon, i.lat!, i.lon!) }
      : null;
  const nowhere = placed ? html`<p>${t("noOwn")}</p>` : html`<p class="alert">${t("noPosition")}</p>`;
  return html` ${i.drill ? html`<p class="alert">${t("drill")}</p>` : nothing}
  ${i.silent ? html`<p class="alert">🤫 ${t("silent")}</p>` : nothing}
  ${i.cancel_requested_at ? html`<p class="alert">${t("cancelled")}</p>` : nothing}
  ${i.place_name ? html`<p class="big">${t("at", { p: i.place_name })}</p>` : nothing}
  ${i.note ? html`<p style="white-space:pre-wrap;overflow-wrap:anywhere">${i.note}</p>` : nothing}
  ${way ? arrow(t, way.d, way.b) : nowhere} ${placed ? openMap(t, i) : nothing}`;
}

function arrow(t: PatrolT, far: number, towards: number): TemplateResult {
  const point = t(compass(towards));
  return html`<svg class="arrow" viewBox="-50 -50 100 100" role="img" aria-label=${point}>
      <circle r="46"></circle>
      <path transform="rotate(${towards})" d="M0 -40 L18 22 L0 10 L-18 22 Z"></path>
    </svg>
    <p class="big" style="text-align:center">${t("far", { d: metres(far), b: point })}</p>`;
}

function openMap(t: PatrolT, i: Assignment["incident"]): TemplateResult {
  const exact =
    i.accuracy_m !== null && i.located_at
      ? t("accuracy", { m: metres(i.accuracy_m), t: clock(i.located_at) })
      : nothing;
  return html`<p class="quiet">${exact}</p>
    <a class="button plain" style="width:100%" href="geo:${i.lat},${i.lon}?q=${i.lat},${i.lon}">🧭 ${t("openMap")}</a>`;
}
