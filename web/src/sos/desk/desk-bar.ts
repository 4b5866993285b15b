/** The top line: where and who, whether we are really connected, and the few things that are always possible. */
import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Warning } from "../../contract/api";
import { clock } from "../../kernel/time";
import { Light } from "../../ui/light";
import type { Lamp } from "./line";
import { t } from "./speech";

@customElement("desk-bar")
export class DeskBar extends Light {
  @property({ type: Boolean }) demo = false;
  @property() ward = "";
  @property() officer = "";
  @property({ attribute: false }) lamp: Lamp = { colour: "amber", forS: 0, signedOut: false };
  @property({ type: Number }) lastAt: number | null = null;
  @property({ type: Number }) now = 0;
  @property({ attribute: false }) warnings: readonly Warning[] = [];
  @property() override lang = "";

  protected override render() {
    return html`<header>
      ${this.demo ? html`<p class="demo-band">${t("demo")}</p>` : nothing}
      ${this.warnings.map((one) => html`<p class="system-warning" role="status">${this.warning(one)}</p>`)}
      <div class="bar">
        <div class="bar-who">
          <b>Bình An</b>
          <h1 class="bar-ward">${this.ward}</h1>
          <span class="quiet officer">${this.officer}</span>
        </div>
        <div class="lamp ${this.lamp.colour}" role="status">
          <span class="dot" aria-hidden="true"></span
          ><span
            ><b>${this.words()}</b> ${
              this.lamp.signedOut
                ? html`<a href="/account/login/?next=/desk" target="_blank" rel="noopener">${t("signIn")}</a>`
                : html`<small aria-hidden="true"
                    >${this.lastAt ? t("lastEvent", { at: clock(this.lastAt) }) : t("noEvent")}</small
                  >`
            }</span
          >
        </div>
        <time class="now" aria-hidden="true">${clock(this.now)}</time>
        <div class="bar-keys">
          ${this.button("new", t("newIntake"), "N")}${this.button("help", t("help"), "?")}${this.button(
            "language",
            t("lang"),
            "",
            t("langLabel"),
          )}${this.button("hand", t("endShift"), "")}
        </div>
      </div>
    </header>`;
  }

  private warning(one: Warning): string {
    if (one.code === "push_silent") return t("pushSilent", { names: one.names.join(", ") });
    return t(one.code === "disk_full" ? "diskFull" : "diskLow", { mb: one.free_mb });
  }

  private words(): string {
    if (this.lamp.signedOut) return t("signedOut");
    return this.lamp.colour === "green"
      ? t("online")
      : this.lamp.colour === "amber"
        ? t("reconnecting", { s: this.lamp.forS })
        : t("offline");
  }

  private button(what: string, text: string, key: string, label?: string) {
    return html`<button
      class="plain small"
      data-do=${what}
      aria-label=${label ?? nothing}
      @click=${() => this.tell("open", what)}
    >
      ${text}${key ? html` <kbd aria-hidden="true">${key}</kbd>` : nothing}
    </button>`;
  }
}
