/** Record, see that it records, stop, listen, keep or discard. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { CaptureT } from "../../i18n/capture";
import { Light } from "../../ui/light";
import { LONGEST_S, Recorder } from "./recorder";

const clock = (s: number) => `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;

@customElement("voice-note")
export class VoiceNote extends Light {
  @property({ attribute: false }) t!: CaptureT;
  private readonly recorder = new Recorder(() => this.requestUpdate());
  private url = "";

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.recorder.throwAway();
    this.forget();
  }

  private forget(): void {
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = "";
  }

  private discard(): void {
    this.forget();
    this.recorder.throwAway();
  }

  private keep(): void {
    const { blob } = this.recorder;
    this.discard();
    if (blob) this.tell("recorded", blob);
  }

  protected override render(): TemplateResult {
    const { t, recorder } = this;
    const minutes = LONGEST_S / 60;
    if (recorder.phase === "recording")
      return html`<p class="rec" role="status"><i aria-hidden="true"></i>${t("recording")}</p>
        <p class="big" role="timer">${t("time", { t: clock(recorder.seconds), of: clock(LONGEST_S) })}</p>
        <button class="danger wide tall" @click=${() => recorder.stop()}>■ ${t("stop")}</button>`;
    if (recorder.phase === "done") {
      this.url ||= URL.createObjectURL(recorder.blob!);
      return html`${
          recorder.ended ? html`<p class="note" role="status">${t(recorder.ended, { n: minutes })}</p>` : nothing
        }
        <p>${t("listen")} (${clock(recorder.seconds)})</p>
        <audio controls src=${this.url}></audio>
        <div class="row">
          <button class="plain" @click=${() => this.discard()}>${t("discard")}</button
          ><button @click=${() => this.keep()}>${t("keep")}</button>
        </div>`;
    }
    return html`${recorder.why ? html`<p class="alert" role="alert">${t(recorder.why)}</p>` : nothing}
      <p class="note">${t("voiceWarn", { n: minutes })}</p>
      <div class="row">
        <button class="plain" @click=${() => this.tell("cancel")}>${t("cancel")}</button
        ><button ?disabled=${recorder.phase === "asking"} @click=${() => void recorder.start()}>
          ${recorder.phase === "asking" ? t("starting") : html`● ${t("start")}`}
        </button>
      </div>`;
  }
}
