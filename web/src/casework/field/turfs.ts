/** Which turfs this phone carries today: mine first, big ticks, and a plain word when it would be too many. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { metres } from "../../kernel/geo";
import { Screen } from "./context";
import { worded } from "./gate";
import { swap } from "./router";
import type { Id, Offer } from "./types";

@customElement("field-turfs")
export class Turfs extends Screen {
  @state() private offers: Offer[] | null = null;
  @state() private most = { documents: 0, turfs: 0 };
  @state() private picked = new Set<Id>();
  @state() private busy = false;
  @state() private message = "";
  @state() private everybody = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.picked = new Set(this.session.chosen());
    void this.read();
  }

  private async read(): Promise<void> {
    this.message = "";
    try {
      const { items, budget } = await this.session.offers();
      this.offers = [...items].sort(
        (a, b) =>
          Number(b.open) - Number(a.open) ||
          Number(b.mine) - Number(a.mine) ||
          a.priority - b.priority ||
          a.number - b.number,
      );
      this.most = budget;
      if (!this.offers.some((o) => o.mine)) this.everybody = true;
    } catch (error) {
      this.message = this.t("turfsFailed", { why: worded(error, this.tongue) });
    }
  }

  private turn(id: Id): void {
    const next = new Set(this.picked);
    if (!next.delete(id)) next.add(id);
    this.picked = next;
    this.message = "";
  }

  private async choose(): Promise<void> {
    this.busy = true;
    this.message = "";
    try {
      await this.session.choose([...this.picked]);
      swap("today");
    } catch (error) {
      this.message = this.refusal(error);
    }
    this.busy = false;
  }

  private refusal(error: unknown): string {
    const problem = (
      error as { problem?: { code?: string; documents?: number; budget?: number | { documents: number } } }
    ).problem;
    if (problem?.code !== "over_budget") return this.t("chooseFailed", { why: worded(error, this.tongue) });
    const budget =
      typeof problem.budget === "object" ? problem.budget.documents : (problem.budget ?? this.most.documents);
    return this.t("overBudget", { n: problem.documents ?? "?", most: budget });
  }

  protected override render(): TemplateResult {
    const { t, offers } = this;
    const chosen = (offers ?? []).filter((o) => this.picked.has(o.id));
    const doors = chosen.reduce((sum, o) => sum + o.doors, 0);
    const minutes = chosen.reduce((sum, o) => sum + o.minutes, 0);
    const many = this.most.turfs > 0 && this.picked.size > this.most.turfs;
    const shown = (offers ?? []).filter((o) => o.mine || this.everybody || this.picked.has(o.id));
    return html`<h1 class="big" tabindex="-1">${t("turfsTitle")}</h1>
      <p class="quiet">${t("turfsWhat")}</p>
      ${this.message ? html`<p class="alert" role="alert">${this.message}</p>` : nothing}
      ${offers === null && !this.message ? html`<p role="status">${t("opening")}</p>` : nothing}
      ${
        offers === null && this.message
          ? html`<button class="plain wide" @click=${() => void this.read()}>${t("tryAgain")}</button>`
          : nothing
      }
      ${offers?.length === 0 ? html`<p class="card">${t("turfsNone")}</p>` : nothing}
      <div class="stack">${shown.map((o) => this.offer(o))}</div>
      ${
        offers && shown.length < offers.length
          ? html`<button class="plain wide" @click=${() => (this.everybody = true)}>
              ${t("turfsOthers", { n: offers.length - shown.length })}
            </button>`
          : nothing
      }
      ${
        offers?.length
          ? html`<div class="foot">
              ${many ? html`<p class="alert" role="alert">${t("turfsMany", { most: this.most.turfs })}</p>` : nothing}
              <button class="go" ?disabled=${!this.picked.size || many || this.busy} @click=${() => void this.choose()}>
                ${
                  this.busy
                    ? this.progress()
                    : this.picked.size
                      ? t("turfsGo", { doors, h: Math.max(1, Math.round(minutes / 60)) })
                      : t("turfsPick")
                }
              </button>
            </div>`
          : nothing
      }
      ${
        this.session.chosen().length
          ? html`<button class="plain wide" @click=${() => swap("today")}>${t("keepAsIs")}</button>`
          : nothing
      }`;
  }

  private progress(): string {
    const { progress } = this.session.sync;
    return progress?.of ? this.t("sGetting", { n: progress.done, of: progress.of }) : this.t("getting");
  }

  private offer(o: Offer): TemplateResult {
    const { t } = this;
    const on = this.picked.has(o.id);
    return html`<button
      class="plain turf ${on ? "on" : ""}"
      role="checkbox"
      aria-checked=${on}
      @click=${() => this.turn(o.id)}
    >
      <span class="tick" aria-hidden="true">${on ? "✔" : ""}</span
      ><span class="grow"
        ><b>${t("turf", { n: o.number })} · ${o.area}</b>
        ${
          o.mine || o.priority === 1 || !o.open
            ? html`<small
                >${o.open ? nothing : html`<em class="chip late">${t("notOpen")}</em> `}${
                  o.mine ? html`<em class="chip mine">${t("mine")}</em> ` : nothing
                }${o.priority === 1 ? html`<em class="chip first">${t("first")}</em>` : nothing}</small
              >`
            : nothing
        }
        <small>${t("turfDoors", { done: o.done, doors: o.doors })}</small
        ><small>${t("turfWalk", { len: metres(o.length_m), h: hours(o.minutes, this.tongue) })}</small
        ><small>${[o.round_name, o.team.includes(o.area) ? "" : o.team].filter(Boolean).join(" · ")}</small></span
      >
    </button>`;
  }
}

/** "2 giờ 10", as walking time is said. */
export function hours(minutes: number, lang: "vi" | "en"): string {
  const m = Math.round(minutes);
  const [h, min] = lang === "vi" ? ["giờ", "phút"] : ["h", "min"];
  return m < 60 ? `${m} ${min}` : `${Math.floor(m / 60)} ${h}${m % 60 ? ` ${String(m % 60).padStart(2, "0")}` : ""}`;
}
