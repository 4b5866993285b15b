/** Start of a shift: the ward, the seat, and a real sound check. The desk opens only for somebody who hears it. */
import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { subscribePush } from "../../contract/api";
import type { Me, Seat, WardBrief } from "../../contract/types";
import { Light } from "../../ui/light";
import type { Siren } from "./siren";
import { t, tCode } from "./speech";

const SEATS: Seat[] = ["desk", "second", "lead", "chief"];

@customElement("desk-start")
export class DeskStart extends Light {
  @property({ attribute: false }) me!: Me;
  @property({ attribute: false }) wards: WardBrief[] = [];
  @property({ attribute: false }) siren!: Siren;
  @property() problem = "";
  @property() override lang = "";
  @state() private ward = 0;
  @state() private seat: Seat = "desk";
  @state() private playing = false;
  @state() private played = false;
  @state() private deaf = false;
  @state() private push = "";

  protected override render() {
    return html`<main class="start">
      <div class="sheet">
        <div class="sheet-top">
          <h1>${t("startTitle")}</h1>
          <button class="plain small" aria-label=${t("langLabel")} @click=${() => this.tell("open", "language")}>
            ${t("lang")}
          </button>
        </div>
        <p>${t("hello", { name: this.me.account.display_name })}</p>
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
        ${
          this.wards.length > 1
            ? html`<label for="ward">${t("ward")}</label
                ><select id="ward" @change=${(e: Event) => (this.ward = Number((e.target as HTMLSelectElement).value))}>
                  ${this.wards.map((w) => html`<option value=${w.ward_id}>${w.full_name}</option>`)}
                </select>`
            : html`<p class="big">${this.wards[0]!.full_name}</p>`
        }
        <fieldset>
          <legend>${t("seat")}</legend>
          <div class="choices">
            ${SEATS.map(
              (s) =>
                html`<label class="choice"
                  ><input
                    type="radio"
                    name="seat"
                    value=${s}
                    ?checked=${s === this.seat}
                    @change=${() => (this.seat = s)}
                  />
                  ${tCode("seat_", s)}</label
                >`,
            )}
          </div>
        </fieldset>
        <h2>${t("soundStep")}</h2>
        <p>${t("soundWhy")}</p>
        ${this.sound()}
        <p>
          <button class="plain" @click=${this.askPush}>${t("push")}</button> <span role="status">${this.push}</span>
        </p>
      </div>
    </main>`;
  }

  private sound() {
    if (this.siren.voice === "none") return html`<p class="problem" role="alert">${t("noAudio")}</p>`;
    return html`<div class="row">
        <button id="play" class=${this.playing ? "danger" : "plain"} @click=${this.toggle}>
          ${this.playing ? t("stop") : t("play")}
        </button>
      </div>
      <p class="big" aria-live="polite">${this.playing ? t("hear") : ""}</p>
      ${this.deaf ? html`<p class="problem">${t("hearHelp")}</p>` : nothing}
      <div class="row">
        <button id="hear-yes" ?disabled=${!this.played} @click=${this.begin}>${t("hearYes")}</button
        ><button
          class="plain"
          ?disabled=${!this.played}
          @click=${() => {
            this.deaf = true;
            this.silence();
          }}
        >
          ${t("hearNo")}
        </button>
      </div>`;
  }

  private readonly toggle = async () => {
    if (this.playing) return this.silence();
    this.deaf = false;
    this.playing = await this.siren.unlock();
    this.played = this.playing;
    if (!this.playing) return void (this.deaf = true);
    this.siren.ring(0.7, 1);
    await this.updateComplete;
    this.querySelector<HTMLElement>("#hear-yes")?.focus();
  };

  private silence(): void {
    this.playing = false;
    this.siren.ring(0, 0);
  }

  private readonly begin = () => {
    this.silence();
    this.tell("start", { ward: this.ward || this.wards[0]!.ward_id, seat: this.seat });
  };

  private readonly askPush = async () => {
    this.push = (await subscribePush().catch(() => false)) ? t("pushOn") : t("pushOff");
  };

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.silence();
  }
}
