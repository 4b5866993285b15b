/** The units on an incident and where each of them is in its task. */
import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Assignment } from "../../contract/types";
import { clock } from "../../kernel/time";
import { Light } from "../../ui/light";
import { t, tCode } from "./speech";

const ACTIVE = new Set(["offered", "accepted", "en_route", "on_scene"]);

@customElement("desk-tasks")
export class DeskTasks extends Light {
  @property({ attribute: false }) tasks: Assignment[] = [];
  @property({ type: Number }) now = 0;
  @property() override lang = "";
  @state() private taking: string | null = null;

  protected override render() {
    if (!this.tasks.length) return nothing;
    return html`<section aria-labelledby="tasks-title">
      <h3 id="tasks-title">${t("tasks")}</h3>
      <ul class="tasks">
        ${this.tasks.map((a) => this.task(a))}
      </ul>
    </section>`;
  }

  private task(a: Assignment) {
    const at = a.on_scene_at ?? a.en_route_at ?? a.accepted_at ?? a.offered_at;
    return html`<li class="task ${a.state}">
      <span
        ><b>${a.call_sign}</b> ${this.words(a)}
        <span class="quiet"
          >${clock(a.ended_at ?? at)}${a.reason ? ` · ${a.reason}` : ""}${a.note ? ` · ${a.note}` : ""}</span
        ></span
      >
      ${
        ACTIVE.has(a.state) && this.taking !== a.id
          ? html`<button class="plain small" @click=${() => (this.taking = a.id)}>${t("withdraw")}</button>`
          : nothing
      }
      ${
        this.taking === a.id
          ? html`<form class="row" @submit=${(e: Event) => this.withdraw(e, a)}>
              <label class="sr" for="why-${a.id}">${t("withdrawWhy")}</label
              ><input
                id="why-${a.id}"
                required
                maxlength="300"
                placeholder=${t("withdrawWhy")}
                autocomplete="off"
              /><button>${t("withdraw")}</button>
            </form>`
          : nothing
      }
    </li>`;
  }

  private words(a: Assignment): string {
    if (a.state !== "offered") return tCode("a_", a.state);
    const left = a.offer_expires_at ? Math.ceil((Date.parse(a.offer_expires_at) - this.now) / 1000) : 0;
    return left > 0 && a.level === 0
      ? t("a_offered", { s: left })
      : left > 0
        ? t("a_offered", { s: left })
        : t("a_late");
  }

  private withdraw(e: Event, a: Assignment): void {
    e.preventDefault();
    const reason = (e.target as HTMLFormElement).querySelector("input")!.value.trim();
    if (reason) this.tell("withdraw", { id: a.id, reason });
    this.taking = null;
  }
}
