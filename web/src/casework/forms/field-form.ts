/**
 * A questionnaire at the door: `.xml` is the XForm, `.value` the answers kept so far, `.lang` the screen's language.
 * Emits `change` {xml, valid, missing} at every change; nothing of it needs a network.
 */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { Light } from "../../ui/light";
import { translator, type Lang } from "../../i18n";
import { FORM } from "../../i18n/form";
import { control } from "./controls";
import { asked, languageFor, named, NotRestored, open, speak, type Node, type Root } from "./engine";
import { text, type Form } from "./form";
import "./field-form.css";

export interface FormChange {
  xml: string;
  valid: boolean;
  missing: { label: string; message: string }[];
}
let count = 0;
const isNumber = (node: Node) => node.nodeType === "input" && ["int", "decimal"].includes(node.valueType ?? "");
/** "18,5" is how it is written here, and the only mark on some phones' number keys. */
const plainNumber = (typed: string) => typed.trim().replace(",", ".");

@customElement("field-form")
export class FieldForm extends Light implements Form {
  @property({ attribute: false }) xml = "";
  @property({ attribute: false }) value = "";
  @property() override lang: Lang = "vi";
  @state() private root: Root | null = null;
  @state() private trouble: { kind: "broken" | "notRestored"; why: string } | null = null;
  t = translator(FORM, "vi");
  readonly typed = new Map<string, string>();
  readonly busy = new Map<string, "busy" | "failed">();
  private readonly touched = new Set<string>();
  private readonly sure = new Set<string>();
  private readonly me = `form-${++count}`;
  private sent = "";
  private turn = 0;
  private chosen = "";

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("lang")) {
      this.t = translator(FORM, this.lang === "en" ? "en" : "vi");
      if (this.root && !this.chosen) speak(this.root, this.lang);
    }
    if (changed.has("xml") || (changed.has("value") && this.value !== this.sent)) void this.begin(this.value);
  }

  private async begin(value: string): Promise<void> {
    const turn = ++this.turn;
    this.trouble = null;
    this.root = null;
    [this.typed, this.busy, this.touched, this.sure].forEach((kept) => kept.clear());
    if (!this.xml) return;
    try {
      const { root, restored } = await open(this.xml, value, () => this.requestUpdate());
      if (turn !== this.turn) return;
      speak(root, this.lang, this.chosen);
      this.root = root;
      if (restored) this.report(); // whether what was kept is complete; of an untouched form there is nothing to keep
    } catch (error) {
      const kind = error instanceof NotRestored ? "notRestored" : "broken";
      if (turn === this.turn)
        this.trouble = { kind, why: error instanceof Error ? error.message.slice(0, 300) : String(error) };
    }
  }

  /** What a control does; the answers are told at once. */
  act(node: Node, change: () => unknown): void {
    this.touched.add(node.nodeId);
    change();
    this.report();
    this.requestUpdate();
  }

  type(node: Node, typed: string, lift: (value: string) => string): void {
    this.typed.set(node.nodeId, typed);
    this.act(node, () =>
      node.setValue!(this.fault(node, typed) ? "" : isNumber(node) ? plainNumber(typed) : lift(typed)),
    );
  }

  /** The cursor has left: from now on the answer is shown as it is kept, unless it could not be taken. */
  left(node: Node): void {
    this.touched.add(node.nodeId);
    if (!this.fault(node, this.typed.get(node.nodeId) ?? "")) this.typed.delete(node.nodeId);
    this.requestUpdate();
  }

  wait(node: Node, what: "busy" | "failed" | null): void {
    if (what) this.busy.set(node.nodeId, what);
    else this.busy.delete(node.nodeId);
    this.requestUpdate();
  }

  private fault(node: Node, typed: string): "" | "notNumber" | "notWhole" {
    const plain = plainNumber(typed);
    if (!plain || !isNumber(node)) return "";
    if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(plain)) return "notNumber";
    return node.valueType === "int" && !/^[-+]?\d+$/.test(plain) ? "notWhole" : "";
  }

  /** What is wrong with the answer to a question; "" when nothing is. */
  complaint(node: Node): string {
    const typo = this.fault(node, this.typed.get(node.nodeId) ?? "");
    if (typo) return this.t(typo);
    const violation = node.validationState.violation;
    if (!violation) return "";
    return text(violation.message) || this.t(violation.condition === "required" ? "needed" : "wrong");
  }

  private wrong(): { label: string; message: string }[] {
    return this.root
      ? [...asked(this.root)]
          .map((n) => ({ label: text(n.currentState.label), message: this.complaint(n) }))
          .filter((c) => c.message)
      : [];
  }

  private report(): void {
    const missing = this.wrong();
    this.value = this.root!.instanceState.instanceXML;
    this.sent = this.value;
    this.tell<FormChange>("change", { xml: this.sent, valid: missing.length === 0, missing });
  }

  protected override render(): TemplateResult {
    const { t, root, trouble } = this;
    if (trouble)
      return html`<p class="alert" role="alert">${t(trouble.kind, { why: trouble.why })}</p>
        ${
          trouble.kind === "notRestored"
            ? html`<button type="button" class="plain" @click=${() => void this.begin("")}>${t("anew")}</button>`
            : nothing
        }`;
    if (!root) return html`<p role="status">${this.xml ? t("opening") : ""}</p>`;
    const missing = this.wrong().length;
    const own = (e: Event) => e.stopPropagation(); // the controls' own events are nobody else's
    return html`<div class="form" @change=${own} @input=${own}>
      ${this.languages(root)}${this.children_(root)}
      <p role="status" class=${missing ? "left" : "left good"}>
        ${missing ? t("left", { n: missing }) : `✔ ${t("all")}`}
      </p>
    </div>`;
  }

  private languages(root: Root): TemplateResult | typeof nothing {
    const languages = named(root);
    if (languages.length < 2) return nothing;
    const now = this.chosen || languageFor(languages, this.lang).language;
    const pick = (e: Event) => {
      this.chosen = (e.target as HTMLSelectElement).value;
      speak(root, this.lang, this.chosen);
      this.requestUpdate();
    };
    return html`<label class="q"
      >${this.t("language")}<select @input=${pick}>
        ${languages.map(
          (l) => html`<option value=${l.language} ?selected=${l.language === now}>${l.language}</option>`,
        )}
      </select></label
    >`;
  }

  private children_(node: Node): unknown {
    const shown = (node.currentState.children ?? []).filter(
      (n) => n.currentState.relevant && n.nodeType !== "model-value",
    );
    return repeat(
      shown,
      (n) => n.nodeId,
      (n) => this.node(n),
    );
  }

  private node(node: Node): TemplateResult | typeof nothing {
    const label = text(node.currentState.label);
    if (node.nodeType === "note") return html`<p class="said">${label || text(node.currentState.hint)}</p>`;
    if (node.nodeType.startsWith("repeat-range")) return this.repeats(node, label);
    if (node.currentState.children)
      return this.hasBody(node)
        ? html`<fieldset class="part">
            ${label ? html`<legend>${label}</legend>` : nothing}${this.children_(node)}
          </fieldset>`
        : nothing;
    return this.question(node, label);
  }

  private hasBody(node: Node): boolean {
    return (node.currentState.children ?? []).some(
      (n) =>
        n.nodeType !== "model-value" &&
        (!n.currentState.children || n.nodeType.startsWith("repeat") || this.hasBody(n)),
    );
  }

  private repeats(node: Node, label: string): TemplateResult {
    const { t } = this;
    const what = label || t("one");
    const free = node.nodeType === "repeat-range:uncontrolled" && !node.currentState.readonly;
    const instances = node.currentState.children ?? [];
    const remove = (n: number, id: string) => {
      if (!this.sure.delete(id)) return (this.sure.add(id), this.requestUpdate());
      this.act(node, () => node.removeInstances!(n, 1));
    };
    return html`<div class="repeats">
      ${repeat(
        instances,
        (n) => n.nodeId,
        (one, n) =>
          html`<fieldset class="part">
            <legend>${what} ${n + 1}</legend>
            ${this.children_(one)}${
              free
                ? html`<button
                    type="button"
                    class=${this.sure.has(one.nodeId) ? "danger" : "plain"}
                    @click=${() => remove(n, one.nodeId)}
                    @blur=${() => this.sure.delete(one.nodeId) && this.requestUpdate()}
                  >
                    ${t(this.sure.has(one.nodeId) ? "sureRemove" : "remove", { what: `${what} ${n + 1}` })}
                  </button>`
                : nothing
            }
          </fieldset>`,
      )}${
        free
          ? html`<button type="button" class="plain" @click=${() => this.act(node, () => node.addInstances!())}>
              ＋ ${t("add", { what })}
            </button>`
          : nothing
      }
    </div>`;
  }

  private question(node: Node, label: string): TemplateResult {
    const id = `${this.me}-${node.nodeId.replace(/\W/g, "_")}`;
    const hint = text(node.currentState.hint);
    const wrong = this.touched.has(node.nodeId) ? this.complaint(node) : "";
    const named = html`${label || hint}${
      node.currentState.required ? html` <small class="must">(${this.t("required")})</small>` : nothing
    }`;
    const more = html`${hint && label ? html`<p class="quiet" id="${id}-hint">${hint}</p>` : nothing}`;
    const below = html`<p class="alert" id="${id}-wrong" role="alert" ?hidden=${!wrong}>${wrong}</p>`;
    const inner = control(this, node, id, `${id}-hint ${id}-wrong`);
    const single = node.nodeType === "input" && node.valueType !== "geopoint";
    return single
      ? html`<div class="q ${wrong ? "bad" : ""}"><label for=${id}>${named}</label>${more}${inner}${below}</div>`
      : html`<fieldset class="q ${wrong ? "bad" : ""}" aria-describedby="${id}-hint ${id}-wrong">
          <legend>${named}</legend>
          ${more}${inner}${below}
        </fieldset>`;
  }
}
