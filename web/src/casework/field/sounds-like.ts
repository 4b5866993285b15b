/**
 * Beside words that are being typed: some things have their own desk by law, better shown the way than written down.
 * Emits `erase`.
 */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { Screen } from "./context";
import "./routed";
import { rather } from "./sounds";
import type { CodesDoc } from "./types";

@customElement("field-sounds-like")
export class SoundsLike extends Screen {
  @property() words = "";
  @state() private way: CodesDoc["routed"][number] | null = null;

  private get routed(): CodesDoc["routed"][number] | undefined {
    const kind = rather(this.words);
    return kind ? this.session.all("codes")[0]?.body.routed.find((r) => r.code === kind) : undefined;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { t, routed } = this;
    if (!routed) return nothing;
    return html`<div class="note" role="status">
        <p>⚠ ${t("soundsLike", { k: t(`r_${routed.code as "crime"}`) })}</p>
        <button class="wide" @click=${() => (this.way = routed)}>${t("showWay")}</button>
        <button class="plain wide" @click=${() => this.tell("erase")}>${t("dropWords")}</button>
      </div>
      ${this.way ? html`<field-routed .routed=${this.way} @shut=${() => (this.way = null)}></field-routed>` : nothing}`;
  }
}
