/** One control per kind of question. All of them are native, 48 px high, and named by their question. */
import { html, nothing, type TemplateResult } from "lit";
import { clear, text, type Form } from "./form";
import { place } from "./geopoint";
import type { Node } from "./engine";
import { fromZoned, toZoned } from "./times";

const MANY = 15;

/** The control of a leaf; `describedBy` names its hint and its complaint. */
export function control(form: Form, node: Node, id: string, describedBy: string): TemplateResult {
  switch (node.nodeType) {
    case "select":
      return select(form, node, id, describedBy);
    case "rank":
      return rank(form, node, id);
    case "range":
      return range(form, node, id, describedBy);
    case "trigger":
      return trigger(form, node, id);
    case "input":
      return node.valueType === "geopoint" ? place(form, node, id) : input(form, node, id, describedBy);
    default:
      return html`<p class="quiet">${form.t("unsupported")}</p>`;
  }
}

const TYPES: Record<string, [type: string, mode: string]> = {
  int: ["text", "numeric"],
  decimal: ["text", "decimal"],
  date: ["date", ""],
  time: ["time", ""],
  dateTime: ["datetime-local", ""],
};

function input(form: Form, node: Node, id: string, describedBy: string): TemplateResult {
  const state = node.currentState;
  const looks = [...(node.appearances ?? [])];
  const [type, mode] = TYPES[node.valueType ?? ""] ?? ["text", looks.includes("numbers") ? "tel" : ""];
  const shown = form.typed.get(node.nodeId) ?? fromZoned(node.valueType, state.instanceValue ?? "");
  const typed = (e: Event) => form.type(node, (e.target as HTMLInputElement).value, (v) => toZoned(node.valueType, v));
  const bad = form.complaint(node) !== "";
  if (type === "text" && !mode && (looks.includes("multiline") || (node.nodeOptions?.rows ?? 0) > 1)) {
    return html`<textarea
      id=${id}
      rows=${Math.min(12, node.nodeOptions?.rows ?? 3)}
      maxlength="10000"
      aria-describedby=${describedBy}
      aria-required=${state.required}
      aria-invalid=${bad}
      ?readonly=${state.readonly}
      .value=${shown}
      @input=${typed}
      @blur=${() => form.left(node)}
    ></textarea>`;
  }
  return html`<input
    id=${id}
    type=${type}
    inputmode=${mode || nothing}
    maxlength="10000"
    autocomplete="off"
    aria-describedby=${describedBy}
    aria-required=${state.required}
    aria-invalid=${bad}
    ?readonly=${state.readonly}
    .value=${shown}
    @input=${typed}
    @blur=${() => form.left(node)}
  />`;
}

function select(form: Form, node: Node, id: string, describedBy: string): TemplateResult {
  const state = node.currentState;
  const chosen = state.value as readonly string[];
  const options = state.valueOptions ?? [];
  const looks = [...(node.appearances ?? [])];
  const many = node.selectType === "select";
  if (!many && (options.length > MANY || looks.some((l) => l === "minimal" || l.startsWith("autocomplete")))) {
    const pick = (e: Event) => form.act(node, () => node.selectValue!((e.target as HTMLSelectElement).value || null));
    return html`<select
      id=${id}
      aria-label=${text(state.label)}
      aria-describedby=${describedBy}
      aria-required=${state.required}
      ?disabled=${state.readonly}
      @input=${pick}
    >
      <option value="" ?selected=${!chosen.length}>${form.t("none")}</option>
      ${options.map(
        (o) =>
          html`<option value=${o.value} ?selected=${chosen.includes(o.value)}>${text(o.label) || o.value}</option>`,
      )}
    </select>`;
  }
  const pick = (value: string, on: boolean) =>
    form.act(node, () =>
      many ? node.selectValues!(on ? [...chosen, value] : chosen.filter((v) => v !== value)) : node.selectValue!(value),
    );
  return html`<div class="options" id=${id}>
      ${options.map(
        (o) =>
          html`<label class="option ${chosen.includes(o.value) ? "on" : ""}"
            ><input
              type=${many ? "checkbox" : "radio"}
              name=${id}
              .checked=${chosen.includes(o.value)}
              ?disabled=${state.readonly}
              @input=${(e: Event) => pick(o.value, (e.target as HTMLInputElement).checked)}
            /><span>${text(o.label) || o.value}</span></label
          >`,
      )}
    </div>
    ${
      !many && chosen.length && !state.required && !state.readonly
        ? clear(form, node, () => node.selectValue!(null))
        : nothing
    }`;
}

function trigger(form: Form, node: Node, id: string): TemplateResult {
  const on = node.currentState.value === true;
  return html`<div class="options" id=${id}>
    <label class="option ${on ? "on" : ""}"
      ><input
        type="checkbox"
        .checked=${on}
        ?disabled=${node.currentState.readonly}
        @input=${(e: Event) => form.act(node, () => node.setValue!((e.target as HTMLInputElement).checked))}
      /><span>${form.t("done")}</span></label
    >
  </div>`;
}

function range(form: Form, node: Node, id: string, describedBy: string): TemplateResult {
  const { start, end, step } = node.definition.bounds!;
  const now = node.currentState.instanceValue ?? "";
  const a = Number(start);
  const b = Number(end);
  const by = Number(step) || 1;
  const locked = node.currentState.readonly;
  const steps = Math.round((b - a) / by);
  if (steps <= 10) {
    const values = Array.from({ length: steps + 1 }, (_, n) => String(Number((a + n * by).toFixed(6))));
    return html`<div class="options row" id=${id}>
        ${values.map(
          (v) =>
            html`<label class="option ${Number(now) === Number(v) && now !== "" ? "on" : ""}"
              ><input
                type="radio"
                name=${id}
                .checked=${now !== "" && Number(now) === Number(v)}
                ?disabled=${locked}
                @input=${() => form.act(node, () => node.setValue!(v))}
              /><span>${v}</span></label
            >`,
        )}
      </div>
      ${now !== "" && !node.currentState.required && !locked ? clear(form, node, () => node.setValue!("")) : nothing}`;
  }
  return html`<div class="slide">
      <input
        id=${id}
        type="range"
        aria-label=${text(node.currentState.label)}
        min=${a}
        max=${b}
        step=${by}
        aria-describedby=${describedBy}
        aria-valuetext=${now || form.t("none")}
        ?disabled=${locked}
        .value=${now || String(a)}
        @input=${(e: Event) => form.act(node, () => node.setValue!((e.target as HTMLInputElement).value))}
      /><output for=${id}>${now || form.t("none")}</output>
    </div>
    <p class="quiet">${form.t("between", { a, b })}</p>`;
}

function rank(form: Form, node: Node, id: string): TemplateResult {
  const state = node.currentState;
  const options = state.valueOptions ?? [];
  const values = state.value as readonly string[];
  const order = values.length ? [...values] : options.map((o) => o.value);
  const name = (v: string) => text(options.find((o) => o.value === v)?.label) || v;
  const move = (at: number, by: number) => {
    const next = [...order];
    next.splice(at + by, 0, ...next.splice(at, 1));
    form.act(node, () => node.setValues!(next));
  };
  return html`<ol class="rank" id=${id}>
      ${order.map(
        (v, n) =>
          html`<li>
            <span>${name(v)}</span
            ><button
              type="button"
              class="plain"
              aria-label=${form.t("up", { what: name(v) })}
              ?disabled=${n === 0 || state.readonly}
              @click=${() => move(n, -1)}
            >
              ↑</button
            ><button
              type="button"
              class="plain"
              aria-label=${form.t("down", { what: name(v) })}
              ?disabled=${n === order.length - 1 || state.readonly}
              @click=${() => move(n, 1)}
            >
              ↓
            </button>
          </li>`,
      )}
    </ol>
    ${
      values.length
        ? nothing
        : html`<button type="button" class="plain" @click=${() => form.act(node, () => node.setValues!(order))}>
            ✔ ${form.t("first")}
          </button>`
    }`;
}
