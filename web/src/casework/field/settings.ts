/** How the phone shows things, what it still holds, and how to leave it. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { dayAndClock } from "../../kernel/time";
import { ground, Screen } from "./context";
import { worded } from "./gate";
import { choose, prefs, type Prefs } from "./prefs";
import { go } from "./router";
import { sentence } from "./sync-line";
import "./take-in";
import { toMend } from "./waiting";

@customElement("field-settings")
export class Settings extends Screen {
  @state() private look: Prefs = prefs();
  @state() private message = "";
  @state() private leaving = false;

  protected override updated(): void {
    this.querySelectorAll("dialog:not([open])").forEach((d) => (d as HTMLDialogElement).showModal());
  }

  protected override render(): TemplateResult {
    const { t, session } = this;
    const { sync } = session;
    const { held, conflicts } = toMend(session);
    const mend = held.length + conflicts.length;
    return html`<h1 class="big" tabindex="-1">${t("settings")}</h1>
      <p class="quiet">${session.member?.name} · ${session.member?.ward}</p>
      ${this.message ? html`<p class="alert" role="alert">${this.message}</p>` : nothing}
      <section class="card">
        <h2 class="name">${t("sending")}</h2>
        <p class="big" role="status">${sentence(t, sync).text}</p>
        ${sync.error ? html`<p>${this.tongue === "vi" ? sync.error.vi : sync.error.en}</p>` : nothing}${
          sync.lastAt ? html`<p class="quiet">${t("lastSent", { t: dayAndClock(sync.lastAt) })}</p>` : nothing
        }
        <button class="wide tall" ?disabled=${sync.busy} @click=${() => void this.syncNow()}>
          🔄 ${t(sync.busy ? "sendingNow" : "syncNow")}</button
        >${
          mend
            ? html`<button class="plain wide warn" @click=${() => go("mend")}>❗ ${t("mendN", { n: mend })}</button>`
            : nothing
        }
        ${
          Math.abs(sync.skewMs) > 120_000
            ? html`<p class="note">🕘 ${t("skew", { n: Math.round(Math.abs(sync.skewMs) / 60_000) })}</p>`
            : nothing
        }
      </section>
      ${this.appearance()}
      <section class="card">
        <h2 class="name">${t("phone")}</h2>
        ${this.storage()} <button class="plain wide" @click=${() => this.tell("lock")}>🔒 ${t("lockChange")}</button
        ><button class="plain wide" @click=${() => go("pin")}>🔑 ${t("changePin")}</button> ${
          sync.unsent || sync.held || this.begun()
            ? html`<button class="plain wide" @click=${() => void this.saveUnsent()}>💾 ${t("exportUnsent")}</button>
                <p class="quiet">${t("exportWhat")}</p>`
            : nothing
        }<field-take-in></field-take-in>
        <button class="plain wide warn" @click=${() => (this.leaving = true)}>${t("leave")}</button>
      </section>
      ${this.leaving ? this.leaveDialog() : nothing}`;
  }

  private appearance(): TemplateResult {
    const { t, look } = this;
    const set = (change: Partial<Prefs>) => (this.look = choose(change));
    const chip = (on: boolean, words: string, press: () => void, style = "") =>
      html`<button class=${on ? "" : "plain"} style=${style} aria-pressed=${on} @click=${press}>${words}</button>`;
    return html`<section class="card">
      <h2 class="name">${t("appearance")}</h2>
      <fieldset>
        <legend>${t("textSize")}</legend>
        <div class="chips">
          ${([1, 2, 3] as const).map((s) =>
            chip(look.size === s, t(`size${s}`), () => set({ size: s }), `font-size:${1 + 0.2 * (s - 1)}rem`),
          )}
        </div>
      </fieldset>
      <fieldset>
        <legend>${t("theme")}</legend>
        <div class="chips">
          ${chip(!look.sun, t("themePlain"), () => set({ sun: false }))}${chip(look.sun, `☀ ${t("themeSun")}`, () =>
            set({ sun: true }),
          )}
        </div>
      </fieldset>
      <fieldset>
        <legend>${t("hand")}</legend>
        <div class="chips">
          ${chip(look.hand === "left", `✋ ${t("left")}`, () => set({ hand: "left" }))}${chip(
            look.hand === "right",
            `${t("right")} 🤚`,
            () => set({ hand: "right" }),
          )}
        </div>
      </fieldset>
      <fieldset>
        <legend>${t("language")}</legend>
        <div class="chips">
          ${chip(this.tongue === "vi", "Tiếng Việt", () => this.tongue === "vi" || ground.turn())}${chip(
            this.tongue === "en",
            "English",
            () => this.tongue === "en" || ground.turn(),
          )}
        </div>
      </fieldset>
    </section>`;
  }

  private storage(): TemplateResult {
    const { storage } = this.session.sync;
    if (!storage) return html`<p class="quiet">${this.t("storageUnknown")}</p>`;
    const mb = (n: number) =>
      (n / 1_048_576).toFixed(n < 10_485_760 ? 1 : 0).replace(".", this.tongue === "vi" ? "," : ".");
    return html`<p>
      ${this.t("storageUsed", { used: mb(storage.used) })} ·
      ${this.t(storage.persisted ? "storageKept" : "storageLoose")}
    </p>`;
  }

  /** Talks that were begun go into the file too. */
  private begun(): boolean {
    return this.session.all("door").some(({ id }) => this.session.draft(id));
  }

  private async syncNow(): Promise<void> {
    this.message = await this.session.syncNow().then(
      () => "",
      (error: unknown) => this.t("chooseFailed", { why: worded(error, this.tongue) }),
    );
  }

  private async saveUnsent(): Promise<void> {
    try {
      const link = Object.assign(document.createElement("a"), {
        href: URL.createObjectURL(await this.session.exportUnsent()),
        download: `binhan-${new Date().toISOString().slice(0, 10)}.bin`,
      });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch (error) {
      this.message = worded(error, this.tongue);
    }
  }

  private leaveDialog(): TemplateResult {
    const { t } = this;
    const waits = this.session.sync.unsent + this.session.held.length;
    const leave = () => {
      this.leaving = false;
      this.session
        .leave()
        .catch((error: unknown) => (this.message = t("leaveFailed", { why: worded(error, this.tongue) })));
    };
    return html`<dialog aria-label=${t("leave")} @close=${() => (this.leaving = false)}>
      <p class="big">${t("leaveAsk")}</p>
      <p>${t(waits ? "leaveWaits" : "leaveWhat", { n: waits })}</p>
      <div class="stack">
        <button autofocus @click=${() => (this.leaving = false)}>${t("stay")}</button
        ><button class="plain warn" @click=${leave}>${t(waits ? "leaveSend" : "leaveYes")}</button>
      </div>
    </dialog>`;
  }
}
