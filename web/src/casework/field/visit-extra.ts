/** The rest of a visit: who was there, a note, photos. Folded away, because most visits need none of it. */
import { html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { Screen } from "./context";
import type { Change } from "./draft";
import "./sounds-like";
import { fromPicker, toPicker } from "./times";
import type { Draft } from "./types";
import "./visit-files";

@customElement("field-visit-extra")
export class VisitExtra extends Screen {
  @property({ attribute: false }) draft!: Draft;

  private keep(change: Partial<Draft>): void {
    this.tell<Change>("keep", (draft) => ({ ...draft, ...change }));
  }

  private step(code: string, by: number): void {
    this.tell<Change>("keep", (draft) => {
      const present = { ...draft.present, [code]: Math.max(0, (draft.present[code] ?? 0) + by) };
      if (!present[code]) delete present[code];
      return { ...draft, present };
    });
  }

  protected override render(): TemplateResult {
    const { t, draft } = this;
    const parts = this.session.all("codes")[0]?.body.parts ?? [];
    const there = parts
      .filter((p) => draft.present[p.code])
      .map((p) => `${this.name(p)} ${draft.present[p.code]}`)
      .join(", ");
    return html`<details>
        <summary>👥 ${t("present")}: ${there || t("unknown")}</summary>
        ${parts.map(
          (p) =>
            html`<div class="consent" role="group" aria-label=${this.name(p)}>
              <span>${this.name(p)}</span
              ><button
                class="plain"
                aria-label=${t("less")}
                ?disabled=${!draft.present[p.code]}
                @click=${() => this.step(p.code, -1)}
              >
                −</button
              ><output>${draft.present[p.code] ?? 0}</output
              ><button class="plain" aria-label=${t("moreOf")} @click=${() => this.step(p.code, 1)}>+</button>
            </div>`,
        )}
      </details>
      <details ?open=${draft.files.some((f) => f.subject === draft.id)}>
        <summary>📷 ${t("photos")}</summary>
        <field-visit-files .draft=${draft} .subject=${draft.id}></field-visit-files>
      </details>
      <details ?open=${draft.note !== ""}>
        <summary>📝 ${t("note")}</summary>
        <label class="field"
          ><span class="quiet">${t("noteWhat")}</span
          ><textarea
            rows="3"
            maxlength="2000"
            .value=${draft.note}
            @input=${(e: Event) => this.keep({ note: (e.target as HTMLTextAreaElement).value })}
          ></textarea></label
        ><field-sounds-like .words=${draft.note} @erase=${() => this.keep({ note: "" })}></field-sounds-like>
      </details>`;
  }
}

/** Any other time. Emits `when`. */
@customElement("field-other-time")
export class OtherTime extends Screen {
  @property() at = "";

  protected override render(): TemplateResult {
    const given = (e: Event) => {
      const value = (e.target as HTMLInputElement).value;
      if (!value || Date.parse(fromPicker(value)) > Date.now()) this.tell("when", fromPicker(value));
    };
    return html`<input
      type="datetime-local"
      aria-label=${this.t("otherTime")}
      min=${toPicker(new Date().toISOString())}
      .value=${toPicker(this.at)}
      @change=${given}
    />`;
  }
}
