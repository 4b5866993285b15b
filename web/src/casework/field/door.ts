/** At one door: who lives how, what happened with one touch, and how to find it next time. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { dayAndClock } from "../../kernel/time";
import { Screen } from "./context";
import "./back-when";
import "./door-edit";
import { around, stateWords, street } from "./door-row";
import { begin } from "./draft";
import { go, swap, up } from "./router";
import "./slip";
import { short } from "./times";
import type { Draft, Outcome } from "./types";
import type { Undo } from "./undo";
import { doors, next, type Door } from "./walk";

const QUICK: [Outcome, string][] = [
  ["not_home", "○"],
  ["come_back", "↻"],
  ["refused", "●"],
  ["vacant", "▢"],
  ["moved", "⇢"],
];

@customElement("field-door")
export class DoorScreen extends Screen {
  @property() door = "";
  @property({ attribute: false }) undo!: Undo;
  @state() private asking = false;
  @state() private losing: Outcome | null = null;
  private readonly redraw = () => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    this.undo.addEventListener("change", this.redraw);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.undo.removeEventListener("change", this.redraw);
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("door")) this.asking = false;
  }

  protected override updated(): void {
    this.querySelectorAll("dialog:not([open])").forEach((d) => (d as HTMLDialogElement).showModal());
  }

  protected override render(): TemplateResult {
    const { t } = this;
    const all = doors(this.session);
    const here = all.find((d) => d.id === this.door);
    if (!here)
      return html`<h1 class="big" tabindex="-1">${t("noDoor")}</h1>
        <p>${t("noDoorDo")}</p>
        <button class="go" @click=${() => up("today")}>${t("toList")}</button>`;
    return html`<h1 class="address" tabindex="-1">${street(here.body)}</h1>
      ${this.facts(here, all)}
      ${
        this.asking
          ? html`<field-back-when
              @when=${(e: CustomEvent<string>) => this.press("come_back", e.detail, true)}
              @cancel=${() => (this.asking = false)}
            ></field-back-when>`
          : this.outcomes(here, all)
      }
      ${here.body.slip ? html`<field-slip .slip=${here.body.slip}></field-slip>` : nothing}<field-door-edit
        .door=${here.id}
      ></field-door-edit>
      ${this.losing ? this.losingDialog(this.losing) : nothing}`;
  }

  private facts({ body, state, comeBackAt, sent }: Door, all: Door[]): TemplateResult {
    const { t, tongue: lang } = this;
    const codes = this.session.all("codes")[0]?.body;
    const kind = this.name(
      codes?.door_kinds.find((k) => k.code === body.kind),
      body.kind,
    );
    const best = codes?.best_times.find((k) => k.code === body.best_time);
    const meet = this.session
      .all("appointment")
      .filter((a) => a.body.dwelling === this.door && a.body.state === "booked")
      .sort((a, b) => (a.body.from_at < b.body.from_at ? -1 : 1))[0]?.body;
    const about = meet?.note ? ` – ${meet.note}` : "";
    const times = body.not_home > 1 && state === "not_home" ? ` (${body.not_home})` : "";
    const unsent = ` · ⏳ ${t("notSent")}`;
    const lines = [
      [
        t("placeOf", { n: body.place, of: all.filter((d) => d.body.turf === body.turf).length }),
        kind,
        around(body) || body.group,
        body.households > 1 ? t("households", { n: body.households }) : "",
      ]
        .filter(Boolean)
        .join(" · "),
      body.landmark && `📍 ${body.landmark}`,
      body.access_note && `🚪 ${body.access_note}`,
      best && `🕘 ${t("bestTime", { t: this.name(best) })}`,
      state !== "not_yet" && !this.undo.holds(this.door) && `${stateWords(t, state)}${times}${sent ? "" : unsent}`,
      comeBackAt && `↻ ${t("backAt", { t: short(comeBackAt, lang) })}`,
      meet && `📅 ${t("meetAt", { from: short(meet.from_at, lang), to: short(meet.to_at, lang), note: about })}`,
    ].filter(Boolean);
    return html`<ul class="facts">
        ${lines.map((line) => html`<li>${line}</li>`)}
      </ul>
      ${this.saidBefore()}`;
  }

  /** What was said here before and is still open: so that nobody has to tell it twice. */
  private saidBefore(): TemplateResult | typeof nothing {
    const open = this.session.all("issue").filter(({ body }) => body.dwelling === this.door);
    if (!open.length) return nothing;
    return html`<details class="card">
      <summary>💬 ${this.t("heardBefore", { n: open.length })}</summary>
      <ul class="heard">
        ${open.map(
          ({ body: i }) =>
            html`<li>
              <b>${i.kind_name}</b> ·
              ${i.state_name}${i.late ? html` <em class="chip late">${this.t("late")}</em>` : nothing}
              <p class="words">${i.words}</p>
              ${i.answer ? html`<p class="words"><b>${this.t("answerIs")}</b> ${i.answer}</p>` : nothing}${
                i.reply_due_at
                  ? html`<small>${this.t("replyDue", { t: dayAndClock(i.reply_due_at) })}</small>`
                  : nothing
              }
            </li>`,
        )}
      </ul>
    </details>`;
  }

  private outcomes(here: Door, all: Door[]): TemplateResult {
    const { t } = this;
    const after = next(all, here.id);
    const held = this.undo.holds(here.id);
    return html`${
        held
          ? html`<p class="card big" role="status">
                ✔ ${t("noted")}: ${t(`o_${this.undo.pressed!.draft.outcome as "met"}`)}
              </p>
              ${
                after
                  ? html`<button class="next" @click=${() => swap("door", after.id)}>
                      <small>${t("nextDoor")}</small><b>${street(after.body)}</b
                      ><span>${[around(after.body), after.body.landmark].filter(Boolean).join(" · ")}</span>
                    </button>`
                  : html`<button class="go" @click=${() => up("today")}>${t("toList")}</button>`
              }`
          : nothing
      }
      <h2 class="name" id="what-happened">${t(held ? "orElse" : "whatHappened")}</h2>
      <div class="outcomes" role="group" aria-labelledby="what-happened">
        <button class="met" @click=${() => void this.met()}>
          ${here.draft ? `✎ ${t("goOn")}` : `✔ ${t("o_met")}`}
        </button>
        ${QUICK.map(
          ([outcome, shape]) =>
            html`<button class="plain ${outcome}" @click=${() => this.press(outcome)}>
              <span aria-hidden="true">${shape}</span> ${t(`o_${outcome as "met"}`)}
            </button>`,
        )}
      </div>
      ${
        !held && after
          ? html`<button class="plain wide" @click=${() => swap("door", after.id)}>
              ${t("skip", { a: street(after.body) })}
            </button>`
          : nothing
      }`;
  }

  private async met(): Promise<void> {
    if (this.undo.holds(this.door)) await this.undo.undo();
    go("visit", this.door);
  }

  /** A visit that was begun is not thrown away by a touch beside it. */
  private press(outcome: Outcome, at = "", sure = false): void {
    const draft = this.session.draft(this.door);
    this.losing = null;
    if (draft && spoken(draft) && !sure && !this.undo.holds(this.door)) this.losing = outcome;
    else if (outcome === "come_back" && !at) {
      this.asking = true;
      void this.updateComplete.then(() => this.querySelector<HTMLElement>("field-back-when button")?.focus());
    } else {
      this.asking = false;
      const fresh = { ...begin(this.session, this.door), edits: draft?.edits ?? {} };
      void this.anew(fresh, outcome, at);
    }
  }

  /** Pressed anew within the ten seconds: the first touch was a mistake and leaves no trace. */
  private async anew(fresh: Draft, outcome: Outcome, at: string): Promise<void> {
    if (this.undo.holds(this.door)) await this.undo.undo();
    await this.undo.press(fresh, outcome, at);
    scrollTo(0, 0);
  }

  private losingDialog(outcome: Outcome): TemplateResult {
    const { t } = this;
    return html`<dialog aria-label=${t("losing")} @close=${() => (this.losing = null)}>
      <p class="big">${t("losing")}</p>
      <div class="stack">
        <button
          autofocus
          @click=${() => {
            this.losing = null;
            go("visit", this.door);
          }}
        >
          ${t("goOn")}
        </button>
        <button class="plain" @click=${() => this.press(outcome, "", true)}>
          ${t("loseIt", { o: t(`o_${outcome as "met"}`) })}
        </button>
      </div>
    </dialog>`;
  }
}

/** Whether a draft holds what somebody said, not only corrections of the door. */
function spoken(draft: Draft): boolean {
  return (
    draft.issues.length + draft.topics.length + draft.files.length > 0 ||
    Object.keys(draft.consents).length > 0 ||
    Boolean(draft.note || draft.questions || draft.form_xml)
  );
}
