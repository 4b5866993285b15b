/** What a control may ask of the form that it stands in, and the small parts that several controls share. */
import { html, type TemplateResult } from "lit";
import type { translator } from "../../i18n";
import type { FORM } from "../../i18n/form";
import type { Node } from "./engine";

export interface Form {
  readonly t: ReturnType<typeof translator<typeof FORM>>;
  /** Text that is being typed, or that is no number: kept as typed until it can be taken. */
  readonly typed: ReadonlyMap<string, string>;
  /** Questions whose answer is being looked for, or was not found. */
  readonly busy: ReadonlyMap<string, "busy" | "failed">;
  act(node: Node, change: () => unknown): void;
  type(node: Node, typed: string, lift: (value: string) => string): void;
  left(node: Node): void;
  wait(node: Node, what: "busy" | "failed" | null): void;
  complaint(node: Node): string;
}

export const text = (part: { readonly asString: string } | null | undefined) => part?.asString?.trim() ?? "";

/** Takes an answer away that may stay away. */
export function clear(form: Form, node: Node, act: () => unknown): TemplateResult {
  return html`<button
    type="button"
    class="plain small"
    aria-label=${form.t("clearOf", { what: text(node.currentState.label) })}
    @click=${() => form.act(node, act)}
  >
    ✕ ${form.t("clear")}
  </button>`;
}
