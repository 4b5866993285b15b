/**
 * Before the app is open: who holds the phone, and their PIN. Nobody's work is visible here, only names and how much
 * waits.
 */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { dayAndClock } from "../../kernel/time";
import { Screen } from "./context";
import "./set-pin";
import type { MemberCard } from "./types";

const SIGN_IN = "/account/login/?next=/field";
const OTHER = `/account/logout/?next=${encodeURIComponent(SIGN_IN)}`;

@customElement("field-gate")
export class Gate extends Screen {
  @state() private member: MemberCard | null = null;
  @state() private adding = false;
  @state() private anew = false;
  @state() private busy = false;
  @state() private message = "";
  @state() private waitUntil = 0;
  @state() private lost = "";
  private timer: ReturnType<typeof setInterval> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  protected override render(): TemplateResult {
    const { t, session } = this;
    if (session.phase === "unsupported") return this.unsupported();
    const fresh =
      session.signedIn && (this.anew || !session.members.some((m) => m.id === session.signedIn!.id))
        ? session.signedIn
        : null;
    const told = session.sync.error;
    const lost = this.lost || (session.phase === "wiped" ? (told ? told[this.tongue] : t("wiped")) : "");
    const notice = lost
      ? html`<p class="alert" role="alert">${lost}</p>
          <p>${t("wipedDo")}</p>`
      : nothing;
    if (fresh && (this.adding || !session.members.length)) return html`${notice}${this.welcome(fresh.name)}`;
    if (this.member) return this.unlocking(this.member);
    if (session.members.length) return html`${notice}${this.who(session.members, fresh)}`;
    return html`${notice}
      <h1 class="big" tabindex="-1">${t("hello")}</h1>
      <p>${t("helloWhat")}</p>
      ${
        session.sync.online
          ? html`<a class="button go" href=${SIGN_IN}>${t("signIn")}</a>`
          : html`<p class="alert" role="alert">${t("firstNeedsNet")}</p>
              <button class="plain wide" @click=${() => void session.start()}>${t("tryAgain")}</button>`
      }`;
  }

  /** Why the app cannot be used here, as far as it is known. */
  private unsupported(): TemplateResult {
    const { t, session } = this;
    const why = session.sync.error;
    return html`<h1 class="big" tabindex="-1">${t(why ? "cannotOpen" : "noSupport")}</h1>
      <p>${why ? why[this.tongue] : t("noSupportDo")}</p>
      ${why ? html`<button class="plain wide" @click=${() => location.reload()}>${t("tryAgain")}</button>` : nothing}`;
  }

  private welcome(name: string): TemplateResult {
    return html`<h1 class="big" tabindex="-1">${this.t("welcome", { who: name })}</h1>
      <set-pin .busy=${this.busy} @chosen=${(e: CustomEvent<string>) => void this.create(e.detail)}></set-pin>
      ${this.message ? html`<p class="alert" role="alert">${this.message}</p>` : nothing}
      ${
        this.session.members.length
          ? html`<button
              class="plain wide"
              @click=${() => {
                this.anew = false;
                this.adding = false;
              }}
            >
              ${this.t("back")}
            </button>`
          : html`<p class="quiet"><a href=${OTHER}>${this.t("notMe", { who: name })}</a></p>`
      }`;
  }

  private async create(pin: string): Promise<void> {
    this.busy = true;
    this.message = "";
    await this.session
      .createVault(pin)
      .catch((error: unknown) => (this.message = this.t("vaultFailed", { why: worded(error, this.tongue) })));
    this.busy = false;
    this.anew = false;
    this.adding = false;
  }

  private who(members: readonly MemberCard[], fresh: { name: string } | null): TemplateResult {
    const { t } = this;
    return html`<h1 class="big" tabindex="-1">${t("who")}</h1>
      <div class="stack">
        ${members.map(
          (m) =>
            html`<button class="plain member" @click=${() => this.pick(m)}>
              <b>${m.name}</b
              ><span class=${m.unsent ? "waits" : "quiet"}
                >${
                  m.unsent
                    ? `⏳ ${t("sUnsentOff", { n: m.unsent })}`
                    : m.lastAt
                      ? t("lastSent", { t: dayAndClock(m.lastAt) })
                      : t("lastNever")
                }</span
              >
            </button>`,
        )}
      </div>
      ${
        fresh
          ? html`<button class="plain wide" @click=${() => (this.adding = true)}>
              + ${t("addFresh", { who: fresh.name })}
            </button>`
          : this.session.sync.online
            ? html`<a class="button plain wide" href=${this.session.signedIn ? OTHER : SIGN_IN}>+ ${t("addMember")}</a>`
            : html`<p class="quiet">${t("addNeedsNet")}</p>`
      }`;
  }

  private pick(member: MemberCard | null): void {
    this.member = member;
    this.lost = "";
    this.message = "";
    void this.updateComplete.then(() => this.querySelector<HTMLElement>("h1")?.focus());
  }

  private unlocking(member: MemberCard): TemplateResult {
    const { t } = this;
    const wait = Math.max(0, Math.ceil((this.waitUntil - Date.now()) / 1000));
    return html`<h1 class="big" tabindex="-1">${t("pinOf", { who: member.name })}</h1>
      ${this.message ? html`<p class="alert" role="alert">${this.message}</p>` : nothing}${
        wait ? html`<p class="alert" role="status">${t("pinWait", { n: wait })}</p>` : nothing
      }
      <pin-pad
        .digits=${member.digits ?? this.session.pinRules.digits}
        .busy=${this.busy || wait > 0}
        .label=${t("pinOf", { who: member.name })}
        @pin=${(e: CustomEvent<string>) => void this.unlock(member, e.detail)}
      ></pin-pad>
      <p role="status">${this.busy ? t("opening") : ""}</p>
      <button class="plain wide" @click=${() => this.pick(null)}>${t("otherMember")}</button>${this.forgotten(member)}`;
  }

  /** A forgotten PIN cannot be read back. Who is signed in may begin anew, unless something would be lost by it. */
  private forgotten(member: MemberCard): TemplateResult {
    const { t, session } = this;
    const mine = session.signedIn?.id === member.id;
    return html`<details>
      <summary>${t("pinForgot")}</summary>
      <p>${t(member.unsent ? "pinForgotUnsent" : mine ? "pinForgotMine" : "pinForgotOther")}</p>
      ${
        member.unsent
          ? nothing
          : mine
            ? html`<button
                class="plain wide"
                @click=${() => {
                  this.adding = true;
                  this.anew = true;
                }}
              >
                ${t("pinAnew")}
              </button>`
            : session.sync.online
              ? html`<a class="button plain wide" href=${session.signedIn ? OTHER : SIGN_IN}>${t("signIn")}</a>`
              : nothing
      }
    </details>`;
  }

  private async unlock(member: MemberCard, pin: string): Promise<void> {
    this.busy = true;
    const answer = await this.session
      .unlock(member.id, pin)
      .catch((error: unknown) => ({ ok: false as const, failed: worded(error, this.tongue) }));
    this.busy = false;
    if (answer.ok) return;
    if ("failed" in answer) this.message = answer.failed;
    else if (answer.wiped) {
      this.pick(null);
      this.lost = this.t("wipedNow", { who: member.name });
    } else {
      navigator.vibrate?.([80, 60, 80]);
      this.message = this.t(answer.left <= 3 ? "pinFew" : "pinWrong", { n: answer.left });
      this.waitUntil = Date.now() + answer.wait_s * 1000;
      clearInterval(this.timer);
      if (answer.wait_s)
        this.timer = setInterval(() => {
          this.requestUpdate();
          if (Date.now() > this.waitUntil) clearInterval(this.timer);
        }, 500);
    }
  }
}

/** What went wrong, in the reader's language where the error says it in both. */
export function worded(error: unknown, lang: "vi" | "en"): string {
  const e = error as {
    said?: { vi: string; en: string };
    problem?: { detail?: string; detail_en?: string };
    message?: string;
  };
  const [vi, en] = e.problem ? [e.problem.detail, e.problem.detail_en] : [e.said?.vi, e.said?.en];
  return (lang === "en" && en) || vi || e.message || String(error);
}
