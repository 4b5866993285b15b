/** The patrol phone: on shift, offer, task, and nothing that is not needed on the road. */
import "../../ui/tokens.css";
import "./patrol.css";
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { getPairing } from "../../contract/api";
import type { Assignment, Pairing } from "../../contract/types";
import { keepLang, pickLang, translator } from "../../i18n";
import { PATROL, type PatrolT } from "../../i18n/patrol";
import { clock } from "../../kernel/time";
import { Light } from "../../ui/light";
import "./offer";
import "./readiness";
import { Ring } from "./ring";
import { Session } from "./session";
import "./task-card";

const lang = pickLang();
const t = translator(PATROL, lang) as PatrolT;
document.documentElement.lang = lang;
document.title = t("title");

@customElement("patrol-app")
export class PatrolApp extends Light {
  private readonly ring = new Ring();
  private readonly session = new Session(() => this.requestUpdate());
  @state() private declining: Assignment | null = null;
  @state() private pairing: Pairing | null = null;
  @state() private ending = false;
  @state() private message = "";

  override connectedCallback(): void {
    super.connectedCallback();
    void this.session.open();
    this.addEventListener("task-verb", (e) => {
      const { task, verb, body } = (e as CustomEvent<{ task: Assignment; verb: string; body: object }>).detail;
      void this.ring.unlock();
      this.session.verb(task, verb, body);
    });
    this.addEventListener("task-decline", (e) => (this.declining = (e as CustomEvent<Assignment>).detail));
    this.addEventListener("task-backup", (e) => this.session.backup((e as CustomEvent<Assignment>).detail));
    this.addEventListener("task-say", (e) => {
      const { task, text } = (e as CustomEvent<{ task: Assignment; text: string }>).detail;
      this.session.say(task.incident_id, text);
    });
    setInterval(() => this.requestUpdate(), 1000);
    if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => undefined);
  }

  protected override updated(): void {
    const offer = this.session.tasks.find((a) => a.state === "offered");
    if (offer && !this.declining) this.ring.start(offer.incident.silent);
    else this.ring.stop();
    this.querySelectorAll("dialog:not([open])").forEach((d) => (d as HTMLDialogElement).showModal());
  }

  protected override render(): TemplateResult {
    const s = this.session;
    const busy = s.tasks.filter((a) => a.state !== "offered");
    const offer = s.tasks.find((a) => a.state === "offered");
    return html`
      ${s.demo ? html`<div class="demo-band" role="note">${t("demo")}</div>` : nothing}
      <header class="top"><b>${s.shift ? t("unit", { u: s.shift.call_sign }) : "Bình An"}</b>
        <span class="net ${s.connection === "open" || (!s.shift && s.me) ? "online" : ""}" role="status">${this.network()}</span><span class="grow"></span>
        <button class="plain small" @click=${() => (keepLang(lang === "vi" ? "en" : "vi"), location.reload())}>${t("lang")}</button></header>
      ${this.message ? html`<p class="alert" role="alert">${this.message}</p>` : nothing}
      ${s.outbox.conflicts.map((c) => html`<div class="card" role="alert"><p class="big">${t("refused")}</p><p>${t("mine", { v: word(c.verb.label), t: clock(c.verb.at) })}</p><p>${t("theirs", { s: lang === "vi" ? c.problem.detail : c.problem.detail_en })}</p><button @click=${() => s.outbox.dismiss(c)}>${t("dismiss")}</button></div>`)}
      ${s.outbox.pending.length ? html`<p class="alert" role="status">${t("unsent", { n: s.outbox.pending.length })}</p>` : nothing}
      <main>${!s.shift ? this.choose() : this.onShift(busy)}</main>
      ${offer ? html`<patrol-offer .t=${t} .task=${offer} .here=${s.tracker?.here ?? null} .skewMs=${s.skewMs} tongue=${lang}></patrol-offer>` : nothing}
      ${this.declining ? this.declineDialog(this.declining) : nothing}${this.ending ? this.endDialog() : nothing}`;
  }

  private network(): string {
    const s = this.session;
    if (!s.shift) return t(s.me ? "online" : s.error ? "offline" : "connecting");
    return t(s.connection === "open" ? "online" : navigator.onLine ? "connecting" : "offline");
  }

  private choose(): TemplateResult {
    const s = this.session;
    const crewable = s.units.filter((u) => s.me?.roles[String(u.ward_id)]?.some((r) => ["responder", "desk_officer", "shift_lead", "leadership"].includes(r)));
    return html`<h1 class="big">${t("choose")}</h1>${s.me && !crewable.length ? html`<p>${t("noUnits")}</p>` : nothing}
      <div class="units">${crewable.map((u) => html`<button class="plain" @click=${() => this.go(u.unit_id)}><span>${u.call_sign}</span><span>${t("start")}</span></button>`)}</div>
      <patrol-readiness .t=${t} .ring=${this.ring}></patrol-readiness>`;
  }

  private async go(unit: string): Promise<void> {
    this.message = "";
    await this.ring.unlock();
    await this.session.goOn(unit).catch((error: Error) => (this.message = error.message));
  }

  private onShift(busy: Assignment[]): TemplateResult {
    const { tracker, chat } = this.session;
    return html`${busy.length ? busy.map((task) => html`<patrol-task .t=${t} .task=${task} .here=${tracker?.here ?? null} .chat=${chat} tongue=${lang}></patrol-task>`) : html`<p class="card big">✔ ${t("free")}</p>`}
      <p class="quiet" role="status">${tracker?.sentAt ? t("fixSent", { t: clock(tracker.sentAt) }) : t("fixNone")}${tracker && tracker.queue.length > 3 ? ` · ${t("fixKept", { n: tracker.queue.length })}` : ""}</p>
      ${busy.length ? nothing : html`<patrol-readiness .t=${t} .ring=${this.ring} .tracker=${tracker} .here=${tracker?.here ?? null} .wake=${tracker?.wake ?? null}></patrol-readiness>`}
      ${this.pairing ? this.pairingCard(this.pairing) : html`<button class="plain" style="width:100%" @click=${async () => (this.pairing = await getPairing().catch(() => null))}>${t("pair")}</button>`}
      <p></p><button class="plain" style="width:100%" @click=${() => (this.ending = true)}>${t("end")}</button>`;
  }

  private pairingCard(p: Pairing): TemplateResult {
    return html`<div class="card qr"><h2 class="big">${t("pair")}</h2><p>${t("pairWhy")}</p><p>${t("pair1")}</p>${unsafeHTML(p.qr_svg)}
      <p>${t("server")}: <code>${p.osmand_url}</code><br>${t("device")}: <code>${p.osmand_device_id}</code></p><p>${t("pair2")} <code>${p.owntracks_url}</code></p>
      <button class="plain" @click=${() => (this.pairing = null)}>${t("hide")}</button></div>`;
  }

  private declineDialog(task: Assignment): TemplateResult {
    const say = (reason: string) => {
      this.session.verb(task, "decline", { reason });
      this.declining = null;
    };
    return html`<dialog aria-label=${t("why")} @close=${() => (this.declining = null)}><p class="big">${t("why")}</p>
      <div class="units">${(["why1", "why2", "why3", "why4"] as const).map((w) => html`<button class="plain" @click=${() => say(t(w))}>${t(w)}</button>`)}<button @click=${() => (this.declining = null)}>${t("no")}</button></div></dialog>`;
  }

  private endDialog(): TemplateResult {
    return html`<dialog aria-label=${t("end")} @close=${() => (this.ending = false)}><p class="big">${t("endAsk")}</p>
      <div class="row"><button class="plain" @click=${() => (this.ending = false)}>${t("no")}</button><button @click=${() => void this.session.goOff().catch((e: Error) => (this.message = e.message)).finally(() => (this.ending = false))}>${t("yes")}</button></div></dialog>`;
  }
}

function word(verb: string): string {
  return verb in PATROL ? t(verb as keyof typeof PATROL) : verb;
}
