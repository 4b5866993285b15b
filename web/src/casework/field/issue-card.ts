/** One thing that was said: words, place, how urgent, and how and when to answer. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { Screen } from "./context";
import { needsOf, withNeeds, type Change } from "./draft";
import { icon } from "./icons";
import "./sounds-like";
import { dayAfter, dayShort } from "./times";
import type { CodesDoc, Draft, IssueDraft, Named } from "./types";
import "./visit-files";

const SOON = [
  ["in3", 3],
  ["in7", 7],
  ["in14", 14],
] as const;

const typed = (e: Event) => (e.target as HTMLInputElement | HTMLTextAreaElement).value;
const chip = (on: boolean, words: string, press: () => void) =>
  html`<button class=${on ? "" : "plain"} aria-pressed=${on} @click=${press}>${words}</button>`;
const check = (words: string, on: boolean, become: (on: boolean) => void) =>
  html`<label class="check"
    ><input type="checkbox" .checked=${on} @change=${(e: Event) => become((e.target as HTMLInputElement).checked)} />
    ${words}</label
  >`;

@customElement("field-issue")
export class IssueCard extends Screen {
  @property({ attribute: false }) issue!: IssueDraft;
  @property({ attribute: false }) draft!: Draft;
  @property({ attribute: false }) codes: CodesDoc | null = null;
  @property({ type: Number }) number = 1;
  @property({ type: Boolean }) open = false;
  @state() private removing = false;

  private become(change: (issue: IssueDraft) => IssueDraft): void {
    const { id } = this.issue;
    this.tell<Change>("keep", (draft) => ({
      ...draft,
      issues: draft.issues.map((i) => (i.id === id ? change(i) : i)),
    }));
  }

  private drop(): void {
    const { id } = this.issue;
    this.tell<Change>("keep", (draft) => ({
      ...draft,
      issues: draft.issues.filter((i) => i.id !== id),
      files: draft.files.filter((f) => f.subject !== id),
    }));
  }

  private set(change: Partial<IssueDraft>): void {
    this.become((issue) => ({ ...issue, ...change }));
  }

  protected override render(): TemplateResult {
    const { t, issue: i } = this;
    const kind = this.name(
      this.codes?.kinds.find((k) => k.code === i.kind),
      i.kind,
    );
    const way = i.reply_by ? this.name(this.codes?.channels.find((c) => c.code === i.reply_by)) : "";
    const promise = i.reply_by ? ` · ${way}${i.promised_on ? ` ${dayShort(i.promised_on)}` : ""}` : "";
    return html`<section class="issue ${this.open ? "open" : ""}">
      <button class="plain head" aria-expanded=${this.open} @click=${() => this.tell("open")}>
        <span aria-hidden="true">${icon(i.kind)}</span>
        <span class="grow"
          ><b>${this.number}. ${kind}${i.urgency === "urgent" ? ` · ${t("urgent")}` : ""}${promise}</b
          >${this.open ? nothing : html`<small>${i.words || i.answer || t("noWords")}</small>`}</span
        ><span aria-hidden="true">${this.open ? "▲" : "▼"}</span>
      </button>
      ${this.open ? this.body() : nothing}
    </section>`;
  }

  private body(): TemplateResult {
    const { t, issue: i } = this;
    return html`<div class="in">
      <label class="field"
        >${t("ownWords")}<textarea
          rows="4"
          maxlength="4000"
          autocapitalize="sentences"
          .value=${i.words}
          @input=${(e: Event) => this.set({ words: typed(e) })}
        ></textarea></label
      ><field-sounds-like .words=${`${i.words} ${i.answer}`} @erase=${() => this.drop()}></field-sounds-like>
      ${i.kind === "need" ? html`${this.needs()}${this.consentHint("need")}` : nothing} ${this.replyBy()}
      ${i.reply_by ? html`${this.replyWhen()} ${this.consentHint(i.reply_by)}` : nothing}
      ${check(t("isUrgent"), i.urgency === "urgent", (on) => this.set({ urgency: on ? "urgent" : "ordinary" }))}
      ${check(t("isConfidential"), i.confidential, (on) => this.set({ confidential: on }))} ${this.more()}
      ${this.removal()}
    </div>`;
  }

  private replyBy(): TemplateResult {
    const { t, issue: i } = this;
    const ways = this.codes?.channels.map((c) =>
      chip(i.reply_by === c.code, this.name(c), () => this.set({ reply_by: c.code })),
    );
    return html`<fieldset>
      <legend>${t("replyBy")}</legend>
      <div class="chips">
        ${chip(!i.reply_by, t("noReply"), () => this.set({ reply_by: "", promised_on: "" }))}${ways}
      </div>
    </fieldset>`;
  }

  private replyWhen(): TemplateResult {
    const { t, issue: i } = this;
    const other = i.promised_on && !SOON.some(([, days]) => dayAfter(Date.now(), days) === i.promised_on);
    const soon = SOON.map(([word, days]) => {
      const day = dayAfter(Date.now(), days);
      const on = i.promised_on === day;
      return chip(on, `${t(word)} (${dayShort(day)})`, () => this.set({ promised_on: on ? "" : day }));
    });
    return html`<fieldset>
      <legend>${t("replyWhen")}</legend>
      <div class="chips">
        ${soon}
        <input
          type="date"
          aria-label=${t("otherDay")}
          class=${other ? "on" : ""}
          min=${dayAfter(Date.now(), 0)}
          .value=${i.promised_on}
          @input=${(e: Event) => this.set({ promised_on: typed(e) })}
        />
      </div>
    </fieldset>`;
  }

  /** Where it is, what was answered at the door, pictures: seldom needed, so folded. */
  private more(): TemplateResult {
    const { t, issue: i } = this;
    return html`<details ?open=${i.place !== "" || i.answer !== ""}>
      <summary>${t("moreAbout")}</summary>
      <label class="field"
        >${t("whichPlace")}<input
          maxlength="300"
          autocomplete="off"
          .value=${i.place}
          @input=${(e: Event) => this.set({ place: typed(e) })}
      /></label>
      <label class="field"
        >${t("answeredHere")}<textarea
          rows="2"
          maxlength="4000"
          .value=${i.answer}
          @input=${(e: Event) => this.set({ answer: typed(e) })}
        ></textarea>
      </label>
      <field-visit-files .draft=${this.draft} .subject=${i.id}></field-visit-files>
    </details>`;
  }

  /** What holds words is asked about before it is thrown away. */
  private removal(): TemplateResult {
    const { t, issue: i } = this;
    if (this.removing)
      return html`<div class="row" role="group" aria-label=${t("removeSure")}>
        <button class="plain" @click=${() => (this.removing = false)}>${t("keepIt")}</button
        ><button class="danger" @click=${() => this.drop()}>${t("removeIt")}</button>
      </div>`;
    const ask = () => {
      if (i.words || i.answer) this.removing = true;
      else this.drop();
    };
    return html`<button class="plain small" @click=${ask}>🗑 ${t("remove")}</button>`;
  }

  /** Calling back, or Zalo, is one of the purposes that are agreed to or not. */
  private consentHint(by: string): TemplateResult | typeof nothing {
    const purpose = { phone: "call_back", zalo: "zalo", need: "support_referral" }[by];
    return purpose && this.draft.consents[purpose] !== true
      ? html`<p class="note">ℹ ${this.t("askConsent")}</p>`
      : nothing;
  }

  private needs(): TemplateResult {
    const named = needsOf(this.issue.words);
    const turn = (n: Named) =>
      this.become((issue) => {
        const before = needsOf(issue.words);
        const after = before.includes(n.vi) ? before.filter((x) => x !== n.vi) : [...before, n.vi];
        return { ...issue, words: withNeeds(issue.words, after) };
      });
    const choices = this.codes?.needs.map((n) => chip(named.includes(n.vi), this.name(n), () => turn(n)));
    return html`<fieldset>
      <legend>${this.t("whichNeed")}</legend>
      <div class="chips">${choices}</div>
    </fieldset>`;
  }
}
