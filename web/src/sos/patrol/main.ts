/** The patrol phone: on shift, offer, task, and nothing that is not needed on the road. */
import "../../ui/tokens.css";
import "./patrol.css";
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { getPairing } from "../../contract/api";
import type { Assignment, Pairing } from "../../contract/types";
import { keepLang, pickLang, translator, type Lang } from "../../i18n";
import { PATROL, type PatrolT } from "../../i18n/patrol";
import { clock } from "../../kernel/time";
import { Refusal } from "../../live/http";
import { Light } from "../../ui/light";
import "./offer";
import "./readiness";
import type { Conflict } from "../../offline/outbox";
import { Ring } from "./ring";
import { Session } from "./session";
import { topOffer } from "./task";
import "./task-card";

let lang: Lang;
let t: PatrolT;

/** Without a reload: a reload would lock the sound again. */
function speak(next: Lang): void {
  lang = next;
  t = translator(PATROL, next);
  document.documentElement.lang = next;
  document.title = t("title");
}
speak(pickLang());
const complaint = (error: unknown) =>
  error instanceof Refusal
    ? lang === "vi"
      ? error.problem.detail
      : error.problem.detail_en || error.problem.detail
    : t("unreachable");

@customElement("patrol-app")
export class PatrolApp extends Light {
  private readonly ring = new Ring();
  readonly session = new Session(() => this.requestUpdate());
  @state() private declining: Assignment | null = null;
  @state() private pairing: Pairing | null = null;
  @state() private ending = false;
  @state() private message = "";
  private more = ""; // words beside the reason of a decline

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
    addEventListener(
      "pointerdown",
      () => void (this.ring.ready || this.ring.unlock().then(() => this.requestUpdate())),
    );
    setInterval(() => this.requestUpdate(), 1000);
    if ("serviceWorker" in navigator)
      void navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => undefined);
  }

  protected override updated(): void {
    const { tasks } = this.session;
    if (this.declining && !tasks.some((a) => a.id === this.declining!.id)) this.declining = null; // withdrawn meanwhile
    const offer = tasks.find((a) => a.state === "offered" && a.id !== this.declining?.id);
    if (offer) this.ring.start(offer.incident.silent);
    else if (this.ring.on) this.ring.stop();
    this.querySelectorAll("dialog:not([open])").forEach((d) => (d as HTMLDialogElement).showModal());
  }

  protected override render(): TemplateResult {
    const s = this.session;
    const busy = s.tasks.filter((a) => a.state !== "offered");
    const offer = topOffer(s.tasks);
    const unsent = s.outbox.pending.length;
    return html` <div ?inert=${offer !== undefined}>
        ${this.head()}
        <main>${this.alerts()} ${s.shift ? this.onShift(busy) : this.choose()}</main>
        ${unsent ? html`<p class="alert unsent" role="status">${t("unsent", { n: unsent })}</p>` : nothing}
      </div>
      ${offer ? this.offered(offer) : nothing} ${this.declining ? this.declineDialog(this.declining) : nothing}
      ${this.ending ? this.endDialog(busy.length) : nothing}`;
  }

  private head(): TemplateResult {
    const s = this.session;
    return html`<header>
      ${s.demo ? html`<div class="demo-band" role="note">${t("demo")}</div>` : nothing}
      <div class="top">
        <b>${s.shift ? t("unit", { u: s.shift.call_sign }) : "Bình An"}</b>
        <span class="net ${this.online() ? "online" : ""}" role="status">${this.network()}</span
        ><span class="grow"></span> <button class="plain small" @click=${this.turnLanguage}>${t("lang")}</button>
      </div>
    </header>`;
  }

  /** What stands in the way of being reached, and what the server would not take. */
  private alerts(): TemplateResult {
    const s = this.session;
    const alert = (words: unknown) => html`<p class="alert" role="alert">${words}</p>`;
    const signIn = html`<a href="/account/login/?next=/patrol">${t("signIn")}</a>`;
    const silent = s.shift && !this.ring.ready && "AudioContext" in window;
    return html`${s.signedOut ? alert(html`${t("signedOut")} ${signIn}`) : nothing}
    ${s.endedElsewhere ? alert(t("endedElsewhere")) : nothing} ${this.message ? alert(this.message) : nothing}
    ${silent ? html`<button class="danger loud" @click=${this.unlock}>🔔 ${t("soundOff")}</button>` : nothing}
    ${s.tracker?.denied ? alert(t("gpsOff")) : nothing} ${s.outbox.conflicts.map((c) => this.conflict(c))}`;
  }

  private readonly unlock = async () => {
    await this.ring.unlock();
    this.requestUpdate();
  };

  private conflict(c: Conflict): TemplateResult {
    return html`<div class="card" role="alert">
      <p class="big">${t("refused")}</p>
      <p>${t("mine", { v: word(c.verb.label), t: clock(c.verb.at) })}</p>
      <p>${t("theirs", { s: complaint(new Refusal(c.problem)) })}</p>
      <button @click=${() => this.session.outbox.dismiss(c)}>${t("dismiss")}</button>
    </div>`;
  }

  private offered(offer: Assignment): TemplateResult {
    const s = this.session;
    return html`<patrol-offer
      .t=${t}
      .task=${offer}
      .here=${s.tracker?.here ?? null}
      .skewMs=${s.skewMs}
      tongue=${lang}
    ></patrol-offer>`;
  }

  private readonly turnLanguage = () => {
    keepLang(lang === "vi" ? "en" : "vi");
    speak(lang === "vi" ? "en" : "vi");
    this.requestUpdate();
  };

  /** Green only when the line is really open: what the phone itself says of its network counts at once. */
  private online(): boolean {
    const s = this.session;
    return navigator.onLine && !s.signedOut && (s.shift ? s.connection === "open" : s.me !== null && !s.error);
  }

  private network(): string {
    const s = this.session;
    if (this.online()) return t("online");
    return t(s.signedOut ? "out" : !navigator.onLine || (!s.shift && s.error) ? "offline" : "connecting");
  }

  private choose(): TemplateResult {
    const s = this.session;
    const crewable = s.units.filter((u) =>
      s.me?.roles[String(u.ward_id)]?.some((r) =>
        ["responder", "desk_officer", "shift_lead", "leadership"].includes(r),
      ),
    );
    return html`<h1 class="big">${t("choose")}</h1>
      ${s.me && !s.error && s.read && !crewable.length ? html`<p>${t("noUnits")}</p>` : nothing}
      <div class="units">
        ${crewable.map(
          (u) =>
            html`<button class="plain" @click=${() => this.go(u.unit_id)}>
              <span>${u.call_sign}</span><span>${t("start")}</span>
            </button>`,
        )}
      </div>
      <patrol-readiness .t=${t} .ring=${this.ring}></patrol-readiness>`;
  }

  private async go(unit: string): Promise<void> {
    this.message = "";
    await this.ring.unlock();
    await this.session.goOn(unit).catch((error: unknown) => (this.message = complaint(error)));
  }

  private onShift(busy: Assignment[]): TemplateResult {
    const { tracker } = this.session;
    const waiting = tracker && tracker.queue.length > 3 ? ` · ${t("fixKept", { n: tracker.queue.length })}` : "";
    const pair = html`<button class="plain" style="width:100%" @click=${this.pair}>${t("pair")}</button>`;
    return html`${busy.length ? this.tasks(busy) : html`<h1 class="card big">✔ ${t("free")}</h1>`}
      <p class="quiet" role="status">
        ${tracker?.sentAt ? t("fixSent", { t: clock(tracker.sentAt) }) : t("fixNone")}${waiting}
      </p>
      ${busy.length ? nothing : this.readiness()} ${this.pairing ? this.pairingCard(this.pairing) : pair}
      <p></p>
      <button class="plain" style="width:100%" @click=${() => (this.ending = true)}>${t("end")}</button>`;
  }

  private tasks(busy: Assignment[]) {
    return repeat(
      busy,
      (task) => task.id,
      (task) =>
        html`<patrol-task
          .t=${t}
          .task=${task}
          .here=${this.session.tracker?.here ?? null}
          .chat=${this.session.chat(task.incident_id)}
          .older=${this.session.hasOlder(task.incident_id)}
          @task-older=${() => void this.session.readOlder(task.incident_id)}
          .calling=${this.session.calling(task.id)}
          tongue=${lang}
        ></patrol-task>`,
    );
  }

  private readiness(): TemplateResult {
    const { tracker } = this.session;
    return html`<patrol-readiness
      .t=${t}
      .ring=${this.ring}
      .tracker=${tracker}
      .here=${tracker?.here ?? null}
      .wake=${tracker?.wake ?? null}
    ></patrol-readiness>`;
  }

  private readonly pair = async () => {
    this.message = "";
    this.pairing = await getPairing().catch((error: unknown) => {
      this.message = t("pairFailed", { why: complaint(error) });
      return null;
    });
  };

  private pairingCard(p: Pairing): TemplateResult {
    return html`<div class="card qr">
      <h2 class="big">${t("pair")}</h2>
      <p>${t("pairWhy")}</p>
      <p>${t("pair1")}</p>
      ${unsafeHTML(p.qr_svg)}
      <p>${t("server")}: <code>${p.osmand_url}</code><br />${t("device")}: <code>${p.osmand_device_id}</code></p>
      <p>${t("pair2")} <code>${p.owntracks_url}</code></p>
      <button class="plain" @click=${() => (this.pairing = null)}>${t("hide")}</button>
    </div>`;
  }

  private declineDialog(task: Assignment): TemplateResult {
    const say = (reason: string) => {
      this.session.verb(task, "decline", { reason: [reason, this.more.trim()].filter(Boolean).join(": ") });
      this.more = "";
      this.declining = null;
    };
    return html`<dialog aria-label=${t("why")} @close=${() => (this.declining = null)}>
      <p class="big">${t("why")}</p>
      <div class="units">
        ${(["why1", "why2", "why3", "why4"] as const).map(
          (w) => html`<button class="plain" @click=${() => say(t(w))}>${t(w)}</button>`,
        )}<input
          maxlength="300"
          aria-label=${t("whyMore")}
          placeholder=${t("whyMore")}
          autocomplete="off"
          @input=${(e: Event) => (this.more = (e.target as HTMLInputElement).value)}
        /><button @click=${() => (this.declining = null)}>${t("no")}</button>
      </div>
    </dialog>`;
  }

  private endDialog(tasks: number): TemplateResult {
    const unsent = this.session.outbox.pending.length;
    const end = async () => {
      await this.session.goOff().catch((error: unknown) => (this.message = complaint(error)));
      this.ending = false;
    };
    return html`<dialog aria-label=${t("end")} @close=${() => (this.ending = false)}>
      <p class="big">${t("endAsk")}</p>
      ${tasks ? html`<p class="alert">${t("endBusy", { n: tasks })}</p>` : nothing}${
        unsent ? html`<p class="alert">${t("endUnsent", { n: unsent })}</p>` : nothing
      }
      <div class="row">
        <button class=${tasks || unsent ? "" : "plain"} autofocus @click=${() => (this.ending = false)}>
          ${t("no")}</button
        ><button class=${tasks || unsent ? "plain" : ""} @click=${end}>${t("yes")}</button>
      </div>
    </dialog>`;
  }
}

function word(verb: string): string {
  return verb in PATROL ? t(verb as keyof typeof PATROL) : verb;
}
