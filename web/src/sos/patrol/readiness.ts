/** The phone's check at the start of a shift: each line is a tick or what to do. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { addPush, getPushKey, testPush } from "../../contract/api";
import type { PatrolT } from "../../i18n/patrol";
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
  @state() private push = "Notification" in window ? Notification.permission : "unsupported";
  @state() private battery: number | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void (navigator as unknown as { getBattery?: () => Promise<{ level: number }> }).getBattery?.().then((b) => (this.battery = b.level)).catch(() => undefined);
  }

  private async test(): Promise<void> {
    await this.ring.unlock();
    this.ring.beat(false);
    this.heard = this.ring.ready;
  }

  private async subscribe(): Promise<void> {
    if (!("PushManager" in window)) return void (this.push = "unsupported");
    this.push = await Notification.requestPermission();
    if (this.push !== "granted") return;
    try {
      const { key } = await getPushKey();
      const raw = Uint8Array.from(atob(key.replace(/-/g, "+").replace(/_/g, "/") + "=".repeat((4 - (key.length % 4)) % 4)), (c) => c.charCodeAt(0));
      const made = await (await navigator.serviceWorker.ready).pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: raw });
      await addPush(made.toJSON() as { endpoint: string; keys: { p256dh: string; auth: string } });
      await testPush();
    } catch {
      this.push = "unsupported"; // some browsers say yes and then have no push service
    }
  }

  private line(name: string, good: boolean | null, todo: TemplateResult | string): TemplateResult {
    return html`<li><span>${name}</span>${good ? html`<span class="yes">✔ ${this.t("good")}</span>` : html`<span class="bad">${todo}</span>`}</li>`;
  }

  protected override render(): TemplateResult {
    const { t, tracker } = this;
    return html`<div class="card"><h2 class="big">${t("ready")}</h2><ul class="checks">
      ${this.line(t("r_sound"), this.heard, html`<button class="plain" @click=${this.test}>${t("test")}</button>`)}
      ${this.line(t("r_push"), this.push === "granted", this.push === "default" ? html`<button class="plain" @click=${this.subscribe}>${t("turnOn")}</button>` : t(this.push === "denied" ? "off" : "cannot"))}
      ${tracker ? this.line(t("r_gps"), this.here !== null, t(tracker.denied ? "off" : "connecting")) : nothing}
      ${tracker ? this.line(t("r_wake"), this.wake === true, t("cannot")) : nothing}
      ${this.battery === null ? nothing : this.line(`${t("r_battery")} ${Math.round(this.battery * 100)}%`, this.battery > 0.3, t("low"))}
    </ul></div>`;
  }
}
