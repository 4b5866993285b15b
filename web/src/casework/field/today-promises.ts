/**
 * What is owed today: late promises first, appointments, answers that a resident still has to be told, and what needs a
 * decision.
 */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { Screen } from "./context";
import { go } from "./router";
import { midnight, short } from "./times";
import type { Id } from "./types";
import { toMend, toTell } from "./waiting";

const FEW = 3;
interface Owed {
  door: Id;
  address: string;
  what: string;
  late: boolean;
  at: number;
}

@customElement("field-today-promises")
export class TodayPromises extends Screen {
  @state() private whole = false;

  protected override render(): TemplateResult {
    const { t } = this;
    const owed = this.owed();
    const tell = toTell(this.session).length;
    const { held, conflicts } = toMend(this.session);
    const mend = held.length + conflicts.length;
    const shown = this.whole ? owed : owed.slice(0, FEW);
    return html`${
      mend
        ? html`<button class="plain wide warn" @click=${() => go("mend")}>❗ ${t("mendN", { n: mend })}</button>`
        : nothing
    }
    ${
      tell
        ? html`<button class="plain wide warn" @click=${() => go("tell")}>💬 ${t("tellN", { n: tell })}</button>`
        : nothing
    }
    ${
      owed.length
        ? html`<section class="card">
            <h2 class="name">${t("owed", { n: owed.length })}</h2>
            <ul class="owed">
              ${shown.map(
                (o) =>
                  html`<li>
                    <button
                      class="plain"
                      ?disabled=${!this.session.get("door", o.door)}
                      @click=${() => go("door", o.door)}
                    >
                      <span class="grow"><b>${o.address}</b><small>${o.what}</small></span
                      >${o.late ? html`<em class="chip late">${t("late")}</em>` : nothing}
                    </button>
                  </li>`,
              )}
            </ul>
            ${
              owed.length > shown.length
                ? html`<button class="plain wide" @click=${() => (this.whole = true)}>
                    ${t("more", { n: owed.length - shown.length })}
                  </button>`
                : nothing
            }
          </section>`
        : nothing
    }`;
  }

  private owed(): Owed[] {
    const { session, t, tongue: lang } = this;
    const now = Date.now();
    const tonight = midnight(now) + 86_400_000;
    const booked = session
      .all("appointment")
      .filter(({ body }) => body.state === "booked" && Date.parse(body.from_at) < tonight);
    const meet = booked.map(({ body: a }): Owed => ({
      door: a.dwelling,
      address: session.get("door", a.dwelling)?.address ?? t("elsewhere"),
      what: t("meetAt", { from: short(a.from_at, lang), to: short(a.to_at, lang), note: a.note ? ` – ${a.note}` : "" }),
      late: Date.parse(a.to_at) < now,
      at: Date.parse(a.from_at),
    }));
    const taken = new Set(booked.map(({ body }) => body.dwelling));
    const promised = session
      .all("promise")
      .map(({ body }) => body)
      .filter(
        (p) =>
          (p.late || Date.parse(p.due_at) < tonight) &&
          !(p.what === "visit" && (taken.has(p.dwelling) || this.been(p.dwelling))),
      )
      .map((p): Owed => ({
        door: p.dwelling,
        address: p.address,
        what:
          p.what === "visit"
            ? t("promiseVisit", { t: short(p.due_at, lang) })
            : t("promiseReply", {
                t: short(p.due_at, lang),
                how: p.how_name ?? "",
                who: p.unit_name ? ` – ${p.unit_name}` : "",
              }),
        late: p.late,
        at: Date.parse(p.due_at),
      }));
    return [...promised, ...meet].sort((a, b) => Number(b.late) - Number(a.late) || a.at - b.at);
  }

  /** A promised visit that this phone has just made is kept, though the documents here do not say so yet. */
  private been(dwelling: Id): boolean {
    return this.session.claim("visit", dwelling) !== null; // known until the ward's own documents tell it
  }
}
