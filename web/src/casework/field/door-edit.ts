/**
 * Corrections of the door, so that the next team finds it. Kept while typing; sent with the visit, or at once by its
 * own button.
 */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { dayAndClock } from "../../kernel/time";
import { Screen } from "./context";
import { begin } from "./draft";
import { changes, valueOf } from "./edits";
import "./pin-place";
import type { DoorDoc, EditField, EditValue, Named } from "./types";
import { worth } from "./walk";

/** What a field holds now: what was typed, else what the ward has. */
type Now = (field: EditField) => EditValue | null;

@customElement("field-door-edit")
export class DoorEdit extends Screen {
  @property() door = "";
  @state() private open = false;
  @state() private sent = false;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("door")) {
      this.sent = false;
      this.open = false;
    }
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
    const codes = this.session.all("codes")[0]?.body;
    const now: Now = (field) => (field in typed ? typed[field]! : valueOf(body, field));
    const times = (codes?.best_times ?? []).filter((c) => c.code);
    return html`${this.text("landmark", 200, now)}${this.who(body, "landmark")}${this.text(
        "access_note",
        300,
        now,
      )}${this.who(body, "access_note")}${this.chips("best_time", times, now)}
      ${this.who(body, "best_time")}${this.chips("kind", codes?.door_kinds ?? [], now)} ${this.who(body, "kind")}
      ${this.people(now)} ${this.who(body, "occupants")}
      <field-pin-place
        .door=${this.door}
        .at=${now("position")}
        @place=${(e: CustomEvent<{ lat: number; lon: number }>) => this.set("position", e.detail)}
      ></field-pin-place
      >${this.who(body, "position")}`;
  }

  private text(field: "landmark" | "access_note", most: number, now: Now): TemplateResult {
    const typing = (e: Event) => this.set(field, (e.target as HTMLInputElement).value);
    return html`<label class="field"
      >${this.t(`e_${field}`)}<input
        maxlength=${most}
        autocomplete="off"
        .value=${String(now(field) ?? "")}
        @input=${typing}
    /></label>`;
  }

  private chips(field: "kind" | "best_time", list: Named[], now: Now): TemplateResult {
    const on = (c: Named) => now(field) === c.code;
    // A kind is always one of them; a best time can be taken back.
    const press = (c: Named) => this.set(field, field === "best_time" && on(c) ? "" : c.code);
    const chip = (c: Named) =>
      html`<button class=${on(c) ? "" : "plain"} aria-pressed=${on(c)} @click=${() => press(c)}>
        ${this.name(c)}
      </button>`;
    return html`<fieldset>
      <legend>${this.t(`e_${field}`)}</legend>
      <div class="chips">${list.map(chip)}</div>
    </fieldset>`;
  }

  private people(now: Now): TemplateResult {
    const { t } = this;
    const count = Number(now("occupants") ?? 0);
    const become = (n: number) => () => this.set("occupants", Math.max(0, n));
    return html`<fieldset>
      <legend>${t("e_occupants")}</legend>
      <div class="count">
        <button class="plain" aria-label=${t("less")} ?disabled=${count <= 0} @click=${become(count - 1)}>−</button
        ><output>${now("occupants") ?? t("unknown")}</output
        ><button class="plain" aria-label=${t("moreOf")} @click=${become(count + 1)}>+</button>
      </div>
    </fieldset>`;
  }

  private who(body: DoorDoc, field: EditField): TemplateResult | typeof nothing {
    const fact = body.facts[field];
    return fact
      ? html`<p class="quiet given">${this.t("givenBy", { who: fact.by, t: dayAndClock(fact.at) })}</p>`
      : nothing;
  }
}
