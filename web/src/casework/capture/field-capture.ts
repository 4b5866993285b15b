/**
 * A photo, a voice note or a sketch at the door, all without a network. Emits `captured` {kind, blob} and `removed`
 * {id}.
 */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { translator, type Lang } from "../../i18n";
import { CAPTURE, type CaptureT } from "../../i18n/capture";
import { Light } from "../../ui/light";
import type { FileDraft } from "../field/types";
import "./capture.css";
import { shrink } from "./shrink";
import "./sketch-pad";
import "./voice-note";

type Kind = FileDraft["kind"];

@customElement("field-capture")
export class FieldCapture extends Light {
  @property() override lang: Lang = "vi";
  @property({ attribute: false }) files: Pick<FileDraft, "id" | "kind" | "at">[] = [];
  @state() private doing: Kind | "" = "";
  @state() private taken: { blob: Blob; url: string } | null = null;
  @state() private working = false;
  @state() private wrong = false;
  @state() private asked = ""; // the file whose removal waits for a second touch

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.putAway();
  }

  private putAway(): void {
    if (this.taken) URL.revokeObjectURL(this.taken.url);
    this.taken = null;
  }

  private done(kind: Kind, blob: Blob): void {
    this.putAway();
    this.doing = "";
    this.tell("captured", { kind, blob });
  }

  private readonly chosen = async (e: Event) => {
    const input = e.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = ""; // the same photo may be chosen again
    if (!file) return;
    this.putAway();
    this.working = true;
    this.wrong = false;
    try {
      const blob = await shrink(file);
      this.taken = { blob, url: URL.createObjectURL(blob) };
    } catch {
      this.wrong = true;
    } finally {
      this.working = false;
    }
  };

  private photo(t: CaptureT): TemplateResult {
    const take = (words: string, plain = false) =>
      html`<label class="button ${plain ? "plain" : ""}"
        ><input class="sr" type="file" accept="image/*" capture="environment" @change=${this.chosen} />📷
        ${words}</label
      >`;
    return html`<p class="note">${t("photoWarn")}</p>
      ${this.working ? html`<p role="status">${t("working")}</p>` : nothing}${
        this.wrong ? html`<p class="alert" role="alert">${t("badPhoto")}</p>` : nothing
      }
      ${
        this.taken
          ? html`<img src=${this.taken.url} alt=${t("preview")} />
              <div class="row">
                ${take(t("retake"), true)}<button @click=${() => this.done("photo", this.taken!.blob)}>
                  ${t("keep")}
                </button>
              </div>`
          : nothing
      }
      <div class="row">
        <button
          class="plain"
          @click=${() => {
            this.putAway();
            this.doing = "";
          }}
        >
          ${t(this.taken ? "discard" : "cancel")}</button
        >${this.taken ? nothing : take(t("photo"))}
      </div>`;
  }

  private shelf(t: CaptureT): TemplateResult {
    const at = (iso: string) =>
      new Date(iso).toLocaleTimeString(this.lang === "vi" ? "vi-VN" : "en-GB", { hour: "2-digit", minute: "2-digit" });
    const remove = (id: string) => {
      this.tell("removed", { id });
      this.asked = "";
    };
    return html`<ul class="shelf" aria-label=${t("kept")}>
      ${this.files.map(
        (f) =>
          html`<li>
            <span>${ICON[f.kind]} ${t(`k_${f.kind}`)} ${at(f.at)}</span>${
              this.asked === f.id
                ? html`<span role="group" aria-label=${t("sure")}
                    >${t("sure")} <button class="danger" @click=${() => remove(f.id)}>${t("yes")}</button
                    ><button class="plain" @click=${() => (this.asked = "")}>${t("no")}</button></span
                  >`
                : html`<button
                    class="plain"
                    aria-label=${t("remove", { k: t(`k_${f.kind}`), t: at(f.at) })}
                    @click=${() => (this.asked = f.id)}
                  >
                    ✕
                  </button>`
            }
          </li>`,
      )}
    </ul>`;
  }

  protected override render(): TemplateResult {
    const t = translator(CAPTURE, this.lang);
    const shut = () => (this.doing = "");
    const body =
      this.doing === "photo"
        ? this.photo(t)
        : this.doing === "voice"
          ? html`<voice-note
              .t=${t}
              @cancel=${shut}
              @recorded=${(e: CustomEvent<Blob>) => this.done("voice", e.detail)}
            ></voice-note>`
          : this.doing === "sketch"
            ? html`<sketch-pad
                .t=${t}
                @cancel=${shut}
                @drawn=${(e: CustomEvent<Blob>) => this.done("sketch", e.detail)}
              ></sketch-pad>`
            : html`<div class="kinds">
                ${(["photo", "voice", "sketch"] as const).map(
                  (kind) =>
                    html`<button class="plain" @click=${() => (this.doing = kind)}>
                      <span aria-hidden="true">${ICON[kind]}</span>${t(kind)}
                    </button>`,
                )}
              </div>`;
    return html`${this.files.length ? this.shelf(t) : nothing}${body}`;
  }
}
const ICON: Record<Kind, string> = { photo: "📷", voice: "🎤", sketch: "✏️" };
