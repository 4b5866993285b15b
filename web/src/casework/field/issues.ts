/**
 * What the resident says, each thing by itself, in their own words. What has its own law is shown the way and not
 * written down.
 */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { Screen } from "./context";
import { newIssue } from "../listening/phone";
import type { Change } from "./draft";
import { icon } from "./icons";
import "./issue-card";
import "./routed";
import type { CodesDoc, Draft } from "./types";

@customElement("field-issues")
export class Issues extends Screen {
  @property({ attribute: false }) draft!: Draft;
  @state() private open = "";
  @state() private routed: CodesDoc["routed"][number] | null = null;
  @state() private others = false;

  private add(kind: string): void {
    const fresh = newIssue(kind);
    this.open = fresh.id;
    this.tell<Change>("keep", (draft) => ({ ...draft, issues: [...draft.issues, fresh] }));
    requestAnimationFrame(() => {
      const area = this.querySelector<HTMLElement>(`[data-issue="${fresh.id}"] textarea`);
      area?.focus();
      area?.closest("field-issue")?.scrollIntoView({ block: "start" });
    });
  }

  protected override render(): TemplateResult {
    const { t, draft } = this;
    const codes = this.session.all("codes")[0]?.body;
    return html`${repeat(
        draft.issues,
        (i) => i.id,
        (i, n) =>
          html`<field-issue
            data-issue=${i.id}
            .issue=${i}
            .number=${n + 1}
            .open=${this.open === i.id}
            .codes=${codes ?? null}
            .draft=${draft}
            @open=${() => (this.open = this.open === i.id ? "" : i.id)}
          ></field-issue>`,
      )}
      <h3 class="name">${t(draft.issues.length ? "anotherThing" : "whatSaid")}</h3>
      <div class="tiles">
        ${codes?.kinds.map(
          (k) =>
            html`<button class="plain" data-kind=${k.code} @click=${() => this.add(k.code)}>
              <span aria-hidden="true">${icon(k.code)}</span>${this.name(k)}
            </button>`,
        )}
      </div>
      <details
        class="elsewhere"
        ?open=${this.others}
        @toggle=${(e: Event) => (this.others = (e.target as HTMLDetailsElement).open)}
      >
        <summary>${t("notHere")}</summary>
        <p class="quiet">${t("notHereWhat")}</p>
        <div class="tiles">
          ${codes?.routed.map(
            (r) =>
              html`<button class="plain" @click=${() => (this.routed = r)}>
                <span aria-hidden="true">${icon(r.code)}</span>${t(`r_${r.code as "crime"}`)}
              </button>`,
          )}
        </div>
      </details>
      ${
        this.routed
          ? html`<field-routed .routed=${this.routed} @shut=${() => (this.routed = null)}></field-routed>`
          : nothing
      }`;
  }
}
