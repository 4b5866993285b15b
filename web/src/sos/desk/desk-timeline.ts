/** Everything that happened to one incident, newest last, straight from the journal. */
import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Entry } from "../../contract/types";
import { clock } from "../../kernel/time";
import { Light } from "../../ui/light";
import { actor, sentence, type Names } from "./says";
import { language, t } from "./speech";

@customElement("desk-timeline")
export class DeskTimeline extends Light {
  @property({ attribute: false }) entries: Entry[] = [];
  @property({ attribute: false }) names!: Names;
  @property() override lang = "";

  protected override render() {
    return html`<section aria-labelledby="line-title">
      <h3 id="line-title">${t("timeline")}</h3>
      <ol class="timeline">
        ${this.entries.map(
          (e) =>
            html`<li class=${e.verb}>
              <time datetime=${e.at}>${clock(e.at)}</time>
              <span
                ><b>${actor(e, language())}</b>
                ${sentence(e, language(), this.names)}${e.text ? html`: <q>${e.text}</q>` : nothing}</span
              >
            </li>`,
        )}
      </ol>
    </section>`;
  }
}
