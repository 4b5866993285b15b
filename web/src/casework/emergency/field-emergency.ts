/**
 * The button that is on every field screen, and its sheet: SOS, the numbers, what to do at violence. No data, no
 * network, no trace: it keeps nothing, asks nobody, and leaves the address and the history as they are.
 */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { translator, type Lang } from "../../i18n";
import { EMERGENCY, type EmergencyT } from "../../i18n/emergency";
import { Light } from "../../ui/light";
import "./emergency.css";
import { NUMBERS, STEPS } from "./numbers";

type Steps = keyof typeof STEPS;

@customElement("field-emergency")
export class FieldEmergency extends Light {
  @property() override lang: Lang = "vi";
  @state() private up = false;
  @state() private steps: Steps | "" = "";

  private open(): void {
    this.up = true;
    this.steps = "";
    void this.updateComplete.then(() => this.querySelector("dialog")?.showModal());
  }

  private readonly shut = () => (this.up = false);

  private line(t: EmergencyT, kind: Steps): TemplateResult {
    const { call, steps } = STEPS[kind];
    const on = this.steps === kind;
    return html`<button class="plain kind" aria-expanded=${on} @click=${() => (this.steps = on ? "" : kind)}>
        ${t(kind)}<span aria-hidden="true">${on ? "▴" : "▾"}</span>
      </button>
      ${
        on
          ? html`<div class="steps">
              <ol>
                ${steps.map((s) => html`<li>${t(s)}</li>`)}
              </ol>
              ${call.map((n) => html`<a class="button danger" href="tel:${n}">📞 ${t("call", { n })}</a>`)}
              <p>🚫 ${t("nothing")}</p>
            </div>`
          : nothing
      }`;
  }

  protected override render(): TemplateResult {
    const t = translator(EMERGENCY, this.lang);
    return html`<button class="danger open" aria-haspopup="dialog" @click=${() => this.open()}>${t("open")}</button> ${
        this.up
          ? html`<dialog aria-labelledby="emergency-title" @close=${this.shut}>
              <div class="head">
                <h2 id="emergency-title">${t("title")}</h2>
                <button class="plain" autofocus @click=${() => this.querySelector("dialog")!.close()}>
                  ${t("shut")}
                </button>
              </div>
              <a class="button danger sos-page" href="/sos">${t("sos")}<small>${t("sosHint")}</small></a>
              <div class="numbers">
                ${NUMBERS.map(
                  (n) =>
                    html`<a class="button danger" href="tel:${n}" aria-label="${t("call", { n })} – ${t(`n${n}`)}"
                      ><b>${n}</b>${t(`n${n}`)}</a
                    >`,
                )}
              </div>
              ${(Object.keys(STEPS) as Steps[]).map((kind) => this.line(t, kind))}
              <p class="quiet">${t("noSignal")}</p>
            </dialog>`
          : nothing
      }`;
  }
}
