/** Photo, voice or sketch to a visit or to one thing that was said. The camera's part is loaded when asked for. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { Screen } from "./context";
import type { Change } from "./draft";
import { load } from "./parts";
import type { Draft, FileDraft, Id } from "./types";

@customElement("field-visit-files")
export class VisitFiles extends Screen {
  @property({ attribute: false }) draft!: Draft;
  @property() subject: Id = "";
  @state() private there: boolean | null = null;
  @state() private asked = false;
  @state() private message = "";

  private open(): void {
    this.asked = true;
    void load("capture/field-capture").then((there) => (this.there = there));
  }

  private readonly captured = async (e: CustomEvent<{ kind: FileDraft["kind"]; blob: Blob }>) => {
    e.stopPropagation();
    try {
      const file = await this.session.addFile(this.draft, e.detail.kind, e.detail.blob);
      this.tell<Change>("keep", (draft) => ({
        ...draft,
        files: [...draft.files.filter((f) => f.id !== file.id), { ...file, subject: this.subject }],
      }));
      this.message = "";
    } catch {
      this.message = this.t("fileFailed");
    }
  };

  private readonly removed = (e: CustomEvent<{ id: Id }>) => {
    e.stopPropagation();
    this.tell<Change>("keep", (draft) => ({ ...draft, files: draft.files.filter((f) => f.id !== e.detail.id) }));
  };

  protected override render(): TemplateResult {
    const { t } = this;
    const files = this.draft.files.filter((f) => f.subject === this.subject);
    return html`${files.length ? html`<p>📎 ${t("filesKept", { n: files.length })}</p>` : nothing}${
      this.message ? html`<p class="alert" role="alert">${this.message}</p>` : nothing
    }
    ${
      !this.asked
        ? html`<button class="plain wide" @click=${() => this.open()}>📷 ${t("attach")}</button>`
        : this.there === null
          ? html`<p role="status">${t("opening")}</p>`
          : this.there
            ? html`<field-capture
                .lang=${this.tongue}
                .files=${files}
                @captured=${this.captured}
                @removed=${this.removed}
              ></field-capture>`
            : html`<p class="quiet">${t("noCapture")}</p>`
    }`;
  }
}
