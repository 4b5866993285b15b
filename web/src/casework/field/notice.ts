/**
 * The notice that comes before any consent: read aloud where the phone has a voice, else in large words to be shown.
 */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { Screen } from "./context";
import type { Change } from "./draft";
import type { Draft, NoticeDoc } from "./types";

const LANGS: Record<string, string> = { vi: "Tiếng Việt", en: "English", km: "ខ្មែរ", zh: "中文", ko: "한국어" };

/** Emits `keep` with the change: which notice was told, and what was agreed to, each purpose by itself. */
@customElement("field-notice")
export class Notice extends Screen {
  @property({ attribute: false }) draft!: Draft;
  @state() private asked = "";
  @state() private speaking = false;
  @state() private seeing = false;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.hush();
  }

  private get notices(): NoticeDoc[] {
    return this.session.all("notice").map(({ body }) => body);
  }

  private get notice(): NoticeDoc | undefined {
    const wanted = this.asked || this.draft.notice_lang || this.tongue;
    return this.notices.find((n) => n.lang === wanted) ?? this.notices.find((n) => n.lang === "vi") ?? this.notices[0];
  }

  private voice(lang: string): SpeechSynthesisVoice | undefined {
    return typeof speechSynthesis === "undefined"
      ? undefined
      : speechSynthesis.getVoices().find((v) => v.lang.toLowerCase().startsWith(lang));
  }

  private hush(): void {
    if (this.speaking) speechSynthesis.cancel();
    this.speaking = false;
  }

  private aloud(n: NoticeDoc): void {
    if (this.speaking) return this.hush();
    const said = new SpeechSynthesisUtterance([n.title, ...n.paragraphs].join(". "));
    said.lang = n.lang;
    said.voice = this.voice(n.lang) ?? null;
    said.rate = 0.9;
    const over = () => (this.speaking = false);
    said.onend = over;
    said.onerror = over;
    this.speaking = true;
    speechSynthesis.speak(said);
  }

  private told(n: NoticeDoc): void {
    this.hush();
    this.seeing = false;
    this.tell<Change>("keep", (draft) => ({ ...draft, notice_lang: n.lang, notice_version: n.version }));
    requestAnimationFrame(() => this.scrollIntoView?.({ block: "start" }));
  }

  private agree(code: string, yes: boolean): void {
    this.tell<Change>("keep", (draft) => {
      const consents = { ...draft.consents };
      if (consents[code] === yes) delete consents[code];
      else consents[code] = yes;
      return { ...draft, consents };
    });
  }

  protected override render(): TemplateResult {
    const { t, draft, notice: n } = this;
    if (!n) return html`<p class="card">${t("noNotice")}</p>`;
    if (draft.notice_version && !this.seeing) {
      return html`<p class="told">
          ✔ ${t("noticeTold", { l: LANGS[draft.notice_lang] ?? draft.notice_lang })}
          <button class="plain small" @click=${() => (this.seeing = true)}>${t("seeAgain")}</button>
        </p>
        ${this.consents(n)}`;
    }
    return html`<div class="chips" role="group" aria-label=${t("noticeLang")}>
        ${this.notices.map(
          (other) =>
            html`<button
              class=${other.lang === n.lang ? "" : "plain"}
              aria-pressed=${other.lang === n.lang}
              lang=${other.lang}
              @click=${() => {
                this.hush();
                this.asked = other.lang;
              }}
            >
              ${LANGS[other.lang] ?? other.lang}
            </button>`,
        )}
        ${
          this.voice(n.lang)
            ? html`<button class="plain" @click=${() => this.aloud(n)}>
                ${this.speaking ? `⏹ ${t("hush")}` : `🔊 ${t("aloud")}`}
              </button>`
            : nothing
        }
      </div>
      <article class="notice" lang=${n.lang}>
        <h3>${n.title}</h3>
        ${n.paragraphs.map((p) => html`<p>${p}</p>`)}
      </article>
      <button class="wide tall" @click=${() => this.told(n)}>✔ ${t("haveTold")}</button>`;
  }

  private consents(n: NoticeDoc): TemplateResult {
    const { t, draft } = this;
    return html`<h3 class="name">${t("agrees")}</h3>
      <p class="quiet">${t("agreesWhat")}</p>
      ${n.purposes.map(
        (p) =>
          html`<div class="consent" role="group" aria-label=${this.name(p)}>
            <span>${this.name(p)}</span>
            <button
              class=${draft.consents[p.code] === true ? "" : "plain"}
              aria-pressed=${draft.consents[p.code] === true}
              @click=${() => this.agree(p.code, true)}
            >
              ${t("yes")}</button
            ><button
              class=${draft.consents[p.code] === false ? "" : "plain"}
              aria-pressed=${draft.consents[p.code] === false}
              @click=${() => this.agree(p.code, false)}
            >
              ${t("no")}
            </button>
          </div>`,
      )}`;
  }
}
