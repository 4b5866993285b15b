/** The chat with the person who pressed. Silent incidents: text only. */
import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ChatLine } from "../../contract/types";
import { clock } from "../../kernel/time";
import { Light } from "../../ui/light";
import { t, type Word } from "./speech";

const QUICK: Word[] = ["chatQuick1", "chatQuick2"];

@customElement("desk-chat")
export class DeskChat extends Light {
  @property({ attribute: false }) lines: ChatLine[] = [];
  /** Whether there are lines before these. */
  @property({ type: Boolean }) more = false;
  /** The incident: what is half written belongs to it and goes nowhere else. */
  @property() about = "";
  @property({ type: Boolean }) silent = false;
  /** Under duress somebody else may hold the phone: every word sent appears on it. */
  @property({ type: Boolean }) duress = false;
  private readonly drafts = new Map<string, string>();
  @property() override lang = "";

  protected override updated(changed: Map<string, unknown>): void {
    const input = this.querySelector<HTMLInputElement>("#chat-text");
    if (!changed.has("about") || !input) return;
    const before = changed.get("about") as string | undefined;
    if (before) this.drafts.set(before, input.value);
    input.value = this.drafts.get(this.about) ?? "";
    this.drafts.delete(this.about);
    if (before && document.activeElement === input) input.blur(); // the next Enter must not go to somebody else
  }

  protected override render() {
    return html`<section aria-labelledby="chat-title">
      <h3 id="chat-title">${t("chat")} <kbd aria-hidden="true">M</kbd></h3>
      ${
        this.duress
          ? html`<p class="tag silent">${t("chatDuress")}</p>`
          : this.silent
            ? html`<p class="tag silent">${t("chatSilent")}</p>`
            : nothing
      }
      ${this.lines.some((m) => m.other) ? html`<p class="quiet">${t("chatAll")}</p>` : nothing}
      ${this.more ? html`<button class="plain small" @click=${this.back}>${t("chatOlder")}</button>` : nothing}
      <ol class="chat" aria-live="polite">
        ${this.lines.map(
          (m) =>
            html`<li class=${m.by}>
              <span class="quiet"
                >${m.by === "resident" ? t(m.other ? "chatOther" : "chatThem") : m.by_name || t("chatYou")}
                ${clock(m.at)}</span
              ><span class="say">${m.text}</span>
            </li>`,
        )}
      </ol>
      ${this.lines.length ? nothing : html`<p class="quiet">${t("chatEmpty")}</p>`}
      <form class="row" @submit=${this.send}>
        <label class="sr" for="chat-text">${t("chatPlace")}</label
        ><input id="chat-text" maxlength="900" autocomplete="off" placeholder=${t("chatPlace")} /><button>
          ${t("send")}
        </button>
      </form>
      <div class="quick" role="group" aria-label=${t("quickReplies")}>
        ${QUICK.map((q) => html`<button class="plain small" @click=${() => this.tell("chat", t(q))}>${t(q)}</button>`)}
      </div>
    </section>`;
  }

  private readonly back = () => this.tell("older");

  private readonly send = (e: Event) => {
    e.preventDefault();
    const input = this.querySelector<HTMLInputElement>("#chat-text")!;
    const text = input.value.trim();
    if (text) this.tell("chat", text);
    input.value = "";
  };

  /** What could not be sent comes back into the line: nothing typed is lost. */
  restore(text: string, about = this.about): void {
    if (about !== this.about) return void this.drafts.set(about, text);
    const input = this.querySelector<HTMLInputElement>("#chat-text");
    if (input && !input.value) input.value = text;
  }

  /** M: to the line where one writes. */
  write(): void {
    this.querySelector<HTMLInputElement>("#chat-text")?.focus();
  }
}
