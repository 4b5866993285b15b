/** Another PIN: the old one once, the new one twice. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { Screen } from "./context";
import { worded } from "./gate";
import { up } from "./router";
import "./set-pin";

@customElement("field-change-pin")
export class ChangePin extends Screen {
  @state() private old = "";
  @state() private busy = false;
  @state() private message = "";
  @state() private done = false;

  /** How many digits the PIN has that is to be changed: the ward may rule otherwise by now. */
  private get present(): number {
    const { members, member, pinRules } = this.session;
    return members.find((m) => m.id === member?.id)?.digits ?? pinRules.digits;
  }

  private async change(next: string): Promise<void> {
    this.busy = true;
    let why = this.t("pinOldWrong");
    const good = await this.session.changePin(this.old, next).catch((error: unknown) => {
      why = worded(error, this.tongue);
      return false;
    });
    this.busy = false;
    this.old = "";
    this.done = good;
    this.message = good ? "" : why;
  }

  protected override render(): TemplateResult {
    const { t } = this;
    if (this.done)
      return html`<h1 class="big" tabindex="-1">✔ ${t("pinChanged")}</h1>
        <button class="go" @click=${() => up("settings")}>${t("back")}</button>`;
    return html`<h1 class="big" tabindex="-1">${t("changePin")}</h1>
      ${this.message ? html`<p class="alert" role="alert">${this.message}</p>` : nothing}
      ${
        this.old
          ? html`<set-pin
              .busy=${this.busy}
              @chosen=${(e: CustomEvent<string>) => void this.change(e.detail)}
            ></set-pin>`
          : html`<p class="big">${t("pinOld")}</p>
              <pin-pad
                .digits=${this.present}
                .label=${t("pinOld")}
                @pin=${(e: CustomEvent<string>) => {
                  this.message = "";
                  this.old = e.detail;
                }}
              ></pin-pad>`
      }
      ${nothing}`;
  }
}
