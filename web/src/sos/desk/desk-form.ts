/** Asks what a verb needs. Choices have numbers, so that the keyboard is enough. */
import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Choice, Incident, Lifecycles } from "../../contract/types";
import { clock } from "../../kernel/time";
import { Light } from "../../ui/light";
import { either, t, tCode } from "./speech";
import { kindName } from "./tags";
import { bodyOf, formOf, type FormOf } from "./verbs";

@customElement("desk-form")
export class DeskForm extends Light {
  @property() verb = "";
  @property({ attribute: false }) tables: Lifecycles | null = null;
  @property({ attribute: false }) originals: Incident[] = [];
  /** The incident for which the form was opened. */
  @property({ attribute: false }) about: Incident | null = null;
  /** True when the incident must be resolved first, in the same stroke. */
  @property({ type: Boolean }) twice = false;
  @property({ type: Boolean }) busy = false;
  @property() override lang = "";
  @state() private values: Record<string, string> = {};
  @state() private missing: string[] = [];

  get form(): FormOf {
    return formOf(this.tables, this.verb);
  }

  protected override render() {
    const none = this.verb === "merge" && !this.originals.length;
    const missing = this.missing.map((m) => tCode("f_", m)).join(", ");
    return html`<form @submit=${this.submit} @keydown=${this.digit}>
      <h2 id="dialog-title">${this.verb === "close" ? t("endIt") : tCode("v_", this.verb)}</h2>
      ${
        this.about
          ? html`<p class="about">
              <b>${this.about.priority} ${kindName(this.about)}</b> ·
              ${clock(this.about.received_at)}${
                this.about.note ? html` · <q>${this.about.note.slice(0, 60)}</q>` : nothing
              }
            </p>`
          : nothing
      }
      ${this.twice ? html`<p class="quiet">${t("endTwo")}</p>` : nothing}
      ${none ? html`<p>${t("noOriginal")}</p>` : this.form.fields.map((f) => this.field(f.name, f.field, f.required))}
      <p class="problem" role="alert">${missing ? t("missing", { what: missing }) : ""}</p>
      <div class="row end">
        <button type="button" class="plain" @click=${() => this.tell("shut")}>${t("cancel")}</button
        >${none ? nothing : html`<button ?disabled=${this.busy} id="form-ok">${t("confirm")}</button>`}
      </div>
    </form>`;
  }

  private field(name: string, kind: string, required: boolean) {
    const label = tCode("f_", name);
    if (kind === "outcome") return this.choices(name, label, this.tables?.outcomes ?? []);
    if (kind === "agency") return this.choices(name, label, this.tables?.agencies ?? []);
    if (kind === "original")
      return this.choices(
        name,
        label,
        this.originals.slice(0, 9).map((o) => ({ code: o.id, vi: brief(o), en: brief(o) })),
      );
    if (kind === "priority")
      return this.pick(
        name,
        label,
        ["P1", "P2", "P3", "P4"].map((p) => ({ code: p, vi: tCode("", p), en: tCode("", p) })),
      );
    if (kind === "kind") return this.pick(name, label, this.tables?.kinds ?? []);
    return html`<label for="f-${name}">${label}</label
      ><textarea
        id="f-${name}"
        rows="2"
        maxlength="1000"
        ?required=${required}
        .value=${this.values[name] ?? ""}
        @input=${(e: Event) => this.set(name, (e.target as HTMLTextAreaElement).value)}
      ></textarea>`;
  }

  private choices(name: string, label: string, list: Choice[]) {
    return html`<fieldset>
      <legend>${label}</legend>
      <div class="choices tall">
        ${list.map(
          (c, n) =>
            html`<label class="choice"
              ><input
                type="radio"
                name=${name}
                value=${c.code}
                .checked=${this.values[name] === c.code}
                @change=${() => this.set(name, c.code)}
              /><kbd aria-hidden="true">${n + 1}</kbd> ${either(c)}</label
            >`,
        )}
      </div>
    </fieldset>`;
  }

  private pick(name: string, label: string, list: Choice[]) {
    return html`<label for="f-${name}">${label}</label
      ><select id="f-${name}" @change=${(e: Event) => this.set(name, (e.target as HTMLSelectElement).value)}>
        <option value="">– ${t("keep")} –</option>
        ${list.map((c) => html`<option value=${c.code}>${either(c)}</option>`)}
      </select>`;
  }

  private set(name: string, value: string): void {
    this.values = { ...this.values, [name]: value };
  }

  /** A digit chooses, unless somebody is writing. */
  private readonly digit = (e: KeyboardEvent) => {
    if (!/^[1-9]$/.test(e.key) || (e.target as HTMLElement).matches("textarea,select")) return;
    const radios = this.querySelectorAll<HTMLInputElement>('input[type="radio"]');
    const wanted = radios[Number(e.key) - 1];
    if (!wanted) return;
    e.preventDefault();
    wanted.click();
    this.querySelector<HTMLElement>("#form-ok")?.focus();
  };

  private readonly submit = (e: Event) => {
    e.preventDefault();
    const made = bodyOf(this.form, this.values);
    this.missing = "missing" in made ? made.missing : [];
    if ("body" in made) this.tell("filled", { verb: this.verb, body: made.body });
  };
}

const brief = (o: Incident) =>
  `${o.priority} ${kindName(o)} – ${clock(o.received_at)}${o.note ? ` – ${o.note.slice(0, 60)}` : ""}`;
