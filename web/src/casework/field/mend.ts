/**
 * What needs a decision: two values for one thing, and what the server would not take. Nothing typed is ever lost here.
 */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { dayAndClock } from "../../kernel/time";
import { Screen } from "./context";
import { doorOf, itemWords, valueWords } from "./describe";
import { worded } from "./gate";
import { markDone, toMend } from "./waiting";
import type { ConflictDoc, Held, Id, Items, Side } from "./types";

@customElement("field-mend")
export class Mend extends Screen {
  @state() private busy = "";
  @state() private said = "";

  protected override render(): TemplateResult {
    const { t, session } = this;
    const { held, conflicts } = toMend(session);
    return html`<h1 class="big" tabindex="-1">${t("mendTitle")}</h1>
      <p class="quiet">${t("mendWhat")}</p>
      <p role="status">${this.said}</p>
      ${conflicts.length + held.length ? nothing : html`<p class="card">✔ ${t("mendNone")}</p>`}
      ${held.map((h) => this.heldCard(h))} ${conflicts.map(({ id, body }) => this.conflictCard(id, body))}`;
  }

  private async done(key: string, work: Promise<void>, conflict?: Id): Promise<void> {
    this.busy = key;
    try {
      await work;
      if (conflict) markDone(this.session.get("conflict", conflict));
      this.said = `✔ ${this.t("decided")}`;
    } catch (error) {
      this.said = this.t("chooseFailed", { why: worded(error, this.tongue) });
    }
    this.busy = "";
    this.querySelector<HTMLElement>("h1")?.focus();
  }

  private conflictCard(id: Id, c: ConflictDoc): TemplateResult {
    const { t } = this;
    const settle = (keep: Items["settle"]["keep"]) =>
      void this.done(id, this.session.act("settle", { conflict: id, keep }), id);
    return html`<article class="card mend">
      <h2 class="name">${c.address}</h2>
      <p>${t("twoValues", { f: t(`e_${c.field}`) })}</p>
      <div class="sides">${this.side("A", c, c.a)}${this.side("B", c, c.b)}</div>
      <div class="stack">
        <button class="plain tall" ?disabled=${this.busy === id} @click=${() => settle("a")}>
          ${t("keepSide", { s: "A", v: valueWords(this.session, t, this.tongue, c.field, c.a.value) })}
        </button>
        <button class="plain tall" ?disabled=${this.busy === id} @click=${() => settle("b")}>
          ${t("keepSide", { s: "B", v: valueWords(this.session, t, this.tongue, c.field, c.b.value) })}
        </button>
        ${
          c.both
            ? html`<button class="plain tall" ?disabled=${this.busy === id} @click=${() => settle("both")}>
                ${t("keepBoth")}
              </button>`
            : nothing
        }
      </div>
    </article>`;
  }

  private side(letter: string, c: ConflictDoc, side: Side): TemplateResult {
    return html`<div>
      <b>${letter}</b>
      <p class="big">${valueWords(this.session, this.t, this.tongue, c.field, side.value)}</p>
      <small>${side.by ? this.t("givenBy", { who: side.by, t: dayAndClock(side.at) }) : dayAndClock(side.at)}</small>
    </div>`;
  }

  /** Mine and theirs, always both to be read before a choice. */
  private heldCard(h: Held): TemplateResult {
    const { t } = this;
    const door = doorOf(this.session, h.item);
    const address = door ? this.session.get("door", door)?.address : null;
    const c = h.result.conflict;
    const key = h.item.id;
    const button = (keep: "mine" | "theirs" | "both", words: string) =>
      html`<button
        class="plain tall"
        ?disabled=${this.busy === key}
        @click=${() => void this.done(key, this.session.resolve(h, keep), c?.id)}
      >
        ${words}
      </button>`;
    return html`<article class="card mend">
      <h2 class="name">${address ?? t("elsewhere")}</h2>
      <div class="sides">${this.mine(h)} ${this.theirs(h)}</div>
      <div class="stack">
        ${button("mine", t(h.result.status === "wait" ? "sendAgain" : "keepMine"))} ${button("theirs", t("keepTheirs"))}
        ${c?.both ? button("both", t("keepBoth")) : nothing}
      </div>
    </article>`;
  }

  private mine(h: Held): TemplateResult {
    const lines = itemWords(this.session, this.t, this.tongue, h.item);
    return html`<div>
      <b>${this.t("mine_")}</b>${lines.map((line) => html`<p class="words">${line}</p>`)}
      <small>${dayAndClock(h.item.at)}</small>
    </div>`;
  }

  /** What the server says to it: why not, the other value, and where to go with it. */
  private theirs(h: Held): TemplateResult {
    const { t, tongue: lang } = this;
    const { status, detail, detail_en, conflict: c, go_to } = h.result;
    const why = t(`held_${status === "wait" || status === "conflict" ? status : "refused"}`);
    const value = (side: ConflictDoc["a"], field: ConflictDoc["field"]) =>
      html`<p class="big">${valueWords(this.session, t, lang, field, side.value)}</p>
        <small>${t("givenBy", { who: side.by, t: dayAndClock(side.at) })}</small>`;
    return html`<div>
      <b>${t("theirs_")}</b>
      <p>${(lang === "en" && detail_en) || detail || why}</p>
      ${c ? value(c.a, c.field) : nothing}
      ${
        go_to
          ? html`<p>${lang === "en" ? go_to.en : go_to.vi}</p>
              ${go_to.call.map((n) => html`<a class="button danger" href="tel:${n}">📞 ${n}</a>`)}`
          : nothing
      }
    </div>`;
  }
}
