/** The phone's check at the start of a shift: each line is a tick or what to do. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { subscribePush, testPush } from "../../contract/api";
import type { PatrolT } from "../../i18n/patrol";
import { Refusal, Unreachable } from "../../live/http";
import { Light } from "../../ui/light";
import type { Ring } from "./ring";
import type { Fix, Tracker } from "./tracker";

@customElement("patrol-readiness")
export class Readiness extends Light {
  @property({ attribute: false }) t!: PatrolT;
  @property({ attribute: false }) ring!: Ring;
  @property({ attribute: false }) tracker: Tracker | null = null;
  @property({ attribute: false }) here: Fix | null = null;
  @property({ attribute: false }) wake: boolean | null = null;
  @state() private heard = false;
  @state() private push: NotificationPermission | "unsupported" =
    "Notification" in window ? Notification.permission : "unsupported";
  @state() private pushed = false;
  @property({ attribute: false }) ports = { subscribePush, testPush };
  @state() private battery: number | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    // Allowed is not yet subscribed: another account, a new browser profile.
    if (this.push === "granted") void this.register(false);
    void (navigator as unknown as { getBattery?: () => Promise<{ level: number }> })
      .getBattery?.()
      .then((b) => (this.battery = b.level))
      .catch(() => undefined);
  }

  private async test(): Promise<void> {
    await this.ring.unlock();
    this.ring.beat(false);
    this.heard = this.ring.ready;
  }

  private async subscribe(): Promise<void> {
    this.push = await Notification.requestPermission();
    if (this.push === "granted") await this.register(true);
  }

  /** A tick only when the server really holds this phone's subscription. */
  private async register(proof: boolean): Promise<void> {
    try {
      this.pushed = await this.ports.subscribePush();
      if (this.pushed && proof) await this.ports.testPush();
      if (!this.pushed) this.push = "unsupported";
    } catch (error) {
      if (error instanceof Unreachable || error instanceof Refusal)
        this.push = "default"; // our server, not the browser: offer the button again
      else this.push = "unsupported"; // some browsers say yes and then have no push service
    }
  }

  private line(name: string, good: boolean | null, todo: TemplateResult | string): TemplateResult {
    return html`<li>
      <span>${name}</span
      >${good ? html`<span class="yes">✔ ${this.t("good")}</span>` : html`<span class="bad">${todo}</span>`}
    </li>`;
  }

  protected override render(): TemplateResult {
    const { t, tracker } = this;
    return html`<div class="card">
      <h2 class="big">${t("ready")}</h2>
      <ul class="checks">
        ${this.line(t("r_sound"), this.heard, html`<button class="plain" @click=${this.test}>${t("test")}</button>`)}
        ${this.line(
          t("r_push"),
          this.pushed,
          this.push === "granted"
            ? t("connecting")
            : this.push === "default"
              ? html`<button class="plain" @click=${this.subscribe}>${t("turnOn")}</button>`
              : t(this.push === "denied" ? "off" : "cannot"),
        )}
        ${
          tracker
            ? this.line(t("r_gps"), this.here !== null && !tracker.denied, t(tracker.denied ? "off" : "connecting"))
            : nothing
        }
        ${tracker ? this.line(t("r_wake"), this.wake === true, t("cannot")) : nothing}
        ${
          this.battery === null
            ? nothing
            : this.line(`${t("r_battery")} ${Math.round(this.battery * 100)}%`, this.battery > 0.3, t("low"))
        }
      </ul>
    </div>`;
  }
}
