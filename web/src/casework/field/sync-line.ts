/** Always there, always in words: whether everything has been sent, and if not, that the phone still keeps it. */
import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { FieldT } from "../../i18n/field";
import { clock } from "../../kernel/time";
import { Screen } from "./context";
import { go } from "./router";
import type { SyncState } from "./types";

/** The one sentence, and whether all is well. */
export function sentence(t: FieldT, s: SyncState): { text: string; good: boolean } {
  if (s.held) return { text: t("sHeld", { n: s.held }), good: false };
  if (s.busy && s.progress?.of) return { text: t("sGetting", { n: s.progress.done, of: s.progress.of }), good: true };
  if (s.unsent) return { text: t(s.online ? "sUnsent" : "sUnsentOff", { n: s.unsent }), good: false };
  if (!s.lastAt) return { text: t(s.online ? "sNever" : "sNeverOff"), good: false };
  return { text: t(s.online ? "sSent" : "sSentOff", { t: clock(s.lastAt).slice(0, 5) }), good: true };
}

@customElement("field-sync-line")
export class SyncLine extends Screen {
  protected override render(): TemplateResult {
    const { sync } = this.session;
    const { text, good } = sentence(this.t, sync);
    return html`<button
      class="plain sync ${good ? "good" : "waits"}"
      @click=${() => go(sync.held ? "mend" : "settings")}
    >
      <span role="status">${good ? "✔" : sync.held ? "❗" : "⏳"} ${text}</span
      ><span class="sr">. ${this.t(sync.held ? "look" : "menu")}</span><span aria-hidden="true">☰</span>
    </button>`;
  }
}
