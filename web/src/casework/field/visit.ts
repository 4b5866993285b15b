/**
 * Somebody opened: notice, what they say, what was told, who was there. One page, kept at every keystroke, one button
 * to go on.
 */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { Screen } from "./context";
import { street } from "./door-row";
import { begin, type Change } from "./draft";
import "./issues";
import "./notice";
import { load } from "./parts";
import { onward, swap } from "./router";
import "./sounds-like";
import { comeBackChoices, short } from "./times";
import type { Asked, Draft } from "./types";
import "./visit-extra";
import { doors, next } from "./walk";

const step = (sign: string, title: string, content: TemplateResult) =>
  html`<section>
    <h2 class="step"><i>${sign}</i>${title}</h2>
    ${content}
  </section>`;

@customElement("field-visit")
export class Visit extends Screen {
  @property() door = "";
  @state() private draft: Draft | null = null;
  @state() private form: boolean | null = null;
  @state() private formState: { valid: boolean; missing: number } | null = null;
  @state() private message = "";
  @state() private busy = false;
  @state() private sure = false;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("door")) this.begin();
    // It may also come later, with a sync.
    if (this.form === null && this.asked) void load("forms/field-form").then((there) => (this.form = there));
  }

  private begin(): void {
    const kept = this.session.draft(this.door);
    this.draft = kept
      ? { ...kept, outcome: "met" }
      : this.session.get("door", this.door)
        ? { ...begin(this.session, this.door), outcome: "met" }
        : null;
    this.sure = false;
    this.formState = null;
  }

  /** The questionnaire that was begun; else what the round asks now. */
  private get asked(): Asked | null {
    if (this.draft?.form_xml && this.draft.form) return this.draft.form;
    const id = this.draft ? this.session.get("round", this.draft.round)?.form : null;
    const form = id ? this.session.get("form", id) : null;
    return form ? { id: id!, ...form } : null;
  }

  private readonly keep = (change: Change) => {
    this.draft = change(this.draft!);
    void this.session.keep(this.draft).then(
      () => (this.message = ""),
      () => (this.message = this.t("keepFailed")),
    );
  };

  private set(change: Partial<Draft>): void {
    this.keep((draft) => ({ ...draft, ...change }));
  }

  protected override render(): TemplateResult {
    const { t, draft } = this;
    const door = this.session.get("door", this.door);
    if (!draft || !door)
      return html`<h1 class="big" tabindex="-1">${t("noDoor")}</h1>
        <button class="go" @click=${() => swap("today")}>${t("toList")}</button>`;
    const heard = (e: CustomEvent<Change>) => this.keep(e.detail);
    const asked = this.asked;
    const last = html`${this.followUp(draft)}<field-visit-extra .draft=${draft}></field-visit-extra>`;
    return html`<h1 class="address" tabindex="-1"><small>${t("visitAt")}</small> ${street(door)}</h1>
      ${this.message ? html`<p class="alert" role="alert">${this.message}</p>` : nothing}
      <div @keep=${heard}>
        ${step("1", t("s_notice"), html`<field-notice .draft=${draft}></field-notice>`)}
        ${step("2", t("s_listen"), html`<field-issues .draft=${draft}></field-issues>`)}
        ${step("3", t("s_tell"), html`${this.topics(draft)} ${this.questions(draft)}`)}
        ${asked ? step("✎", asked.title, this.questionnaire(draft, asked)) : nothing} ${step("4", t("s_end"), last)}
      </div>
      ${this.foot()}`;
  }

  private questions(draft: Draft): TemplateResult {
    const become = (questions: string) => this.set({ questions });
    return html`<label class="field"
        >${this.t("questions")}<textarea
          rows="2"
          maxlength="1500"
          .value=${draft.questions}
          @input=${(e: Event) => become((e.target as HTMLTextAreaElement).value)}
        ></textarea></label
      ><field-sounds-like .words=${draft.questions} @erase=${() => become("")}></field-sounds-like>`;
  }

  private foot(): TemplateResult {
    const { t } = this;
    const missing = html`<p class="note" role="status">${t("formMissing", { n: this.formState?.missing ?? 0 })}</p>`;
    return html`<div class="foot">
      ${this.sure ? missing : nothing}
      <button class="go" ?disabled=${this.busy} @click=${() => void this.finish()}>
        ✔ ${t(this.sure ? "doneAnyway" : "doneNext")}
      </button>
    </div>`;
  }

  private topics(draft: Draft): TemplateResult {
    const round = this.session.get("round", draft.round);
    const turn = (code: string) =>
      this.keep((d) => ({
        ...d,
        topics: d.topics.includes(code) ? d.topics.filter((x) => x !== code) : [...d.topics, code],
      }));
    if (!round?.topics.length) return html`<p class="quiet">${this.t("noTopics")}</p>`;
    return html`<p class="quiet">${this.t("topicsWhat")}</p>
      <div class="ticks">
        ${round.topics.map(
          (p) =>
            html`<button
              class="plain tickrow ${draft.topics.includes(p.code) ? "on" : ""}"
              role="checkbox"
              aria-checked=${draft.topics.includes(p.code)}
              @click=${() => turn(p.code)}
            >
              <span class="tick" aria-hidden="true">${draft.topics.includes(p.code) ? "✔" : ""}</span>${this.name(p)}
            </button>`,
        )}
      </div>`;
  }

  private questionnaire(draft: Draft, form: Asked): TemplateResult {
    if (this.form === null) return html`<p role="status">${this.t("opening")}</p>`;
    if (!this.form) return html`<p class="quiet">${this.t("noForm")}</p>`;
    const changed = (e: CustomEvent<{ xml: string; valid: boolean; missing?: number | unknown[] }>) => {
      e.stopPropagation();
      if (!e.detail || typeof e.detail.xml !== "string") return;
      const { missing } = e.detail;
      this.formState = {
        valid: e.detail.valid,
        missing: Array.isArray(missing) ? missing.length : (missing ?? 0),
      };
      if (e.detail.valid) this.sure = false;
      this.set({
        form_xml: e.detail.xml,
        form: { id: form.id, title: form.title, version: form.version, xml: form.xml },
      });
    };
    return html`<field-form
      .xml=${form.xml}
      .value=${draft.form_xml}
      .lang=${this.tongue}
      @change=${changed}
    ></field-form>`;
  }

  /** A promise to come again: an appointment of its own beside the visit. */
  private followUp(draft: Draft): TemplateResult {
    const { t } = this;
    const now = Date.now();
    const choices = comeBackChoices(now);
    return html`<details ?open=${draft.come_back_at !== ""}>
      <summary>
        📅 ${draft.come_back_at ? t("comeAgainAt", { t: short(draft.come_back_at, this.tongue) }) : t("comeAgain")}
      </summary>
      <div class="chips">
        ${choices.map(
          (c) =>
            html`<button
              class=${draft.come_back_at === c.at ? "" : "plain"}
              aria-pressed=${draft.come_back_at === c.at}
              @click=${() => this.set({ come_back_at: draft.come_back_at === c.at ? "" : c.at })}
            >
              ${t(`w_${c.when}`)} ${short(c.at, this.tongue, now)}
            </button>`,
        )}
        <field-other-time
          .at=${draft.come_back_at}
          @when=${(e: CustomEvent<string>) => this.set({ come_back_at: e.detail })}
        ></field-other-time>
      </div>
    </details>`;
  }

  /** Something was chosen but not said: shown where, and nothing is thrown away. */
  private point(issue: number): void {
    this.message = this.t("issueMute", { n: issue + 1 });
    this.querySelectorAll<HTMLElement>("field-issue .head")[issue]?.focus();
  }

  private async finish(): Promise<void> {
    let draft = this.draft!;
    if (this.asked && this.formState && !this.formState.valid && !this.sure) return void (this.sure = true);
    const mute = draft.issues.findIndex(
      (i) =>
        !i.words.trim() &&
        (i.answer.trim() || i.place.trim() || i.reply_by || draft.files.some((f) => f.subject === i.id)),
    );
    if (mute >= 0) return this.point(mute);
    this.busy = true;
    this.message = "";
    try {
      draft = { ...draft, issues: draft.issues.filter((i) => i.words.trim()) };
      if (draft.come_back_at) {
        const to = new Date(Date.parse(draft.come_back_at) + 3_600_000).toISOString();
        await this.session.act("appointment", {
          dwelling: draft.dwelling,
          round: draft.round,
          from_at: draft.come_back_at,
          to_at: to,
        });
        draft = { ...draft, come_back_at: "" };
        this.draft = draft;
        await this.session.keep(draft);
      }
      await this.session.finish(draft);
      const after = next(doors(this.session), this.door);
      if (after) onward(this.door, "door", after.id);
      else onward(this.door, "today");
    } catch {
      this.message = this.t("finishFailed");
      scrollTo(0, 0);
    }
    this.busy = false;
  }
}
