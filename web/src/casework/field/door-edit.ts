/** Corrections of the door, so that the next team finds it. Kept while typing; sent with the visit, or at once by its own button. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { dayAndClock } from "../../kernel/time";
import { Screen } from "./context";
import { begin } from "./draft";
import { changes, valueOf } from "./edits";
import "./pin-place";
import type { DoorDoc, EditField, EditValue, Named } from "./types";
import { worth } from "./walk";

@customElement("field-door-edit")
export class DoorEdit extends Screen {
  @property() door = "";
  @state() private open = false;
  @state() private sent = false;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("door")) this.open = this.sent = false;
  }

  private get body(): DoorDoc | null {
    return this.session.get("door", this.door);
  }

  private set(field: EditField, value: EditValue): void {
    const draft = this.session.draft(this.door) ?? begin(this.session, this.door);
    this.sent = false;
    void this.session.keep({ ...draft, edits: { ...draft.edits, [field]: value } }).then(() => this.requestUpdate());
  }

  private async send(): Promise<void> {
    const draft = this.session.draft(this.door);
    const body = this.body;
    if (!draft || !body) return;
    for (const change of changes(body, draft.edits)) await this.session.act("edit", { dwelling: this.door, ...change });
    const rest = { ...draft, edits: {} };
    await (worth(rest) ? this.session.keep(rest) : this.session.drop(this.door));
    this.sent = true;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { t, body } = this;
    if (!body) return nothing;
    const typed = this.session.draft(this.door)?.edits ?? {};
    const ready = changes(body, typed).length;
    return html`<details
      class="card"
      .open=${this.open}
      @toggle=${(e: Event) => (this.open = (e.target as HTMLDetailsElement).open)}
    >
      <summary>
        ✎ ${t("fix")}${ready ? html` <em class="chip first">${t("fixReady", { n: ready })}</em>` : nothing}
      </summary>
      ${this.open ? this.fields(body, typed) : nothing}
      ${
        ready
          ? html`<p class="quiet">${t("fixWith")}</p>
              <button class="wide" @click=${() => void this.send()}>${t("fixSend")}</button>`
          : nothing
      }
      <p role="status">${this.sent ? `✔ ${t("fixSent")}` : nothing}</p>
    </details>`;
  }

  private fields(body: DoorDoc, typed: Partial<Record<EditField, EditValue>>): TemplateResult {
    const { t } = this;
    const codes = this.session.all("codes")[0]?.body;
    const now = (field: EditField) => (field in typed ? typed[field]! : valueOf(body, field));
    const text = (field: "landmark" | "access_note", most: number) =>
      html`<label class="field"
          >${t(`e_${field}`)}<input
            maxlength=${most}
            autocomplete="off"
            .value=${String(now(field) ?? "")}
            @input=${(e: Event) => this.set(field, (e.target as HTMLInputElement).value)} /></label
        >${this.who(body, field)}`;
    const chips = (field: "kind" | "best_time", list: Named[]) =>
      html`<fieldset>
          <legend>${t(`e_${field}`)}</legend>
          <div class="chips">
            ${list.map(
              (c) =>
                html`<button
                  class=${now(field) === c.code ? "" : "plain"}
                  aria-pressed=${now(field) === c.code}
                  @click=${() => this.set(field, field === "best_time" && now(field) === c.code ? "" : c.code)}
                >
                  ${this.name(c)}
                </button>`,
            )}
          </div>
        </fieldset>
        ${this.who(body, field)}`;
    const people = Number(now("occupants") ?? 0);
    return html`${text("landmark", 200)}${text("access_note", 300)}${chips(
        "best_time",
        (codes?.best_times ?? []).filter((c) => c.code),
      )}${chips("kind", codes?.door_kinds ?? [])}
      <fieldset>
        <legend>${t("e_occupants")}</legend>
        <div class="count">
          <button
            class="plain"
            aria-label=${t("less")}
            ?disabled=${people <= 0}
            @click=${() => this.set("occupants", Math.max(0, people - 1))}
          >
            −</button
          ><output>${now("occupants") ?? t("unknown")}</output
          ><button class="plain" aria-label=${t("moreOf")} @click=${() => this.set("occupants", people + 1)}>+</button>
        </div>
      </fieldset>
      ${this.who(body, "occupants")}
      <field-pin-place
        .door=${this.door}
        .at=${now("position") as { lat: number; lon: number } | null}
        @place=${(e: CustomEvent<{ lat: number; lon: number }>) => this.set("position", e.detail)}
      ></field-pin-place
      >${this.who(body, "position")}`;
  }

  private who(body: DoorDoc, field: EditField): TemplateResult | typeof nothing {
    const fact = body.facts[field];
    return fact
      ? html`<p class="quiet given">${this.t("givenBy", { who: fact.by, t: dayAndClock(fact.at) })}</p>`
      : nothing;
  }
}
