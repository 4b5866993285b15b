/** The keys, as a table. */
import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { Light } from "../../ui/light";
import { t, type Word } from "./speech";

const KEYS: [string, Word][] = [
  ["↑ ↓ · j k", "k_move"],
  ["A", "k_ack"],
  ["S", "k_send"],
  ["1–9", "k_pick"],
  ["C", "k_close"],
  ["M", "k_msg"],
  ["P", "k_triage"],
  ["T", "k_transfer"],
  ["G", "k_merge"],
  ["N", "k_new"],
  ["?", "k_help"],
  ["Esc", "k_esc"],
];

@customElement("desk-help")
export class DeskHelp extends Light {
  @property() override lang = "";

  protected override render() {
    return html`<h2 id="dialog-title">${t("helpTitle")}</h2>
      <dl class="keys">
        ${KEYS.map(
          ([key, word]) =>
            html`<div>
              <dt><kbd>${key}</kbd></dt>
              <dd>${t(word)}</dd>
            </div>`,
        )}
      </dl>
      <button autofocus @click=${() => this.tell("shut")}>${t("done")}</button>`;
  }
}
